package cmd

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/examine"
	"den/cmd/hint"
	"den/cmd/paths"
	"den/env"
	"den/env/python"
	"den/shell"
	"den/shell/shells"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:        "doctor [NAME...]",
		SuggestFor: []string{"check", "diagnose", "verify"},
		Short:      "Find faults, and print the commands that mend them",
		Long: `Checks every environment, or the named ones:

  its Python starts, in the environment, with its own library
  its packages are for that version of Python, and pip is complete
  its programs run under its own Python
  nobody else can write to it
  its project exists, and den can use its hooks

Without a NAME, it also checks den itself:

  this shell has den's words, and its start-up file loads them
  the den on PATH is the one that the shell uses
  nothing is left of interrupted dens in WORKON_HOME

Prints each finding with the command that mends it. A note is not a fault. The
exit status is 1 if there is a finding that is not a note.`,
		Example: `  den doctor
  den doctor web
  den doctor --json | jq -r '.[] | select(.level == "problem") | .mend'`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes", readOnly: "yes"}, // it learns of the shell, and finds what was interrupted
		RunE: func(cmd *cobra.Command, args []string) error {
			found, err := a.examine(cmd.Context(), cmd.Root(), args)
			if err != nil {
				return err
			}
			return a.printFindings(found, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// examine looks at the environments named, or at all of them and den itself.
func (a *app) examine(ctx context.Context, root *cobra.Command, names []string) ([]examine.Finding, error) {
	home, err := a.home()
	if err != nil {
		return nil, err
	}
	projectFile, err := a.settings.text(keyProjectFilename)
	if err != nil {
		return nil, err
	}
	found := []examine.Finding{}
	var environments []env.Environment
	if len(names) == 0 {
		found = slices.Concat(found, a.installation(root).Examine(ctx, home), examine.Home(home), examine.Hooks(a.globalHooks()))
		if environments, err = home.List(); err != nil {
			return nil, err
		}
		found = append(found, a.examineKernels(environments)...)
	}
	for _, name := range names {
		e, err := home.Find(name)
		if err != nil {
			return nil, a.suggest(err)
		}
		environments = append(environments, e)
	}
	stop := a.spin("looking at the environments")
	defer stop()
	examination := examine.Examination{Finder: python.Finder{Environ: os.Environ(), Limit: startLimit}, ProjectFile: projectFile}
	if err := examination.Start(ctx, environments); err != nil {
		return nil, err
	}
	for _, e := range environments {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found = append(found, examination.Environment(e)...)
	}
	return found, nil
}

// startLimit is how long doctor waits for an environment's Python to start.
const startLimit = 20 * time.Second

// installation is what den knows of itself and of the shell that asks.
func (a *app) installation(root *cobra.Command) examine.Installation {
	i := examine.Installation{Program: programPath(), Word: denWord(), OnTerminal: isTerminal(a.stdin), IsLoaded: a.shell != nil, IsByPath: isPath(os.Args[0])}
	i.Words = shell.Integration{Words: wordTable}.Names()
	if i.Asking, i.AskingErr = a.askingShell(); i.AskingErr == nil {
		i.InitFile = a.initFile(i.Asking.Name)
	}
	if a.shell == nil {
		return i
	}
	loaded, from := shell.Loaded(a.loaded)
	i.Loaded, i.Now, i.Load = loaded, a.shell.Init(integration(root), nil), a.shell.RCLine(hint.Path(i.Program))
	if from == shell.FromVirtualenvwrapper {
		i.Loaded, i.Now, i.Load = a.loaded, wrapperScript(root), shells.Wrapper().Line(paths.Short(i.Program))
	}
	return i
}

// printFindings prints, and returns exit status 1 if something is wrong.
func (a *app) printFindings(found []examine.Finding, asJSON bool) error {
	wrong := false
	for _, f := range found {
		wrong = wrong || f.Level == examine.Problem
	}
	if asJSON {
		if err := a.printJSON(found); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			a.printFinding(f)
		}
		if !wrong {
			a.donef("nothing is wrong")
		}
	}
	if wrong {
		return exitStatus(statusFailed)
	}
	return nil
}

func (a *app) printFinding(f examine.Finding) {
	subject := "den"
	if f.Environment != "" {
		subject = printable(f.Environment)
	}
	level := yellow
	if f.Level == examine.Problem {
		level = red
	}
	a.printf("%s: %s: %s\n", a.colored(level, f.Level), a.colored(bold, subject), printable(f.Message))
	if f.Mend != "" {
		a.printf("    %s\n", strings.ReplaceAll(printable(f.Mend), "\n", "\n    "))
	}
}
