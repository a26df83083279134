package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"den/cmd/hint"
	"den/cmd/startup"
	"den/shell/shells"
)

// setAuto writes the setting auto into the file of settings.
func (a *app) setAuto(mode string, dryRun bool) error {
	i := slices.IndexFunc(settingTable, func(t setting) bool { return t.Key == keyAuto })
	if modes := settingTable[i].values; !slices.Contains(modes, mode) {
		return hint.With(usagef("--auto can be %s, and not %q", quoted(modes, " or "), mode), "den setup --auto linked")
	}
	path := a.settings.file()
	file, err := startup.Read(path)
	if err != nil {
		return err
	}
	changed := withSetting(file.Content, keyAuto, mode)
	switch {
	case changed == file.Content:
		a.printf("%s has %s = %q already\n", path, keyAuto, mode)
		return nil
	case dryRun:
		a.printf("would set in %s:\n    %s = %q\n", path, keyAuto, mode)
		return nil
	}
	backup, err := file.Replace(changed)
	if err != nil {
		return fmt.Errorf("changing the settings: %w", err)
	}
	a.printf("set in %s:\n    %s = %q\n", path, keyAuto, mode)
	if backup != "" {
		a.printf("the file as it was: %s\n", backup)
	}
	return nil
}

// withSetting is the text of a file of settings with one set: in its line, or in a new
// one in front of the first table.
func withSetting(content, key, value string) string {
	line := key + " = " + strconv.Quote(value) + "\n"
	lines := strings.SplitAfter(content, "\n")
	at := len(lines)
	if i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(strings.TrimSpace(l), "[") }); i >= 0 {
		at = i
	}
	isKey := func(l string) bool {
		name, _, found := strings.Cut(l, "=")
		return found && strings.EqualFold(strings.Trim(name, " \t\"'"), key)
	}
	if i := slices.IndexFunc(lines[:at], isKey); i >= 0 {
		if strings.TrimRight(lines[i], "\r\n") == strings.TrimSuffix(line, "\n") {
			return content
		}
		lines[i] = line
		return strings.Join(lines, "")
	}
	if at == len(lines) && content != "" && !strings.HasSuffix(content, "\n") {
		line = "\n" + line
	}
	return strings.Join(slices.Insert(lines, at, line), "")
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
