package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/env/store"
	"den/hooks"
	"den/shell"
)

// This file is how hooks fire that den itself runs.

// find returns the hooks that fire in the shell that asks.
func (a *app) find(event hooks.Event, dirs hooks.Directories) []hooks.Hook {
	return a.terminal.find(event, dirs, a.shell, a.isNewsHere)
}

// isNewsHere reports whether this shell has not been told of the error yet. Without a
// shell, and where virtualenvwrapper would repeat it, that is always so.
func (a *app) isNewsHere(err error) bool {
	if a.shell == nil || a.underWords() {
		return true
	}
	here, unknown := store.IdentifyProcess(os.Getppid())
	return unknown != nil || a.isFirst(here+"\x00"+err.Error())
}

func always(error) bool { return true }

// find returns the hooks that fire in a shell, or in none, and reports those that den
// cannot use and has not reported yet.
func (t *terminal) find(event hooks.Event, dirs hooks.Directories, in *shell.Shell, isNews func(error) bool) []hooks.Hook {
	suffix := ""
	if in != nil {
		suffix = in.HookSuffix
	}
	found, problems := dirs.Find(event, suffix)
	t.logHooks(event, found)
	for _, err := range problems {
		if isNews(err) {
			t.warnUnused(err)
		}
	}
	return found
}

// runHooks runs the hooks now, in dir, with the variables in environ, or den's own. It
// reports a hook that fails, and goes on.
func (t *terminal) runHooks(ctx context.Context, found []hooks.Hook, dir string, environ []string, args ...string) error {
	for _, hook := range found {
		argv := append(slices.Clone(hook.Argv), args...)
		c := exec.CommandContext(ctx, argv[0], argv[1:]...)
		c.Dir, c.Env = dir, environ
		c.Stdin, c.Stdout, c.Stderr = t.stdin, t.stdout, t.stderr
		if err := c.Run(); err != nil {
			t.warnf("the hook %s failed: %s", hook.Path, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// fire runs the hooks for all environments of the event now. That they are
// interrupted is for what follows to find.
func (a *app) fire(ctx context.Context, home env.Home, event hooks.Event, args ...string) {
	_ = a.runHooks(ctx, a.find(event, a.globalHooks()), home.Dir(), nil, args...)
}

// warnUnused says why a hook is not used, and what mends it.
func (t *terminal) warnUnused(err error) {
	if unused, ok := errors.AsType[*hooks.UnusedError](err); ok && unused.Mend != "" {
		err = hint.With(err, "%s", unused.Mend)
	}
	t.warnOf(wordHookProblem(err))
}

// logHooks notes the hooks that fire at an event in the file that
// VIRTUALENVWRAPPER_LOG_FILE names, if it names one. Nothing depends on it.
func (t *terminal) logHooks(event hooks.Event, found []hooks.Hook) {
	path := os.Getenv("VIRTUALENVWRAPPER_LOG_FILE")
	if path == "" {
		return
	}
	// A group may share the file, whatever the umask is, as with virtualenvwrapper.
	// A pipe that nobody reads is an error, not something to wait for.
	before := syscall.Umask(0o002)
	file, err := disk.MakeFile(path, os.O_WRONLY|os.O_APPEND|syscall.O_NONBLOCK, 0o666)
	syscall.Umask(before)
	if err != nil {
		t.warnf("the log of hooks (VIRTUALENVWRAPPER_LOG_FILE) cannot be written: %s", err)
		return
	}
	defer file.Close()
	for _, hook := range found {
		fmt.Fprintf(file, "%s DEBUG den.hooks %s: %s\n", time.Now().Format("2006-01-02 15:04:05,000"), event.Name, hook.Path)
	}
}
