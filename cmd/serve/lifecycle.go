package serve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"den/env/disk"
	"den/env/python/child"
)

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
