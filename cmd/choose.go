package cmd

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/paths"
	"den/cmd/pick"
	"den/cmd/quantity"
	"den/env"
	"den/env/packages"
)

// interactiveFlag is the flag by which a person chooses from a list.
const interactiveFlag = "interactive"

// choose has the person choose among the environments. The verb is for the error of
// those who cannot: what to type for a name.
func (a *app) choose(ctx context.Context, verb string, o pick.Options) ([]string, error) {
	home, err := a.home()
	if err != nil {
		return nil, err
	}
	all, err := a.describeAll(home)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, hint.With(fmt.Errorf("there are no environments in %s yet", home.Dir()), "make one: %s NAME", a.word("mk"))
	}
	o.Preview = func(name string) []string { return a.preview(env.Environment{Name: name, Path: home.Path(name)}) }
	o.Previewer = hint.Path(programPath()) + " preview --"
	names, err := a.chooseBy(ctx, itemsOf(home, all), o)
	if as[*pick.TerminalError](err) {
		return nil, hint.With(err, "%q lists the names; give one: %s", a.word("list"), verb)
	}
	if errors.Is(err, pick.ErrCancelled) {
		return nil, exitStatus(statusInterrupted)
	}
	return names, err
}

// chooseBy chooses by the program that the setting names: by fzf, where there is one.
func (a *app) chooseBy(ctx context.Context, items []pick.Item, o pick.Options) ([]string, error) {
	picker, err := a.settings.text(keyPicker)
	if err != nil {
		return nil, err
	}
	fzf, err := exec.LookPath("fzf")
	switch {
	case picker == "den" || picker == "auto" && err != nil:
		return pick.Choose(ctx, items, o)
	case err != nil:
		return nil, hint.With(fmt.Errorf("the setting %s is fzf: %w", keyPicker, errors.Unwrap(err)), "let den show its own list: den config set %s den", keyPicker)
	}
	return pick.ChooseInFzf(ctx, fzf, items, o)
}

// itemsOf returns what stands in the list for the environments: beside the name, the
// Python, when it was entered last, and the project.
func itemsOf(home env.Home, all []description) []pick.Item {
	now := time.Now()
	items := make([]pick.Item, len(all))
	for i, d := range all {
		about := paths.Short(d.Project)
		if d.Broken != "" {
			about = "broken: " + d.Broken
		}
		if d.Active {
			about = strings.TrimPrefix(about+", active", ", ")
		}
		used := ""
		if entered := home.Entered(d.Name); !entered.IsZero() {
			used = quantity.Ago(now, entered)
		}
		items[i] = pick.Item{Name: d.Name, Notes: []string{d.Python, used, about}}
	}
	return items
}

// preview returns lines about an environment: where it is, and its packages.
func (a *app) preview(e env.Environment) []string {
	d := a.describe(e)
	lines := []string{d.Name, paths.Short(d.Path), "Python " + d.Python}
	if d.Project != "" {
		lines = append(lines, "project "+paths.Short(d.Project))
	}
	if d.Broken != "" {
		lines = append(lines, "broken: "+d.Broken)
	}
	installed, _ := packages.In(e)
	lines = append(lines, "", countOf(len(installed), "package"))
	for _, p := range installed {
		lines = append(lines, p.Name+" "+p.Version)
	}
	return lines
}

// previewCommand is what fzf calls for a part of its screen, with what is typed. There is
// no name where nothing matches that.
func (a *app) previewCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "preview NAME TYPED",
		Short:       "Print the packages of an environment, for a list to choose from",
		Hidden:      true,
		Args:        cobra.ExactArgs(2),
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "" {
				a.printf("nothing matches %q\n%s\n", args[1], pick.NoMatchHelp)
				return nil
			}
			e, err := a.environment(args[0])
			if err != nil {
				return a.suggest(err)
			}
			for _, line := range a.preview(e) {
				a.printf("%s\n", printable(line))
			}
			return nil
		},
	}
}

// unless returns a check of the arguments like args, which also accepts none at all while
// the flag is set.
func unless(flag *bool, args cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if *flag && len(given) == 0 {
			return nil
		}
		return args(cmd, given)
	}
}
