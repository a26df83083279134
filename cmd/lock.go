package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/exact"
	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/lockfile"
	"den/env/packages"
)

// The forms of a lock.
const (
	formatPylock       = "pylock"
	formatRequirements = "requirements"
)

// lockOptions are what a person asks for when they lock an environment.
type lockOptions struct {
	output string // "" for one named after the environment, "-" for standard output
	format string
}

func (a *app) lockCommand() *cobra.Command {
	var l lockOptions
	c := &cobra.Command{
		Use:        "lock NAME",
		SuggestFor: []string{"export", "requirements"},
		Short:      "Write the packages of an environment to a lock file",
		Long: `Writes the packages that are installed in the environment NAME to pylock.NAME.toml
(PEP 751): their exact versions, and the URLs, hashes and sizes of their archives.
pip and uv read this file too, and "den sync" installs it. The file leaves out pip,
and also setuptools and wheel if they came with the environment and no package needs
them.

To find the archives, den asks the package index by uv, if it is here and pip's
settings name no index of their own, or else by the environment's pip (22.2 or
later). --format requirements writes NAME==VERSION lines, with hashes if the index
gives them for all.`,
		Example: `  den lock web
  den lock web -o pylock.toml
  den lock web --format requirements -o requirements.txt
  den lock web -o -              to standard output`,
		Args: exactlyOne("environment"),
		RunE: func(cmd *cobra.Command, args []string) error {
			environment, err := a.locate(args[0])
			if err != nil {
				return a.suggest(err)
			}
			return a.lock(cmd.Context(), environment, l)
		},
	}
	f := c.Flags()
	f.StringVarP(&l.output, "output", "o", "", "the `file` to write, - for standard output (default pylock.NAME.toml)")
	f.StringVar(&l.format, "format", formatPylock, "the `form` of the file: "+formatPylock+" or "+formatRequirements)
	return c
}

func (a *app) lock(ctx context.Context, e env.Environment, l lockOptions) error {
	if l.format != formatPylock && l.format != formatRequirements {
		return usagef("--format is %s or %s, not %q", formatPylock, formatRequirements, l.format)
	}
	if l.output == "" {
		l.output = l.fileFor(e.Name)
	}
	if info, err := os.Stat(l.output); err == nil && info.IsDir() {
		return usagef("%s is a directory, and -o takes a file", l.output)
	}
	installed, err := packages.In(e)
	if err != nil {
		return err
	}
	list := lockfile.File{RequiresPython: exact.RequiresPython(e)}
	var gone []packages.Distribution
	list.Packages, gone = exact.Listed(e, installed)
	for _, d := range gone {
		a.notef("%s was installed from %s, which is gone: the lock file takes %s from the package index", d.Name, d.Source(), d.Pinned())
	}
	if err := a.findArchives(ctx, e, list, l); err != nil {
		return err
	}
	text, err := a.lockText(list, l)
	if err != nil {
		return err
	}
	return a.writeLock(e, l, text, len(list.Packages))
}

// fileFor returns the name of the lock of an environment. The one of a pylock.toml
// has lower case and no further dot, so that other tools find it.
func (l lockOptions) fileFor(name string) string {
	if l.format == formatRequirements {
		return "requirements." + name + ".txt"
	}
	return "pylock." + strings.ReplaceAll(strings.ToLower(name), ".", "-") + ".toml"
}

// findArchives finds the archives of the packages. A requirements file can do without.
func (a *app) findArchives(ctx context.Context, e env.Environment, list lockfile.File, l lockOptions) error {
	lookup := exact.Lookup{Environment: e, Environ: os.Environ(), Pip: func(ctx context.Context) (pip.Pip, error) { return a.pipIn(ctx, e, e, a.console()) }}
	stop := a.spin("finding the archives of " + countOf(len(list.Packages), "package"))
	err := lookup.Find(ctx, list.Packages)
	stop()
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case l.format == formatRequirements:
		a.warnf("the file has no hashes: %s", err)
		return nil
	}
	return hint.With(fmt.Errorf("finding the archives of %q: %w", e.Name, err), "without hashes: den lock %s --format requirements", hint.Word(e.Name))
}

// lockText returns what the file is to hold.
func (a *app) lockText(list lockfile.File, l lockOptions) ([]byte, error) {
	if l.format == formatRequirements {
		text, hashed := list.Requirements()
		for _, p := range list.Packages {
			if !hashed && (p.Directory != nil || p.VCS != nil) {
				a.notef("the file has no hashes: pip takes them for all packages or none, and %s has none", p)
				break
			}
		}
		return text, nil
	}
	if l.output == "-" {
		return list.Pylock("")
	}
	path, err := filepath.Abs(l.output)
	if err != nil {
		return nil, err
	}
	if name := filepath.Base(path); !isPylockName(name) {
		a.notef("other tools read a lock only by the name pylock.toml or pylock.NAME.toml, not %s", name)
	}
	return list.Pylock(filepath.Dir(path))
}

func isPylockName(name string) bool {
	middle, isTOML := strings.CutSuffix(name, ".toml")
	named, ok := strings.CutPrefix(middle, "pylock.")
	return isTOML && (middle == "pylock" || ok && named != "" && !strings.Contains(named, "."))
}

// writeLock writes the file, and says so.
func (a *app) writeLock(e env.Environment, l lockOptions, text []byte, count int) error {
	write := func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
	if err := a.writeOutput(l.output, 0o666, write); err != nil {
		return err
	}
	if l.output != "-" {
		a.donef("%s has the %s of %q", l.output, countOf(count, "package"), e.Name)
	}
	return nil
}
