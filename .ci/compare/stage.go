package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	_ "den/cmd" // the program under test: a change to it must run the tests again
)

// limit is how long a scenario may take before its shell counts as hung. It is
// generous on purpose.
const limit = 5 * time.Minute

// A stage is what all scenarios share: den, a Python, and a directory for their
// homes.
type stage struct {
	dir       string
	den       string // the program
	python    string // a real interpreter, outside any environment
	reference string // the environment that virtualenvwrapper is installed in; "" for none
	cache     string // XDG_CACHE_HOME
}

// newStage prepares dir. The den is built anew; reference is where
// virtualenvwrapper is installed, if it is to be played with.
func newStage(ctx context.Context, dir, reference string) (stage, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return stage{}, err
	}
	s := stage{dir: dir, den: filepath.Join(dir, "den"), cache: filepath.Join(dir, "cache")}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", s.den, "den/cmd/den")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as den is built
	if out, err := build.CombinedOutput(); err != nil {
		return stage{}, fmt.Errorf("building den: %w\n%s", err, out)
	}
	out, err := exec.CommandContext(ctx, "python3", "-c", `import sys; print(getattr(sys, "_base_executable", sys.executable))`).Output()
	if err != nil {
		return stage{}, fmt.Errorf("asking python3 where it is: %w", err)
	}
	s.python = strings.TrimSpace(string(out))
	s.reference = reference
	return s, s.furnish(ctx)
}

// furnish puts the programs that each tool needs into a directory for PATH, the
// same for all plays: both tools remember what they have found out about a
// Python by its path.
func (s stage) furnish(ctx context.Context) error {
	wrapper, err := exec.CommandContext(ctx, s.den, "init", "virtualenvwrapper").Output()
	if err != nil {
		return fmt.Errorf("den init virtualenvwrapper: %w", err)
	}
	links := map[string]map[string]string{"den": {"python3": s.python, "den": s.den}}
	files := map[string]string{"den/loghooks": logHooks, "den/virtualenvwrapper.sh": string(wrapper)}
	if s.reference != "" {
		links["reference"] = map[string]string{"python3": s.python}
		for _, program := range []string{"virtualenv", "virtualenv-clone", "virtualenvwrapper.sh"} {
			links["reference"][program] = filepath.Join(s.reference, "bin", program)
		}
		files["reference/loghooks"] = logHooks
	}
	for tool, targets := range links {
		dir := s.tools(tool)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		for name, target := range targets {
			if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(s.tools(name), []byte(text), 0o755); err != nil {
			return err
		}
	}
	return nil
}

func (s stage) tools(name string) string { return filepath.Join(s.dir, "tools", name) }

// A play is one scenario played with one tool in one shell.
type play struct {
	stage
	scenario
	tool, shell string
	dir         string // everything is below it; its path is free of links
}

// A duration is how long something took, and how long processors worked on it.
type duration struct{ wall, processor time.Duration }

func (d *duration) add(other duration) {
	d.wall += other.wall
	d.processor += other.processor
}

// play plays it, and returns what came of it, how long the shell took, and what
// it said. What it made stays until the stage is removed: some file systems are
// slow to make files for minutes after others were deleted.
func (s stage) play(ctx context.Context, sc scenario, tool, shell string) (outcome string, took duration, said string, err error) {
	dir, err := os.MkdirTemp(s.dir, "play")
	if err != nil {
		return "", took, "", err
	}
	p := play{s, sc, tool, shell, dir}
	if err := p.prepare(ctx); err != nil {
		return "", took, "", fmt.Errorf("preparing %s: %w", sc.name, err)
	}
	start := time.Now()
	ended, said, err := p.run(ctx, p.commandLine()...)
	took.wall = time.Since(start)
	if err != nil {
		return "", took, said, fmt.Errorf("playing %s with %s in %s: %w", sc.name, tool, shell, err)
	}
	took.processor = ended.UserTime() + ended.SystemTime()
	outcome, err = p.outcome(ended.ExitCode())
	return outcome, took, said, err
}

// removeAll takes a directory away. den may still delete in the background what
// the scenario removed; then it is tried again.
func removeAll(dir string) {
	for end := time.Now().Add(limit); os.RemoveAll(dir) != nil && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

func (p play) home() string             { return filepath.Join(p.dir, "home") }
func (p play) state(file string) string { return filepath.Join(p.dir, "state", file) }

// prepare makes the home and runs the setup.
func (p play) prepare(ctx context.Context) error {
	for _, dir := range []string{p.home(), p.state("")} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	if ended, said, err := p.run(ctx, "sh", "-euc", p.section("setup")); err != nil || !ended.Success() {
		return fmt.Errorf("the setup: %v %w\n%s", ended, err, said)
	}
	return os.WriteFile(p.state("script"), []byte(p.script()), 0o666)
}

// logHooks is a program of the scenarios: "loghooks DIR HOOK..." puts hooks there
// that note when they are called, where, with what, and in which environment.
// Those that are sourced are written in what sh and fish have in common.
const logHooks = `#!/bin/sh
set -eu
dir=$1
shift
case $dir in
*/bin) place=local ;;
*/.virtualenvwrapper) place=project ;;
*) place=global ;;
esac
mkdir -p "$dir"
for hook; do
	case $hook in
	pre[!d]*|postrmvirtualenv|get_env_details)
		printf '#!/bin/sh\necho "%s %s $* (in $PWD)" >>"$HOME/log"\n' "$place" "$hook" >"$dir/$hook"
		chmod 755 "$dir/$hook"
		;;
	*)
		printf 'echo "%s %s, env $VIRTUAL_ENV last $VIRTUALENVWRAPPER_LAST_VIRTUAL_ENV (in $PWD)" >>"$HOME/log"\n' "$place" "$hook" >"$dir/$hook"
		chmod 644 "$dir/$hook"
		;;
	esac
done
`

// commandLine starts the shell with the script and nothing of the person's.
func (p play) commandLine() []string {
	options := map[string][]string{"bash": {"--norc", "--noprofile"}, "zsh": {"-f"}, "fish": {"--no-config"}}
	return append(append([]string{p.shell}, options[p.shell]...), p.state("script"))
}

// environ is what the shell starts with.
func (p play) environ() []string {
	environ := []string{
		"HOME=" + p.home(),
		"PATH=" + p.tools(p.tool) + ":/usr/bin:/bin",
		"SHELL=/bin/sh",
		"LANG=C.UTF-8",
		"TMPDIR=" + p.dir,
		"XDG_CACHE_HOME=" + p.cache,
		"XDG_DATA_HOME=" + p.cache, // where virtualenv keeps its wheels
		"PIP_NO_INDEX=1",
		"PIP_DISABLE_PIP_VERSION_CHECK=1",
		"STATE=" + p.state(""),
	}
	if p.tool == "reference" {
		environ = append(environ, "VIRTUALENVWRAPPER_PYTHON="+filepath.Join(p.reference, "bin", "python"))
	}
	for line := range strings.Lines(p.section("environment")) {
		environ = append(environ, strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "HOME/", p.home()+"/"))
	}
	return environ
}

// run runs a command in the home, in a session of its own, and kills all of it
// if it hangs.
func (p play) run(ctx context.Context, args ...string) (ended *os.ProcessState, said string, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	log, err := os.CreateTemp(p.dir, "said")
	if err != nil {
		return nil, "", err
	}
	defer os.Remove(log.Name())
	defer log.Close()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = p.home(), p.environ()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	err = cmd.Run()
	text, readErr := os.ReadFile(log.Name())
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		err = nil
	}
	return cmd.ProcessState, string(text), errors.Join(err, readErr, ctx.Err())
}
