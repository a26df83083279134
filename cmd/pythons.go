package cmd

import (
	"github.com/spf13/cobra"

	"den/env/python"
)

func (a *app) pythonsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:        "pythons",
		SuggestFor: []string{"python", "interpreters", "versions", "list_pythons"},
		Short:      "List the Pythons for new environments",
		Long: `Lists the interpreters found on PATH, under pyenv, asdf, mise, uv, Homebrew and
conda, and where python.org's installer and "make install" put them. On a
terminal it prints a table, in which * marks the default; elsewhere it prints the
paths, one a line, the default first.

To get one that is not there, such as 3.14:

  uv python install 3.14    or: pyenv install 3.14
  brew install python@3.14  (macOS)
  sudo dnf install python3.14  (Fedora)

or from its source. On Debian and Ubuntu, first what its modules need:

  sudo apt install build-essential libssl-dev zlib1g-dev libbz2-dev libffi-dev \
      liblzma-dev libreadline-dev libsqlite3-dev tk-dev uuid-dev
  ./configure --enable-optimizations && make -j4 && sudo make altinstall

"den mk -p 3.14" offers to run uv or pyenv, if one is here: see the setting
get_python.`,
		Example: `  den pythons
  den mk web -p "$(den pythons | head -n 1)"
  den pythons --json | jq -r '.[] | select(.default) | .version'`,
		Args:        noArguments,
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			pythons, err := a.pythons(cmd)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return a.printJSON(pythons)
			case !isTerminal(a.stdout):
				for _, p := range pythons {
					a.printf("%s\n", p.Path)
				}
			case len(pythons) == 0:
				a.notef("there is no Python here")
				a.hintf("%s", installPython)
			default:
				a.printPythons(pythons)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "everything about each, as JSON")
	return c
}

// A pythonDescription is an interpreter as "den pythons --json" prints it.
type pythonDescription struct {
	python.Interpreter
	Default bool `json:"default"`
}

// pythons lists the interpreters, the default first, then the newest. The
// default may be one that is in none of the places where they are looked for.
func (a *app) pythons(cmd *cobra.Command) ([]pythonDescription, error) {
	stop := a.spin("looking for Pythons")
	defer stop()
	request, err := a.settings.text(keyPython)
	if err != nil {
		return nil, err
	}
	all, err := a.finder("").All(cmd.Context())
	if err != nil {
		return nil, err
	}
	pythons := []pythonDescription{}
	chosen, err := a.finder(request).Find(cmd.Context(), request)
	switch {
	case err == nil:
		pythons = append(pythons, pythonDescription{chosen, true})
	case cmd.Context().Err() != nil:
		return nil, err
	case request != "":
		a.warnf("the setting python: %s", err)
	}
	for _, i := range all {
		if len(pythons) == 0 || !pythons[0].Default || !python.IsSame(i, chosen) {
			pythons = append(pythons, pythonDescription{i, false})
		}
	}
	return pythons, nil
}

// printPythons prints a table for a person.
func (a *app) printPythons(pythons []pythonDescription) {
	t := a.newTable("", "version", "implementation", "path", "found in")
	for _, p := range pythons {
		mark, implementation := "", p.Implementation
		if p.Default {
			mark = "*"
		}
		if p.FreeThreaded {
			implementation += ", free-threaded"
		}
		t.AddRow(mark, p.Version, implementation, printable(p.Path), p.Source)
	}
	t.Print()
}
