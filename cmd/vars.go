package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/completions"
	"den/env"
	"den/env/disk"
	"den/env/variables"
)

func (a *app) varsCommand() *cobra.Command {
	return a.grouping(&cobra.Command{
		Use:        "vars COMMAND",
		SuggestFor: []string{"variables", "env", "dotenv"},
		Short:      "Set variables while an environment is active",
		Long: `An environment can have its own variables. They are set while it is active: in each
shell, in "den run" and "den all", and by its activate scripts. When you leave it, they
get their old values back, unless you have changed them meanwhile.

den keeps them in the file den.env in the environment, which you alone can read. Its
lines are NAME=value, as for systemd's EnvironmentFile= and python-dotenv. den reads
the file and never runs anything in it.`,
		Example: `  den vars set web DEBUG=1 DATABASE_URL=postgres:///web
  den vars list web
  den vars edit web            secrets: they are not on a command line then
  den vars unset web DEBUG`,
	}, nil, a.varsSetCommand(), a.varsUnsetCommand(), a.varsListCommand(), a.varsEditCommand())
}

func (a *app) varsSetCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "set NAME KEY=VALUE...",
		SuggestFor: []string{"add", "export"},
		Short:      "Set variables of an environment",
		Long: `Sets variables of the environment NAME. A value is one line of UTF-8; one with
spaces needs quotes for your shell.

Other users of the machine can see a command line while it runs, and your shell
keeps it in its history: for a secret, use "den vars edit". den refuses variables that
would make shells, Python or den itself run something else, such as PATH, LD_PRELOAD
or PYTHONHOME.`,
		Example: `  den vars set web DEBUG=1
  den vars set web 'GREETING=hello, world' EMPTY=`,
		Args: environmentAnd("KEY=VALUE"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.changeVariables(args[0], func(file *variables.File) error {
				for _, arg := range args[1:] {
					name, value, found := strings.Cut(arg, "=")
					if !found {
						return hint.With(usagef("%q is not KEY=VALUE", printable(name)), "den vars set %s %s=VALUE", hint.Word(args[0]), hint.Word(name))
					}
					if err := file.Set(name, value); err != nil {
						return usageError{err}
					}
				}
				return nil
			})
		},
	}
}

func (a *app) varsUnsetCommand() *cobra.Command {
	return &cobra.Command{
		Use:        "unset NAME KEY...",
		SuggestFor: []string{"delete", "remove"},
		Aliases:    []string{"rm"},
		Short:      "Take variables away from an environment",
		Long:       `Takes variables away from the environment NAME.`,
		Example:    "  den vars unset web DEBUG",
		Args:       environmentAnd("KEY"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.changeVariables(args[0], func(file *variables.File) error {
				for _, name := range args[1:] {
					if !file.Unset(name) {
						return hint.With(fmt.Errorf("%q has no variable %s", args[0], printable(name)), "to see its variables: den vars list %s", hint.Word(args[0]))
					}
				}
				return nil
			})
		},
	}
}

func (a *app) varsListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:        "list [NAME]",
		SuggestFor: []string{"show", "get"},
		Aliases:    []string{"ls"},
		Short:      "List the variables of an environment",
		Long:       `Lists the variables of the environment NAME, or of the active one, with their values, as lines of a den.env.`,
		Example:    "  den vars list web\n  den vars list web --json | jq -r .DATABASE_URL",
		Args:       atMostOne("environment"),
		RunE: a.onEnvironment(func(e env.Environment) error {
			file, err := variables.Read(e.Path)
			if err != nil {
				return explainVariables(e, err)
			}
			for _, err := range file.Errors() {
				a.warnOf(a.notSet(e, err))
			}
			if asJSON {
				return a.printJSON(valuesOf(file))
			}
			if len(file.Variables()) == 0 && len(file.Errors()) == 0 && a.isWatched() {
				a.notef("%q has no variables of its own yet", printable(e.Name))
				a.hintf("to set one: den vars set %s KEY=VALUE", a.reference(e))
			}
			for _, v := range file.Variables() {
				a.printf("%s\n", v)
			}
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// valuesOf are the values by the names.
func valuesOf(file variables.File) map[string]string {
	values := map[string]string{}
	for _, v := range file.Variables() {
		values[v.Name] = v.Value
	}
	return values
}

// changeVariables has change make other variables of the environment's.
func (a *app) changeVariables(name string, change func(*variables.File) error) error {
	e, err := a.locate(name)
	if err != nil {
		return a.suggest(err)
	}
	return a.putVariables(e, func(old []byte) ([]byte, error) {
		file := variables.Parse(old)
		err := change(&file)
		return file.Text(), err
	})
}

// putVariables changes the file, and the scripts that set what is in it.
func (a *app) putVariables(e env.Environment, change func(old []byte) ([]byte, error)) error {
	if err := variables.Change(e.Path, change); err != nil {
		return explainVariables(e, err)
	}
	areDens, err := activate.Renew(e)
	if err != nil {
		return hint.With(fmt.Errorf("the variables are set, but den could not change the activate scripts of %q: %w", e.Name, err), "den vars edit %s", a.reference(e))
	}
	if !areDens {
		a.notef("another tool has made %s, and sourcing it does not set the variables; workon does", activate.Script(e))
	}
	a.renewKernels(e, e.Path)
	if isActive(e) {
		a.notef("%q is active: this shell has the change after \"workon %s\"", e.Name, hint.Word(e.Name))
	}
	return nil
}

// explainVariables gives an error about the file of variables its next step.
func explainVariables(e env.Environment, err error) error {
	if errors.Is(err, variables.ErrLink) {
		return hint.With(err, "change the file that it leads to, or take the link away: rm %s", hint.Path(filepath.Join(e.Path, variables.FileName)))
	}
	return err
}

// notSet says that a line of the environment's file sets nothing.
func (a *app) notSet(e env.Environment, err error) error {
	if !as[*variables.LineError](err) {
		return explainVariables(e, err)
	}
	return hint.With(fmt.Errorf("%s, %w", filepath.Join(e.Path, variables.FileName), err), "den vars edit %s", a.reference(e))
}

// warnVariable reports what keeps a variable of the environment from being set; what
// is wrong with the text of the file, once for as long as it stays so.
func (a *app) warnVariable(e env.Environment) func(error) {
	said, isNews := false, false
	return func(err error) {
		if as[*variables.LineError](err) {
			if !said {
				said, isNews = true, a.isNews(filepath.Join(e.Path, variables.FileName))
			}
			if !isNews {
				return
			}
		}
		a.warnOf(a.notSet(e, err))
	}
}

func (a *app) varsEditCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "edit [NAME]",
		Short: "Edit the variables in your editor",
		Long: `Opens the variables of the environment NAME, or of the active one, in your editor
($VISUAL, or else $EDITOR). den looks at each line before it takes the file. What
it does not take stays in den.env.draft, which the next "den vars edit" opens.`,
		Example: "  den vars edit web",
		Args:    atMostOne("environment"),
		RunE:    a.onEnvironment(a.editVariables),
	}
}

// variablesTemplate is what a new file of variables says.
const variablesTemplate = `# NAME=value, a line each; a value with spaces in quotes.
# "den help vars" says more.
`

func (a *app) editVariables(e env.Environment) error {
	command, err := editor()
	if err != nil {
		return err
	}
	old, err := variables.ReadText(filepath.Join(e.Path, variables.FileName))
	if err != nil {
		return explainVariables(e, err)
	}
	draft := filepath.Join(e.Path, variables.DraftName)
	begun, err := a.beginDraft(e, old)
	if err != nil {
		return err
	}
	if err := a.openIn(command, draft); err != nil {
		if text, _ := variables.ReadText(draft); len(begun) > 0 && bytes.Equal(text, begun) {
			os.Remove(draft)
			return hint.With(err, "nothing has changed; to try again: den vars edit %s", a.reference(e))
		}
		return hint.With(err, "nothing has changed; to begin anew: rm %s", hint.Path(draft))
	}
	text, err := variables.ReadText(draft)
	if err != nil {
		return explainVariables(e, err)
	}
	if errs := variables.Parse(text).Errors(); len(errs) > 0 {
		return hint.With(fmt.Errorf("the variables of %q are as they were: %w", e.Name, errors.Join(errs...)),
			"your text is kept; to mend it: den vars edit %s; to drop it: rm %s", a.reference(e), hint.Path(draft))
	}
	err = a.putVariables(e, func(now []byte) ([]byte, error) {
		if !bytes.Equal(now, old) {
			_ = os.Chtimes(draft, time.Now(), time.Now()) // the person knows of the change
			return nil, hint.With(fmt.Errorf("%s has changed meanwhile, and your text is in %s", variables.FileName, draft),
				"den vars list %s; den vars edit %s", a.reference(e), a.reference(e))
		}
		if string(text) == variablesTemplate {
			return nil, nil
		}
		return text, nil
	})
	if err != nil {
		return err
	}
	return os.Remove(draft)
}

// beginDraft makes the file to edit, and returns its text. If an earlier edit has left
// one, which the person goes on with, it returns nothing.
func (a *app) beginDraft(e env.Environment, old []byte) ([]byte, error) {
	if len(old) == 0 {
		old = []byte(variablesTemplate)
	}
	draft := filepath.Join(e.Path, variables.DraftName)
	err := disk.Create(draft, old, 0o600)
	if !errors.Is(err, fs.ErrExist) {
		return old, err
	}
	left, err := os.Lstat(draft)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(e.Path, variables.FileName)
	if changed, err := os.Lstat(path); err == nil && changed.ModTime().After(left.ModTime()) {
		return nil, hint.With(fmt.Errorf("%s has changed since an earlier edit left %s", variables.FileName, draft),
			"to see the difference: diff %s %s; to begin anew: rm %s", hint.Path(path), hint.Path(draft), hint.Path(draft))
	}
	a.notef("an earlier edit has left %s: you go on with it", draft)
	return nil, nil
}

// variableNames predicts the name of a variable of the environment's that is given.
func (a *app) variableNames(place completions.Place) completions.Offer {
	offer := completions.Offer{What: "variable"}
	if len(place.Given) == 0 {
		return offer
	}
	e, err := a.locate(place.Given[0])
	if err != nil {
		return offer
	}
	file, _ := variables.Read(e.Path)
	for _, v := range file.Variables() {
		offer.Candidates = append(offer.Candidates, completions.Candidate{Text: v.Name})
	}
	return offer
}
