package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// moves is how often each way to copy, and to remove, is timed.
const moves = 11

// peers is where the peers from the package index are installed.
func (s *scene) peers() string { return filepath.Join(s.home, "peers", "bin") }

// measureMoving measures how long it takes to copy an environment with pip and
// setuptools, and to remove one: until the prompt is back.
func measureMoving(ctx context.Context, s *scene) ([]row, error) {
	progress("copying and removing environments")
	home := filepath.Join(s.home, "moved")
	den := []string{filepath.Join(s.home, "bin", "den")}
	if _, err := s.timed(ctx, append(den, "mk", "--workon-home", home, "-p", s.python, "source")...); err != nil {
		return nil, err
	}
	times := map[string][]float64{}
	time := func(name string, args ...string) error {
		took, err := s.timed(ctx, args...)
		times[name] = append(times[name], took)
		return err
	}
	for i := range moves {
		ours, theirs, plain := fmt.Sprintf("den-%d", i), fmt.Sprintf("clone-%d", i), fmt.Sprintf("plain-%d", i)
		for _, step := range []struct {
			name string
			args []string
		}{
			{"den cp", append(den, "cp", "--workon-home", home, "source", ours)},
			{"virtualenv-clone", []string{filepath.Join(s.peers(), "virtualenv-clone"), filepath.Join(home, "source"), filepath.Join(home, theirs)}},
			{"cp", []string{"cp", "-a", filepath.Join(home, "source"), filepath.Join(home, plain)}},
			{"cp, sync", []string{"sh", "-c", `cp -a "$1" "$2" && sync -f "$2"`, "sh", filepath.Join(home, "source"), filepath.Join(home, plain+"-synced")}},
		} {
			if err := time(step.name, step.args...); err != nil {
				return nil, err
			}
		}
	}
	// Removed only now: some file systems are slow to make files for minutes
	// after others were deleted.
	for i := range moves {
		if err := time("den rm", append(den, "rm", "--workon-home", home, fmt.Sprintf("den-%d", i))...); err != nil {
			return nil, err
		}
		if err := time("rm", "rm", "-rf", filepath.Join(home, fmt.Sprintf("plain-%d", i))); err != nil {
			return nil, err
		}
	}
	return []row{
		{what: "`den cp`", den: median(times["den cp"]), peer: median(times["virtualenv-clone"]), peerName: "virtualenv-clone", predicted: faster(1)},
		{what: "`den cp`", den: median(times["den cp"]), peer: median(times["cp"]), peerName: "`cp -a`"},
		{what: "`den cp`", den: median(times["den cp"]), peer: median(times["cp, sync"]), peerName: "`cp -a` and `sync -f`", predicted: faster(1)},
		{what: "`den rm`", den: median(times["den rm"]), peer: median(times["rm"]), peerName: "`rm -rf`", predicted: faster(1)},
	}, nil
}

// measureRunning measures what it costs to run a program in an environment,
// beside running it plainly, and to list the environments.
func measureRunning(ctx context.Context, s *scene) ([]row, error) {
	progress("running programs in environments")
	truth, err := exec.LookPath("true")
	if err != nil {
		return nil, err
	}
	bin := filepath.Join(s.home, "bin")
	pew := filepath.Join(s.peers(), "pew")
	times, err := s.hyperfine(ctx, s.environ("DIRENV_CONFIG="+s.home),
		[]string{truth}, []string{filepath.Join(bin, "floor")},
		[]string{filepath.Join(bin, "den"), "run", "a", "true"}, []string{pew, "in", "a", "true"},
		[]string{"direnv", "exec", s.workonHome(), "true"},
		[]string{filepath.Join(bin, "den"), "list"}, []string{pew, "ls"})
	if err != nil {
		return nil, err
	}
	plain, floor := times[0], times[1]
	return []row{
		{what: "`den run`, added to the program", den: times[2] - plain, peer: floor, peerName: "floor", predicted: within(1.5)},
		{what: "`den run`, added to the program", den: times[2] - plain, peer: times[3] - plain, peerName: "`pew in`", predicted: faster(20)},
		{what: "`den run`, added to the program", den: times[2] - plain, peer: times[4] - plain, peerName: "`direnv exec`", predicted: faster(1)},
		{what: "`den list`, 2 environments", den: times[5], peer: times[6], peerName: "`pew ls`", predicted: faster(20)},
	}, nil
}

// timed runs a command and returns how many seconds it took.
func (s *scene) timed(ctx context.Context, args ...string) (float64, error) {
	syscall.Sync() // as in clock
	began := time.Now()
	if out, err := s.command(ctx, s.environ(), args...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%v: %w\n%s", args, err, out)
	}
	return time.Since(began).Seconds(), nil
}
