package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// passes is how often everything that is compared is measured in turn, so
// that a machine that is busier for a while weighs on all alike.
const passes = 5

// hyperfine times whole processes, started without a shell in between, and
// returns the median seconds of each command in order.
func (s *scene) hyperfine(ctx context.Context, environ []string, commands ...[]string) ([]float64, error) {
	times := make([][]float64, len(commands))
	for range passes {
		measured, err := s.hyperfineOnce(ctx, environ, commands)
		if err != nil {
			return nil, err
		}
		for i := range commands {
			times[i] = append(times[i], measured[i]...)
		}
	}
	var medians []float64
	for _, t := range times {
		medians = append(medians, median(t))
	}
	return medians, nil
}

// hyperfineOnce returns the seconds of each run of each command, all measured
// one after the other.
func (s *scene) hyperfineOnce(ctx context.Context, environ []string, commands [][]string) ([][]float64, error) {
	export := filepath.Join(s.home, "hyperfine.json")
	args := []string{"hyperfine", "-N", "--style=none", "--warmup=1", "--runs=10", "--export-json=" + export}
	for _, command := range commands {
		args = append(args, quoteWords(command))
	}
	if out, err := s.command(ctx, environ, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("hyperfine: %w\n%s", err, out)
	}
	text, err := os.ReadFile(export)
	if err != nil {
		return nil, err
	}
	var exported struct{ Results []struct{ Times []float64 } }
	if err := json.Unmarshal(text, &exported); err != nil {
		return nil, fmt.Errorf("reading hyperfine's results: %w", err)
	}
	if len(exported.Results) != len(commands) {
		return nil, fmt.Errorf("hyperfine measured %d commands, not %d", len(exported.Results), len(commands))
	}
	var times [][]float64
	for _, result := range exported.Results {
		times = append(times, result.Times)
	}
	return times, nil
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
