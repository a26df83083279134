package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/env/disk"
	"den/hooks"
	"den/shell"
)

func (a *app) projectCommand() *cobra.Command {
	return a.grouping(&cobra.Command{
		Use:   "project COMMAND",
		Short: "Link environments to project directories",
		Long: `An environment can have a project directory: workon then goes there. The file
.project in the environment names it.`,
		Example: `  mkproject shop               make an environment and $PROJECT_HOME/shop
  setvirtualenvproject         link the active environment to this directory
  cdproject                    go to the active environment's project
  den project show web         say where it is`,
	}, nil, a.projectNewCommand(), a.projectSetCommand(), a.projectCdCommand(), a.projectShowCommand(), a.projectFillCommand())
}

// projectOptions are what a person asks for when they make an environment with a
// project directory.
type projectOptions struct {
	mkOptions
	force     bool
	templates []string
}

func (a *app) projectNewCommand() *cobra.Command {
	var p projectOptions
	c := &cobra.Command{
		Use:        "new NAME",
		SuggestFor: []string{"mk", "make", "create"},
		Short:      "Make an environment and its project directory",
		Long: `Makes the environment NAME, as "den mk" does, enters it, makes the directory NAME
in PROJECT_HOME, links the two, applies the templates, and ends in the directory.

A template is an executable file or a directory. den runs a file in the new
directory, with NAME and the directory as arguments. It copies a directory, and
replaces {{name}} in names and texts by NAME. Templates are in the directory
"templates" beside your global hooks, or in ~/.config/den/templates. If
VIRTUALENVWRAPPER_PYTHON names a Python with virtualenvwrapper, den also finds the
templates of its packages.`,
		Example: `  mkproject shop
  mkproject -t flask -p 3.12 shop
  mkproject -f shop    # the directory exists already`,
		Args:        exactlyOne("project"),
		Annotations: map[string]string{makes: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			p.name = args[0]
			return a.newProject(cmd.Context(), p)
		},
	}
	c.Flags().BoolVarP(&p.force, "force", "f", false, "use a project directory that exists already")
	c.Flags().StringArrayVarP(&p.templates, "template", "t", nil, "apply this `template` (may be repeated)")
	p.addFlags(c)
	c.Flags().Lookup("project").Hidden = true // it is the new directory
	c.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		cmd.Parent().HelpFunc()(cmd, args)
		a.printTemplates(cmd.Context())
	})
	return c
}

func (a *app) newProject(ctx context.Context, p projectOptions) error {
	if p.cd && p.noCd {
		return usagef("--cd and --no-cd contradict each other")
	}
	if err := env.CheckName(p.name); err != nil {
		return usageError{err}
	}
	dir, err := a.projectDirectory(p.name)
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil && !p.force {
		err := worded(fmt.Errorf("the project directory %s exists already", dir), "Project %s already exists.", p.name)
		return hint.With(err, "to take it as it is: %s --force %s", a.word("project new"), hint.Word(p.name))
	}
	for _, name := range p.templates {
		if _, err := a.findTemplate(ctx, name); err != nil {
			return err
		}
	}
	p.project = ""
	environment, made, err := a.makeOne(ctx, p.mkOptions)
	if !made || err != nil {
		return err
	}
	if a.shell == nil || p.noActivate {
		if err := a.fillProject(ctx, environment, dir, p.templates); err != nil {
			return err
		}
		return a.afterMaking(environment, p.mkOptions, false)
	}
	if err := a.afterMaking(environment, p.mkOptions, false); err != nil {
		return err
	}
	// The rest wants the environment to be active.
	again := []string{"project", "fill"}
	if p.noCd {
		again = append(again, "--no-cd")
	}
	for _, name := range p.templates {
		again = append(again, "--template="+name)
	}
	a.plan = append(a.plan, shell.Again{Args: append(again, "--", p.name)})
	return nil
}

// projectFillCommand makes the project directory of a new environment that has
// been entered. It is what "new" has the shell call.
func (a *app) projectFillCommand() *cobra.Command {
	var templates []string
	var noCd bool
	c := &cobra.Command{
		Use:    "fill NAME",
		Short:  "Make the directory of a new project",
		Hidden: true,
		Args:   exactlyOne("project"),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := a.projectDirectory(args[0])
			if err != nil {
				return err
			}
			environment, err := a.environment(args[0])
			if err != nil {
				return a.suggest(err)
			}
			if err := a.fillProject(cmd.Context(), environment, dir, templates); err != nil {
				return err
			}
			if !noCd {
				a.plan = shell.Plan{shell.Cd{Dir: dir}}
			}
			session := a.session()
			a.plan = append(a.plan, session.During(activate.Hooking, session.Source(hooks.PostMkproject, a.globalHooks()))...)
			return nil
		},
	}
	c.Flags().StringArrayVar(&templates, "template", nil, "apply this `template`")
	c.Flags().BoolVar(&noCd, "no-cd", false, "stay in the current directory")
	return c
}

// fillProject makes the project directory of the environment, links the two and
// applies the templates. A template that fails stops nothing.
func (a *app) fillProject(ctx context.Context, e env.Environment, dir string, templates []string) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	a.fire(ctx, home, hooks.PreMkproject, e.Name)
	a.announce("Creating %s", dir)
	if err := disk.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("making the project directory %s: %w", dir, errors.Unwrap(err))
	}
	a.doneUnannounced("made the project directory %s", dir)
	if err := a.link(e, dir); err != nil {
		return err
	}
	for _, name := range templates {
		a.announce("\nApplying template %s", name)
		if err := a.applyTemplate(ctx, name, e, dir); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			a.warnf("the template %q failed: %s", name, err)
		}
	}
	return nil
}

// projectDirectory is where a project of that name is, or would be.
func (a *app) projectDirectory(name string) (string, error) {
	home, err := a.settings.text(keyProjectHome)
	if err != nil {
		return "", err
	}
	if home == "" {
		err := worded(errors.New("PROJECT_HOME is not set: it says in which directory projects are made"),
			"ERROR: Set the PROJECT_HOME shell variable to the name of the directory where projects should be created.")
		return "", hint.With(err, "for example: export PROJECT_HOME=~/src")
	}
	if info, err := os.Stat(home); err != nil || !info.IsDir() {
		err := worded(fmt.Errorf("the directory of projects %s (PROJECT_HOME) is not there", home),
			"ERROR: Project directory '%s' does not exist.  Create it or set PROJECT_HOME to an existing directory.", home)
		return "", hint.With(err, "mkdir -p %s", hint.Path(home))
	}
	return filepath.Join(home, name), nil
}

// link notes the project directory in the environment.
func (a *app) link(e env.Environment, dir string) error {
	file, err := a.settings.text(keyProjectFilename)
	if err != nil {
		return err
	}
	a.announce("Setting project for %s to %s", e.Name, dir)
	if err := e.SetProject(file, dir); err != nil {
		return err
	}
	a.refreshLinks()
	return nil
}

func (a *app) projectSetCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "set [SRC [DIRECTORY]]",
		SuggestFor: []string{"link", "connect", "add"},
		Short:      "Link an environment to a directory",
		Long: `Links an environment, by its name or its path, to a project directory. Without
SRC, it links the active one; without DIRECTORY, to the current directory. At a
terminal, den offers to make a DIRECTORY that is not there.`,
		Example: "  setvirtualenvproject\n  setvirtualenvproject web ~/src/web",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) <= 2 {
				return nil
			}
			return tooMany(cmd, "an environment and a directory", args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.setProject(cmd.Context(), args)
		},
	}
}

func (a *app) setProject(ctx context.Context, args []string) error {
	environment, err := a.named(args)
	if err != nil && len(args) > 0 {
		err = worded(err, "No virtualenv %s", filepath.Base(args[0]))
	}
	if err != nil {
		return err
	}
	given := "."
	if len(args) > 1 {
		given = args[1]
	}
	dir, err := a.directoryOrNew(ctx, given)
	if err != nil {
		if absolute, _ := filepath.Abs(given); absolute != "" {
			given = absolute
		}
		return worded(err, `Cannot associate virtualenv with "%s", it is not a directory`, given)
	}
	if err := a.link(environment, dir); err != nil {
		return err
	}
	a.doneUnannounced("the project of %q is %s", environment.Name, dir)
	if active, ok := shell.Active(os.LookupEnv); ok && !active.Foreign && isActive(environment) {
		if project, ok := activate.ProjectAt(dir); ok {
			a.plan = active.ServeAnother(project, os.LookupEnv)
		}
	}
	return nil
}

// named finds the environment that the first of args names, by name or path, or
// else the one that is active.
func (a *app) named(args []string) (env.Environment, error) {
	if len(args) == 0 || args[0] == "" {
		return a.active()
	}
	home, err := a.home()
	if err != nil {
		return env.Environment{}, err
	}
	return a.copySource(home, args[0])
}

func (a *app) projectCdCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "cd [SUBDIRECTORY]",
		Short:   "Go to the active environment's project",
		Long:    `Goes to the project directory of the active environment, or to a directory in it.`,
		Example: "  cdproject",
		Args:    atMostOne("directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.requireShell("project cd"); err != nil {
				return err
			}
			environment, err := a.active()
			if err != nil {
				return err
			}
			dir, err := a.projectOf(environment)
			if err != nil {
				return err
			}
			return a.goTo(dir, args)
		},
	}
}

func (a *app) projectShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "show [NAME]",
		SuggestFor: []string{"path", "get"},
		Short:      "Print an environment's project directory",
		Long:       `Prints the project directory of an environment (of the active one, without a NAME).`,
		Example:    "  den project show web",
		Args:       atMostOne("environment"),
		RunE: a.onEnvironment(func(environment env.Environment) error {
			dir, err := a.projectOf(environment)
			if err == nil {
				a.printf("%s\n", dir)
			}
			return err
		}),
	}
}

// projectOf is the environment's project directory, which it must have.
func (a *app) projectOf(e env.Environment) (string, error) {
	dir, err := a.project(e)
	if err == nil && dir == "" {
		err = a.wordNoProject(e, fmt.Errorf("%q has no project", e.Name))
		err = hint.With(err, "link it to a directory: den project set %s DIRECTORY", hint.Word(e.Name))
	}
	return dir, err
}

// wordNoProject gives the error virtualenvwrapper's line: for no file that names
// the project, or for an empty one.
func (a *app) wordNoProject(e env.Environment, err error) error {
	name, settingErr := a.settings.text(keyProjectFilename)
	if settingErr != nil {
		return err
	}
	file := filepath.Join(e.Path, name)
	if _, missing := os.Stat(file); missing == nil {
		return worded(err, "Project directory  does not exist")
	}
	return worded(err, "No project set in %s", file)
}
