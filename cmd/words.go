package cmd

import (
	"slices"

	"github.com/spf13/cobra"

	"den/shell"
)

// wordTable has the functions that the integration defines. Some words of
// virtualenvwrapper have a command of their own, which is hidden.
var wordTable = []shell.Word{
	{Name: "workon", Command: "workon", ActsOnShell: true, OfWrapper: true},
	{Name: "deactivate", Command: "deactivate", ActsOnShell: true, OfWrapper: true, WhileActive: true},

	{Name: "mkvenv", Command: "mk", ActsOnShell: true},
	{Name: "cpvenv", Command: "cp", ActsOnShell: true},
	{Name: "mvvenv", Command: "mv", ActsOnShell: true},
	{Name: "rmvenv", Command: "rm", ActsOnShell: true},
	{Name: "lsvenv", Command: "list"},
	{Name: "cdvenv", Command: "cd", ActsOnShell: true},

	{Name: "add2virtualenv", Command: "add2virtualenv", OfWrapper: true},
	{Name: "allvirtualenv", Command: "all", OfWrapper: true},
	{Name: "cdproject", Command: "project cd", ActsOnShell: true, OfWrapper: true},
	{Name: "cdsitepackages", Command: "site-packages cd", ActsOnShell: true, OfWrapper: true},
	{Name: "cdvirtualenv", Command: "cd", ActsOnShell: true, OfWrapper: true},
	{Name: "cpvirtualenv", Command: "cpvirtualenv", ActsOnShell: true, OfWrapper: true},
	{Name: "lssitepackages", Command: "site-packages ls", OfWrapper: true},
	{Name: "lsvirtualenv", Command: "lsvirtualenv", OfWrapper: true},
	{Name: "mkproject", Command: "project new", ActsOnShell: true, OfWrapper: true},
	{Name: "mktmpenv", Command: "tmp", ActsOnShell: true, OfWrapper: true},
	{Name: "mkvirtualenv", Command: "mk", ActsOnShell: true, OfWrapper: true},
	{Name: "rmvirtualenv", Command: "rmvirtualenv", ActsOnShell: true, OfWrapper: true},
	{Name: "setvirtualenvproject", Command: "project set", ActsOnShell: true, OfWrapper: true},
	{Name: "showvirtualenv", Command: "showvirtualenv", OfWrapper: true},
	{Name: "toggleglobalsitepackages", Command: "toggle-site-packages", OfWrapper: true},
	{Name: "virtualenvwrapper", Command: "virtualenvwrapper", OfWrapper: true},
	{Name: "wipeenv", Command: "wipe", OfWrapper: true},
}

// wordNamed returns the word of that name, if it is one.
func wordNamed(name string) (w shell.Word, ok bool) {
	for _, w := range wordTable {
		if w.Name == name {
			return w, true
		}
	}
	return w, false
}

// integration returns what den brings into every shell. A word that has not the name
// of its command says which it is, so that help and errors can name it.
func integration(root *cobra.Command) shell.Integration {
	words := slices.Clone(wordTable)
	for i, w := range words {
		if w.Name != w.Command {
			words[i].Command += " --" + wordFlag + " " + w.Name
		}
	}
	return shell.Integration{
		Program:   programPath(),
		Words:     words,
		Commands:  shellCommands(root),
		Variables: readVariables(),
	}
}
