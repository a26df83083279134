package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/startup"
	"den/env"
	"den/env/disk"
	"den/hooks"
	"den/shell/added"
	"den/shell/shells"
)

// den enters an environment without its script bin/activate. This file moves the lines
// that a person has added there by hand into hooks.

// noteAdded reports, once for as long as the script stays as it is, that it has
// lines of the person's.
func (a *app) noteAdded(e env.Environment) {
	lines := added.Shown(activate.AddedTo(e).All())
	if len(lines) == 0 || !a.isNews(activate.Script(e)) {
		return
	}
	a.notef("den does not source %s, which has lines of yours: %s", activate.Script(e), hint.Some(lines))
	a.hintf("to move them into the environment's hooks: %s", activate.ImportLine(e))
}

func (a *app) hooksImportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import [ENV]",
		Short: "Move lines from bin/activate into hooks",
		Long: `Moves the lines that you have added to the bin/activate of the environment ENV, or
of the active one, into its hooks: lines in the function deactivate into
predeactivate, the others into postactivate. workon does not source bin/activate,
and hooks fire in every shell. A shell that sources bin/activate by itself does not
have these lines any more.

Prints each line with its new hook.`,
		Example: "  den hooks import web",
		Args:    atMostOne("environment"),
		RunE:    a.onEnvironment(a.importAdded),
	}
}

// importAdded writes the hooks first: killed in between, den finds the lines in
// both places and does not add them to a hook again.
func (a *app) importAdded(e env.Environment) error {
	path := activate.Script(e)
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, errors.Unwrap(err))
	}
	script, err := disk.ReadTrusted(path)
	if untrusted, ok := errors.AsType[*disk.UntrustedError](err); ok {
		return hint.With(fmt.Errorf("den does not trust the lines in %s: %s", path, untrusted.Reason), "look at it first, then: %s", untrusted.Mend)
	}
	if err != nil {
		return err
	}
	lines := added.In(string(script))
	if len(lines.All()) == 0 {
		a.notef("%s has no lines of yours", path)
		return nil
	}
	if err := checkApart(e, string(script), lines); err != nil {
		return err
	}
	moves := []struct {
		event hooks.Event
		lines []string
	}{{hooks.PostActivate, lines.Entering}, {hooks.PreDeactivate, lines.Leaving}}
	for _, move := range moves {
		if err := checkOwnHook(e, move.event, move.lines); err != nil {
			return err
		}
	}
	for _, move := range moves {
		if err := addToHook(filepath.Join(e.Bin(), move.event.Name), move.event, move.lines); err != nil {
			return err
		}
		for _, line := range added.Shown(move.lines) {
			a.printf("%s\t%s\n", move.event.Name, printable(line))
		}
	}
	return startup.Write(path, lines.Rest, info.Mode().Perm(), info)
}

// checkApart returns an error if a shell's parser takes the script as it is, but not the
// lines apart from the rest.
func checkApart(e env.Environment, script string, lines added.Lines) error {
	for _, part := range []string{lines.Rest, strings.Join(lines.Entering, "\n"), strings.Join(lines.Leaving, "\n")} {
		if startup.Breaks(shells.ForSh(), script, part) {
			return moveByHand(e, fmt.Errorf("lines of yours in %s are a part of something larger, and cannot be moved by themselves", activate.Script(e)))
		}
	}
	return nil
}

// checkOwnHook returns an error where the hook that the lines would go to is a link:
// other environments may use the file that it leads to.
func checkOwnHook(e env.Environment, event hooks.Event, lines []string) error {
	path := filepath.Join(e.Bin(), event.Name)
	if target, err := os.Readlink(path); err == nil && len(lines) > 0 {
		return moveByHand(e, fmt.Errorf("%s is a link to %s, which may be a hook of other environments too", path, target))
	}
	return nil
}

func moveByHand(e env.Environment, err error) error {
	return hint.With(err, "put them into a hook yourself: den hooks edit postactivate %s", hint.Word(e.Name))
}

// addToHook adds lines to the end of a hook, or makes one of its template.
func addToHook(path string, event hooks.Event, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	if err := event.Template(os.Getenv("SHELL"), true).Write(path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	content, err := disk.ReadSmall(path)
	if err != nil {
		return err
	}
	block := strings.Join(lines, "\n") + "\n"
	text := strings.TrimRight(string(content), "\n") + "\n"
	if strings.HasSuffix(text, "\n"+block) {
		return nil
	}
	return startup.Write(path, text+"\n# from bin/activate\n"+block, info.Mode().Perm(), info)
}
