package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"den/env/programtest"
)

// systemCalls counts the calls of the kernel that den makes, all of its threads
// together, but for those by which the threads wait for each other.
func (p *person) systemCalls(args ...string) int {
	p.Helper()
	counts := filepath.Join(p.dir, "counts")
	c := p.command(args...)
	strace, err := exec.LookPath("strace")
	if err != nil {
		p.Fatal(err)
	}
	c.Args = append([]string{"strace", "-f", "-qq", "-c", "-o", counts, "-e", "trace=%file,%desc,%process", c.Path}, args...)
	c.Path = strace
	channel, err := os.Create(filepath.Join(p.dir, "plan"))
	if err != nil {
		p.Fatal(err)
	}
	defer channel.Close()
	c.ExtraFiles = []*os.File{channel}
	if out, err := c.CombinedOutput(); c.ProcessState.ExitCode() > 1 {
		p.Fatalf("den %q: %v: %s", args, err, out)
	}
	text, err := os.ReadFile(counts)
	if err != nil {
		p.Fatal(err)
	}
	total := 0
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		// "% time, seconds, usecs/call, calls, [errors,] syscall"
		if len(fields) < 5 || fields[len(fields)-1] == "total" || strings.HasPrefix(fields[len(fields)-1], "epoll") {
			continue
		}
		if n, err := strconv.Atoi(fields[3]); err == nil {
			total += n
		}
	}
	return total
}

// quickPython is a program that says what a Python says when it is started.
func (p *person) quickPython() string {
	p.Helper()
	path := filepath.Join(p.dir, "quick", "bin", "python3.11")
	script := `#!/bin/sh
cd "${0%/*}/.."; echo
echo "den-probe: {\"version\": [3, 11, 2, \"final\", 0], \"prefix\": \"$PWD\", \"base_prefix\": \"` + p.dir + `/quick\", \"lacks\": []}"
`
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		p.Fatal(err)
	}
	if err := programtest.Write(path, []byte(script), 0o755); err != nil {
		p.Fatal(err)
	}
	return path
}

// peakMemory returns the most bytes of memory that a den has at once.
func (p *person) peakMemory(args ...string) int {
	p.Helper()
	c := p.command(args...)
	if err := c.Run(); err != nil {
		p.Fatal(err)
	}
	return int(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) << 10
}

// TestRoom: when nothing is going on, den keeps no file beside the environments.
func TestRoom(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.lay("web")
	for _, args := range [][]string{{"cp", "--no-activate", "web", "copy"}, {"mv", "copy", "moved"}, {"mk", "--no-activate", "--without-pip", "made"}, {"rm", "--now", "moved"}, {"sweep"}} {
		if s := p.den(args...); s.status != 0 {
			t.Fatalf("den %q: %s", args, s.out)
		}
	}
	err := filepath.WalkDir(filepath.Join(p.envs, ".den"), func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			t.Errorf("left: %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestScale: with ten times the environments, a command that is about one costs
// as much as before, and one that is about all no more than ten times.
func TestScale(t *testing.T) {
	t.Parallel()
	if err := exec.Command("strace", "-c", "-o", os.DevNull, "true").Run(); err != nil {
		t.Logf("nothing counts system calls here (strace: %v)", err)
		return
	}
	few, many := often(60, 1000), often(600, 10000)
	calls := map[string][2]int{}
	var memory [2]int
	commands := map[string][]string{
		"list": {"list", "--brief"}, "complete": {"complete", "zsh", "workon", ""}, "doctor": {"doctor"},
		"list as JSON": {"list", "--json"}, "workon": {"--shell", "bash", "workon", "web7"}, "path": {"path", "web7"}, "run": {"run", "web7", "true"}, "complete a name": {"complete", "zsh", "workon", "web59"},
	}
	for i, n := range []int{few, many} {
		p := newPerson(t)
		p.python = p.quickPython() // which doctor starts once for each
		names := make([]string, n)
		for k := range n {
			names[k] = fmt.Sprint("web", k)
		}
		p.lay(names...)
		p.den("list") // what is found out once
		memory[i] = p.peakMemory("list", "--json")
		for name, args := range commands {
			pair := calls[name]
			pair[i] = p.systemCalls(args...)
			calls[name] = pair
		}
	}
	for name, pair := range calls {
		t.Logf("%s: %d system calls with %d environments, %d with %d", name, pair[0], few, pair[1], many)
		limit := 11 * pair[0]
		if slices.Contains([]string{"path", "run", "workon"}, name) {
			limit = pair[0] + 100
		}
		if pair[1] > limit {
			t.Errorf("%s: %d system calls with %d environments, %d with %d", name, pair[0], few, pair[1], many)
		}
	}
	if each := (memory[1] - memory[0]) / (many - few); each > 20<<10 {
		t.Errorf("to list %d environments as JSON takes %d bytes of memory, and to list %d takes %d: %d for each", few, memory[0], many, memory[1], each)
	}
	// Six each: what bin/python leads to, pyvenv.cfg opened, looked at, read and
	// closed, and the project.
	if json := calls["list as JSON"][1]; json > 6*many+500 {
		t.Errorf("to list %d environments as JSON takes %d system calls, want at most six for each", many, json)
	}
}

// TestLarge: an environment of very many files is copied, given another name and
// removed; Ctrl-C in the middle of a copy leaves none of it.
func TestLarge(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.lay("web")
	files := often(2000, 200000)
	for i := range files {
		dir := filepath.Join(p.envs, "web", "lib", "python3.11", "site-packages", fmt.Sprint("package", i/500))
		if i%500 == 0 {
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		text := "" // but for a few that say where they are
		if i%100 == 1 {
			text = p.envs + "/web\n"
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("module%d.py", i)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	begun := time.Now()
	if s := p.den("cp", "--no-activate", "web", "copy"); s.status != 0 {
		t.Fatal(s.out)
	}
	took := time.Since(begun)
	text, err := os.ReadFile(filepath.Join(p.envs, "copy", "lib/python3.11/site-packages/package0/module1.py"))
	if want := p.envs + "/copy\n"; err != nil || string(text) != want {
		t.Errorf("in the copy: %q, %v, want %q", text, err, want)
	}
	if n := count(t, filepath.Join(p.envs, "copy")); n < files {
		t.Errorf("the copy has %d files, of %d", n, files)
	}
	for i := range 2 {
		done := p.cutShort(syscall.SIGINT, took*time.Duration(2*i+1)/5, "cp", "--no-activate", "web", "cut")
		if names := p.names(); slices.Contains(names, "cut") != done {
			t.Errorf("done: %v, and there is %q", done, names)
		}
		remove(p, "cut")
	}
	if s := p.den("mv", "copy", "moved"); s.status != 0 {
		t.Fatal(s.out)
	}
	for _, name := range []string{"web", "moved"} {
		p.isWhole(name)
		remove(p, name)
	}
	p.nothingLeft()
}

// count counts the files below a directory.
func count(t *testing.T, dir string) (files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, entry os.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
