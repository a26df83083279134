package pick

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"den/env/disk"
)

const (
	enterScreen = "\x1b[?1049h\x1b[H\x1b[J"
	leaveScreen = "\x1b[H\x1b[J\x1b[?1049l"
	// A terminal sends the rest of a key's sequence within this time.
	sequenceTime = 50 * time.Millisecond
)

// A screen is the terminal while it shows a list.
type screen struct {
	tty   int
	woken *os.File // a pipe, which has a byte when there is something to do but to read
	wake  *os.File // its other end
	typed []byte   // what has been read and is no whole key yet
	more  bool     // whether the rest of a key may follow
}

// choose shows the list until the person is done. It leaves the terminal as it was.
func choose(ctx context.Context, l *list) (names []string, err error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	s, err := open()
	if err != nil {
		return nil, err
	}
	defer s.close()
	before, err := term.MakeRaw(s.tty)
	if err != nil {
		return nil, &TerminalError{"the terminal cannot be read key by key: " + err.Error()}
	}
	defer func() { err = errors.Join(err, s.write(leaveScreen), term.Restore(s.tty, before)) }()
	defer s.watch(ctx)()
	if err := s.write(enterScreen); err != nil {
		return nil, err
	}
	for {
		frame, rows := l.draw(s.size())
		if !s.isReady() {
			if err := s.write(frame); err != nil {
				return nil, err
			}
		}
		if err := s.wait(); err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if done, err := s.act(l, rows); done || err != nil {
			return l.chosen(), err
		}
	}
}

// act has the list do what the keys ask for that have been typed.
func (s *screen) act(l *list, rows int) (done bool, err error) {
	for len(s.typed) > 0 {
		k, size := next(s.typed, s.more)
		if size == 0 {
			break
		}
		s.typed = s.typed[size:]
		if done, err := l.act(k, rows); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

func open() (*screen, error) {
	s := &screen{}
	var err error
	if s.tty, err = unix.Open(terminalPath, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0); err != nil {
		return nil, &TerminalError{"there is no terminal to choose in"}
	}
	if s.woken, s.wake, err = os.Pipe(); err != nil {
		return nil, errors.Join(err, unix.Close(s.tty))
	}
	return s, nil
}

func (s *screen) close() {
	_ = unix.Close(s.tty) // what there was to write has been written
	_ = s.woken.Close()
	_ = s.wake.Close()
}

// watch wakes the screen when the terminal gets another size, or the context ends,
// until the function that it returns is called.
func (s *screen) watch(ctx context.Context) (stop func()) {
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, syscall.SIGWINCH)
	stopped, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-resized:
			case <-ctx.Done():
				_, _ = s.wake.Write([]byte{0})
				return
			case <-stopped:
				return
			}
			_, _ = s.wake.Write([]byte{0})
		}
	}()
	return func() {
		signal.Stop(resized)
		close(stopped)
		<-ended
	}
}

// wait waits until there is something to do, and reads what was typed.
func (s *screen) wait() error {
	timeout := (*unix.Timeval)(nil)
	if s.more = len(s.typed) > 0; s.more {
		of := unix.NsecToTimeval(sequenceTime.Nanoseconds())
		timeout = &of
	}
	woken := int(s.woken.Fd())
	n, ready, err := selectFrom(timeout, s.tty, woken)
	switch {
	case errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return err
	case n == 0:
		s.more = false // what is there is all
		return nil
	}
	buffer := make([]byte, 1) // what is typed after the last key is for others to read
	if ready.IsSet(woken) {
		_, _ = s.woken.Read(buffer)
	}
	if !ready.IsSet(s.tty) {
		return nil
	}
	n, err = unix.Read(s.tty, buffer)
	if errors.Is(err, unix.EINTR) || errors.Is(err, unix.EAGAIN) {
		return nil
	}
	if err == nil && n == 0 {
		err = ErrCancelled // the terminal is gone
	}
	s.typed, s.more = append(s.typed, buffer[:max(n, 0)]...), true
	return err
}

// isReady reports whether something has been typed that is not read.
func (s *screen) isReady() bool {
	n, _, err := selectFrom(&unix.Timeval{}, s.tty)
	return err == nil && n > 0
}

// selectFrom waits until one of the files can be read, or for the time.
func selectFrom(timeout *unix.Timeval, files ...int) (n int, ready *unix.FdSet, err error) {
	ready = &unix.FdSet{}
	for _, file := range files {
		ready.Set(file)
	}
	n, err = unix.Select(slices.Max(files)+1, ready, nil, nil, timeout)
	return n, ready, err
}

// size returns the columns and lines of the terminal.
func (s *screen) size() (width, height int) {
	width, height, err := term.GetSize(s.tty)
	if err != nil || width < 1 || height < 1 {
		return 80, 24
	}
	return width, height
}

func (s *screen) write(text string) error { return disk.Write(s.tty, []byte(text)) }
