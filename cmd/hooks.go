package cmd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/paths"
	"den/completions"
	"den/env"
	"den/env/disk"
	"den/hooks"
	"den/shell"
	"den/shell/shells"
)

func (a *app) hooksCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "hooks [ENV]",
		Short: "List the hooks that fire",
		Long: `Lists the hooks that fire for the environment ENV, or for the active one, in
their order, and the hooks that den does not use, with the reason. Without an
environment, lists the hooks for all environments.

Into a pipe or a file, prints the hooks that fire, a line each: the event, a tab,
and the file.`,
		Example: `  den hooks web
  den hooks edit postactivate web
  den hooks import web    move what you have added to bin/activate
  den hooks web --json | jq -r '.[].files[] | select(.unused) | .path'`,
		Args: atMostOne("environment"),
		RunE: func(_ *cobra.Command, args []string) error {
			dirs, err := a.hooksOf(args)
			if err != nil {
				return err
			}
			events := eventsOf(dirs)
			switch {
			case asJSON:
				return a.printJSON(events)
			case isTerminal(a.stdout):
				a.printHooks(events)
			default:
				a.printFiring(events)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "everything about each, as JSON")
	c.AddCommand(a.hooksEditCommand(), a.hooksImportCommand())
	return c
}

// hooksOf are the directories of the hooks of the environment that args name,
// or else of the active one, or else of none.
func (a *app) hooksOf(args []string) (hooks.Directories, error) {
	if _, active := shell.Active(os.LookupEnv); len(args) == 0 && !active {
		return a.globalHooks(), nil
	}
	e, err := a.environmentOrActive(args)
	if err != nil {
		return hooks.Directories{}, a.suggest(err)
	}
	return a.hookDirectories(e)
}

// A hookEvent is an event with the files that are there for it.
type hookEvent struct {
	Hook    string     `json:"hook"`
	Sourced bool       `json:"sourced"`
	When    string     `json:"when"`
	Files   []hookFile `json:"files"`
}

// A hookFile is one file of a hookEvent.
type hookFile struct {
	Path   string `json:"path"`
	Place  string `json:"place"`            // global, local or project
	Shells string `json:"shells"`           // "all", or their names
	Unused string `json:"unused,omitempty"` // why
	Mend   string `json:"mend,omitempty"`   // the command that mends that
}

func eventsOf(dirs hooks.Directories) []hookEvent {
	var events []hookEvent
	for _, event := range hooks.Events() {
		m := hookEvent{Hook: event.Name, Sourced: event.Sourced, When: event.When, Files: []hookFile{}}
		files := dirs.Files(event, shells.HookSuffixes()...)
		for _, f := range files {
			described := describeHook(f)
			described.Shells = shellsOf(f, files)
			m.Files = append(m.Files, described)
		}
		events = append(events, m)
	}
	return events
}

func describeHook(f hooks.File) hookFile {
	described := hookFile{Path: f.Path, Place: f.Place}
	if unused, ok := errors.AsType[*hooks.UnusedError](f.Unused); ok {
		described.Unused, described.Mend = unused.Reason, unused.Mend
	} else if f.Unused != nil {
		described.Unused = f.Unused.Error()
	}
	return described
}

// shellsOf names the shells that use a file: not those that have one of their own
// in the same place.
func shellsOf(f hooks.File, files []hooks.File) string {
	has := func(suffix string) bool {
		return slices.ContainsFunc(files, func(other hooks.File) bool { return other.Place == f.Place && other.Suffix == suffix })
	}
	var names []string
	for _, s := range shells.All() {
		if s.HookSuffix == f.Suffix || f.Suffix == "" && !has(s.HookSuffix) {
			names = append(names, s.Name)
		}
	}
	if len(names) == len(shells.All()) {
		return "all"
	}
	return hint.Join(names, " and ")
}

// printHooks prints a table for a person, and how to mend what is amiss.
func (a *app) printHooks(events []hookEvent) {
	t := a.newTable("hook", "how", "file", "shells", "")
	var mends []string
	for _, m := range events {
		how := "run"
		if m.Sourced {
			how = "sourced"
		}
		if len(m.Files) == 0 {
			t.AddRow(m.Hook, how)
		}
		for i, f := range m.Files {
			row := []any{m.Hook, how, printable(paths.Short(f.Path)), f.Shells, ""}
			if i > 0 {
				row[0], row[1] = "", ""
			}
			switch {
			case f.Unused == hooks.ErrNoCommands.Error():
				row[4] = "empty"
			case f.Unused != "":
				row[4] = a.colored(red, "not used: "+printable(f.Unused))
			default:
				row[4] = a.colored(green, "fires")
			}
			if f.Mend != "" {
				mends = append(mends, f.Mend)
			}
			t.AddRow(row...)
		}
	}
	t.Print()
	for _, mend := range mends {
		a.hintf("%s", mend)
	}
}

// printFiring prints the hooks that fire, for a program.
func (a *app) printFiring(events []hookEvent) {
	for _, m := range events {
		for _, f := range m.Files {
			if f.Unused == "" {
				a.printf("%s\t%s\n", m.Hook, f.Path)
			}
		}
	}
}

func (a *app) hooksEditCommand() *cobra.Command {
	var inProject bool
	c := &cobra.Command{
		Use:   "edit HOOK [ENV]",
		Short: "Open a hook in your editor",
		Long: `Opens the hook HOOK in your editor ($VISUAL, or else $EDITOR): the hook of the
environment ENV, or without ENV, the hook for all environments. If the file does
not exist, den makes one that says when it fires.

A hook that is sourced may be written for one shell alone: its name then ends with
that shell's suffix. These have one: ` + ownLanguages() + `.`,
		Example: `  den hooks edit postactivate
  den hooks edit postactivate web
  den hooks edit postactivate` + shells.HookSuffixes()[0] + ` web
  den hooks edit postactivate web --project`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return missingArgument(cmd, "hook")
			}
			return atMostOne("environment")(cmd, args[1:])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := a.hookToEdit(args[0], args[1:], inProject)
			if err != nil {
				return err
			}
			return a.edit(h)
		},
	}
	c.Flags().BoolVar(&inProject, "project", false, "the hook of the environment's project")
	return c
}

// An editTarget is a hook that is to be edited.
type editTarget struct {
	dirs     hooks.Directories // with none but the one that it is in
	event    hooks.Event
	path     string
	template hooks.Template
}

// hookToEdit finds the file that a person means.
func (a *app) hookToEdit(name string, environment []string, inProject bool) (none editTarget, err error) {
	event, own, err := hookNamed(name)
	if err != nil {
		return none, err
	}
	dirs := a.globalHooks()
	if len(environment) > 0 || inProject {
		if dirs, err = a.hooksOf(environment); err != nil {
			return none, err
		}
	}
	h := editTarget{event: event}
	switch {
	case inProject && !event.IsProject():
		return none, hint.With(usagef("there is no hook %s in projects", event.Name), "projects can have postactivate and predeactivate")
	case inProject && dirs.Project == "":
		return none, hint.With(errors.New("there is no project, so it cannot have hooks"), "link one: den help mk")
	case inProject:
		h.dirs.Project = dirs.Project
		h.path = filepath.Join(dirs.Project, hooks.ProjectDirectory, name)
	case len(environment) == 0:
		h.dirs.Global = dirs.Global
		h.path = filepath.Join(dirs.Global, name)
	case !event.IsLocal():
		return none, hint.With(usagef("an environment has no hook %s of its own", event.Name), "to edit the one for all environments: den hooks edit %s", name)
	default:
		h.dirs.Local = dirs.Local
		h.path = filepath.Join(dirs.Local, name)
	}
	h.template = event.Template(os.Getenv("SHELL"), len(environment) > 0 || inProject)
	if own != nil {
		h.template = h.template.For(own.Name)
	}
	return h, nil
}

// hookNamed finds the event that a hook's file name means, and the shell that it is
// for; nil where it is for all.
func hookNamed(name string) (event hooks.Event, own *shell.Shell, err error) {
	plain := name
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		if s, ok := shells.ByHookSuffix(name[dot:]); ok {
			plain, own = name[:dot], s
		}
	}
	if event, ok := hooks.Named(plain); ok && (event.Sourced || own == nil) {
		return event, own, nil
	}
	var names []string
	for _, event := range hooks.Events() {
		names = append(names, event.Name)
	}
	err = usagef("there is no hook %q", name)
	if near := env.Similar(plain, names); len(near) > 0 {
		return event, own, hint.With(err, "did you mean %s?", quoted(near, " or "))
	}
	return event, own, hint.With(err, "there are: %s", hint.Join(names, " and "))
}

// edit opens the hook in the person's editor, and says what keeps it from being
// used when they are done.
func (a *app) edit(h editTarget) error {
	editor, err := editor()
	if err != nil {
		return err
	}
	if err := disk.MkdirAll(filepath.Dir(h.path), 0o777); err != nil {
		return err
	}
	if err := h.template.Write(h.path); err != nil {
		return err
	}
	if err := a.openIn(editor, h.path); err != nil {
		return err
	}
	for _, f := range h.dirs.Files(h.event, shells.HookSuffixes()...) {
		if f.Path == h.path && as[*hooks.UnusedError](f.Unused) {
			a.warnUnused(f.Unused)
		}
	}
	return nil
}

// openIn opens the file in the editor and waits for it to end.
func (a *app) openIn(editor, path string) error {
	// The variables hold code for a shell, such as "code --wait".
	c := exec.Command("/bin/sh", "-c", editor+` "$@"`, "sh", path)
	c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stdout, a.stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("editing %s with %s: %w", path, editor, err)
	}
	return nil
}

// editor is the command that the person edits files with.
func editor() (string, error) {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if value := os.Getenv(name); value != "" {
			return value, nil
		}
	}
	if _, err := exec.LookPath("vi"); err == nil {
		return "vi", nil
	}
	return "", hint.With(errors.New("neither VISUAL nor EDITOR says what to edit with"), "for example: export EDITOR=nano")
}

// hookNames predicts the name of a hook, and, once a dot is typed, of one for a
// shell with a language of its own.
func hookNames(place completions.Place) completions.Offer {
	offer := completions.Offer{What: "hook"}
	for _, event := range hooks.Events() {
		describe := func() string { return event.When }
		offer.Candidates = append(offer.Candidates, completions.Candidate{Text: event.Name, Describe: describe})
		if event.Sourced && strings.Contains(place.Word, ".") {
			for _, suffix := range shells.HookSuffixes() {
				offer.Candidates = append(offer.Candidates, completions.Candidate{Text: event.Name + suffix, Describe: describe})
			}
		}
	}
	return offer
}
