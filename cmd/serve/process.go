package serve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"den/env/disk"
	"den/env/python/child"
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
	for range 20 {
		if err != nil || len(text) > 0 {
			break
		}
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

// isAlive reports whether there is a process that has not ended. One that has ended and
// that its parent has not asked for yet still has its number.
func isAlive(id int) bool {
	if err := syscall.Kill(id, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	fields := statOf(id)
	return len(fields) == 0 || fields[0] != "Z" && fields[0] != "X"
}

// statOf are the fields of /proc/ID/stat after the name (proc(5)), the state first; none
// where there is no such file.
func statOf(id int) []string {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(id), "stat"))
	if err != nil {
		return nil
	}
	_, rest, _ := cutLast(string(text), ")")
	return strings.Fields(rest)
}

// startOf is when a process has started.
func startOf(id int) (time.Time, error) {
	const ticks = 100 // a second, on each Linux (USER_HZ)
	if fields := statOf(id); len(fields) > 19 {
		passed, err := strconv.ParseInt(fields[19], 10, 64)
		if err != nil {
			return time.Time{}, err
		}
		booted, err := bootTime()
		return time.Unix(booted+passed/ticks, 0), err
	}
	out, err := exec.Command("ps", "-o", "etime=", "-p", strconv.Itoa(id)).Output()
	if err != nil {
		return time.Time{}, fmt.Errorf("asking ps for process %d: %w", id, err)
	}
	elapsed, err := parseElapsed(strings.TrimSpace(string(out)))
	return time.Now().Add(-elapsed), err
}

// bootTime is when Linux has started, in seconds.
func bootTime() (int64, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "btime "); ok {
			return strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		}
	}
	return 0, errors.New("/proc/stat has no btime")
}

// parseElapsed reads [[days-]hours:]minutes:seconds, as POSIX has ps print it.
func parseElapsed(text string) (time.Duration, error) {
	days, rest, found := strings.Cut(text, "-")
	if !found {
		days, rest = "0", text
	}
	n, err := strconv.Atoi(days)
	seconds := 24 * n
	parts := strings.Split(rest, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, fmt.Errorf("ps says %q", text)
	}
	parts = append(make([]string, 3-len(parts)), parts...)
	for i, part := range parts {
		value := 0
		if part != "" {
			value, err = strconv.Atoi(part)
		}
		if err != nil {
			return 0, fmt.Errorf("ps says %q", text)
		}
		if i > 0 {
			seconds *= 60
		}
		seconds += value
	}
	return time.Duration(seconds) * time.Second, nil
}

// childrenOf are the processes that a process has started, but for those that have ended.
func childrenOf(id int) (children []int) {
	parent := strconv.Itoa(id)
	if entries, err := os.ReadDir("/proc"); err == nil && statOf(os.Getpid()) != nil {
		for _, entry := range entries {
			n, err := strconv.Atoi(entry.Name())
			if err != nil {
				continue
			}
			if fields := statOf(n); len(fields) > 1 && fields[1] == parent && fields[0] != "Z" {
				children = append(children, n)
			}
		}
		return children
	}
	out, _ := exec.Command("ps", "-axo", "pid=,ppid=").Output()
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if n, err := strconv.Atoi(fields[0]); err == nil && len(fields) == 2 && fields[1] == parent {
			children = append(children, n)
		}
	}
	return children
}

// ErrNotRunning says that the server does not run.
var ErrNotRunning = errors.New("the server does not run")

// An EndedError says that the server has ended, with what it has printed last.
type EndedError struct {
	Doing  string
	Output []string
}

func (e *EndedError) Error() string { return "the server has ended while it " + e.Doing }

// patience is how long a server may take to start, to reload or to stop: more than it
// waits itself for the requests that it is answering.
const patience = 90 * time.Second

// uWSGI ignores who asks before it has finished with who asked before. askAgain is how long
// nothing happens before it is asked again, and mostAsked, how often it is before it gets
// the signal HUP: then it replaces all workers at once, and requests wait.
const (
	askAgain  = 3 * time.Second
	mostAsked = 5
)

// Start starts the server in the background, where it outlives this process, and waits
// until it listens. Its output goes to the site's log.
func (s Site) Start(ctx context.Context, l Launch) error {
	log, err := os.OpenFile(s.LogFile(), os.O_WRONLY|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o640)
	if err != nil {
		return err
	}
	defer log.Close()
	begun, err := log.Seek(0, 2)
	if err != nil {
		return err
	}
	server := exec.Command(l.Command[0], l.Command[1:]...)
	server.Dir, server.Env = l.Dir, l.Environ
	server.Stdout, server.Stderr = log, log
	server.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: l.Credential}
	disk.KeepFiles()
	if err := server.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		_ = server.Wait()
		close(ended)
	}()
	err = s.awaitStart(ctx, func() error {
		select {
		case <-ended:
			return s.Ended("started", begun)
		default:
			return nil
		}
	})
	if err != nil {
		_ = syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
	}
	return err
}

// printed are the last lines of the log, from a place in it.
func (s Site) printed(from int64) []string {
	text, err := os.ReadFile(s.LogFile())
	if err != nil || int64(len(text)) < from {
		return nil
	}
	return child.LastLines(string(text[from:]), 12)
}

// awaitStart waits until the server listens, or has failed.
func (s Site) awaitStart(ctx context.Context, failed func() error) error {
	return await(ctx, func() (bool, error) {
		if _, runs := s.Running(); runs && s.Accepts() {
			return true, nil
		}
		return false, failed()
	})
}

// Ended says that the server has ended, with what it has printed from a place in its log.
func (s Site) Ended(doing string, from int64) error { return &EndedError{doing, s.printed(from)} }

// LogSize is how much has been logged.
func (s Site) LogSize() int64 {
	info, err := os.Stat(s.LogFile())
	if err != nil {
		return 0
	}
	return info.Size()
}

// await tries until the condition holds.
func await(ctx context.Context, holds func() (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("there was no answer for %s", patience))
	defer cancel()
	for {
		ok, err := holds()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop has the server end when it has answered the requests that it has, and waits for
// that.
func (s Site) Stop(ctx context.Context) error {
	p, runs := s.Running()
	if !runs {
		return ErrNotRunning
	}
	if err := syscall.Kill(p.ID, syscall.SIGTERM); err != nil {
		return err
	}
	err := await(ctx, func() (bool, error) { return !isAlive(p.ID), nil })
	if err != nil {
		return fmt.Errorf("stopping process %d: %w", p.ID, err)
	}
	// uWSGI and gunicorn take these away themselves.
	for _, path := range []string{s.PidFile(), s.Socket()} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !s.Activated() {
			return err
		}
	}
	return nil
}

// readyWorkers are the workers that have imported the application; counts is false where the
// server does not tell, as with a configuration that a person has written. What an earlier
// server has told does not count.
func (s Site) readyWorkers(p Process) (ready []int, counts bool) {
	info, err := os.Stat(s.ReadyFile())
	if err != nil || !s.server().tells || info.ModTime().Before(p.Started.Add(-2*time.Second)) {
		return nil, false
	}
	text, err := os.ReadFile(s.ReadyFile())
	for line := range strings.Lines(string(text)) {
		if id, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
			ready = append(ready, id)
		}
	}
	return ready, err == nil
}

// Reload has the server replace its workers, by ask or, where that is nil, in the way of
// the server, and waits until each is a new one, and has imported the application where
// the server tells that.
func (s Site) Reload(ctx context.Context, ask func() error) error {
	p, runs := s.Running()
	if !runs {
		return ErrNotRunning
	}
	if ask == nil {
		ask = func() error { return s.server().reload(s, p.ID) }
	}
	old, from := childrenOf(p.ID), s.LogSize()
	_, counts := s.readyWorkers(p)
	if err := ask(); err != nil {
		return err
	}
	seen, changed, times := old, time.Now(), 1
	return await(ctx, func() (bool, error) {
		if !isAlive(p.ID) {
			return false, s.Ended("reloaded", from)
		}
		now := childrenOf(p.ID)
		// Some have another child, beside the workers, that stays.
		if without(now, old) >= s.Workers && without(old, now) >= min(s.Workers, len(old)) {
			ready, _ := s.readyWorkers(p)
			fresh := slices.DeleteFunc(now, func(id int) bool { return slices.Contains(old, id) || !slices.Contains(ready, id) })
			return !counts || len(fresh) >= s.Workers, nil
		}
		if !slices.Equal(now, seen) {
			seen, changed, times = now, time.Now(), 1
		}
		if !s.server().ignores || time.Since(changed) < askAgain {
			return false, nil
		}
		changed, times = time.Now(), times+1
		if times == mostAsked {
			return false, hangUp(s, p.ID)
		}
		return false, ask()
	})
}

// without is how many of some processes are not among others.
func without(some, others []int) (n int) {
	for _, id := range some {
		if !slices.Contains(others, id) {
			n++
		}
	}
	return n
}
