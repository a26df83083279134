package serve

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"den/env/disk"
)

// The main process of a server writes its number into a file. A number alone says little:
// when the process has died, another one may get it. A process that has started after the
// file was written is another one.

// A Process is the main process of a server.
type Process struct {
	ID      int
	Started time.Time
}

// Running returns the main process of the site's server, and whether there is one. Of a
// service that this process may not look into, systemd is asked.
func (s Site) Running() (Process, bool) {
	if s.IsForeign() {
		return s.systemdProcess()
	}
	info, err := os.Stat(s.Run)
	if err != nil || s.trustRun(info) != nil {
		return Process{}, false
	}
	file, err := os.Lstat(s.PidFile())
	if err != nil || !file.Mode().IsRegular() {
		return Process{}, false
	}
	text, err := disk.ReadSmall(s.PidFile())
	// Each worker of uWSGI writes the file anew as it starts: for a moment, it is empty.
	for tries := 0; err == nil && len(text) == 0 && tries < 20; tries++ {
		time.Sleep(2 * time.Millisecond)
		text, err = disk.ReadSmall(s.PidFile())
	}
	if err != nil {
		return Process{}, false
	}
	id, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || id < 2 || !isAlive(id) || !s.owns(id) {
		return Process{}, false
	}
	started, err := startOf(id)
	// A start is known to the second.
	if err != nil || started.After(file.ModTime().Add(2*time.Second)) {
		return Process{}, false
	}
	return Process{id, started}, true
}

// IsForeign reports whether the site is a service of another user. Only root can reach its
// socket and its files.
func (s Site) IsForeign() bool {
	if !s.IsSystem() || os.Geteuid() == 0 {
		return false
	}
	u, err := user.Lookup(s.User)
	return err != nil || number(u.Uid) != uint32(os.Geteuid())
}

// systemdProcess is the main process of the service that systemd has started.
func (s Site) systemdProcess() (Process, bool) {
	d := FindSystemd(context.Background(), s)
	if d == nil {
		return Process{}, false
	}
	if state := d.State(context.Background()); state != "active" && state != "reloading" {
		return Process{}, false
	}
	id := int(number(d.property(context.Background(), "MainPID")))
	if id < 2 || !isAlive(id) {
		return Process{}, false
	}
	started, err := startOf(id)
	return Process{id, started}, err == nil
}

// HasOtherPython reports whether the server was started with another Python than the
// environment has now: its new workers would not find the packages. uWSGI has a Python of
// its own.
func (s Site) HasOtherPython() bool {
	p, runs := s.Running()
	if !runs || s.Server == "uwsgi" {
		return false
	}
	started, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(p.ID), "exe"))
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(s.Python())
	return err == nil && real != started
}

// owns reports whether a process is the user's. The service can write any number into its
// file, and root must not signal another one's process because of that.
func (s Site) owns(id int) bool {
	owner := uint32(os.Geteuid())
	if s.IsSystem() {
		u, err := user.Lookup(s.User)
		if err != nil {
			return false
		}
		owner = number(u.Uid)
	}
	var stat syscall.Stat_t
	if syscall.Stat(filepath.Join("/proc", strconv.Itoa(id)), &stat) == nil {
		return stat.Uid == owner
	}
	out, err := exec.Command("ps", "-o", "uid=", "-p", strconv.Itoa(id)).Output()
	return err == nil && strings.TrimSpace(string(out)) == strconv.FormatUint(uint64(owner), 10)
}
