package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
)

// measureCompletion measures what a person waits for after `workon <Tab>`, but
// for the shell's own part: den as the shells' scripts call it. What any program
// takes to start and end, the floor, is taken off.
func measureCompletion(ctx context.Context, s *scene) ([]row, error) {
	progress("completion")
	den, floor := filepath.Join(s.home, "bin", "den"), filepath.Join(s.home, "bin", "floor")
	inBash := []string{den, "complete", "bash", "workon", "workon ", "", "", "off"}
	inZsh := []string{den, "complete", "zsh", "workon", ""}
	var rows []row
	for _, size := range []struct {
		home      string
		number    int
		predicted prediction
	}{{s.many, many, within(5)}, {s.most, most, within(15)}} {
		environ := s.environ("WORKON_HOME=" + size.home)
		for _, command := range [][]string{inBash, inZsh} {
			out, err := s.command(ctx, environ, command...).Output()
			if lines := bytes.Count(out, []byte("\n")); err != nil || lines < size.number {
				return nil, fmt.Errorf("completing among %d environments: %d lines, %v", size.number, lines, err)
			}
		}
		times, err := s.hyperfine(ctx, environ, []string{floor}, inBash, inZsh)
		if err != nil {
			return nil, err
		}
		for i, what := range []string{"bash: a name completed", "zsh, fish: a name completed and described"} {
			rows = append(rows, row{
				what: fmt.Sprintf("%s, %d environments, on top of the floor", what, size.number),
				den:  times[i+1] - times[0], peer: times[0], peerName: "floor", predicted: size.predicted,
			})
		}
	}
	return rows, nil
}
