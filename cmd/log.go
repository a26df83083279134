package cmd

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"den/hooks"
)

// logHooks notes the hooks that fire at an event in the file that
// VIRTUALENVWRAPPER_LOG_FILE names, if it names one. Nothing depends on it.
func (a *app) logHooks(event hooks.Event, found []hooks.Hook) {
	path := os.Getenv("VIRTUALENVWRAPPER_LOG_FILE")
	if path == "" {
		return
	}
	// A group may share the file, whatever the umask is, as with virtualenvwrapper.
	// A pipe that nobody reads is an error, not something to wait for.
	before := syscall.Umask(0o002)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND|syscall.O_NONBLOCK, 0o666)
	syscall.Umask(before)
	if err != nil {
		a.warnf("the log of hooks (VIRTUALENVWRAPPER_LOG_FILE) cannot be written: %s", err)
		return
	}
	defer file.Close()
	for _, hook := range found {
		fmt.Fprintf(file, "%s DEBUG den.hooks %s: %s\n", time.Now().Format("2006-01-02 15:04:05,000"), event.Name, hook.Path)
	}
}
