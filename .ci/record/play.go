package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A frame is what the terminal shows for some time.
type frame struct {
	lines  []string // with control sequences for colours
	x, y   int      // of the cursor
	lasts  time.Duration
	plain  string
	hidden bool // whether the cursor is
}

// limit is how long a step may take.
const limit = 60 * time.Second

// keyTime is how long a picture of one more letter is shown.
const keyTime = 60 * time.Millisecond

// play plays a scene, and returns what a person sees of it.
func (h *home) play(s scene) (frames []frame, err error) {
	t := terminal{socket: fmt.Sprintf("den-record-%d-%s", os.Getpid(), s.name), home: h}
	environ := h.environ
	if s.isCrowded {
		crowd, err := h.layThousand()
		if err != nil {
			return nil, err
		}
		environ = append(slices.Clone(environ), "WORKON_HOME="+crowd)
	}
	args := append([]string{"-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(s.width), "-y", fmt.Sprint(s.height), "-c", h.dir, "env", "-i"}, environ...)
	if _, err := t.tmux(append(args, s.program...)...); err != nil {
		return nil, err
	}
	defer func() { _, _ = t.tmux("kill-server") }()
	if _, err := t.tmux("set", "-g", "status", "off"); err != nil {
		return nil, err
	}
	for _, step := range s.steps {
		shown, err := t.take(step)
		if err != nil {
			return nil, err
		}
		frames = append(frames, shown...)
	}
	if s.isPicture {
		frames = frames[len(frames)-1:]
	}
	return frames, nil
}

// A terminal is one that tmux draws.
type terminal struct {
	socket string
	home   *home
	last   frame
}

func (t *terminal) tmux(args ...string) (string, error) {
	c := exec.Command("tmux", append([]string{"-L", t.socket}, args...)...)
	c.Env = t.home.environ
	out, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}

// take does what a step says, letter by letter, and returns a frame for each.
func (t *terminal) take(s step) (frames []frame, err error) {
	keys := strings.Split(s.keys, "")
	if s.isKey {
		keys = []string{s.keys}
	}
	for _, key := range keys {
		if key == ";" { // which ends a command of tmux
			key = `\;`
		}
		args := []string{"send-keys", "-l", key}
		if s.isKey {
			args = []string{"send-keys", key}
		}
		if _, err := t.tmux(args...); err != nil {
			return nil, err
		}
		f, err := t.wait(func(f frame) bool { return f.plain != t.last.plain || f.x != t.last.x || f.y != t.last.y })
		if err != nil {
			return nil, fmt.Errorf("after %q: %w", key, err)
		}
		f.lasts = keyTime
		frames = append(frames, f)
	}
	f, err := t.wait(func(f frame) bool { return strings.HasSuffix(strings.TrimSpace(f.plain), s.until) })
	if err != nil {
		return nil, fmt.Errorf("waiting for %q: %w", s.until, err)
	}
	f.lasts = s.pause
	return append(frames, f), nil
}

// wait waits until the terminal shows what is waited for.
func (t *terminal) wait(is func(frame) bool) (f frame, err error) {
	for end := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		if f, err = t.look(); err != nil || is(f) {
			t.last = f
			return f, err
		}
		if time.Now().After(end) {
			return f, fmt.Errorf("the terminal shows\n%s", f.plain)
		}
	}
}

var graphics = regexp.MustCompile("\x1b\\[[0-9;:]*m|\x0e|\x0f")

// look returns what the terminal shows now.
func (t *terminal) look() (f frame, err error) {
	// In one call, so that nothing comes between the two.
	screen, err := t.tmux("capture-pane", "-e", "-p", ";", "display-message", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}")
	if err != nil {
		return f, err
	}
	screen = strings.TrimSuffix(screen, "\n")
	end := strings.LastIndex(screen, "\n") + 1
	visible := 0
	if _, err := fmt.Sscan(screen[end:], &f.x, &f.y, &visible); err != nil {
		return f, err
	}
	screen = screen[:end]
	f.hidden = visible == 0
	screen = strings.ReplaceAll(screen, t.home.dir, shownHome)
	f.lines = strings.Split(strings.TrimSuffix(screen, "\n"), "\n")
	f.plain = graphics.ReplaceAllString(screen, "")
	return f, nil
}
