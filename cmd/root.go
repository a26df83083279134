// Package cmd is den's command line: a file for each command, which reads the
// flags, calls the packages that do the work, and prints.
//
// A command that changes the person's shell computes a shell.Plan and hands it
// to the integration (see evaluate); it never prints code by itself.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"den/cmd/hint"
	"den/env"
	"den/shell"
	"den/shell/shells"
)

// app is one run of den: its terminal, its settings, its home, and the shell that
// called it.
type app struct {
	terminal
	settings settings
	visited  *env.Home // the home, once it has been asked for
	caller
}

// A caller is the shell that called den through its integration, with the facts that
// the integration passes, and the plan for it.
type caller struct {
	shell     *shell.Shell // which waits for a plan; nil when den was called plainly
	shellName string       // its name; "" for none
	last      string       // the environment that it left last
	within    string       // what is going on in it: see shell.Within
	put       string       // the Activation that it says was put into it: see shell.Mark
	loaded    string       // the functions that it has loaded, as the code of "den init" names them
	plan      shell.Plan
}

// quick are the commands that change nothing on the disk and are done at once:
// a signal may end them anywhere, and the time that it takes to listen for one,
// a fifteenth of theirs, is saved.
var quick = map[string]bool{"workon": true, "deactivate": true, "cd": true, "path": true, "run": true, "init": true, "resume": true, "completion": true, "complete": true, "guard": true, "environ": true, "here": true}

// integrationFlags are what the integration puts before the command.
var integrationFlags = []string{"shell", "loaded", "last", "within", "put", wordFlag}

// Main runs den with the arguments and the environment of the process and
// returns its exit status. version and commit say what was built; they may be
// empty.
func Main(version, commit string) int {
	a := &app{terminal: terminal{
		stdin:  os.Stdin,
		stdout: os.Stdout,
		stderr: os.Stderr,
	}}
	if err := checkLimits(); err != nil {
		return a.report(err)
	}
	args := os.Args[1:]
	if len(args) > 1 && args[0] == "--words" {
		a.words, args = args[1], args[2:]
	}
	root := a.bareRoot(version, commit)
	a.addCalled(root, args)
	root.SetArgs(a.arguments(root, args))
	err := root.ExecuteContext(context.Background())
	if err == nil {
		err = a.evaluate()
	}
	a.refreshInitFile()
	if err == nil {
		err = a.unwritten
	}
	return a.report(err)
}

// rootCommand returns den with all its commands.
func (a *app) rootCommand(version, commit string) *cobra.Command {
	root := a.bareRoot(version, commit)
	a.addAll(root)
	return root
}

// bareRoot returns den with no command but help.
func (a *app) bareRoot(version, commit string) *cobra.Command {
	root := &cobra.Command{
		Use:   "den",
		Short: "Named Python environments, in every shell",
		Long: `den keeps a directory of named Python environments and makes, enters, lists,
leaves and removes them by name.

With its integration loaded (see "den init -h"), your shell has the words

  mkvenv NAME     make an environment and enter it     (den mk)
  workon NAME     enter an environment                 (den workon)
  deactivate      leave it                             (den deactivate)
  lsvenv          list them                            (den list)
  cdvenv          go to the environment's directory    (den cd)
  cpvenv SRC DST  copy an environment and enter it     (den cp)
  mvvenv OLD NEW  give an environment another name     (den mv)
  rmvenv NAME     remove an environment                (den rm; den undo)

and all words of virtualenvwrapper, which "virtualenvwrapper" lists.`,
		Example: `  den setup                 add the integration to your shell, once
  mkvenv web -i requests    make "web", install requests, enter it
  workon api                leave it for "api"
  den run web pytest -q     run something in "web" without entering it`,
		Version:           versionText(version, commit),
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args)
			}
			a.printf("%s", overview)
			return nil
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			a.settings.flags = cmd.Flags()
			if err := cmd.ValidateFlagGroups(); err != nil {
				return explainFlags(cmd, inWords(err))
			}
			if !quick[cmd.Name()] {
				// A signal ends what the command does, and it cleans up.
				ctx, _ := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
				cmd.SetContext(ctx)
			}
			if err := a.findShell(); err != nil {
				return err
			}
			if a.shell != nil {
				a.shell.Channel.Reserve()
				if !quick[cmd.Name()] {
					// The shell waits in a function for the plan: were den
					// suspended by Ctrl-Z, nobody could resume it.
					signal.Ignore(syscall.SIGTSTP)
				}
			}
			if cmd.HasParent() && cmd.Annotations[readOnly] == "" {
				a.recover()
			}
			return nil
		},
	}
	root.SetVersionTemplate("den {{.Version}}\n")
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(explainFlags)
	flags := root.PersistentFlags()
	flags.StringVar(&a.shellName, "shell", "", "the shell that waits for a plan")
	flags.StringVar(&a.last, "last", "", "the environment that this shell left last")
	flags.StringVar(&a.put, "put", "", "what was put into this shell")
	flags.StringVar(&a.within, "within", "", "what is going on in this shell")
	flags.StringVar(&a.loaded, "loaded", "", "which functions this shell has loaded")
	flags.String(wordFlag, "", "the word that was typed for the command")
	for _, internal := range integrationFlags {
		flags.Lookup(internal).Hidden = true
	}
	flags.String("workon-home", "", "the `directory` of the environments (default $WORKON_HOME)")
	a.settings = newSettings(os.LookupEnv, flags)
	root.SetHelpCommand(a.helpCommand())
	root.SetHelpFunc(a.printHelp)
	root.Flags().SetInterspersed(false) // what follows no command is not for den to read
	return root
}

// addAll adds every command to the root.
func (a *app) addAll(root *cobra.Command) {
	root.AddGroup(
		&cobra.Group{ID: "environments", Title: "Environments:"},
		&cobra.Group{ID: "shell", Title: "This shell:"},
		&cobra.Group{ID: "den", Title: "den itself:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("environments",
		a.mkCommand(), a.listCommand(), a.showCommand(), a.pathCommand(), a.runCommand(), a.cpCommand(), a.mvCommand(),
		a.upgradeCommand(), a.rmCommand(), a.undoCommand(), a.hooksCommand(), a.varsCommand(), a.kernelCommand(), a.serveCommand(),
		a.tmpCommand(), a.allCommand(), a.projectCommand(), a.sitePackagesCommand(), a.pthCommand(), a.toggleSitePackagesCommand(),
		a.wipeCommand(), a.pythonsCommand(), a.packCommand(), a.unpackCommand(), a.pushCommand(), a.lockCommand(), a.syncCommand(), a.diffCommand())
	add("shell", a.workonCommand(), a.deactivateCommand(), a.cdCommand(), a.pinCommand(), a.allowCommand(), a.denyCommand())
	add("den", a.setupCommand(), a.initCommand(), a.completionCommand(), a.configCommand(), a.doctorCommand(), a.gcCommand())
	// What the integration and den itself call, and words of virtualenvwrapper: help lists none of them.
	root.AddCommand(
		a.sweepCommand(), a.completeCommand(), a.compileCommand(), a.guardCommand(), a.crossCommand(), a.environCommand(),
		a.resumeCommand(), a.hereCommand(), a.initializeCommand(), a.runHookCommand(), a.expandCommand(), a.previewCommand())
	root.AddCommand(a.rmvirtualenvCommand(), a.cpvirtualenvCommand(), a.lsvirtualenvCommand(), a.showvirtualenvCommand(), a.add2virtualenvCommand(), a.wrapperCommand())
	root.SetHelpCommandGroupID("den")
}

func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "help [COMMAND]",
		Short:       "Show how to use a command",
		Long:        `Shows how to use a command, with examples. Without a COMMAND, lists all commands.`,
		Example:     "  den help mk",
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			if word, ok := wordNamed(strings.Join(args, " ")); ok {
				args = strings.Fields(word.Command)
				_ = root.PersistentFlags().Set(wordFlag, word.Name) // any text will do
			}
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(found, args[len(args)-len(rest):])
			}
			return found.Help()
		},
	}
}

// inShell marks a command that acts on the shell itself: the integration
// evaluates the plan that it returns.
const inShell = "den.in-shell"

// readOnly marks a command that skips recovery: it looks at things as they are, or
// at no environment but the active one.
const readOnly = "den.read-only"

// recover brings to an end what dens that were killed have left half-done. A
// command that needs the directory of the environments reports what is wrong with
// it.
func (a *app) recover() {
	home, err := a.home()
	if err != nil {
		return
	}
	if home.Interrupted() {
		if err := home.Recover(context.Background()); err != nil {
			a.warnf("%s", err)
		}
	}
	a.removeOrphans(home)
}

// shellCommands returns the names and aliases of the commands marked inShell.
func shellCommands(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.Annotations[inShell] != "" {
			names = append(names, c.Name())
			names = append(names, c.Aliases...)
		}
	}
	return names
}

// explainFlags adds the next step to an error about the flags of a command.
func explainFlags(cmd *cobra.Command, err error) error {
	var near []string
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok && unknown.GetSpecifiedShortnames() == "" {
		near = nearFlags(cmd, unknown.GetSpecifiedName())
	}
	return nearOr(usageError{err}, near, fmt.Sprintf("%q lists the flags", "den help "+strings.TrimPrefix(cmd.CommandPath(), "den ")))
}

// inWords returns cobra's error for flags that exclude each other, in other words.
func inWords(err error) error {
	_, flags, found := strings.Cut(err.Error(), "; [")
	flags, ended := strings.CutSuffix(flags, "] were all set")
	if !found || !ended {
		return err
	}
	return fmt.Errorf("--%s cannot be given together", strings.Join(strings.Fields(flags), " and --"))
}

// evaluate hands the plan to the shell. It is called when all else has been
// done, so that a command that failed leaves the shell as it was.
func (c *caller) evaluate() error {
	if err := c.findShell(); err != nil || c.shell == nil { // help has not looked for it
		return err
	}
	if err := c.shell.Channel.Send(c.shell.Whole(c.shell.Render(c.plan))); err != nil {
		return fmt.Errorf("handing the plan to %s: %w", c.shell.Name, err)
	}
	return nil
}

// findShell finds the shell that waits for a plan, if one does.
func (c *caller) findShell() (err error) {
	if c.shellName == "" || c.shell != nil {
		return nil
	}
	if c.shell, err = shells.ByName(c.shellName); err != nil {
		return usageError{err}
	}
	return nil
}

// requireShell returns an error where there is no shell that could take a plan.
func (a *app) requireShell(command string) error {
	if a.shell != nil {
		return nil
	}
	return hint.WithAll(usageError{fmt.Errorf("%q changes your shell, and den's integration is not loaded in it", "den "+command)}, a.integrationHints()...)
}

// integrationHints tell how the integration gets into the shell that asks, and
// where that is none that den speaks, how to do without.
func (a *app) integrationHints() []string {
	asking, err := a.askingShell()
	if err != nil {
		return []string{
			fmt.Sprintf("%s; to run a command in an environment from any: den run NAME COMMAND", err),
			fmt.Sprintf("for every new shell of another kind: den setup %s", strings.Join(shells.Names(), "|")),
		}
	}
	if _, evaluates := asking.Channel.(shell.Descriptor); !evaluates {
		return []string{fmt.Sprintf("for every new %s: den setup %s", asking.Executable(), asking.Name)}
	}
	line := asking.RCLine(denWord())
	return []string{
		fmt.Sprintf("for this shell: %s", line),
		fmt.Sprintf("for every new one: add that line to %s, or let \"den setup\" do it", asking.RCFile(os.Getenv)),
	}
}

// word is what a person types for a command here: the function, where the
// integration is loaded.
func (a *app) word(command string) string {
	i := slices.IndexFunc(wordTable, func(w shell.Word) bool { return w.Command == command })
	if i >= 0 && a.shell != nil {
		return wordTable[i].Name
	}
	return "den " + command
}

func versionText(version, commit string) string {
	if version == "" || commit == "" {
		version, commit = builtFrom(version, commit)
	}
	if version == "" {
		version = "development"
	}
	if commit == "" {
		commit = "unknown"
	}
	return fmt.Sprintf("%s (commit %.12s, %s %s/%s)", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// builtFrom returns the version and the commit, and in place of an empty one
// what Go has noted in the program.
func builtFrom(version, commit string) (string, string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, commit
	}
	if version == "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && commit == "" {
			commit = s.Value
		}
	}
	return version, commit
}
