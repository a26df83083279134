package cmd

import (
	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env/layout"
)

// A yesNo has a flag that asks for something, and another flag that declines it.
type yesNo struct{ yes, no bool }

func (w yesNo) wish() layout.Wish {
	switch {
	case w.yes:
		return layout.Wanted
	case w.no:
		return layout.Unwanted
	}
	return layout.Unsaid
}

// addFlags adds the flags of all commands that make environments.
func (m *mkOptions) addFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&m.python, "python", "p", "", "the `interpreter`: a path, a command, or a version such as 3.12")
	f.StringArrayVarP(&m.packages, "install", "i", nil, "install this `package` (may be repeated)")
	f.StringArrayVarP(&m.requirements, "requirements", "r", nil, "install what this `file` lists (may be repeated)")
	f.StringArrayVarP(&m.editable, "editable", "e", nil, "install the project in this `directory` so that its files can be edited (may be repeated)")
	f.StringArrayVar(&m.groups, "group", nil, "install this dependency `group` of the project's pyproject.toml (may be repeated)")
	f.StringVar(&m.script, "script", "", "install what the inline metadata of this `script` asks for")
	f.StringVarP(&m.project, "project", "a", "", "the project `directory` that workon goes to; den offers to make it")
	f.BoolVar(&m.systemSitePackages, "system-site-packages", false, "let it see the interpreter's own packages")
	f.BoolVar(&m.withoutPip, "without-pip", false, "leave pip out")
	f.BoolVar(&m.setuptools.yes, "setuptools", false, "install setuptools (the default up to Python 3.11)")
	f.BoolVar(&m.setuptools.no, "no-setuptools", false, "leave setuptools out")
	f.BoolVar(&m.wheel.yes, "wheel", false, "install wheel")
	f.BoolVar(&m.copies, "copies", false, "copy the interpreter rather than link to it")
	f.BoolVar(&m.neverDownload, "never-download", false, "use only wheels that are on this machine")
	f.StringVar(&m.prompt, "prompt", "", "the `text` that the prompt shows (default NAME)")
	f.StringVar(&m.backend, "backend", "", "the `backend`, which makes it: "+hint.Join(layout.Backends(), " or "))
	f.BoolVar(&m.noActivate, "no-activate", false, "do not enter it")
	f.BoolVarP(&m.cd, "cd", "c", false, "go to the project directory")
	f.BoolVarP(&m.noCd, "no-cd", "n", false, "stay in the current directory")
	m.addOldFlags(c)
}

// addOldFlags adds the spellings that scripts written for virtualenvwrapper
// and virtualenv pass. The help does not list them.
func (m *mkOptions) addOldFlags(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&m.copies, "always-copy", false, "the same as --copies")
	f.BoolVar(&m.withoutPip, "no-pip", false, "the same as --without-pip")
	f.BoolVar(&m.withoutPip, "no-seed", false, "the same as --without-pip")
	f.BoolVar(&m.neverDownload, "no-download", false, "the same as --never-download")
	f.BoolVar(&m.wheel.no, "no-wheel", false, "leave wheel out")
	f.BoolVar(&m.noSitePackages, "no-site-packages", false, "hide the interpreter's own packages")
	f.BoolVar(&m.distribute, "distribute", false, "install setuptools")
	f.StringArrayVar(&m.options, "option", nil, "an `option` of virtualenv's, or of the program's")
	f.StringVar(&m.program, "program", "", "the `program` that makes it")
	for _, old := range []string{"option", "program", "always-copy", "no-pip", "no-seed", "no-download", "no-wheel", "no-site-packages", "distribute"} {
		f.Lookup(old).Hidden = true
	}
	c.MarkFlagsMutuallyExclusive("setuptools", "no-setuptools")
	c.MarkFlagsMutuallyExclusive("distribute", "no-setuptools")
	c.MarkFlagsMutuallyExclusive("wheel", "no-wheel")
	c.MarkFlagsMutuallyExclusive("system-site-packages", "no-site-packages")
}

// noteOldFlags reports old flags that ask for a default.
func (a *app) noteOldFlags(m *mkOptions) {
	if m.noSitePackages {
		a.notef("--no-site-packages is the default: only --system-site-packages changes it")
	}
	if m.distribute {
		a.notef("distribute became setuptools again in 2013: that is installed (--setuptools)")
		m.setuptools.yes = true
	}
	if m.wheel.no {
		a.notef("--no-wheel is the default: only --wheel changes it")
	}
}

// noteIgnored names the flags that the backend ignores.
func (a *app) noteIgnored(backend string, m mkOptions) {
	var ignored []string
	note := func(given bool, flag string) {
		if given {
			ignored = append(ignored, flag)
		}
	}
	if backend == "venv" || backend == "uv" {
		note(m.setuptools.yes, "--setuptools")
		note(m.setuptools.no, "--no-setuptools")
		note(m.wheel.yes, "--wheel")
	}
	if backend == "uv" {
		note(m.copies, "--copies")
	}
	if len(ignored) > 0 {
		a.notef("the backend %s ignores %s", backend, hint.Join(ignored, " and "))
	}
}
