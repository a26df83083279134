package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// files is how many files there are in the large environment that is copied.
const files = 200_000

// memory runs a command and returns the most bytes of memory that it had. GNU time starts
// it: Linux counts for a program what the one that started it had.
func (s *scene) memory(ctx context.Context, args ...string) (float64, error) {
	program := "time"
	if path, err := exec.LookPath("gtime"); err == nil {
		program = path
	}
	file := filepath.Join(s.home, "memory")
	if out, err := s.command(ctx, s.environ(), append([]string{program, "--format=%M", "--output=" + file}, args...)...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%v: %w\n%s", args, err, out)
	}
	return s.count(ctx, "cat", file)
}

// room returns how many bytes the files below dir take on the disk.
func (s *scene) room(ctx context.Context, dir string) (float64, error) {
	return s.count(ctx, "du", "-sk", dir)
}

// count runs a command that prints a number of KiB first, and returns the bytes.
func (s *scene) count(ctx context.Context, args ...string) (float64, error) {
	out, err := s.command(ctx, s.environ(), args...).Output()
	var kibibytes float64
	if err == nil {
		_, err = fmt.Sscan(string(out), &kibibytes)
	}
	if err != nil {
		return 0, fmt.Errorf("%v: %w", args, err)
	}
	return kibibytes * 1024, nil
}

// measureRoom measures the room that a new environment takes on the disk.
func (w workshop) measureRoom(ctx context.Context) ([]row, error) {
	progress("room on the disk")
	den, compiled := w.denWay("room"), w.denWay("room-compiled")
	compiled.settings = []string{"DEN_BYTECODE=always"}
	uv, virtualenv, venv := w.uvWay("--seed", "--offline"), w.virtualenvWay(), w.venvWay()
	takes := map[*way]float64{}
	for i, one := range []*way{den, compiled, uv, virtualenv, venv} {
		path, _, err := w.make(ctx, one, fmt.Sprintf("room-%d", i), nil)
		if err != nil {
			return nil, err
		}
		if takes[one], err = w.room(ctx, path); err != nil {
			return nil, err
		}
	}
	compare := func(what string, den, peer *way) row {
		return row{what: what, unit: megabytes, den: takes[den], peer: takes[peer], peerName: peer.name, predicted: within(1.1)}
	}
	const what = "room of an environment"
	return []row{compare(what, den, uv), compare(what, den, virtualenv), compare(what+" with bytecode", compiled, venv)}, nil
}

// measureLargeCopy measures the memory that it takes to copy an environment with many
// files.
func measureLargeCopy(ctx context.Context, s *scene) ([]row, error) {
	progress(fmt.Sprintf("copying %d files", files))
	den, home := filepath.Join(s.home, "bin", "den"), filepath.Join(s.home, "large")
	if _, err := s.timed(ctx, den, "mk", "--workon-home", home, "-p", s.python, "--without-pip", "source"); err != nil {
		return nil, err
	}
	source := filepath.Join(home, "source")
	for i := range files {
		dir := filepath.Join(source, "share", fmt.Sprint(i/100))
		if i%100 == 0 {
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return nil, err
			}
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), []byte(strings.Repeat("x", i%64)), 0o666); err != nil {
			return nil, err
		}
	}
	ours, err := s.memory(ctx, den, "cp", "--workon-home", home, "source", "copy")
	if err != nil {
		return nil, err
	}
	theirs, err := s.memory(ctx, "cp", "-a", source, filepath.Join(home, "plain"))
	return []row{{what: fmt.Sprintf("memory of `den cp`, %d files", files), unit: megabytes, den: ours, peer: theirs, peerName: "`cp -a`"}}, err
}
