package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/examine"
	"den/cmd/hint"
	"den/cmd/kernel"
	"den/cmd/paths"
	"den/completions"
	"den/env"
	"den/env/disk"
	"den/env/python/child"
)

func (a *app) kernelCommand() *cobra.Command {
	return a.grouping(&cobra.Command{
		Use:        "kernel COMMAND",
		SuggestFor: []string{"kernels", "jupyter", "ipykernel", "notebook", "kernelspec"},
		Short:      "Use an environment in Jupyter",
		Long: `Makes an environment a kernel of Jupyter: any Jupyter of yours, and any editor that
looks for kernels, can then run notebooks in it. The environment needs ipykernel, and
not Jupyter.

The kernel names the environment's Python, and has its variables (den vars). It is a
directory in your own data directory of Jupyter. den changes no kernel but its own.`,
		Example: `  den run web pip install ipykernel
  den kernel add web
  den kernel list
  den kernel rm web`,
	}, nil, a.kernelAddCommand(), a.kernelListCommand(), a.kernelRemoveCommand())
}

// kernelDir is the directory of the person's kernels.
func (a *app) kernelDir() (string, error) {
	dir := kernel.Dir(a.settings.getenv, a.settings.homeDir())
	if dir == "" {
		return "", errors.New("HOME does not say where your home directory is")
	}
	return dir, nil
}

// kernels are those that den has made.
func (a *app) kernels() ([]kernel.Kernel, error) {
	dir, err := a.kernelDir()
	if err != nil {
		return nil, err
	}
	return kernel.List(dir)
}

func (a *app) kernelAddCommand() *cobra.Command {
	var displayName string
	c := &cobra.Command{
		Use:   "add [NAME]",
		Short: "Make an environment a kernel",
		Long: `Makes the environment NAME, or the active one, a kernel of Jupyter, and prints the
kernel's name. If it is one already, den writes its file anew.`,
		Example: "  den kernel add web\n  den kernel add web --display-name 'Web, Python 3.13'",
		Args:    atMostOne("environment"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.environmentOrActive(args)
			if err != nil {
				return a.suggest(err)
			}
			return a.addKernel(cmd.Context(), e, displayName)
		},
	}
	c.Flags().StringVar(&displayName, "display-name", "", "the `text` that Jupyter shows (default NAME)")
	return c
}

func (a *app) addKernel(ctx context.Context, e env.Environment, displayName string) error {
	if err := a.check(e); err != nil {
		return err
	}
	dir, err := a.kernelDir()
	if err != nil {
		return err
	}
	if err := a.checkKernelProgram(ctx, e); err != nil {
		return err
	}
	k, err := kernel.Add(dir, e, displayName)
	if err != nil {
		return explainVariables(e, err)
	}
	a.printf("%s\n", k.Name)
	a.donef("the kernel of %q is %s", e.Name, paths.Short(k.Path))
	return nil
}

// checkKernelProgram returns an error where the environment cannot run a kernel.
func (a *app) checkKernelProgram(ctx context.Context, e env.Environment) error {
	const code = "import sys; sys.path[:] = [d for d in sys.path if d]; import ipykernel"
	stop := a.spin("looking for ipykernel")
	defer stop()
	_, err := child.Run(ctx, activate.Environ(e, nil), e.Python(), "-c", code)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return hint.With(fmt.Errorf("%q has no ipykernel, which runs the notebooks", e.Name), "den run %s python -m pip install ipykernel", hint.Word(e.Name))
}

func (a *app) kernelListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the kernels that den has made",
		Long: `Lists the kernels that den has made, with the paths of their environments. "jupyter
kernelspec list" lists others too.`,
		Example: "  den kernel list\n  den kernel list --json | jq -r '.[] | select(.broken) | .kernel'",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			all, err := a.kernels()
			if err != nil {
				return err
			}
			described := []kernelDescription{}
			for _, k := range all {
				described = append(described, kernelDescription{k, broken(k)})
			}
			switch {
			case asJSON:
				return a.printJSON(described)
			case len(described) == 0 && a.isWatched():
				a.notef("den has made no kernel yet")
				a.hintf("to make one: den kernel add NAME")
			case !isTerminal(a.stdout):
				for _, k := range described {
					a.printf("%s\t%s\n", k.Name, k.Environment)
				}
			case len(described) > 0:
				a.printKernels(described)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// A kernelDescription is a kernel as "den kernel list --json" prints it.
type kernelDescription struct {
	kernel.Kernel
	Broken string `json:"broken,omitempty"`
}

// broken is why a kernel cannot run; "" if it can.
func broken(k kernel.Kernel) string {
	if disk.IsGone(k.Environment) {
		return "its environment is not there"
	}
	e := env.Environment{Name: filepath.Base(k.Environment), Path: k.Environment}
	if err := e.Check(); err != nil {
		return err.Error()
	}
	return ""
}

func (a *app) printKernels(all []kernelDescription) {
	t := a.newTable("kernel", "shown as", "environment", "")
	for _, k := range all {
		t.AddRow(printable(k.Name), printable(k.DisplayName), printable(paths.Short(k.Environment)), a.colored(red, printable(k.Broken)))
	}
	t.Print()
}

func (a *app) kernelRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "rm [KERNEL]",
		Aliases: []string{"remove"},
		Short:   "Take a kernel away",
		Long: `Takes away the kernel of an environment. Give the name of the environment, even if it
is gone, or the name of the kernel. Without a name, it is the active environment. The
environment stays.`,
		Example: "  den kernel rm web\n  den kernel rm den-web",
		Args:    atMostOne("kernel"),
		RunE: func(_ *cobra.Command, args []string) error {
			its, err := a.kernelsNamed(args)
			if err != nil {
				return err
			}
			for _, k := range its {
				if err := k.Remove(); err != nil {
					return err
				}
				a.donef("removed the kernel %s", k.Name)
			}
			return nil
		},
	}
}

// kernelsNamed finds kernels by the name of an environment, or by their own.
func (a *app) kernelsNamed(args []string) (its []kernel.Kernel, err error) {
	all, err := a.kernels()
	if err != nil {
		return nil, err
	}
	name := ""
	if len(args) == 0 {
		e, err := a.environmentOrActive(nil)
		if err != nil {
			return nil, err
		}
		name, its = e.Name, kernel.Of(all, e.Path)
	} else {
		home, err := a.home()
		if err != nil {
			return nil, err
		}
		name, its = args[0], kernel.Of(all, home.Path(args[0]))
	}
	for _, k := range all {
		if len(its) == 0 && k.Name == name {
			its = append(its, k)
		}
	}
	if len(its) == 0 {
		return nil, hint.With(fmt.Errorf("there is no kernel of den's for %q", name), "to see the kernels: den kernel list")
	}
	return its, nil
}

// renewKernels has the kernels of an environment say what it is now. They are in other
// people's hands too, so that fails nothing.
func (a *app) renewKernels(e env.Environment, old string) {
	dir, err := a.kernelDir()
	if err == nil {
		err = kernel.Renew(dir, e, old)
	}
	if err != nil {
		a.warnf("den could not change the kernel of %q: %s", e.Name, err)
	}
}

// noteKernels says which kernels an environment leaves behind that was removed.
func (a *app) noteKernels(e env.Environment) {
	all, _ := a.kernels()
	for _, k := range kernel.Of(all, e.Path) {
		a.notef("Jupyter still has its kernel %s; to take it away: den kernel rm %s", k.Name, hint.Word(k.Name))
	}
}

// examineKernels reports the kernels that have lost their environment.
func (a *app) examineKernels(environments []env.Environment) (found []examine.Finding) {
	all, _ := a.kernels()
	report := examine.ReportTo(&found, "")
	for _, k := range all {
		if !disk.IsGone(k.Environment) {
			continue
		}
		if e, moved := k.MovedTo(environments); moved {
			report(examine.Problem, "kernel", "den kernel add "+hint.Word(e.Name), "Jupyter's kernel %s leads to %s, which is %s now", k.Name, k.Environment, e.Path)
			continue
		}
		report(examine.Problem, "kernel", "den kernel rm "+hint.Word(k.Name), "Jupyter's kernel %s leads to %s, which is not there", k.Name, k.Environment)
	}
	return found
}

// kernelNames predicts what kernel rm takes.
func (a *app) kernelNames(completions.Place) completions.Offer {
	offer := completions.Offer{What: "kernel"}
	all, _ := a.kernels()
	for _, k := range all {
		offer.Candidates = append(offer.Candidates, completions.Candidate{Text: k.Name, Describe: func() string { return paths.Short(k.Environment) }})
	}
	return offer
}
