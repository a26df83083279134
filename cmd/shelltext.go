package cmd

import (
	"fmt"
	"strings"

	"den/cmd/hint"
	"den/cmd/startup"
	"den/shell"
	"den/shell/shells"
)

// This file has what help says of the shells, from their table.

// shellChoice returns the shells as a usage line has them: "bash|zsh".
func shellChoice(more ...string) string { return strings.Join(append(shells.Names(), more...), "|") }

// shellLines returns two columns with a line for each shell.
func shellLines(columns func(*shell.Shell) (left, right string)) string {
	width := 0
	for _, s := range shells.All() {
		left, _ := columns(s)
		width = max(width, len(left))
	}
	var lines []string
	for _, s := range shells.All() {
		left, right := columns(s)
		lines = append(lines, fmt.Sprintf("  %-*s    %s", width, left, right))
	}
	return strings.Join(lines, "\n")
}

// rcFileText names a shell's start-up file.
func rcFileText(s *shell.Shell) string {
	if s.RCFileElsewhere == "" {
		return s.RCFileShown
	}
	return fmt.Sprintf("%s (in $%s if that is set)", s.RCFileShown, s.RCFileElsewhere)
}

// placeText names the file that completes den in a shell.
func placeText(s *shell.Shell) string {
	if s.Completion.Missing != "" {
		return "none: " + s.Completion.Missing
	}
	if s.Completion.Needs == "" {
		return s.Completion.Place
	}
	return fmt.Sprintf("%s (for %s)", s.Completion.Place, s.Completion.Needs)
}

// wrapperShellNames names the shells that can source virtualenvwrapper.sh.
func wrapperShellNames() []string {
	var names []string
	for _, s := range startup.WrapperShells() {
		names = append(names, s.Name)
	}
	return names
}

// rcFilesShown names the start-up files of all shells.
func rcFilesShown() string {
	var files []string
	for _, s := range shells.All() {
		files = append(files, s.RCFileShown)
	}
	return strings.Join(files, ", ")
}

// ownLanguages names the shells that have hooks in a language of their own, with
// the suffix of these.
func ownLanguages() string {
	var names []string
	for _, s := range shells.All() {
		if s.HookSuffix != "" {
			names = append(names, fmt.Sprintf("%s (%q)", s.Name, s.HookSuffix))
		}
	}
	return hint.Join(names, " or ")
}
