// Package shells has the table of the shells that den speaks to.
package shells

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"den/shell"
	"den/shell/bash"
	"den/shell/bourne"
	"den/shell/csh"
	"den/shell/elvish"
	"den/shell/fish"
	"den/shell/ksh"
	"den/shell/mksh"
	"den/shell/nushell"
	"den/shell/xonsh"
	"den/shell/zsh"
)

// All returns the records of all shells.
func All() []*shell.Shell { return table() }

// table makes the records when the first is asked for.
var table = sync.OnceValue(func() []*shell.Shell {
	return []*shell.Shell{bash.Shell(), zsh.Shell(), fish.Shell(), ksh.Shell(), mksh.Shell(), nushell.Shell(), xonsh.Shell(), elvish.Shell()}
})

// Names returns the names of all shells.
func Names() []string {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return names
}

// ByName returns the shell with that name, which may also be the path of its
// program or the name of a login shell ("-bash").
func ByName(name string) (*shell.Shell, error) {
	base := strings.TrimPrefix(name[strings.LastIndexByte(name, '/')+1:], "-")
	for _, s := range All() {
		if s.Name == base || s.Executable() == base || slices.Contains(s.OtherNames, base) {
			return s, nil
		}
	}
	return nil, fmt.Errorf("no support for the shell %q: den speaks %s", name, strings.Join(Names(), ", "))
}

// HookSuffixes returns the ends of the names of hooks that are for one shell.
func HookSuffixes() []string {
	var suffixes []string
	for _, s := range All() {
		if s.HookSuffix != "" {
			suffixes = append(suffixes, s.HookSuffix)
		}
	}
	return suffixes
}

// ByHookSuffix returns the shell that has hooks with that suffix.
func ByHookSuffix(suffix string) (*shell.Shell, bool) {
	for _, s := range All() {
		if s.HookSuffix != "" && s.HookSuffix == suffix {
			return s, true
		}
	}
	return nil, false
}

// Shells that den does not speak to, and that may be named in the first line of a
// hook.
var (
	otherBourne = []string{"sh", "dash", "ksh93", "lksh"}
	otherShells = []string{"csh", "tcsh"}
)

// SourcesSh reports whether the program with that name, or at that path, is a shell that
// reads code for sh.
func SourcesSh(program string) bool {
	if s, err := ByName(program); err == nil {
		return s.HookSuffix == ""
	}
	return slices.Contains(otherBourne, filepath.Base(program))
}

// IsShell reports whether a program's name is one of a shell's. In all of them, "#"
// begins a comment.
func IsShell(name string) bool {
	return slices.Contains(slices.Concat(Names(), otherBourne, otherShells), name)
}

// ForSh returns the shell that den has read a file for sh.
func ForSh() *shell.Shell { return bash.Shell() }

// Wrapper returns the record of the script that stands in for virtualenvwrapper.sh.
func Wrapper() shell.Wrapper { return bourne.Wrapper(bash.Shell(), zsh.Shell()) }

// ActivateScripts returns the scripts that the environment carries for those who
// source them by hand, by their file names. They do what den's integration does,
// but for the hooks, and need no den.
func ActivateScripts(a shell.Activation) map[string]string {
	scripts := map[string]string{csh.ActivateName: csh.Activate(a)}
	for _, s := range All() {
		if scripts[s.ActivateName] == "" {
			scripts[s.ActivateName] = s.Activate(a)
		}
	}
	return scripts
}
