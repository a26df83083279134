package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// hyperfine times whole processes, started without a shell in between, and
// returns the median seconds of each command in order.
func (s *scene) hyperfine(ctx context.Context, environ []string, commands ...[]string) ([]float64, error) {
	export := filepath.Join(s.home, "hyperfine.json")
	args := []string{"hyperfine", "-N", "--style=none", "--warmup=3", "--min-runs=20", "--export-json=" + export}
	for _, command := range commands {
		args = append(args, quoteWords(command))
	}
	cmd := s.command(ctx, environ, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("hyperfine: %w\n%s", err, out)
	}
	text, err := os.ReadFile(export)
	if err != nil {
		return nil, err
	}
	var exported struct {
		Results []struct{ Median float64 }
	}
	if err := json.Unmarshal(text, &exported); err != nil {
		return nil, fmt.Errorf("reading hyperfine's results: %w", err)
	}
	var medians []float64
	for _, result := range exported.Results {
		medians = append(medians, result.Median)
	}
	return medians, nil
}

// quoteWords writes a command the way hyperfine takes words apart: as a POSIX
// shell does.
func quoteWords(words []string) string {
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
	}
	return strings.Join(quoted, " ")
}
