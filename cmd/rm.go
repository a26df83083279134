package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/pick"
	"den/cmd/serve"
	"den/env"
	"den/env/disk"
	"den/env/store"
	"den/hooks"
	"den/shell"
)

func (a *app) rmCommand() *cobra.Command {
	var r removal
	var ifThere, interactive bool
	c := &cobra.Command{
		Use:        "rm NAME...",
		SuggestFor: []string{"delete", "uninstall", "destroy", "erase", "virtualenv-delete"},
		Aliases:    []string{"remove"},
		Short:      "Remove environments",
		Long: `Removes environments. Their names are free at once. "den undo" brings them back for
7 days (the setting keep_removed). After that, or at once with --now, den deletes the
files in the background.

If den cannot remove one NAME, all of them stay. den refuses to remove an environment
that has its project or a work tree (git, hg, svn, bzr, jj) in its directory; --force
removes that too. With -i, you choose one or several from a list; NAME is then a part
of a name.`,
		Example: `  rmvenv web
  den undo              bring it back
  rmvenv web api
  rmvenv -i
  rmvenv --now web      make room on the disk: nothing brings it back
  rmvenv --force web    also your work in it; leave it first, if it is active`,
		Args:        unless(&interactive, atLeastOne("environment")),
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			home, err := a.home()
			if err != nil {
				return err
			}
			if interactive {
				if args, err = a.chooseToRemove(cmd.Context(), args); err != nil {
					return err
				}
			}
			if ifThere {
				args = slices.DeleteFunc(args, func(name string) bool { return isAbsent(home, name) })
				if len(args) == 1 {
					a.announce("Removing temporary environment: %s", args[0])
				}
			}
			if !r.force && !ifThere {
				if err := a.keepWork(cmd.Context(), home, args...); err != nil {
					return err
				}
			}
			return a.remove(cmd.Context(), home, args, r)
		},
	}
	c.Flags().BoolVar(&r.now, "now", false, "delete the files, and keep nothing for undo")
	c.Flags().BoolVarP(&r.force, "force", "f", false, "leave the active environment and remove it too, and remove your work in an environment")
	c.Flags().BoolVarP(&interactive, interactiveFlag, "i", false, "choose from a list")
	c.Flags().BoolVar(&ifThere, "if-there", false, "pass over names that are not there")
	c.Flags().Lookup("if-there").Hidden = true
	return c
}

// chooseToRemove has the person choose, and say that they mean it: Enter alone would
// be too near.
func (a *app) chooseToRemove(ctx context.Context, query []string) ([]string, error) {
	names, err := a.choose(ctx, a.word("rm")+" NAME", pick.Options{Query: strings.Join(query, " "), Several: true})
	if err != nil {
		return nil, err
	}
	yes, err := a.confirm(ctx, "remove %s?", quoted(names, " and "))
	if err == nil && !yes {
		err = exitStatus(statusInterrupted)
	}
	return names, err
}

// A removal is how a person wants environments removed.
type removal struct {
	force bool // also the active one
	now   bool // for good
}

// isAbsent reports whether there is no environment of that name.
func isAbsent(home env.Home, name string) bool {
	_, err := home.Find(name)
	return as[*store.NotFoundError](err)
}

// keepWork returns an error when something that the person works on is in one of
// the environments, and would be removed with it.
func (a *app) keepWork(ctx context.Context, home env.Home, names ...string) error {
	for _, name := range names {
		e, err := home.Find(name)
		if err != nil {
			continue // who goes on reports it
		}
		work, err := a.work(ctx, home, e)
		if err != nil {
			return err
		}
		if work != "" {
			err := fmt.Errorf("%q has your work in it, which would be removed too: %s", name, work)
			return hint.With(err, "move it elsewhere first, or remove it too: %s --force %s", a.word("rm"), hint.Word(name))
		}
	}
	return nil
}

// work names what the person works on in the environment's own directory, be it the
// project of another environment; "" when there is nothing.
func (a *app) work(ctx context.Context, home env.Home, e env.Environment) (string, error) {
	others, err := home.List()
	if err != nil {
		return "", err
	}
	var projects []string
	for _, other := range others {
		if project, err := a.project(other); err == nil { // a note that cannot be read names nothing
			projects = append(projects, project)
		}
	}
	work, err := e.Work(ctx, projects...)
	return hint.Some(work), err
}

func (a *app) remove(ctx context.Context, home env.Home, names []string, r removal) error {
	environments, err := a.removable(home, names, r.force)
	if err != nil {
		return err
	}
	if !r.now {
		if home, err = a.keeping(home, "rm"); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(environments, isActive) {
		// The environment's own hooks have to fire while they are still there. A
		// temporary one goes by being left.
		if a.plan, err = a.session().Leave(activate.ForGood); err != nil {
			return err
		}
		again := []string{"rm", "--if-there"}
		if r.now {
			again = append(again, "--now")
		}
		a.plan = append(a.plan, shell.Again{Args: slices.Concat(again, []string{"--"}, names)})
		return nil
	}
	if _, err := a.settings.text(keyHookDir); err != nil { // no hook would fire
		return err
	}
	if slices.ContainsFunc(environments, holdsWorkingDirectory) {
		a.plan = shell.Plan{shell.Cd{Dir: home.Dir()}}
	}
	for _, e := range environments {
		a.announce("Removing %s...", e.Name)
		a.fire(ctx, home, hooks.PreRmvirtualenv, e.Name)
		if err := home.Remove(ctx, e.Name); err != nil {
			return a.suggest(err)
		}
		a.fire(ctx, home, hooks.PostRmvirtualenv, e.Name)
		a.doneUnannounced("removed %q%s", e.Name, a.undoable(home, e.Name))
		a.noteKernels(e)
	}
	return a.sweepInBackground(home)
}

// removable returns the environments with the names, or an error if one of
// them is not there or must not go.
func (a *app) removable(home env.Home, names []string, force bool) ([]env.Environment, error) {
	var environments []env.Environment
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		e, err := home.Find(name)
		if err != nil {
			return nil, a.suggest(err)
		}
		if isActive(e) && (!force || a.shell == nil) {
			err := worded(fmt.Errorf("%q is active in this shell", name),
				"ERROR: You cannot remove the active environment ('%s').\nEither switch to another environment, or run 'deactivate'.", name)
			if a.shell == nil {
				return nil, hint.With(err, `leave it first: "deactivate" in that shell`)
			}
			return nil, hint.With(err, "leave it first: deactivate; %s %s, or %s --force %s",
				a.word("rm"), hint.Word(name), a.word("rm"), hint.Word(name))
		}
		if !force {
			if err := refuseServed(e, fmt.Sprintf("%s --force %s", a.word("rm"), hint.Word(name))); err != nil {
				return nil, err
			}
		}
		environments = append(environments, e)
	}
	return environments, nil
}

// refuseServed returns an error where the server of the environment runs, or nginx or
// systemd has files with its path. otherwise is a command that goes on all the same.
func refuseServed(e env.Environment, otherwise string) error {
	site, err := serve.Load(e)
	if err != nil {
		return nil
	}
	name := hint.Word(e.Name)
	if otherwise != "" {
		otherwise = "; or " + otherwise
	}
	if site.IsInstalled(context.Background()) {
		return hint.With(fmt.Errorf("%q is served: nginx or systemd has its path", e.Name), "take it away there first: den serve uninstall %s --yes%s", name, otherwise)
	}
	if _, runs := site.Running(); runs {
		return hint.With(fmt.Errorf("%q is served: its server runs", e.Name), "stop it first: den serve stop %s%s", name, otherwise)
	}
	return nil
}

// holdsWorkingDirectory reports whether the shell stands in the environment.
func holdsWorkingDirectory(e env.Environment) bool {
	_, inside := belowWorkingDirectory(e)
	return inside
}

// sweepInBackground starts a den that deletes what has been moved out of sight, or
// was kept for long enough, and does not wait for it.
func (a *app) sweepInBackground(home env.Home) error {
	retention, err := a.retention()
	if err != nil {
		return err
	}
	if !home.NeedsSweep() && !home.NeedsExpiry(retention) {
		return nil
	}
	if home.ExpiresForRoom() {
		a.warnf("the disk is nearly full: den deletes what it keeps for den undo, the oldest first")
	}
	if err := startInBackground("sweep", "--workon-home", home.Dir()); err != nil {
		return sweep(context.Background(), home, retention)
	}
	return nil
}

func sweep(ctx context.Context, home env.Home, retention store.Retention) error {
	disk.ClearWorkDirs()
	return errors.Join(home.Sweep(ctx), home.Expire(ctx, retention))
}

// startInBackground starts a den that outlives this one and its terminal.
func startInBackground(args ...string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	disk.KeepFiles()
	c := exec.Command(program, args...)
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := c.Start(); err != nil {
		return err
	}
	return c.Process.Release()
}

// sweepCommand deletes what earlier commands have moved out of sight or left
// half-made. It is what rm starts in the background.
func (a *app) sweepCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "sweep",
		Short:  "Delete removed environments",
		Hidden: true,
		Args:   noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			home, err := a.home()
			if err != nil {
				return err
			}
			retention, err := a.retention()
			if err != nil {
				return err
			}
			if err := sweep(cmd.Context(), home, retention); err != nil && !errors.Is(err, context.Canceled) {
				return err
			}
			return nil
		},
	}
}
