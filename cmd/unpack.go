package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/quantity"
	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/pack"
	"den/env/python"
	"den/env/store"
	"den/env/tree"
)

// unpackOptions are what a person asks for when they unpack an environment.
type unpackOptions struct {
	file, name      string
	python          string
	clear           bool
	compile, dryRun bool
	asJSON          bool
}

func (a *app) unpackCommand() *cobra.Command {
	var u unpackOptions
	c := &cobra.Command{
		Use:        "unpack FILE [NAME]",
		SuggestFor: []string{"import", "extract", "unarchive"},
		Short:      "Make an environment of a packed one",
		Long: `Makes an environment of a file that "den pack" has written. Its name is NAME, or else
the name that it had. den finds a Python on this machine that fits: it has the same
version (such as 3.12) and, if there are compiled modules, the same platform. den
checks each file against its hash, and writes the new path into those with the old one.

den compiles the modules only with --compile or with the setting bytecode = always.
Else Python compiles a module when it first imports it, if it may write there.

den refuses a file that is damaged, or that holds something that is in no environment.
If the command fails or is interrupted, it leaves nothing behind.`,
		Example: `  den unpack web.tar.zst
  den unpack web.tar.zst web-next
  den unpack web.tar.zst --clear     replace the environment of that name
  den unpack web.tar.zst --dry-run   what is in it, and which Python fits`,
		Args: oneOrTwo("file", "a file and a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			u.file, u.name = args[0], ""
			if len(args) > 1 {
				u.name = args[1]
			}
			return a.unpack(cmd.Context(), u)
		},
	}
	f := c.Flags()
	f.StringVarP(&u.python, "python", "p", "", "the `interpreter`: a path, a command, or a version such as 3.12")
	f.BoolVar(&u.clear, "clear", false, "replace the environment of that name, if there is one")
	f.BoolVar(&u.compile, "compile", false, "compile all modules, which Python does when it first imports one")
	f.BoolVar(&u.dryRun, "dry-run", false, "show what is in the file and do nothing")
	f.BoolVar(&u.asJSON, "json", false, "print JSON")
	return c
}

func (a *app) unpack(ctx context.Context, u unpackOptions) error {
	home, err := a.home()
	if err != nil {
		return err
	}
	if bytecode, err := a.settings.text(keyBytecode); err != nil {
		return err
	} else if bytecode == "always" {
		u.compile = true
	}
	archive, err := pack.Open(u.file)
	if err != nil {
		return explainUnpacking(err, u)
	}
	defer archive.Close()
	if u.name == "" {
		u.name = archive.Manifest.Name
	}
	if err := env.CheckName(u.name); err != nil {
		return hint.With(usageError{err}, "name the environment: den unpack %s NAME", hint.Path(u.file))
	}
	if u.python != "" && !u.dryRun {
		if _, err := a.findOrGet(ctx, u.python); err != nil {
			return explainUnpacking(err, u)
		}
	}
	find := a.suitable
	if archive.Manifest.Wheels {
		find = a.suitableForWheels
	}
	interpreter, err := find(ctx, archive.Manifest, u.python)
	if u.dryRun {
		return a.printPacked(u, archive.Manifest, interpreter, err)
	}
	if err != nil {
		return explainUnpacking(err, u)
	}
	e, err := a.unpackTo(ctx, home, archive, interpreter, u)
	if err != nil {
		err = explainUnpacking(err, u)
		if as[*store.ExistsError](err) {
			return explainTaken(err, "den unpack "+hint.Path(u.file)+" NAME")
		}
		return a.explainMaking(err, u.name)
	}
	if u.asJSON {
		return a.printJSON(a.detail(e))
	}
	a.donef("unpacked %q with Python %s", e.Name, e.PythonVersion())
	return nil
}

// unpackTo makes the environment, whole, or nothing.
func (a *app) unpackTo(ctx context.Context, home env.Home, archive *pack.Archive, i python.Interpreter, u unpackOptions) (none env.Environment, err error) {
	builder, err := layout.New("native", a.buildOptions())
	if err != nil {
		return none, err
	}
	if err := a.furnish(home); err != nil {
		return none, err
	}
	m := archive.Manifest
	var progress tree.Progress
	progress.Total.Store(m.Size())
	stop := a.showCopying("unpacking "+printable(u.name), &progress)
	defer stop()
	return a.createOrReplace(ctx, home, "unpack", u.name, u.clear, func(ctx context.Context, dir, final string) error {
		spec := layout.Spec{Interpreter: i, SystemSitePackages: m.SystemSitePackages, Prompt: m.Prompt}
		if m.Wheels {
			return a.installWheels(ctx, builder, archive, spec, u, dir, final)
		}
		if err := builder.Build(ctx, dir, final, spec); err != nil {
			return blameDisk(err, dir)
		}
		makers, err := tree.Files(dir)
		if err != nil {
			return err
		}
		if err := archive.Extract(ctx, dir, func(path string) bool { return makers[path] }, func(bytes int64) { progress.Done.Add(bytes) }); err != nil {
			return err
		}
		if err := a.settleIn(ctx, m, env.Environment{Name: u.name, Path: final}, dir); err != nil {
			return err
		}
		if !u.compile {
			return nil
		}
		return layout.CompileAll(ctx, os.Environ(), i, dir)
	})
}

// settleIn makes the files in dir say where the environment will be.
func (a *app) settleIn(ctx context.Context, m pack.Manifest, e env.Environment, dir string) error {
	if _, err := layout.MoveListed(ctx, dir, m.Path, e.Path, m.Holds()); err != nil {
		return err
	}
	return a.settle(m, env.Environment{Name: m.Name, Path: m.Path}, e, dir)
}

// settle gives the environment in dir, which has said that it is from, what it needs
// as e besides its files.
func (a *app) settle(m pack.Manifest, from, e env.Environment, dir string) error {
	if err := env.AddFurther(dir, m.Config); err != nil {
		return err
	}
	if err := introduce(from, e, dir, dir); err != nil {
		return err
	}
	return writeHookTemplates(dir)
}

// suitable finds an interpreter that the packed environment runs with: the one that a
// person has chosen, or else any. The error is a *pack.MisfitError where there is none.
func (a *app) suitable(ctx context.Context, m pack.Manifest, chosen string) (none python.Interpreter, err error) {
	finder := a.finder(chosen)
	fits := func(i python.Interpreter) error {
		platform, err := finder.Platform(ctx, i)
		if err != nil {
			return err
		}
		return m.Fits(i, platform)
	}
	if chosen != "" {
		i, err := finder.Find(ctx, chosen)
		if err == nil {
			err = fits(i)
		}
		return i, err
	}
	all, err := finder.All(ctx)
	if err != nil {
		return none, err
	}
	var misfit error
	for _, i := range all {
		if i.Version.Series() != m.Python.Version.Series() || i.Implementation != m.Python.Implementation || i.FreeThreaded != m.Python.FreeThreaded {
			continue
		}
		if err = fits(i); err == nil {
			return i, nil
		}
		misfit = err
	}
	if misfit == nil {
		misfit = &pack.MisfitError{Reason: fmt.Sprintf("it needs Python %s, and there is none on this machine", m.Python.Interpreter())}
	}
	return none, misfit
}

// A content is what is in a packed environment, for a program.
type content struct {
	Name        string         `json:"name"`
	Den         string         `json:"den"`
	Python      pack.Python    `json:"python"`
	Compiled    bool           `json:"compiled"`
	Packages    []pack.Package `json:"packages"`
	Files       int            `json:"files"`
	Bytes       int64          `json:"bytes"`
	Interpreter string         `json:"interpreter,omitempty"` // on this machine
	Misfit      string         `json:"misfit,omitempty"`
}

// printPacked says what is in the file.
func (a *app) printPacked(u unpackOptions, m pack.Manifest, i python.Interpreter, misfit error) error {
	c := content{m.Name, m.Den, m.Python, m.Compiled, m.Packages, len(m.Files), m.Size(), i.BaseExecutable, ""}
	if misfit != nil {
		c.Interpreter, c.Misfit = "", misfit.Error()
	}
	if u.asJSON {
		return a.printJSON(c)
	}
	a.printf("%-12s %s\n", "name:", printable(c.Name))
	a.printf("%-12s %s\n", "python:", m.Python.Interpreter())
	if m.Compiled {
		a.printf("%-12s %s\n", "platform:", printable(strings.TrimSpace(fmt.Sprintf("%s %s, %s %s", m.Python.System, m.Python.Machine, m.Python.Libc, m.Python.LibcVersion))))
	}
	a.printf("%-12s %d, %s\n", "files:", c.Files, quantity.Size(c.Bytes))
	for _, p := range c.Packages {
		a.printf("%-12s %s %s\n", "package:", printable(p.Name), printable(p.Version))
	}
	if misfit != nil {
		return explainUnpacking(misfit, u)
	}
	a.printf("%-12s %s\n", "fits:", c.Interpreter)
	return nil
}

func explainUnpacking(err error, u unpackOptions) error {
	wrapped := fmt.Errorf("unpacking %s: %w", u.file, err)
	missing, isMissing := errors.AsType[*python.NotFoundError](err)
	switch {
	case isMissing:
		return hint.WithAll(wrapped, waysToGet(missing)...)
	case errors.Is(err, fs.ErrNotExist) && disk.IsGone(u.file):
		return hint.With(fmt.Errorf("there is no file %s", u.file), "make one: den pack NAME -o %s", hint.Path(u.file))
	case as[*pack.CorruptError](err):
		return hint.With(wrapped, "pack it again, and copy the file again: den pack NAME")
	case as[*pack.NewerError](err):
		return hint.With(wrapped, "get a newer den; this is: den --version")
	case as[*pack.MisfitError](err):
		return hint.WithAll(wrapped, "to see the Pythons of this machine: den pythons", "or pack its wheels there, which other Pythons can install: den pack NAME --wheels")
	}
	return wrapped
}

// as reports whether an error of that type is in the chain.
func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
