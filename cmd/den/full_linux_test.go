package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"den/env/mounttest"
)

// mounted puts a file system in memory, of the size and with the number of files
// in options, onto WORKON_HOME.
func (p *person) mounted(options string) {
	p.Helper()
	if err := syscall.Mount("tmpfs", p.envs, "tmpfs", 0, options); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = syscall.Unmount(p.envs, syscall.MNT_DETACH) })
}

// fill uses up what there is, and returns what gives it back. A few bytes or
// files are left over when spare says so.
func (p *person) fill(inodes bool, spare int) (free func()) {
	p.Helper()
	dir := filepath.Join(p.envs, ".filler")
	if err := os.Mkdir(dir, 0o777); err != nil {
		p.Fatal(err)
	}
	var err error
	n := 0
	for ; err == nil; n++ {
		size := 0
		if !inodes {
			size = 4096
		}
		err = os.WriteFile(filepath.Join(dir, fmt.Sprint(n)), make([]byte, size), 0o666)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		p.Fatal(err)
	}
	for i := range spare {
		os.Remove(filepath.Join(dir, fmt.Sprint(n-1-i)))
	}
	return func() {
		if err := os.RemoveAll(dir); err != nil {
			p.Fatal(err)
		}
	}
}

// TestFull: where there is no more room, or there may be no more files, what den
// cannot do it says, and has not done by half; removing, which makes room, works;
// and once there is room all is as ever.
func TestFull(t *testing.T) {
	if !mounttest.InNamespace(t) {
		return
	}
	spares := map[bool][]int{true: {3}, false: {0}}
	if os.Getenv("DEN_STRESS") != "" {
		many := []int{0, 1, 2, 3, 5, 8, 20, 60}
		spares = map[bool][]int{true: many, false: many}
	}
	for _, d := range deeds() {
		if strings.HasPrefix(d.name, "setup") || d.name == "wipe" || d.name == "sync" {
			continue // not in WORKON_HOME, or too large for so small a disk; and see TestFullStartupFile
		}
		for _, inodes := range []bool{true, false} {
			for _, spare := range spares[inodes] {
				t.Run(fmt.Sprintf("%s, inodes %v, spare %d", d.name, inodes, spare), func(t *testing.T) {
					p := newPerson(t)
					p.environ["PROJECT_HOME"] = filepath.Join(p.home, "src")
					p.mounted("size=512k,nr_inodes=300")
					p.lay("kept", "bystander", "one", "gone")
					if s := p.den("mv", "gone", "went"); s.status != 0 { // den has been here before
						t.Fatal(s.out)
					}
					p.den("mv", "went", "gone")
					p.write(filepath.Join(p.home, "src", "README"), "")
					if d.isPrepared() {
						d.before(p)
					}
					before := content(t, filepath.Join(p.envs, "bystander"))
					free := p.fill(inodes, spare)
					s := p.den(d.args...)
					if s.status != 0 && (s.status != 1 || !strings.Contains(s.out, "den: error: ")) {
						t.Errorf("exit status %d: %s", s.status, s.out)
					}
					if d.name == "rm" && s.status != 0 {
						t.Errorf("it cannot be removed: %s", s.out)
					}
					warned := strings.Contains(s.out, "den: warning: there is no room to keep") || strings.Contains(s.out, "den: warning: the disk is nearly full")
					if d.name == "rm" && !warned {
						t.Errorf("it does not say that what was removed may be gone: %q", s.out)
					}
					free()
					d.after(p, s.status == 0)
					if content(t, filepath.Join(p.envs, "bystander")) != before {
						t.Error("another environment has changed")
					}
					p.nothingLeft()
					if s := p.den("rm", "kept"); s.status != 0 {
						t.Errorf("with room: %s", s.out)
					}
				})
			}
		}
	}
}

// TestFullStartupFile: without room for it, setup leaves the start-up file as it
// was.
func TestFullStartupFile(t *testing.T) {
	if !mounttest.InNamespace(t) {
		return
	}
	for _, inodes := range []bool{true, false} {
		for spare := range 4 {
			p := newPerson(t)
			p.home = p.envs
			p.environ["HOME"] = p.home
			p.mounted("size=64k,nr_inodes=40")
			p.write(p.bashrc(), rc)
			free := p.fill(inodes, spare)
			s := p.den("setup", "bash")
			free()
			text, err := os.ReadFile(p.bashrc())
			if err != nil || (s.status == 0) != strings.Contains(string(text), "added by den setup") || s.status != 0 && !strings.Contains(s.out, "den: error: ") {
				t.Errorf("inodes %v, spare %d: exit status %d, %s\nfile: %q, %v", inodes, spare, s.status, s.out, text, err)
			}
			if saved, err := filepath.Glob(p.bashrc() + ".*"); err != nil || s.status != 0 && len(saved) > 0 {
				t.Errorf("saved for nothing: %q, %v", saved, err)
			}
			setUp(p, s.status == 0)
			// Directories above den's own belong to all programs.
			for _, dir := range []string{".local/share", ".local"} {
				if err := os.Remove(filepath.Join(p.home, dir)); err != nil && !errors.Is(err, os.ErrNotExist) {
					t.Error(err)
				}
			}
			left, err := filepath.Glob(filepath.Join(p.home, ".*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left: %q, %v", left, err)
			}
		}
	}
}

// TestFullOfKept: what undo could bring back goes, the oldest first, when the disk is
// full: while den makes an environment, and when it looks what is to be deleted.
func TestFullOfKept(t *testing.T) {
	if !mounttest.InNamespace(t) {
		return
	}
	p := newPerson(t)
	p.mounted("size=4m,nr_inodes=2000")
	for _, name := range []string{"first", "second", "third"} {
		p.lay(name)
		p.write(filepath.Join(p.envs, name, "large"), strings.Repeat("x", 800_000))
		// As rm does, but no den is at work in the background afterwards.
		kept := filepath.Join(p.envs, ".den", "kept", fmt.Sprintf("%d.removed.1.rm", time.Now().UnixNano()))
		if err := errors.Join(os.MkdirAll(kept, 0o700), os.Rename(filepath.Join(p.envs, name), filepath.Join(kept, name))); err != nil {
			t.Fatal(err)
		}
	}
	canCome := func() string { return p.den("undo", "--list").out }
	if list := canCome(); strings.Count(list, "\n") != 3 {
		t.Fatalf("kept:\n%s", list)
	}
	p.fill(false, 0)
	s := p.den("mk", "--no-activate", "--without-pip", "new")
	if s.status != 0 || !strings.Contains(s.out, `den has deleted "first"`) {
		t.Errorf("it ends with %d: %s", s.status, s.out)
	}
	p.isWhole("new")
	if list := canCome(); strings.Contains(list, "first") || strings.Count(list, "\n") != 2 {
		t.Errorf("kept:\n%s", list)
	}
	if err := os.Rename(filepath.Join(p.envs, ".filler"), filepath.Join(p.envs, ".filled")); err != nil {
		t.Fatal(err)
	}
	p.fill(false, 0)
	if s := p.den("sweep"); s.status != 0 {
		t.Error(s.out)
	}
	if list := canCome(); strings.Contains(list, "second") || !strings.Contains(list, "third") {
		t.Errorf("kept:\n%s", list)
	}
}

// TestReadOnly: on a read-only file system den changes nothing, says why, and
// what needs no change works.
func TestReadOnly(t *testing.T) {
	if !mounttest.InNamespace(t) {
		return
	}
	p := newPerson(t)
	p.environ["PROJECT_HOME"] = filepath.Join(p.home, "src")
	p.mounted("size=1m")
	p.lay("kept", "bystander", "one", "gone")
	p.write(filepath.Join(p.home, "src", "README"), "")
	before := content(t, p.envs)
	if err := syscall.Mount("", p.envs, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, d := range deeds() {
		if strings.HasPrefix(d.name, "setup") || d.name == "wipe" || d.isPrepared() {
			continue
		}
		if s := p.den(d.args...); s.status != 1 || !strings.Contains(s.out, "read-only file system") {
			t.Errorf("%s: exit status %d, %s", d.name, s.status, s.out)
		}
	}
	if after := content(t, p.envs); after != before {
		t.Error("something has changed")
	}
	for _, args := range [][]string{{"list"}, {"show", "kept"}, {"path", "kept"}, {"run", "kept", "python", "-c", ""}, {"config"}} {
		if s := p.den(args...); s.status != 0 {
			t.Errorf("den %q: %s", args, s.out)
		}
	}
	if s := p.plans("workon", "kept"); s.status != 0 || s.out != "" || s.plan == "" {
		t.Errorf("workon: %+v", s)
	}
}
