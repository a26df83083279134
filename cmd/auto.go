package cmd

import (
	"context"
	"errors"
	"os"
	"strings"

	"den/cmd/hint"
	"den/cmd/startup"
	"den/shell/shells"
)

// setFor writes a setting into the file of settings, for setup.
func (a *app) setFor(ctx context.Context, key, value string, dryRun bool) error {
	t, err := settingNamed(key)
	if err != nil {
		return err
	}
	if _, err := a.settings.checkNew(t, value); err != nil {
		return err
	}
	if dryRun {
		a.printf("would set in %s:\n    %s = %q\n", a.settings.file(), key, value)
		return nil
	}
	return a.setSetting(ctx, t, value)
}

// checkKeys returns an error for a shell that has no key for the list to choose from.
func checkKeys(files []startup.Loader) error {
	var able []string
	for _, s := range shells.All() {
		if s.Keys != "" {
			able = append(able, s.Name)
		}
	}
	for _, f := range files {
		if f.Shell.Keys == "" {
			return hint.With(errors.New(f.Shell.Name+" has no key for the list to choose from"), "for one that has: den setup --keys %s", strings.Join(able, "|"))
		}
	}
	return nil
}

// checkAuto returns an error for a shell that cannot enter environments by itself.
func checkAuto(files []startup.Loader) error {
	for _, f := range files {
		if f.Shell.Auto == nil {
			return hint.With(errors.New(f.Shell.Name+" cannot enter environments by itself"), "for one that can: den setup --auto linked %s", strings.Join(autoShells(), "|"))
		}
	}
	return nil
}

// autoShells are the names of the shells that can enter environments by themselves.
func autoShells() (names []string) {
	for _, s := range shells.All() {
		if s.Auto != nil {
			names = append(names, s.Name)
		}
	}
	return names
}

// writeInitFiles writes the init files anew. If it cannot write one, new shells
// have den write it later.
func (a *app) writeInitFiles() {
	root := allCommands()
	for _, s := range shells.All() {
		if _, err := os.Stat(a.initFile(s.Name)); err == nil {
			_ = a.writeInitFile(root, s)
		}
	}
}
