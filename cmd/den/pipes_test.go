package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a den may take here that reads a pipe, before the test says
// so. It is for a message sooner than that of the limit, and far more than any needs.
const patience = 2 * time.Minute

// TestPipesHoldNobodyUp puts a named pipe that nobody writes into where den reads
// a file: den ends, and does what it can, or says what is there.
func TestPipesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	everyday := []string{"list", "list --json", "doctor", "doctor web", "show web", "path web", "hooks web", "config",
		"workon web", "run web true", "upgrade --dry-run web", "cp --no-activate web copy", "tmp --without-pip", "sweep", "rm copy", "mv web other"}
	for _, row := range []struct {
		file     string // below the person's directory
		commands []string
	}{
		{"home/.config/den/config.toml", everyday},
		{"home/envs/web/pyvenv.cfg", everyday},
		{"home/envs/web/.project", everyday},
		{"home/envs/web/bin/activate", everyday},
		{"home/envs/web/bin/postactivate", everyday},
		{"home/envs/postactivate", everyday},
		{"home/envs/initialize", []string{"init bash", "doctor"}},
		{"home/envs/.den/owners/tmp-0123456789abcdef", everyday},
		{"home/envs/.den/staging/stage/.journal", everyday},
		{"home/envs/.den/staging/stage/.lock", everyday},
		{"home/envs/.den/locks/web", everyday},
		{"home/.local/share/den/init.bash", []string{"setup bash"}},
		{"home/.python-version", []string{"pythons"}},
		{"log", []string{"workon web"}},
	} {
		t.Run(row.file, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			p.lay("web")
			p.environ["VIRTUALENVWRAPPER_LOG_FILE"] = p.dir + "/log"
			p.putPipe(row.file)
			for _, command := range row.commands {
				p.ends(strings.Fields(command)...)
			}
		})
	}
}

// TestNoDirectory: a pipe in the place of a directory that den lists.
func TestNoDirectory(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.putPipe("pipe")
	p.environ["PATH"] += ":" + p.dir + "/pipe"
	p.ends("pythons")
	p.environ["WORKON_HOME"] = p.dir + "/pipe"
	p.ends("list")
}

// putPipe makes a named pipe in the place of what is at a path below the person's
// directory.
func (p *person) putPipe(file string) {
	p.Helper()
	path := filepath.Join(p.dir, file)
	os.Remove(path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		p.Fatal(err)
	}
}

// ends fails the test when den does not come to an end.
func (p *person) ends(args ...string) {
	p.Helper()
	channel, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		p.Fatal(err)
	}
	defer channel.Close()
	c := p.command(append([]string{"--shell", "bash"}, args...)...)
	c.ExtraFiles = []*os.File{channel}
	giveUp := time.AfterFunc(patience, func() { _ = c.Cancel() })
	defer giveUp.Stop()
	out, _ := c.CombinedOutput()
	if c.ProcessState == nil || c.ProcessState.ExitCode() < 0 {
		p.Errorf("den %q has not ended: %v, %s", args, c.ProcessState, out)
	}
}
