package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// shownHome stands in the pictures for the home of the recording, which has a name of
// the same length, so that nothing moves.
const shownHome = "/home/ana"

// A home is the home directory of the person in the recording.
type home struct {
	dir     string
	environ []string
	pythons []string
}

// makeHome makes an empty home, with den in it.
func makeHome(den string) (*home, error) {
	h := &home{}
	for n := 100; h.dir == ""; n++ {
		dir := fmt.Sprintf("/tmp/r%d", n)
		switch err := os.Mkdir(dir, 0o700); {
		case err == nil:
			h.dir = dir
		case !errors.Is(err, fs.ErrExist) || n == 999:
			return nil, err
		}
	}
	program, err := os.ReadFile(den)
	if err == nil {
		err = os.MkdirAll(filepath.Join(h.dir, ".local/bin"), 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(h.dir, ".local/bin/den"), program, 0o755)
	}
	h.environ = []string{
		"HOME=" + h.dir, "PATH=" + filepath.Join(h.dir, ".local/bin") + ":" + os.Getenv("PATH"),
		"LANG=C.UTF-8", "LC_ALL=C.UTF-8", "SHELL=/bin/bash", "TERM=xterm-256color", "DEN_BYTECODE=never", "DEN_PICKER=den",
		"EDITOR=true",
	}
	return h, err
}

func (h *home) remove() { _ = os.RemoveAll(h.dir) }

// prepare makes what the person has already: start-up files and some environments.
func (h *home) prepare() error {
	for path, text := range startUp {
		path = filepath.Join(h.dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	found, err := h.den("pythons")
	if err != nil {
		return err
	}
	h.pythons = strings.Fields(found)
	for i, e := range environments {
		args := []string{"mk", "--no-activate", "-p", h.pythons[i%min(len(h.pythons), 3)], e.name}
		if e.project != "" {
			project := filepath.Join(h.dir, e.project)
			if err := os.MkdirAll(project, 0o755); err != nil {
				return err
			}
			args = append(args, "-a", project)
		}
		if _, err := h.den(args...); err != nil {
			return err
		}
	}
	_, err = h.den("run", environments[0].name, "true")
	return err
}

// layThousand lays out a thousand environments, by hand, and returns the directory that they
// are in.
func (h *home) layThousand() (dir string, err error) {
	dir = filepath.Join(h.dir, "thousand")
	python, err := h.den("path", environments[0].name, "--python")
	if err == nil {
		python, err = filepath.EvalSymlinks(strings.TrimSpace(python))
	}
	config := fmt.Sprintf("home = %s\nversion = 3.11.2\n", filepath.Dir(python))
	for _, subject := range []string{"api", "auth", "billing", "crawler", "data", "mail", "report", "search", "shop", "web"} {
		for n := range 100 {
			bin := filepath.Join(dir, fmt.Sprintf("%s-%02d", subject, n), "bin")
			err = errors.Join(err, os.MkdirAll(bin, 0o755), os.Symlink(python, filepath.Join(bin, "python")),
				os.WriteFile(filepath.Join(filepath.Dir(bin), "pyvenv.cfg"), []byte(config), 0o644))
		}
	}
	return dir, err
}

// den runs den, and returns what it prints.
func (h *home) den(args ...string) (string, error) {
	c := exec.Command(filepath.Join(h.dir, ".local/bin/den"), args...)
	c.Dir, c.Env = h.dir, h.environ
	out, err := c.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("den %s: %w\n%s", strings.Join(args, " "), err, exit.Stderr)
	}
	return string(out), err
}
