package cmd

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env"
	"den/env/python"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:        "doctor [NAME...]",
		SuggestFor: []string{"check", "diagnose"},
		Short:      "Find what is wrong, and say what mends it",
		Long: `Looks at every environment (or those named): does its Python start, in there,
with its own library, and is it the one that its packages are for; is pip whole;
do its programs run under its own Python; can others write to it; is its project
there; can its hooks be used. Without a NAME also at den itself: is its integration loaded in this shell, and by the start-up file; what is first
on PATH; what is left over in WORKON_HOME.

Prints each finding with the command that mends it. Notes are worth knowing and
need no mending. The exit status is 1 if there is anything but notes.`,
		Example: `  den doctor
  den doctor web
  den doctor --json | jq -r '.[] | select(.level == "problem") | .mend'`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{inShell: "yes"}, // to be told of the shell
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

// The levels of findings.
const (
	problem = "problem"
	note    = "note"
)

// A finding is one thing that is wrong, or worth knowing.
type finding struct {
	Level       string `json:"level"`
	Environment string `json:"environment,omitempty"` // "" for den itself
	Check       string `json:"check"`                 // what was looked at: "python", "pip", "path" …
	Message     string `json:"message"`
	Mend        string `json:"mend"` // the command that mends it
}

// examine looks at the environments named, or at all of them and den itself.
func (a *app) examine(ctx context.Context, root *cobra.Command, names []string) ([]finding, error) {
	// Not by a.home: what was interrupted is to be found, too.
	dir, err := a.settings.dir(keyWorkonHome)
	if err != nil {
		return nil, err
	}
	home, err := env.NewHome(dir)
	if err != nil {
		return nil, err
	}
	found := []finding{}
	var environments []env.Environment
	if len(names) == 0 {
		found = append(found, a.examineInstallation(ctx, root)...)
		found = append(found, examineHome(home)...)
		checkHooks(a.globalHooks(), func(level, check, mend, format string, args ...any) {
			found = append(found, finding{Level: level, Check: check, Message: fmt.Sprintf(format, args...), Mend: mend})
		})
		if environments, err = home.List(); err != nil {
			return nil, err
		}
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
	examination := examination{app: a, home: home, finder: python.Finder{Environ: os.Environ(), Limit: startLimit}}
	examination.start(ctx, environments)
	for _, e := range environments {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found = append(found, examination.environment(e)...)
	}
	return found, nil
}

// startLimit is how long doctor waits for an environment's Python to start.
const startLimit = 20 * time.Second

// examineHome looks at the directory of the environments.
func examineHome(home env.Home) (found []finding) {
	halfMade, removed := home.Leftovers()
	switch {
	case halfMade > 0:
		found = append(found, finding{Level: problem, Check: "leftovers", Message: "an interrupted den has left something half-made in " + home.Dir() + "/.den/staging", Mend: "den sweep"})
	case removed > 0:
		found = append(found, finding{Level: note, Check: "leftovers", Message: "what was removed is still being deleted from " + home.Dir() + "/.den/trash, or its deletion was interrupted", Mend: "den sweep"})
	}
	if has, err := home.HasLocks(); err == nil && !has {
		found = append(found, finding{Level: note, Check: "locks", Message: "the file system of " + home.Dir() + " has no locks (flock): den leaves notes of who is at work in .den/locks; one that a machine which has died has left there is yours to delete"})
	}
	dangling, _ := home.Dangling()
	for _, name := range dangling {
		found = append(found, finding{Level: problem, Check: "link", Message: home.Path(name) + " is " + env.DanglingLink, Mend: "rm " + hint.Path(home.Path(name))})
	}
	if isOthers(home.Dir()) {
		found = append(found, finding{Level: problem, Check: "permissions", Message: "others can write to " + home.Dir(), Mend: "chmod go-w " + hint.Path(home.Dir())})
	}
	return found
}

// printFindings prints, and returns exit status 1 if something is wrong.
func (a *app) printFindings(found []finding, asJSON bool) error {
	wrong := false
	for _, f := range found {
		wrong = wrong || f.Level == problem
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

func (a *app) printFinding(f finding) {
	subject := "den"
	if f.Environment != "" {
		subject = printable(f.Environment)
	}
	level := yellow
	if f.Level == problem {
		level = red
	}
	a.printf("%s: %s: %s\n", a.colored(level, f.Level), a.colored(bold, subject), printable(f.Message))
	if f.Mend != "" {
		a.printf("    %s\n", strings.ReplaceAll(printable(f.Mend), "\n", "\n    "))
	}
}
