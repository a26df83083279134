package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/paths"
	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/store"
	"den/env/tree"
	"den/hooks"
	"den/shell"
)

// cpOptions are what a person asks for when they copy an environment.
type cpOptions struct {
	name       string // of the copy
	noActivate bool
	cd, noCd   bool
}

func (a *app) cpCommand() *cobra.Command {
	var c cpOptions
	command := &cobra.Command{
		Use:        "cp SRC [DST]",
		SuggestFor: []string{"clone", "duplicate"},
		Aliases:    []string{"copy"},
		Short:      "Copy an environment and enter the copy",
		Long: `Copies the environment SRC, which is a name or the path of any environment, and
enters the copy. Without DST, the copy has the last part of SRC's path as its
name.

In the copy, scripts, .pth files, editable installs inside it and RECORD files get
the new path. den names compiled files that hold the old one. The copy shares its
blocks with SRC on disk if the file system can do that (Btrfs, XFS, APFS). If the
command is interrupted, it leaves nothing behind.`,
		Example: `  cpvenv web web-next
  cpvenv ~/src/api/.venv api
  den cp --no-activate web backup`,
		Args:        sourceAndTarget,
		Annotations: map[string]string{inShell: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			c.name = ""
			if len(args) > 1 {
				c.name = args[1]
			}
			return a.copy(cmd.Context(), args[0], c)
		},
	}
	f := command.Flags()
	f.BoolVar(&c.noActivate, "no-activate", false, "do not enter it")
	f.BoolVarP(&c.cd, "cd", "c", false, "go to the project directory")
	f.BoolVarP(&c.noCd, "no-cd", "n", false, "stay in the current directory")
	command.MarkFlagsMutuallyExclusive("cd", "no-cd")
	return command
}

// sourceAndTarget asks for one argument or two.
func sourceAndTarget(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return missingArgument(cmd, "environment")
	}
	if len(args) > 2 {
		err := usagef("%q takes two names, not %d: %s", typedAs(cmd), len(args), quoted(args, ", "))
		return hint.With(err, "put a name with spaces in quotes")
	}
	return nil
}

func (a *app) copy(ctx context.Context, request string, c cpOptions) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	toProject, err := a.goesToProject(c.cd, c.noCd)
	if err != nil {
		return err
	}
	source, err := a.copySource(home, request)
	if err != nil {
		return err
	}
	if err := c.nameAfter(source); err != nil {
		return err
	}
	if err := a.copyable(home, source, c); err != nil {
		return err
	}
	copied, err := a.copyTo(ctx, home, source, c.name)
	if err != nil {
		return explainTaken(err, a.word("cp")+" "+hint.Word(request)+" NAME")
	}
	a.fire(ctx, home, hooks.PreCpvirtualenv, source.Path, c.name)
	a.fire(ctx, home, hooks.PreMkvirtualenv, c.name)
	a.doneUnannounced("copied %s to %q", source.Path, c.name)
	if c.noActivate {
		return nil
	}
	return a.enterNew(copied, toProject, hooks.PostMkvirtualenv, hooks.PostCpvirtualenv)
}

// copySource finds the environment that a person means: by its name, or else
// by its path, in which ~ and variables stand for what they do in a shell.
func (a *app) copySource(home env.Home, request string) (none env.Environment, err error) {
	found, err := home.Find(request)
	if err == nil {
		return found, nil
	}
	if !isPath(request) && disk.IsGone(paths.Expand(request)) {
		return none, a.suggest(err)
	}
	return a.openAt(request)
}

// nameAfter names the copy after its source, where the person has not.
func (c *cpOptions) nameAfter(source env.Environment) error {
	named := c.name != ""
	if !named {
		c.name = source.Name
	}
	if err := env.CheckName(c.name); err != nil {
		if named {
			return usageError{err}
		}
		return hint.With(usageError{err}, "name the copy: den cp %s NAME", hint.Word(source.Path))
	}
	return nil
}

// copyable looks at what can be told to be wrong before anything is copied.
func (a *app) copyable(home env.Home, source env.Environment, c cpOptions) error {
	top, err := filepath.EvalSymlinks(source.Path)
	if err != nil {
		return err
	}
	inside := home.Dir()
	if real, err := filepath.EvalSymlinks(inside); err == nil {
		inside = real
	}
	if inside == top || strings.HasPrefix(inside, top+"/") {
		return hint.With(fmt.Errorf("%s cannot be copied into itself: %s is in it", source.Path, home.Dir()), "set WORKON_HOME to a directory outside of it")
	}
	if err := checkBinIsInside(source.Path); err != nil {
		return err
	}
	if c.noActivate || a.shell == nil {
		return nil
	}
	if err := a.check(source); err != nil {
		return hint.WithAll(err, append(hints(err), "or copy it as it is: den cp --no-activate "+hint.Word(source.Path)+" "+hint.Word(c.name))...)
	}
	return nil
}

// copyTo makes the copy, whole, or nothing.
func (a *app) copyTo(ctx context.Context, home env.Home, source env.Environment, name string) (none env.Environment, err error) {
	if err := a.furnish(home); err != nil {
		return none, err
	}
	var progress tree.Progress
	stop := a.showCopying(fmt.Sprintf("copying %s", printable(source.Name)), &progress)
	defer stop()
	var skipped, stuck []string
	a.announce("Copying %s as %s...", source.Name, name)
	copied, err := a.createOrReplace(ctx, home, "cp", name, false, func(ctx context.Context, dir, final string) (err error) {
		if skipped, err = tree.Copy(ctx, source.Path, dir, tree.Options{Progress: &progress}); err != nil {
			return err
		}
		if stuck, err = adapt(ctx, source, env.Environment{Name: name, Path: final}, dir, dir); err != nil {
			return err
		}
		return writeHookTemplates(dir)
	})
	stop()
	if err != nil {
		return none, err
	}
	for _, path := range skipped {
		a.notef("%s is not a file, and has not been copied", filepath.Join(source.Path, path))
	}
	a.warnStuck(copied, source.Path, stuck)
	return copied, nil
}

// checkBinIsInside returns an error where the environment's programs are elsewhere,
// by a symbolic link, and cannot be changed for one environment alone.
func checkBinIsInside(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	bin := filepath.Join(dir, "bin")
	elsewhere, err := filepath.EvalSymlinks(bin)
	if _, inside := root.Stat("bin"); inside == nil || err != nil {
		return nil // or there is no bin, which is for others to report
	}
	err = fmt.Errorf("%s is a symbolic link to %s, which den does not change for this environment alone", bin, elsewhere)
	return hint.With(err, "give it programs of its own first: rm %s && cp -a %s %s", hint.Path(bin), hint.Path(elsewhere), hint.Path(bin))
}

// adapt makes the environment in dir, which says that it is from, say that it is
// to, and puts what changes into the directory into.
func adapt(ctx context.Context, from, to env.Environment, dir, into string) (stuck []string, err error) {
	if err := checkBinIsInside(dir); err != nil {
		return nil, err
	}
	if stuck, err = layout.Move(ctx, dir, from.Path, to.Path, into); err != nil {
		return nil, err
	}
	return stuck, introduce(from, to, dir, into)
}

// introduce gives the environment in dir, which says that it is from, the prompt and
// the activate scripts of to, in the directory into.
func introduce(from, to env.Environment, dir, into string) error {
	here := env.Environment{Name: to.Name, Path: dir}
	if err := here.RenamePrompt(from.Name, to.Name, into); err != nil {
		return err
	}
	// pyvenv.cfg, which has the prompt, need not have changed.
	if config, err := env.ReadConfig(into); err == nil && config.Get("prompt") != "" {
		here.Path = into
	}
	if err := os.MkdirAll(filepath.Join(into, "bin"), 0o700); err != nil {
		return err
	}
	activation := shell.Activation{Path: to.Path, Prompt: here.Prompt(), Variables: activate.VariablesIn(into, dir)}
	return activate.WriteScripts(into, activation, activate.AddedTo(env.Environment{Path: into}))
}

// warnStuck names the files that still say where the environment was.
func (a *app) warnStuck(e env.Environment, old string, stuck []string) {
	if len(stuck) == 0 {
		return
	}
	a.warnf("compiled files in %q hold the path %s, which cannot be changed in them:\n    %s", e.Name, old, strings.Join(stuck, "\n    "))
	a.hintf("if they do not work, install their packages anew: %s", "den run "+hint.Word(e.Name)+" pip install --force-reinstall --no-deps PACKAGE")
}

// enterNew enters an environment that has just been made, or says how to. The hooks
// of the events fire after the hooks of entering.
func (a *app) enterNew(e env.Environment, toProject bool, events ...hooks.Event) error {
	if a.shell == nil {
		if isTerminal(a.stderr) {
			a.notef("den's integration is not loaded in this shell, so it has not been entered")
			for _, line := range a.integrationHints() {
				a.hintf("%s", line)
			}
		}
		return nil
	}
	return a.enter(activate.Entry{Environment: e, ToProject: toProject, Then: events})
}

// furnish makes, for a new environment, the directory of the environments and the
// hooks for all of them, where they are missing.
func (a *app) furnish(home env.Home) error {
	if err := a.ensure(home); err != nil {
		return err
	}
	a.makeHookTemplates()
	return nil
}

// ensure makes the directory of the environments, and says so when it has.
func (a *app) ensure(home env.Home) error {
	created, err := home.Ensure()
	if created {
		a.notice("NOTE: Virtual environments directory "+home.Dir()+" does not exist. Creating...",
			home.Dir()+" did not exist and has been created")
	}
	if person := disk.PersonOf(home.Dir()); person != "" {
		a.warnf("%s belongs to %s, who cannot change what root makes in it", home.Dir(), person)
		a.hintf("make it as %s: sudo -u %s den ...", person, hint.Word(person))
	}
	return err
}

// explainTaken gives an error for a name that is taken its next step; other is
// how to take another.
func explainTaken(err error, other string) error {
	var exists *store.ExistsError
	switch {
	case !errors.As(err, &exists):
		return err
	case exists.Found != "":
		path := hint.Path(exists.Path)
		return hint.With(err, "take another name (%s), or move away what is there: mv %s %s.old", other, path, path)
	}
	return hint.With(err, "take another name (%s), or remove that one first: den rm %s", other, hint.Word(exists.Name))
}
