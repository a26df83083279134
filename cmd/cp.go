package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/paths"
	"den/env"
	"den/env/digest"
	"den/env/disk"
	"den/env/layout"
	"den/env/store"
	"den/env/tree"
	"den/env/variables"
	"den/hooks"
	"den/shell"
)

// cpOptions are the options of den cp.
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
		Args:        oneOrTwo("environment", "two names"),
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

// copySource finds an environment by its name, or else by its path. It expands ~ and
// variables in the path, as a shell does.
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

// nameAfter gives the copy the name of its source, unless the person has named it.
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

// copyable returns an error for everything that would make the copy fail, before den
// copies anything.
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

// isDraft reports whether a file belongs to whoever edits the variables of the source.
func isDraft(path string, _ fs.DirEntry) bool { return path == variables.DraftName }

// copyTo makes the whole copy, or nothing.
func (a *app) copyTo(ctx context.Context, home env.Home, source env.Environment, name string) (none env.Environment, err error) {
	if err := a.furnish(home); err != nil {
		return none, err
	}
	var progress tree.Progress
	stop := a.showCopying(fmt.Sprintf("copying %s", printable(source.Name)), &progress)
	defer stop()
	var skipped, stuck []string
	copied, err := a.createOrReplace(ctx, home, "cp", name, false, func(ctx context.Context, dir, final string) (err error) {
		a.announce("Copying %s as %s...", source.Name, name)
		if skipped, err = tree.Copy(ctx, source.Path, dir, tree.Options{Progress: &progress, Skip: isDraft}); err != nil {
			return err
		}
		if stuck, err = adapt(ctx, source, env.Environment{Name: name, Path: final}, dir, dir, nil); err != nil {
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

// checkBinIsInside returns an error if bin is a symbolic link to a directory outside of
// the environment. Other environments may use the programs there.
func checkBinIsInside(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	bin := filepath.Join(dir, "bin")
	elsewhere, err := filepath.EvalSymlinks(bin)
	if _, inside := root.Stat("bin"); inside == nil || err != nil {
		return nil // or there is no bin: other checks report that
	}
	err = fmt.Errorf("%s is a symbolic link to %s, which den does not change for this environment alone", bin, elsewhere)
	return hint.With(err, "give it its own programs first: rm %s && cp -a %s %s", hint.Path(bin), hint.Path(elsewhere), hint.Path(bin))
}

// adapt changes the path, the name and the prompt in the files of the environment in
// dir, from one environment to the other. It writes the changed files below into.
func adapt(ctx context.Context, from, to env.Environment, dir, into string, memory *digest.Memory) (stuck []string, err error) {
	if err := checkBinIsInside(dir); err != nil {
		return nil, err
	}
	if stuck, err = layout.MoveKnown(ctx, dir, from.Path, to.Path, into, memory); err != nil {
		return nil, err
	}
	return stuck, introduce(from, to, dir, into)
}

// introduce changes the prompt of the environment in dir, from one environment to the
// other, and writes new activate scripts. It writes the changed files below into.
func introduce(from, to env.Environment, dir, into string) error {
	here := env.Environment{Name: to.Name, Path: dir}
	if err := here.RenamePrompt(from.Name, to.Name, into); err != nil {
		return err
	}
	// The prompt is in pyvenv.cfg, which is below into only if it has changed.
	if config, err := env.ReadConfig(into); err == nil && config.Get("prompt") != "" {
		here.Path = into
	}
	if err := os.MkdirAll(filepath.Join(into, "bin"), 0o700); err != nil {
		return err
	}
	activation := shell.Activation{Path: to.Path, Prompt: here.Prompt(), Variables: activate.VariablesIn(into, dir)}
	return activate.WriteScripts(into, activation, activate.AddedTo(env.Environment{Path: into}))
}

// warnStuck names the files that still hold the old path of the environment.
func (a *app) warnStuck(e env.Environment, old string, stuck []string) {
	if len(stuck) == 0 {
		return
	}
	a.warnf("compiled files in %q hold the path %s, which cannot be changed in them:\n    %s", e.Name, old, strings.Join(stuck, "\n    "))
	a.hintf("if they do not work, install their packages anew: %s", "den run "+hint.Word(e.Name)+" pip install --force-reinstall --no-deps PACKAGE")
}

// enterNew enters a new environment, or says how to enter it. The hooks of the events
// fire after the hooks of entering.
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

// furnish makes the directory of the environments, and the hooks for all of them, if
// they are missing.
func (a *app) furnish(home env.Home) error {
	if err := a.ensure(home); err != nil {
		return err
	}
	a.makeHookTemplates()
	return nil
}

// ensure makes the directory of the environments if it is missing, and says so.
func (a *app) ensure(home env.Home) error {
	created, err := home.Ensure()
	if created {
		a.notice("NOTE: Virtual environments directory "+home.Dir()+" does not exist. Creating...",
			home.Dir()+" did not exist and has been created")
	}
	if person := disk.PersonOf(home.Dir()); person != "" {
		a.warnf("%s belongs to %s, who cannot change what root makes in it", home.Dir(), person)
		a.hintf("make it as %s: sudo -u %s den ...", person, person)
	}
	return err
}

// explainTaken adds the next step to an error for a name that is taken. The command
// other takes another name.
func explainTaken(err error, other string) error {
	exists, isTaken := errors.AsType[*store.ExistsError](err)
	switch {
	case !isTaken:
		return err
	case exists.Found != "":
		path := hint.Path(exists.Path)
		return hint.With(err, "take another name (%s), or move away what is there: mv %s %s.old", other, path, path)
	}
	return hint.With(err, "take another name (%s), or remove that one first: den rm %s", other, hint.Word(exists.Name))
}
