package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/serve"
	"den/env/disk"
)

func (a *app) serveInstallCommand() *cobra.Command {
	var yes bool
	var nginxDir string
	c := a.siteCommand(&cobra.Command{
		Use:   "install NAME",
		Short: "Install the site in systemd and nginx",
		Long: `Shows the steps after which systemd starts the site of the environment NAME with the
machine, and nginx answers for it. With --yes, den does them, by sudo unless you are
root, and then makes a request. nginx and the system's systemd get copies of your
files: after you have changed a file, type this again. If nginx refuses the site, den
takes it away again, and nginx runs as before.`,
		Example: "  den serve install web          show the steps\n  den serve install web --yes    do them",
	}, func(ctx context.Context, site serve.Site) error {
		dir, err := filepath.Abs(nginxDir)
		if err != nil {
			return err
		}
		systemd := serve.FindSystemd(ctx, site)
		steps, err := site.Steps(ctx, systemd, dir)
		if err != nil {
			return hint.With(err, "install it first: %s", "sudo apt-get install nginx")
		}
		a.showSteps(steps)
		if systemd == nil {
			a.noteNoSystemd(site)
		}
		if !yes {
			a.hintf("to do this: den serve install %s --yes", hint.Word(site.Name))
			return nil
		}
		if err := a.installSite(ctx, site, steps, site.InstalledSite(dir)); err != nil {
			return err
		}
		return a.confirmInstalled(ctx, site, systemd)
	})
	c.Flags().BoolVar(&yes, "yes", false, "do the steps")
	c.Flags().StringVar(&nginxDir, "nginx", "/etc/nginx", "the `directory` of nginx's configuration")
	return c
}

// installSite does the steps. When one fails, nginx gets back what it had.
func (a *app) installSite(ctx context.Context, site serve.Site, steps []serve.Step, installed []string) error {
	before, readErr := disk.ReadSmall(installed[0])
	err := a.doSteps(ctx, steps)
	if err == nil {
		return nil
	}
	err = errors.Join(err, a.takeBack(ctx, installed, before, readErr == nil))
	return hint.With(err, "to find out why: den serve check %s", hint.Word(site.Name))
}

// takeBack puts the site that nginx had in the place of the new one, which is a file, and
// maybe a link to it.
func (a *app) takeBack(ctx context.Context, installed []string, before []byte, was bool) error {
	back := serve.Step{Command: append([]string{"rm", "-f"}, installed...), IsRoot: true}
	if was {
		back.Command = []string{"install", "-m", "644", "/dev/stdin", installed[0]}
	}
	return a.doStep(ctx, back, bytes.NewReader(before))
}

// noteNoSystemd says what a person does themselves where no systemd runs.
func (a *app) noteNoSystemd(site serve.Site) {
	name := hint.Word(site.Name)
	if site.Outdated() {
		a.notef("the server still runs with its old files: \"den serve stop %s; den serve start %s\" gives it the new ones", name, name)
	} else if _, runs := site.Running(); !runs {
		a.notef("systemd does not run here: \"den serve start %s\" starts the server", name)
	}
}

// confirmInstalled waits for the server that systemd has started, and makes a request to
// it by the way that all others come.
func (a *app) confirmInstalled(ctx context.Context, site serve.Site, systemd *serve.Systemd) error {
	check, err := a.checkOf(site)
	if err != nil {
		return err
	}
	stop := a.spin("waiting for an answer")
	defer stop()
	if systemd != nil {
		if err = systemd.Await(ctx); err != nil {
			stop()
			return a.explainServer(site, err)
		}
	}
	found := check.Installed(ctx)
	stop()
	return a.reportAnswer(check, found)
}

func (a *app) serveUninstallCommand() *cobra.Command {
	var yes bool
	var nginxDir string
	c := &cobra.Command{
		Use:   "uninstall NAME",
		Short: "Take the site out of systemd and nginx",
		Long: `Shows the steps after which nginx and systemd have nothing of the site of the
environment NAME any more. With --yes, den does them, by sudo unless you are root. The
environment keeps its files: "den serve install" installs the site again.`,
		Example: "  den serve uninstall web          show the steps\n  den serve uninstall web --yes    do them",
		Args:    exactlyOne("environment"),
		RunE: func(cmd *cobra.Command, args []string) error {
			site, err := a.installedSite(args[0])
			if err != nil {
				return err
			}
			dir, err := filepath.Abs(nginxDir)
			if err != nil {
				return err
			}
			return a.uninstallSite(cmd.Context(), site, dir, yes)
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do the steps")
	c.Flags().StringVar(&nginxDir, "nginx", "/etc/nginx", "the `directory` of nginx's configuration")
	return c
}

// installedSite is the site of the environment called name, with the name under which it
// was installed.
func (a *app) installedSite(name string) (serve.Site, error) {
	e, err := a.environment(name)
	if err != nil {
		return serve.Site{}, a.suggest(err)
	}
	site, err := serve.Load(e)
	if moved, ok := errors.AsType[*serve.MovedError](err); ok {
		site.Environment.Name = moved.Name
		return site, nil
	}
	if err != nil {
		return site, explainSite(e, err)
	}
	return site, nil
}

func (a *app) uninstallSite(ctx context.Context, site serve.Site, nginxDir string, yes bool) error {
	steps, err := site.Removal(ctx, serve.FindSystemd(ctx, site), nginxDir)
	if err != nil {
		return hint.With(err, "install it first: %s", "sudo apt-get install nginx")
	}
	if len(steps) == 0 {
		a.notef("neither nginx nor systemd has %q", site.Name)
		return nil
	}
	a.showSteps(steps)
	if !yes {
		a.hintf("to do this: den serve uninstall %s --yes", hint.Word(site.Name))
		return nil
	}
	return a.doSteps(ctx, steps)
}

func (a *app) showSteps(steps []serve.Step) {
	for _, step := range steps {
		if step.Why != "" {
			a.printf("# %s\n", step.Why)
		}
		a.printf("%s\n", printable(asRoot(step).Line()))
	}
}

// doSteps does the steps of an installation, up to one that fails.
func (a *app) doSteps(ctx context.Context, steps []serve.Step) error {
	for _, step := range steps {
		if err := a.doStep(ctx, step, a.stdin); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) doStep(ctx context.Context, step serve.Step, stdin io.Reader) error {
	step = asRoot(step)
	c := exec.CommandContext(ctx, step.Command[0], step.Command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = stdin, a.stderr, a.stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", step.Line(), err)
	}
	return nil
}

// asRoot is the step as it is done here.
func asRoot(step serve.Step) serve.Step {
	if step.IsRoot && os.Geteuid() != 0 {
		step.Command = append([]string{"sudo"}, step.Command...)
	}
	return step
}
