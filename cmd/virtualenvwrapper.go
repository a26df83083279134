package cmd

// This file is what the functions of virtualenvwrapper, as "den init
// virtualenvwrapper" defines them, call. People call the functions.

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"den/cmd/paths"
	"den/env"
	"den/hooks"
	"den/shell"
)

// initializeCommand is virtualenvwrapper_initialize: what a shell that has
// loaded the functions has to do at once.
func (a *app) initializeCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "initialize",
		Short:       "Export where things are, resume, and source the initialize hook",
		Hidden:      true,
		Args:        noArguments,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(*cobra.Command, []string) error {
			if err := a.requireShell("initialize"); err != nil {
				return err
			}
			a.settings.tolerate = a.warnOf
			home, err := a.home()
			if err != nil {
				return err
			}
			if _, err := home.Ensure(); err != nil {
				return err
			}
			a.makeHookTemplates()
			exports, err := a.wrapperExports()
			if err != nil {
				return err
			}
			resume, err := a.resumePlan(a.shell)
			a.plan = append(exports, resume...)
			if auto, err := a.settings.value(keyAuto); err == nil && auto.Value != shell.AutoOff {
				a.plan = append(a.plan, shell.Set{Name: "DEN_AUTO", Value: auto.Value})
			}
			return err
		},
	}
}

// wrapperExports sets the variables that virtualenvwrapper.sh exports when it is
// sourced. A directory in which nothing has to be expanded stays as the person has
// written it, with a slash at its end if it has one.
func (a *app) wrapperExports() (shell.Plan, error) {
	home, err := a.wrapperDir(keyWorkonHome, "WORKON_HOME", "")
	if err != nil {
		return nil, err
	}
	hookDir, err := a.wrapperDir(keyHookDir, "VIRTUALENVWRAPPER_HOOK_DIR", home)
	if err != nil {
		return nil, err
	}
	file, err := a.settings.text(keyProjectFilename)
	if err != nil {
		return nil, err
	}
	goes, err := a.settings.text(keyCd)
	if err != nil {
		return nil, err
	}
	return shell.Plan{
		shell.Set{Name: "WORKON_HOME", Value: home},
		shell.Set{Name: "VIRTUALENVWRAPPER_HOOK_DIR", Value: hookDir},
		shell.Set{Name: "VIRTUALENVWRAPPER_PROJECT_FILENAME", Value: file},
		shell.Set{Name: "VIRTUALENVWRAPPER_WORKON_CD", Value: map[string]string{"true": "1", "false": "0"}[goes]},
	}, nil
}

// wrapperDir is a directory as virtualenvwrapper exports it: as the variable has it,
// or else as the setting has it. If the setting only follows WORKON_HOME, it is home.
func (a *app) wrapperDir(key, variable, home string) (string, error) {
	setting, err := a.settings.value(key)
	if given := a.settings.getenv(variable); setting.Origin == variable && filepath.IsAbs(given) &&
		!strings.ContainsAny(given, "$~") && !strings.Contains(given, "//") {
		return given, err
	}
	if setting.Origin == keyWorkonHome {
		return home, err
	}
	return setting.Value, err
}

// runHookCommand is virtualenvwrapper_run_hook.
func (a *app) runHookCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "run-hook HOOK [ARGUMENT]...",
		Short:       "Fire the hooks of one moment",
		Hidden:      true,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(_ *cobra.Command, args []string) (err error) {
			if err := a.requireShell("run-hook"); err != nil {
				return err
			}
			if len(args) == 0 {
				return usagef("no hook was named")
			}
			event, ok := hooks.Named(wrapperHookName(args[0]))
			if !ok {
				return nil // nobody has anything to do then
			}
			a.plan, err = a.firePlan(event, args[1:])
			return err
		},
	}
}

// wrapperHookName is the file name of a hook that virtualenvwrapper calls
// "pre_activate" or "project.post_mkproject".
func wrapperHookName(name string) string {
	name = strings.TrimPrefix(name, "project.")
	for _, when := range []string{"pre", "post"} {
		if what, ok := strings.CutPrefix(name, when+"_"); ok {
			return when + what
		}
	}
	return name
}

// firePlan runs or sources the hooks of the event. The environment that they
// belong to is the one that the first argument names; where there is none, the
// active one.
func (a *app) firePlan(event hooks.Event, args []string) (shell.Plan, error) {
	e, err := a.hookedEnvironment(args)
	if err != nil {
		return nil, err
	}
	home, err := a.home()
	if err != nil {
		return nil, err
	}
	return a.session().Fire(event, e, home.Dir(), args...)
}

// hookedEnvironment is not looked for on the disk: there are hooks for when it
// is not there yet, or no more.
func (a *app) hookedEnvironment(args []string) (env.Environment, error) {
	if len(args) > 0 && env.CheckName(args[0]) == nil {
		home, err := a.home()
		return env.Environment{Name: args[0], Path: home.Path(args[0])}, err
	}
	if active, ok := shell.Active(os.LookupEnv); ok {
		return env.Environment{Name: filepath.Base(active.Path), Path: active.Path}, nil
	}
	return env.Environment{}, nil
}

// expandCommand is virtualenvwrapper_expandpath and
// virtualenvwrapper_absolutepath. It prints what Python's os.path makes of the
// path, which is what callers have come to rely on.
func (a *app) expandCommand() *cobra.Command {
	var absolute bool
	c := &cobra.Command{
		Use:         "expand PATH",
		Short:       "Print a path with ~ and variables resolved",
		Hidden:      true,
		Args:        exactlyOne("path"),
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(_ *cobra.Command, args []string) error {
			path := args[0]
			if !absolute {
				a.printf("%s\n", filepath.Clean(paths.Expand(path)))
				return nil
			}
			if !filepath.IsAbs(path) {
				// Not by PWD: a link that the shell went through is resolved.
				dir, err := syscall.Getwd()
				if err != nil {
					return errors.New("the current directory is not there any more")
				}
				path = filepath.Join(dir, path)
			}
			a.printf("%s\n", filepath.Clean(path))
			return nil
		},
	}
	c.Flags().BoolVar(&absolute, "absolute", false, "print it absolute, and resolve nothing")
	return c
}
