package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"den/env"
)

// limit is how long anything may take before it counts as hung. No test is about
// time.
const limit = 10 * time.Minute

// often is how often a test tries something: short, or in "make stress", long.
func often(short, long int) int {
	if os.Getenv("DEN_STRESS") != "" {
		return long
	}
	return short
}

// A person has a home directory, environments in it, and calls den.
type person struct {
	*testing.T
	dir, home, envs string
	python          string // a real interpreter
	environ         map[string]string
}

func newPerson(t *testing.T) *person {
	t.Helper()
	dir, err := os.MkdirTemp("", "person")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeAll(t, dir) })
	p := &person{T: t, dir: dir, home: filepath.Join(dir, "home"), envs: filepath.Join(dir, "home", "envs"), python: basePython(t)}
	p.environ = map[string]string{
		"HOME": p.home, "WORKON_HOME": p.envs, "PATH": filepath.Dir(p.python) + ":/usr/bin:/bin", "SHELL": "/bin/bash",
		"LC_ALL": "C.UTF-8", "DEN_BYTECODE": "never", "TMPDIR": dir, "XDG_CACHE_HOME": filepath.Join(dir, "cache"),
	}
	if err := os.MkdirAll(p.envs, 0o777); err != nil {
		t.Fatal(err)
	}
	return p
}

// removeAll takes away all that a person has. A den in the background may be at
// work there still: then it is tried again.
func removeAll(t *testing.T, dir string) {
	t.Helper()
	for give := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		err := os.RemoveAll(dir)
		if err == nil {
			return
		}
		if time.Now().After(give) {
			t.Errorf("removing the person's files: %v", err)
			return
		}
	}
}

// lay lays out whole environments, as quickly as can be.
func (p *person) lay(names ...string) {
	p.Helper()
	for _, name := range names {
		if err := layOut(filepath.Join(p.envs, name), p.python); err != nil {
			p.Fatal(err)
		}
	}
}

// A said is what a den has said, and how it ended.
type said struct {
	out, plan string
	status    int // -1 when a signal ended it
}

// command is den, to be run as the shell integration does when a plan is wanted.
// It is given up after the limit, with all that it has started.
func (p *person) command(args ...string) *exec.Cmd {
	p.Helper()
	executable := program(p.T)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	p.Cleanup(cancel)
	c := exec.CommandContext(ctx, executable, args...)
	c.Dir = p.dir
	for name, value := range p.environ {
		c.Env = append(c.Env, name+"="+value)
	}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	return c
}

// den runs den to its end.
func (p *person) den(args ...string) said {
	p.Helper()
	c := p.command(args...)
	out, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		p.Fatalf("den %q: %v", args, err)
	}
	return said{out: string(out), status: c.ProcessState.ExitCode()}
}

// plans runs den in the place of the integration, with a channel for the plan.
func (p *person) plans(args ...string) said {
	p.Helper()
	channel, err := os.Create(filepath.Join(p.TempDir(), "plan"))
	if err != nil {
		p.Fatal(err)
	}
	defer channel.Close()
	c := p.command(append([]string{"--shell", "bash"}, args...)...)
	c.ExtraFiles = []*os.File{channel}
	out, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		p.Fatalf("den %q: %v", args, err)
	}
	plan, err := os.ReadFile(channel.Name())
	if err != nil {
		p.Fatal(err)
	}
	return said{string(out), string(plan), c.ProcessState.ExitCode()}
}

// names are those of the environments.
func (p *person) names() []string {
	p.Helper()
	home, err := env.NewHome(p.envs)
	if err != nil {
		p.Fatal(err)
	}
	names, err := home.Names()
	if err != nil {
		p.Fatal(err)
	}
	return names
}

// nothingLeft waits until what is deleted in the background is gone, and fails the
// test when anything but environments is left in WORKON_HOME.
func (p *person) nothingLeft() {
	p.Helper()
	var left []string
	for give := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		if s := p.den("sweep"); s.status != 0 {
			p.Errorf("den sweep: %d, %s", s.status, s.out)
			return
		}
		left = nil
		for _, dir := range []string{"staging", "trash", "locks"} {
			found, err := filepath.Glob(filepath.Join(p.envs, ".den", dir, "*"))
			if err != nil {
				p.Fatal(err)
			}
			left = append(left, found...)
		}
		if len(left) == 0 {
			break
		}
		if time.Now().After(give) {
			p.Errorf("left: %q", left)
			return
		}
	}
	entries, err := os.ReadDir(p.envs)
	if err != nil {
		p.Fatal(err)
	}
	names := p.names()
	for _, entry := range entries {
		if !slices.Contains(names, entry.Name()) && entry.Name() != ".den" && !entry.Type().IsRegular() {
			p.Errorf("left in WORKON_HOME: %s", entry.Name())
		}
	}
}

// isWhole fails the test unless the environment's Python runs and says that it is
// that environment's.
func (p *person) isWhole(name string) {
	p.Helper()
	s := p.den("run", name, "python", "-c", "import sys; print(sys.prefix)")
	if want := filepath.Join(p.envs, name); s.status != 0 || strings.TrimSpace(s.out) != want {
		p.Errorf("%s: exit status %d, it says %q, want %q", name, s.status, s.out, want)
	}
}

// content tells what is below a directory: files with their modes and what is in
// them, directories, links.
func content(t *testing.T, dir string) string {
	t.Helper()
	hash := sha256.New()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Base(path) == "__pycache__" {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(hash, "%s %v\n", strings.TrimPrefix(path, dir), info.Mode())
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			fmt.Fprintln(hash, target)
			return err
		case info.Mode().IsRegular():
			text, err := os.ReadFile(path)
			hash.Write(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}
