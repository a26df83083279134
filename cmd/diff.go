package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"den/cmd/exact"
	"den/cmd/hint"
	"den/cmd/pip"
	"den/env"
	"den/env/layout"
	"den/env/lockfile"
	"den/env/packages"
	"den/env/store"
)

func (a *app) diffCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:        "diff NAME OTHER",
		SuggestFor: []string{"compare"},
		Short:      "Compare the packages of two environments, or of one and a lock file",
		Long: `Shows the packages in which the environment NAME differs from another, or from a
lock file: a pylock.toml, or a requirements file with exact versions. A name of an
environment comes before a file of that name; ./FILE is always a file.

The exit status is 0 if they have the same packages, 1 if not, and 2 if den cannot
compare them. Versions of pip do not count, unless the file names it.`,
		Example: `  den diff web api
  den diff web pylock.web.toml
  den diff web requirements.txt --json`,
		Args: exactlyTwo("an environment, and another or a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			differences, err := a.differences(cmd.Context(), args[0], args[1])
			if err != nil {
				return statusError{err, statusUsage}
			}
			if err := a.printDifferences(args, differences, asJSON); err != nil || len(differences) == 0 {
				return err
			}
			return exitStatus(statusFailed)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// differences compares an environment with another, or with a file.
func (a *app) differences(ctx context.Context, name, other string) ([]lockfile.Difference, error) {
	environment, err := a.locate(name)
	if err != nil {
		return nil, a.suggest(err)
	}
	installed, err := packages.In(environment)
	if err != nil {
		return nil, err
	}
	second, err := a.environmentOrFile(other)
	if err != nil {
		return nil, err
	}
	if second.Path != "" {
		others, err := packages.In(second)
		return withoutPip(lockfile.Compare(lockfile.Of(installed), lockfile.Of(others))), err
	}
	wanted, err := a.wantedBy(ctx, environment, other)
	if err != nil {
		return nil, err
	}
	return exact.Differences(environment, installed, wanted), nil
}

// environmentOrFile finds an environment by its name or path, or returns none for the
// path of a file.
func (a *app) environmentOrFile(request string) (none env.Environment, err error) {
	info, missing := os.Stat(request)
	isFile := missing == nil && !info.IsDir()
	if isFile && isPath(request) {
		return none, nil
	}
	found, err := a.locate(request)
	if as[*store.NotFoundError](err) && isFile {
		return none, nil
	}
	if err != nil {
		return none, a.suggest(err)
	}
	return found, nil
}

func withoutPip(all []lockfile.Difference) []lockfile.Difference {
	return slices.DeleteFunc(all, func(d lockfile.Difference) bool { return d.Name == "pip" })
}

// wantedBy returns the packages of a list that are for an environment.
func (a *app) wantedBy(ctx context.Context, e env.Environment, path string) ([]lockfile.Package, error) {
	list, err := readList(path)
	if err != nil {
		return nil, err
	}
	if !exact.NeedsPython(list) {
		return list.Packages, exact.CheckOnce(list.Packages)
	}
	its, err := a.pipIn(ctx, e, e, a.console())
	if err != nil {
		return nil, err
	}
	wanted, err := exact.Choose(ctx, its, list)
	if err != nil {
		return nil, fmt.Errorf("%s and %q: %w", path, e.Name, err)
	}
	return wanted, nil
}

// exporters are the commands that make a list of a file that only one tool reads.
var exporters = map[string]string{
	"pyproject.toml": "uv pip compile pyproject.toml -o exact.txt",
	"uv.lock":        "uv export --format pylock.toml -o pylock.toml",
	"poetry.lock":    "poetry export -o exact.txt",
	"pdm.lock":       "pdm export -o exact.txt",
	"Pipfile.lock":   "pipenv requirements > exact.txt",
}

// readList reads a file that lists packages.
func readList(path string) (lockfile.File, error) {
	if exporter := exporters[filepath.Base(path)]; exporter != "" {
		err := fmt.Errorf("%s is neither a pylock.toml nor a requirements file", path)
		return lockfile.File{}, hint.With(err, "%s", "make one of it: "+exporter)
	}
	cwd, err := os.Getwd()
	if err != nil {
		return lockfile.File{}, err
	}
	list, err := lockfile.Read(path, cwd)
	if file, ok := errors.AsType[*fs.PathError](err); ok && file.Path == path {
		err = fmt.Errorf("the list %s: %w", path, file.Err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = hint.With(err, "write one: den lock NAME -o %s", hint.Path(path))
	}
	if errors.Is(err, lockfile.ErrNotExact) {
		err = hint.With(err, "let a tool choose the versions: uv pip compile %s -o exact.txt", hint.Path(path))
	}
	return list, err
}

// pipIn returns a pip that runs in the environment at, which is e or a copy of it: its
// own, or else the one that its Python brings along in a wheel.
func (a *app) pipIn(ctx context.Context, e, at env.Environment, console pip.Console) (none pip.Pip, err error) {
	installed, err := packages.In(at)
	if err != nil {
		return none, err
	}
	if err := a.check(e); err != nil {
		return none, err
	}
	if _, hasPip := packages.Find(installed, "pip"); hasPip {
		return pip.Of(ctx, at, console)
	}
	interpreter, err := a.finder("").Find(ctx, e.Python())
	if err != nil {
		return none, err
	}
	wheel := layout.PipWheel(interpreter, a.buildOptions())
	if wheel == "" {
		return none, fmt.Errorf("%q has no pip, and its Python cannot install one", e.Name)
	}
	return pip.From(ctx, wheel, at, console)
}

// side is a package on one side of a difference, as JSON has it.
type side struct {
	Version string `json:"version,omitempty"`
	Source  string `json:"source,omitempty"` // where it comes from, if not from an index
}

func sideOf(p *lockfile.Package) *side {
	if p == nil {
		return nil
	}
	return &side{p.Version, p.Source()}
}

func (a *app) printDifferences(names []string, all []lockfile.Difference, asJSON bool) error {
	if asJSON {
		type difference struct {
			Name  string `json:"name"`
			Left  *side  `json:"left,omitempty"`
			Right *side  `json:"right,omitempty"`
		}
		rows := []difference{}
		for _, d := range all {
			rows = append(rows, difference{d.Name, sideOf(d.Left), sideOf(d.Right)})
		}
		return a.printJSON(rows)
	}
	if len(all) == 0 {
		a.donef("%q and %q have the same packages", names[0], names[1])
		return nil
	}
	table := a.newTable("name", printable(names[0]), printable(names[1]))
	what := func(p *lockfile.Package) string {
		if p == nil {
			return "-"
		}
		return printable(p.What())
	}
	for _, d := range all {
		table.AddRow(printable(d.Name), what(d.Left), what(d.Right))
	}
	table.Print()
	return nil
}
