package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/shell"
)

func (a *app) mvCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "mv OLD NEW",
		SuggestFor: []string{"move"},
		Aliases:    []string{"rename"},
		Short:      "Give an environment another name",
		Long: `Gives the environment OLD the name NEW. Scripts, .pth files, editable installs
inside it and RECORD files get the new path. den names compiled files that hold
the old one. It renames the directory itself, so a large environment takes no
longer. If the command is interrupted, the environment has its old name or its
new one, and is whole.

The active environment stays active, in this shell; no hooks fire. Other shells
in which it is active have to leave it and enter it again.`,
		Example:     `  mvvenv web web-old`,
		Args:        oldAndNew,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.move(cmd.Context(), args[0], args[1])
		},
	}
}

// oldAndNew asks for two arguments.
func oldAndNew(cmd *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return missingArgument(cmd, "environment")
	case 1:
		return needsToo(cmd, fmt.Sprintf("the new name of %q", args[0]))
	case 2:
		return nil
	}
	return tooMany(cmd, "two names", args)
}

func (a *app) move(ctx context.Context, name, to string) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	if err := env.CheckName(to); err != nil {
		return usageError{err}
	}
	old, err := home.Find(name)
	if err != nil {
		return a.suggest(err)
	}
	active := isActive(old)
	if active && a.shell == nil {
		return hint.With(fmt.Errorf("%q is active in this shell", name), `leave it first: "deactivate" in that shell`)
	}
	if err := refuseServed(old, ""); err != nil {
		return err
	}
	below, inside := belowWorkingDirectory(old)
	var stuck []string
	stop := a.spin(fmt.Sprintf("moving %s to %s", printable(name), printable(to)))
	defer stop()
	moved, err := home.Move(ctx, name, to, func(ctx context.Context, dir, final, overlay string) (err error) {
		stuck, err = adapt(ctx, old, env.Environment{Name: to, Path: final}, dir, overlay, nil)
		return err
	})
	stop()
	if err != nil {
		return explainTaken(err, a.word("mv")+" "+hint.Word(name)+" NAME")
	}
	a.warnStuck(moved, old.Path, stuck)
	a.warnLink(moved, old)
	a.renewKernels(moved, old.Path)
	a.donef("%q is now %q", name, to)
	if a.shell == nil {
		return nil
	}
	if active {
		a.plan = followPlan(moved)
	}
	if a.last == name {
		a.plan = append(a.plan, shell.Remember{Name: to})
	}
	if inside {
		a.plan = append(a.plan, shell.Cd{Dir: filepath.Join(moved.Path, below)})
	}
	return nil
}

// followPlan is the Plan that keeps an environment active which has another
// path now. No hooks fire: it is neither left nor entered.
func followPlan(moved env.Environment) shell.Plan {
	active, ok := shell.Active(os.LookupEnv)
	if !ok {
		return nil
	}
	plan := shell.Plan{shell.LeaveOther{}}
	if !active.Foreign {
		plan = append(plan, active.Leave(os.LookupEnv)...)
	}
	entered := activate.Of(moved, nil)
	plan = append(plan, entered.Enter(os.LookupEnv)...)
	if project, ok := activate.ProjectAt(os.Getenv(shell.VarProject)); ok {
		plan = append(plan, entered.Serve(project, os.LookupEnv)...)
	}
	return plan
}

// warnLink tells what becomes of an environment elsewhere, to which only a link
// was in the home.
func (a *app) warnLink(moved, old env.Environment) {
	if target, err := os.Readlink(moved.Path); err == nil {
		a.notef("%q is a symbolic link to %s, where nothing has been changed", moved.Name, target)
		a.hintf("if scripts there have the path %s, make a separate environment: den cp %s NAME", old.Path, hint.Word(moved.Name))
	}
}

// belowWorkingDirectory returns where in the environment the shell stands, if
// it does.
func belowWorkingDirectory(e env.Environment) (below string, inside bool) {
	dir, err := filepath.EvalSymlinks(".")
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	root, rootErr := filepath.EvalSymlinks(e.Path)
	if err != nil || rootErr != nil {
		return "", false
	}
	below, err = filepath.Rel(root, dir)
	return below, err == nil && filepath.IsLocal(below)
}
