package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"den/env/programtest"
)

// A deed is something that a person has den do, and that may be cut short.
type deed struct {
	name string
	args []string
	// before prepares what the deed needs; it is called before each.
	before func(p *person)
	// after checks what has to hold, done says whether den had come to its end.
	after func(p *person, done bool)
}

// rc is what a start-up file says that is not den's.
const rc = "# mine\nalias ll='ls -l'\n"

func remove(p *person, names ...string) {
	p.Helper()
	for _, name := range names {
		if slices.Contains(p.names(), name) {
			if s := p.den("rm", name); s.status != 0 {
				p.Fatalf("den rm %s: %s", name, s.out)
			}
		}
	}
}

func (p *person) bashrc() string { return filepath.Join(p.home, ".bashrc") }

func (p *person) write(path, text string) {
	p.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		p.Fatal(err)
	}
	if err := programtest.Write(path, []byte(text), 0o666); err != nil {
		p.Fatal(err)
	}
}

// oneOf checks that of the names that may be there, there is one, whole.
func oneOf(p *person, may ...string) {
	p.Helper()
	names := slices.DeleteFunc(p.names(), func(name string) bool { return !slices.Contains(may, name) })
	if len(names) != 1 {
		p.Errorf("of %q there is %q", may, names)
		return
	}
	p.isWhole(names[0])
}

// wholeOrFree checks that the environment is there, whole, or its name is free.
func wholeOrFree(p *person, done bool, name string) {
	p.Helper()
	_, err := os.Lstat(filepath.Join(p.envs, name))
	switch {
	case err == nil:
		p.isWhole(name)
	case done:
		p.Errorf("%s was made, and is not there", name)
	}
}

// brick installs something by hand, as pip would.
func brick(p *person) {
	p.Helper()
	site := strings.TrimSpace(p.den("path", "web", "--site-packages").out)
	note := filepath.Join(site, "brick-1.0.dist-info")
	p.write(filepath.Join(site, "brick.py"), "")
	p.write(filepath.Join(note, "METADATA"), "Metadata-Version: 2.1\nName: brick\nVersion: 1.0\n")
	p.write(filepath.Join(note, "INSTALLER"), "pip\n")
	p.write(filepath.Join(note, "RECORD"), "brick.py,,\nbrick-1.0.dist-info/METADATA,,\nbrick-1.0.dist-info/INSTALLER,,\nbrick-1.0.dist-info/RECORD,,\n")
}

// loopSSH has ssh lead to this machine and this person.
func loopSSH(p *person) {
	p.Helper()
	path := filepath.Join(p.dir, "ssh")
	if _, err := os.Stat(path); err != nil {
		if err := programtest.Write(path, []byte("#!/bin/sh\nexec /bin/sh -c \"$2\"\n"), 0o777); err != nil {
			p.Fatal(err)
		}
	}
	p.environ["DEN_SSH"] = path
}

// packKept packs the environment kept.
func packKept(p *person) {
	p.Helper()
	if s := p.den("pack", "kept"); s.status != 0 {
		p.Fatalf("den pack: %s", s.out)
	}
}

// isPrepared reports whether the deed needs what its before makes.
func (d deed) isPrepared() bool {
	return d.name == "sync" || strings.HasPrefix(d.name, "unpack") || strings.HasPrefix(d.name, "push")
}

func deeds() []deed {
	none := func(*person) {}
	return []deed{
		{"mk", []string{"mk", "--no-activate", "web"}, func(p *person) { remove(p, "web") },
			func(p *person, done bool) { wholeOrFree(p, done, "web") }},
		{"mk --clear", []string{"mk", "--no-activate", "--without-pip", "--clear", "kept"}, none,
			func(p *person, _ bool) { p.isWhole("kept") }},
		{"project new", []string{"project", "new", "--without-pip", "site"}, func(p *person) {
			remove(p, "site")
			p.write(filepath.Join(p.home, "src", "README"), "")
			os.RemoveAll(filepath.Join(p.home, "src", "site"))
		},
			func(p *person, done bool) { wholeOrFree(p, done, "site") }},
		{"tmp", []string{"tmp", "--without-pip"}, none, func(p *person, _ bool) {
			for _, name := range p.names() {
				if strings.HasPrefix(name, "tmp-") {
					p.isWhole(name)
					remove(p, name)
				}
			}
		}},
		{"cp", []string{"cp", "--no-activate", "kept", "copy"}, func(p *person) { remove(p, "copy") },
			func(p *person, done bool) { p.isWhole("kept"); wholeOrFree(p, done, "copy") }},
		{"mv", []string{"mv", "one", "other"}, func(p *person) { remove(p, "other"); p.den("mk", "--no-activate", "--without-pip", "one") },
			func(p *person, _ bool) { oneOf(p, "one", "other") }},
		{"rm", []string{"rm", "gone"}, func(p *person) { p.den("mk", "--no-activate", "--without-pip", "gone") },
			func(p *person, done bool) {
				wholeOrFree(p, false, "gone")
				if done && slices.Contains(p.names(), "gone") {
					p.Error("gone was removed, and is there")
				}
			}},
		{"unpack", []string{"unpack", "kept.tar.zst", "web"}, func(p *person) { packKept(p); remove(p, "web") },
			func(p *person, done bool) { p.isWhole("kept"); wholeOrFree(p, done, "web") }},
		{"unpack --clear", []string{"unpack", "kept.tar.zst", "--clear"}, packKept,
			func(p *person, _ bool) { p.isWhole("kept") }},
		{"push", []string{"push", "kept", "here", "--as", "copy"}, func(p *person) { loopSSH(p); remove(p, "copy") },
			func(p *person, done bool) { p.isWhole("kept"); wholeOrFree(p, done, "copy") }},
		{"push again", []string{"push", "kept", "here"}, loopSSH, func(p *person, _ bool) { p.isWhole("kept") }},
		{"push --rollback", []string{"push", "kept", "here", "--rollback"}, func(p *person) {
			loopSSH(p)
			if s := p.den("push", "kept", "here"); s.status != 0 {
				p.Fatalf("den push: %s", s.out)
			}
		}, func(p *person, _ bool) { p.isWhole("kept") }},
		{"upgrade", []string{"upgrade", "kept"}, none, func(p *person, _ bool) { p.isWhole("kept") }},
		{"sync", []string{"sync", "web", "none.txt"}, func(p *person) {
			p.den("mk", "--no-activate", "web")
			brick(p)
			p.write(filepath.Join(p.dir, "none.txt"), "")
		}, func(p *person, done bool) {
			p.isWhole("web")
			site := strings.TrimSpace(p.den("path", "web", "--site-packages").out)
			_, module := os.Stat(filepath.Join(site, "brick.py"))
			_, note := os.Stat(filepath.Join(site, "brick-1.0.dist-info", "RECORD"))
			if (module == nil) != (note == nil) || done && module == nil {
				p.Errorf("of brick there is: brick.py: %v, its RECORD: %v", module, note)
			}
		}},
		{"wipe", []string{"wipe"}, func(p *person) {
			p.environ["VIRTUAL_ENV"] = filepath.Join(p.envs, "web")
			p.den("mk", "--no-activate", "web")
			brick(p)
		}, func(p *person, _ bool) {
			p.isWhole("web")
			if s := p.den("wipe"); s.status != 0 {
				p.Errorf("the next wipe: %s", s.out)
			}
			if s := p.den("wipe"); s.out != "Nothing to remove.\n" {
				p.Errorf("after that: %s", s.out)
			}
		}},
		{"setup", []string{"setup", "bash"}, func(p *person) { p.write(p.bashrc(), rc) }, setUp},
		{"setup --undo", []string{"setup", "--undo", "bash"}, func(p *person) { p.write(p.bashrc(), rc); p.den("setup", "bash") }, setUp},
	}
}

// setUp checks that the start-up file is the person's own, with or without den's
// line, and so is each that was saved.
func setUp(p *person, _ bool) {
	p.Helper()
	files, err := filepath.Glob(p.bashrc() + "*")
	if err != nil || len(files) == 0 {
		p.Errorf("start-up files: %q, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		line, ours := strings.CutPrefix(string(text), rc)
		if err != nil || !ours || line != "" && (strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "# added by den setup\n")) {
			p.Errorf("%s is %q, %v", file, text, err)
		}
		os.Remove(file)
	}
}

// TestKilled has each deed ended by each signal, at moments that are spread over
// the time that it takes. Wherever that hits, what is there is whole, the names
// are free, all else is as it was, and the next den goes on.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, d := range deeds() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			p.environ["PROJECT_HOME"] = filepath.Join(p.home, "src")
			p.lay("kept", "bystander")
			before := content(t, filepath.Join(p.envs, "bystander"))
			d.before(p)
			begun := time.Now()
			if s := p.den(d.args...); s.status != 0 {
				t.Fatalf("den %q: %s", d.args, s.out)
			}
			took := time.Since(begun)
			d.after(p, true)
			signals := []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP}
			moments := often(4, 48)
			for i := range moments {
				d.before(p)
				after := took * time.Duration(2*i+1) / time.Duration(2*moments)
				d.after(p, p.cutShort(signals[i%4], after, d.args...))
				if content(t, filepath.Join(p.envs, "bystander")) != before {
					t.Error("another environment has changed")
				}
				if t.Failed() {
					t.Fatalf("%v after %v of %v", signals[i%4], after, took)
				}
			}
			p.nothingLeft()
			if s := p.den("list"); s.status != 0 {
				t.Errorf("den list: %s", s.out)
			}
		})
	}
}

// cutShort runs den and sends it, and what it has started, the signal after a
// while. It reports whether den was done by then.
func (p *person) cutShort(signal syscall.Signal, after time.Duration, args ...string) (done bool) {
	p.Helper()
	c := p.command(args...)
	if err := c.Start(); err != nil {
		p.Fatal(err)
	}
	cut := time.AfterFunc(after, func() { syscall.Kill(-c.Process.Pid, signal) })
	defer cut.Stop()
	err := c.Wait()
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL && signal != syscall.SIGKILL {
		p.Errorf("den %q hung after %v", args, signal)
	}
	return err == nil
}

// TestInterruptedExitStatus: a den that a signal from the keyboard ends says so, and no more.
func TestInterruptedExitStatus(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			newPerson(t).isInterruptedBy(signal)
		})
	}
}

func (p *person) isInterruptedBy(signal syscall.Signal) {
	p.Helper()
	c := p.command("mk", "--no-activate", "--python", p.slowPython(), "web")
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		p.Fatal(err)
	}
	for give := time.Now().Add(limit); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(filepath.Join(p.dir, "asked")); err == nil {
			break
		}
		if time.Now().After(give) {
			p.Fatal("the interpreter was never asked")
		}
	}
	if err := c.Process.Signal(signal); err != nil {
		p.Fatal(err)
	}
	if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != 130 || out.String() != "den: error: interrupted\n" {
		p.Errorf("%v: %q", err, out.String())
	}
	p.nothingLeft()
}

// slowPython is an interpreter that says that it has been asked, and no more.
func (p *person) slowPython() string {
	path := filepath.Join(p.dir, "python3")
	p.write(path, fmt.Sprintf("#!/bin/sh\n: >'%s'\nexec sleep 100\n", filepath.Join(p.dir, "asked")))
	if err := os.Chmod(path, 0o777); err != nil {
		p.Fatal(err)
	}
	return path
}
