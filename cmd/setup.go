package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/installer"
	"den/cmd/paths"
	"den/cmd/startup"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

func (a *app) setupCommand() *cobra.Command {
	var undo, dryRun bool
	var from, auto, keys string
	c := &cobra.Command{
		Use:   "setup [" + shellChoice() + "]...",
		Short: "Add den's integration to your shell",
		Long: `Adds one line to the end of the start-up file of your shell (this shell, or the named
ones). The line loads den's words. den keeps a copy of the old file beside it. With
--undo, den takes the line out again.

Then den starts that shell once, as a terminal does, and checks that it has den's
words. If not, the exit status is 1. At the end, it prints the command that updates
den: with apt, brew, pipx, uv, or another program that installed it.

` + shellLines(func(s *shell.Shell) (left, right string) { return s.Name, rcFileText(s) }) + `

den keeps the output of "den init" in ~/.local/share/den (in $XDG_DATA_HOME). The
line reads that file, so a new shell starts no process to load it. den writes it
anew after an update and when the settings change. If the shell cannot read it, as
on another machine with the same start-up file, the line has den print the code.

With --from virtualenvwrapper, den takes virtualenvwrapper's place: in all
start-up files of ` + hint.Join(wrapperShellNames(), " and ") + ` (or of the named shells, or in files named by a
path), it changes lines that source virtualenvwrapper.sh or
virtualenvwrapper_lazy.sh. They then load den with virtualenvwrapper's functions,
from a file that den keeps likewise. It shows each line before and after; --undo
puts it back, exactly. Settings, environments and hooks stay as they are.

With --auto linked, it also sets "auto" in the file of settings. New shells then enter
an environment when you go to its project directory (den project set), and leave it
when you go elsewhere. With --auto on, they also enter the .venv of a directory, after
you have allowed it (den allow). --auto off ends that.

With --keys, it also sets "keys" there. In new shells, Alt-J then shows the
environments to choose from (workon -i), and keeps the line that you are typing.
--keys=off ends that.`,
		Example: `  den setup
  den setup ` + strings.Join(shells.Names(), " ") + `
  den setup --auto linked
  den setup --keys
  den setup --undo
  den setup --from virtualenvwrapper --dry-run
  den setup --from virtualenvwrapper ~/dotfiles/python.sh`,
		ValidArgs: shells.Names(),
		Args:      cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			by := installer.Of(cmd.Context(), programPath())
			if err := by.CheckLasting(); err != nil && !undo {
				return err
			}
			for flag, value := range map[string]string{"--auto": auto, "--keys": keys} {
				if value != "" && (undo || from != "") {
					return usagef("%s cannot be used with --undo or --from", flag)
				}
			}
			switch from {
			case "":
			case wrapper:
				return a.moveOver(cmd.Context(), cmd.Root(), args, undo, dryRun)
			default:
				return hint.With(usagef("den cannot take the place of %q", from), "den can only take the place of virtualenvwrapper: den setup --from virtualenvwrapper")
			}
			files, err := a.startupFiles(args)
			if err != nil {
				return err
			}
			if auto != "" {
				if err := checkAuto(files); err != nil {
					return err
				}
				if err := a.setFor(cmd.Context(), keyAuto, auto, dryRun); err != nil {
					return err
				}
			}
			if keys != "" {
				if err := checkKeys(files); err != nil {
					return err
				}
				if err := a.setFor(cmd.Context(), keyKeys, keys, dryRun); err != nil {
					return err
				}
			}
			var failed exitStatus // some shell does not load it, as has been said
			for _, f := range files {
				if err := a.setUp(cmd.Context(), cmd.Root(), f, undo, dryRun); err != nil && !errors.As(err, &failed) {
					return err
				}
				if !undo {
					a.noteWrapper(f)
				}
			}
			if undo {
				a.printf("\nTo remove den itself (it is from %s): %s\n", by.Name, by.Remove)
			} else {
				a.printf("\nTo update den (it is from %s): %s\n", by.Name, by.Update)
			}
			if failed != statusDone {
				return failed
			}
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "", "take the place of this `tool`: virtualenvwrapper")
	c.Flags().StringVar(&auto, "auto", "", "the `mode`, which environments shells enter by themselves: linked, on or off")
	c.Flags().StringVar(&keys, "keys", "", "bind Alt-J to the list to choose from: on or off")
	c.Flags().Lookup("keys").NoOptDefVal = shell.KeysOn
	c.Flags().BoolVar(&undo, "undo", false, "take the line out again")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be done and do nothing")
	return c
}

// startupFiles returns the start-up files of the named shells, or else of the
// person's own.
func (a *app) startupFiles(names []string) ([]startup.Loader, error) {
	if len(names) == 0 {
		asking, err := a.askingShell()
		if err != nil {
			return nil, hint.With(usageError{err}, "name the shell: den setup %s", strings.Join(shells.Names(), "|"))
		}
		names = []string{asking.Name}
	}
	var files []startup.Loader
	for _, name := range names {
		dialect, err := shells.ByName(name)
		if err != nil {
			return nil, usageError{err}
		}
		path := dialect.RCFile(os.Getenv)
		if !filepath.IsAbs(path) {
			return nil, fmt.Errorf("HOME is not set, so there is no start-up file of %s", dialect.Name)
		}
		initFile := a.initFile(dialect.Name)
		line := dialect.InitFileLine(paths.Short(initFile), paths.Short(programPath()))
		files = append(files, startup.Loader{Shell: dialect, Path: path, Line: line, InitFile: initFile})
	}
	return files, nil
}

func (a *app) setUp(ctx context.Context, root *cobra.Command, f startup.Loader, undo, dryRun bool) error {
	file, err := startup.Read(f.Path)
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(file.Content, "\n")
	ours := slices.IndexFunc(lines, f.IsOurs)
	loading := slices.IndexFunc(lines, startup.Loads)
	switch {
	case undo && ours >= 0:
		return a.changeStartup(ctx, root, f, file, f.Without(lines), "taken out of", dryRun)
	case undo && loading >= 0 && strings.Contains(lines[loading], startup.MovedMark):
		return a.moveOver(ctx, root, []string{f.Path}, undo, dryRun)
	case undo && loading >= 0:
		err := fmt.Errorf("%s loads den in line %d, but not by a line that \"den setup\" added", f.Path, loading+1)
		return hint.With(err, "take out this line yourself: %s", strings.TrimSpace(lines[loading]))
	case undo:
		a.printf("%s has no line of den's: nothing to undo\n", f.Path)
		return nil
	case ours >= 0 && !strings.HasPrefix(lines[ours], f.Line+startup.SetupMark):
		lines[ours] = f.Line + lines[ours][strings.LastIndex(lines[ours], startup.SetupMark):]
		return a.changeStartup(ctx, root, f, file, strings.Join(lines, ""), "changed in", dryRun)
	case loading < 0:
		added, err := f.With(file.Content)
		if err != nil {
			return err
		}
		return a.changeStartup(ctx, root, f, file, added, "added to", dryRun)
	}
	if ours >= 0 && !dryRun {
		if err := a.writeInitFile(root, f.Shell); err != nil {
			return err
		}
	}
	a.printf("%s loads den already, in line %d:\n    %s\n", f.Path, loading+1, strings.TrimSpace(lines[loading]))
	if dryRun {
		return nil
	}
	return a.tryNew(ctx, f)
}

// changeStartup puts the changed content into the file.
func (a *app) changeStartup(ctx context.Context, root *cobra.Command, f startup.Loader, file startup.File, changed, done string, dryRun bool) error {
	if dryRun {
		a.printf("would be %s %s:\n    %s\n", done, f.Path, f.Line)
		return nil
	}
	undo := !strings.Contains(changed, f.Line)
	var backup string
	var err error
	if undo {
		backup, err = file.Replace(changed)
	} else {
		backup, err = file.ReplaceBehind(f.InitFile, func() error { return a.writeInitFile(root, f.Shell) }, changed)
	}
	if as[*disk.UntrustedError](err) {
		return err // of the directory of the init file
	}
	if err != nil {
		return hint.With(fmt.Errorf("changing your start-up file: %w", err), "if something else writes that file for you, give it this line: %s", f.Line)
	}
	a.printf("%s %s:\n    %s\n", done, f.Path, f.Line)
	if backup != "" {
		a.printf("the file as it was: %s\n", backup)
	}
	a.noteNames(file)
	if undo {
		return startup.RemoveInitFile(f.InitFile)
	}
	if err := a.tryNew(ctx, f); err != nil {
		return err
	}
	a.noteLogin(f)
	return nil
}

// noteNames reports that a changed file has other names (hard links).
func (a *app) noteNames(file startup.File) {
	if n := file.Names(); n > 1 {
		a.notef("%s has %d names (hard links), and has changed under all of them", file.Path, n)
	}
}

// noteWrapper reports that the start-up file loads virtualenvwrapper, which den replaces.
func (a *app) noteWrapper(f startup.Loader) {
	if !slices.Contains(startup.WrapperShells(), f.Shell) {
		return
	}
	content, err := disk.ReadSmall(f.Path)
	if err != nil {
		return
	}
	lines := strings.Split(string(content), "\n")
	if at := slices.IndexFunc(lines, startup.LoadsWrapper); at >= 0 {
		a.notef("line %d of %s loads virtualenvwrapper too: %s", at+1, f.Path, strings.TrimSpace(lines[at]))
		a.hintf("to have den take its place: den setup --from virtualenvwrapper")
	}
}

// noteLogin warns if login shells read another file in place of the start-up file.
func (a *app) noteLogin(f startup.Loader) {
	if len(f.Shell.LoginFiles) == 0 {
		return
	}
	dir, base := filepath.Split(f.Path)
	for _, login := range f.Shell.LoginFiles {
		path := filepath.Join(dir, login)
		content, err := disk.ReadSmall(path)
		if err != nil {
			continue
		}
		if !strings.Contains(string(content), strings.TrimPrefix(base, ".")) {
			a.notef("login shells read %s, which does not load %s", path, f.Path)
			a.hintf("to load it there: echo '. %s' >> %s", paths.Short(f.Path), hint.Path(path))
		}
		return
	}
	login := filepath.Join(dir, f.Shell.LoginFiles[0])
	a.notef("login shells read %s, which is not there", login)
	a.hintf("if you use them (macOS terminals, ssh): echo '. %s' > %s", paths.Short(f.Path), hint.Path(login))
}
