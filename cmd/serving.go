package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/examine"
	"den/cmd/hint"
	"den/cmd/serve"
	"den/env/disk"
)

// siteCommand is a command that acts on the site of one environment.
func (a *app) siteCommand(c *cobra.Command, act func(context.Context, serve.Site) error) *cobra.Command {
	c.Args = exactlyOne("environment")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		site, err := a.site(args[0])
		if err != nil {
			return err
		}
		return act(cmd.Context(), site)
	}
	return c
}

func (a *app) serveStartCommand() *cobra.Command {
	return a.siteCommand(&cobra.Command{
		Use:   "start NAME",
		Short: "Start the server in the background",
		Long: `Starts the server of the environment NAME, and waits until it answers. systemd starts
it if systemd runs here; else den does, as in a container. den first checks that the
application can be imported and that the server is installed.

Without root, your own systemd runs the site as a user unit. To have the system's
systemd run it, type this first: den serve install NAME.`,
		Example: "  den serve start web",
	}, a.startSite)
}

func (a *app) startSite(ctx context.Context, site serve.Site) error {
	if _, runs := site.Running(); runs {
		a.donef("%q runs already", site.Name)
		return nil
	}
	check, err := a.passes(ctx, site, "the server is not started")
	if err != nil {
		return err
	}
	stop := a.spin("starting " + site.Server)
	defer stop()
	if systemd := serve.FindSystemd(ctx, site); systemd != nil {
		if site.IsSystem() && !systemd.Knows(ctx) {
			return hint.With(fmt.Errorf("systemd does not know %s", site.Unit()), "den serve install %s", hint.Word(site.Name))
		}
		err = systemd.Start(ctx)
	} else {
		var launch serve.Launch
		if launch, err = site.Launch(activate.Environ(site.Environment, a.warnVariable(site.Environment))); err == nil {
			err = site.Start(ctx, launch)
		}
	}
	stop()
	if err != nil {
		return a.explainServer(site, err)
	}
	return a.confirmSite(ctx, check)
}

// passes makes the checks without which no server is started and no worker replaced.
func (a *app) passes(ctx context.Context, site serve.Site, otherwise string) (*serve.Check, error) {
	check, err := a.checkOf(site)
	if err != nil {
		return nil, err
	}
	stop := a.spin("importing " + printable(site.App))
	defer stop()
	found := check.Before(ctx)
	stop()
	var wrong []examine.Finding
	for _, f := range found {
		if f.Level == examine.Problem {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) == 0 {
		return check, nil
	}
	return nil, hint.With(fmt.Errorf("%s: %s", otherwise, wrong[0].Message), "mend it: %s", wrong[0].Mend)
}

// confirmSite makes one request through nginx, and tells what it is answered with. A
// server that has found only now that it cannot go on is an error.
func (a *app) confirmSite(ctx context.Context, check *serve.Check) error {
	site, from := check.Site, check.Site.LogSize()
	found := check.Request(ctx)
	if _, runs := site.Running(); !runs {
		return a.explainServer(site, site.Ended("began", from))
	}
	return a.reportAnswer(check, found)
}

// reportAnswer tells what a request was answered with, or warns of what was found.
func (a *app) reportAnswer(check *serve.Check, found []examine.Finding) error {
	for _, f := range found {
		if f.Level == examine.Problem {
			a.warnOf(hint.With(fmt.Errorf("the server runs, and %s", f.Message), "to find out why: den serve check %s", hint.Word(check.Site.Name)))
			return nil
		}
	}
	if check.Status != 0 {
		a.donef("%s is answered with %d", check.Site.URL(), check.Status)
	}
	return nil
}

// explainServer gives the error of a server its last words, and its next step.
func (a *app) explainServer(site serve.Site, err error) error {
	if ended, ok := errors.AsType[*serve.EndedError](err); ok {
		for _, line := range ended.Output {
			fmt.Fprintf(a.stderr, "    %s\n", printable(line))
		}
		return hint.With(err, "to see what the server has printed: den serve logs %s", hint.Word(site.Name))
	}
	if root, ok := errors.AsType[*serve.RootError](err); ok {
		return hint.With(err, "sudo %s", root.Command)
	}
	if errors.Is(err, serve.ErrNotRunning) {
		return hint.With(fmt.Errorf("%q: %w", site.Name, err), "den serve start %s", hint.Word(site.Name))
	}
	return explainDirectory(site, explainSite(site.Environment, err))
}

func (a *app) serveStopCommand() *cobra.Command {
	return a.siteCommand(&cobra.Command{
		Use:   "stop NAME",
		Short: "Stop the server",
		Long: `Stops the server of the environment NAME. The server first answers the requests that
it has, and den waits for that.`,
		Example: "  den serve stop web",
	}, func(ctx context.Context, site serve.Site) error {
		stop := a.spin("stopping " + site.Server)
		defer stop()
		if systemd := serve.FindSystemd(ctx, site); systemd != nil && systemd.Knows(ctx) {
			return a.explainServer(site, systemd.Stop(ctx))
		}
		err := site.Stop(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return a.explainServer(site, err)
	})
}

func (a *app) serveReloadCommand() *cobra.Command {
	return a.siteCommand(&cobra.Command{
		Use:   "reload NAME",
		Short: "Have new workers take the place of the old ones",
		Long: `Replaces the workers of the server, so that they run the application as it is now. No
request is lost: an old worker answers those that it has, and new requests wait for a
new worker. den first imports the application in a separate process. If that fails, the
old workers run on. The command returns when all workers are new.`,
		Example: "  den run web pip install -U shop && den serve reload web",
	}, a.reloadSite)
}

func (a *app) reloadSite(ctx context.Context, site serve.Site) error {
	name := hint.Word(site.Name)
	if _, runs := site.Running(); !runs {
		return a.explainServer(site, serve.ErrNotRunning)
	}
	if !site.Reloads() {
		return hint.With(fmt.Errorf("%s cannot replace its workers", site.Server), "restart it, though it refuses requests meanwhile: den serve stop %s; den serve start %s", name, name)
	}
	if site.HasOtherPython() {
		return hint.With(fmt.Errorf("%s was started with another Python than %q has now", site.Server, site.Name), "restart it, though it refuses requests meanwhile: den serve stop %s; den serve start %s", name, name)
	}
	check, err := a.passes(ctx, site, "the old workers go on")
	if err != nil {
		return err
	}
	stop := a.spin("reloading " + site.Server)
	defer stop()
	var ask func() error
	if systemd := serve.FindSystemd(ctx, site); systemd != nil && systemd.State(ctx) == "active" {
		ask = func() error { return systemd.Reload(ctx) }
	}
	err = site.Reload(ctx, ask)
	stop()
	if err != nil {
		return a.explainServer(site, err)
	}
	return a.confirmSite(ctx, check)
}

// A siteState is what status and list tell of a site.
type siteState struct {
	Name    string   `json:"name"`
	State   string   `json:"state"` // "running", "stopped", or what systemd says
	By      string   `json:"by"`    // who keeps it running: "systemd" or "den"
	Since   string   `json:"since,omitempty"`
	Process int      `json:"process,omitempty"`
	Server  string   `json:"server"`
	App     string   `json:"app"`
	Domains []string `json:"domains"`
	URL     string   `json:"url"`
	Socket  string   `json:"socket"`
}

func stateOf(ctx context.Context, site serve.Site) siteState {
	s := siteState{Name: site.Name, State: "stopped", By: "den", Server: site.Server, App: site.App, Domains: site.Domains, URL: site.URL(), Socket: site.Socket()}
	if p, runs := site.Running(); runs {
		s.State, s.Process, s.Since = "running", p.ID, p.Started.Format(time.RFC3339)
	}
	if systemd := serve.FindSystemd(ctx, site); systemd != nil && systemd.Knows(ctx) {
		s.By = "systemd"
		if state := systemd.State(ctx); s.Process == 0 && state != "" && state != "inactive" {
			s.State = state
		}
	}
	return s
}

func (a *app) serveStatusCommand() *cobra.Command {
	var asJSON bool
	c := a.siteCommand(&cobra.Command{
		Use:   "status NAME",
		Short: "Tell whether the server runs",
		Long: `Shows if the server of the environment NAME runs, since when, and where. The exit
status is 1 if it does not run.`,
		Example: "  den serve status web\n  den serve status web --json | jq .process",
	}, func(ctx context.Context, site serve.Site) error {
		s := stateOf(ctx, site)
		if asJSON {
			if err := a.printJSON(s); err != nil {
				return err
			}
		} else {
			a.printState(s)
		}
		if s.Process == 0 {
			return exitStatus(statusFailed)
		}
		return nil
	})
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printState(s siteState) {
	running := s.State
	if s.Process != 0 {
		running = fmt.Sprintf("%s since %s, process %d, by %s", s.State, s.Since, s.Process, s.By)
	}
	for _, row := range [][2]string{{"state", running}, {"server", s.Server}, {"app", s.App}, {"url", s.URL}, {"socket", s.Socket}} {
		a.printf("%-8s %s\n", row[0]+":", printable(row[1]))
	}
}

func (a *app) serveListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the sites",
		Long: `Lists the sites of all environments: which environment serves what, on which domain,
since when. Into a pipe or a file, prints a line each, separated by tabs.`,
		Example: "  den serve list\n  den serve list --json | jq -r '.[] | select(.state == \"running\") | .url'",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sites, err := a.sites()
			if err != nil {
				return err
			}
			states := make([]siteState, len(sites))
			for i, site := range sites {
				states[i] = stateOf(cmd.Context(), site)
			}
			return a.printStates(states, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printStates(states []siteState, asJSON bool) error {
	if asJSON {
		return a.printJSON(states)
	}
	if !isTerminal(a.stdout) {
		for _, s := range states {
			a.printf("%s\n", strings.Join([]string{printable(s.Name), s.State, s.Server, s.App, s.URL, s.Since}, "\t"))
		}
		return nil
	}
	if len(states) == 0 {
		a.notef("no environment is served yet")
		a.hintf("to serve one: den serve init NAME MODULE:CALLABLE")
		return nil
	}
	t := a.newTable("name", "state", "server", "app", "url", "since")
	for _, s := range states {
		t.AddRow(printable(s.Name), s.State, s.Server, s.App, s.URL, s.Since)
	}
	t.Print()
	return nil
}

func (a *app) serveLogsCommand() *cobra.Command {
	var lines int
	var follow bool
	c := a.siteCommand(&cobra.Command{
		Use:   "logs NAME",
		Short: "Show what the server has printed",
		Long: `Shows the last lines that the server of the environment NAME has printed. They come
from systemd's journal, or from the file to which the server prints. nginx logs the
requests.`,
		Example: "  den serve logs web\n  den serve logs web -f",
	}, func(ctx context.Context, site serve.Site) error {
		if lines < 1 {
			return usagef("%d lines cannot be shown", lines)
		}
		command := []string{"tail", "-n", strconv.Itoa(lines)}
		if systemd := serve.FindSystemd(ctx, site); systemd != nil && systemd.Knows(ctx) {
			command = systemd.Logs(lines, follow)
		} else if follow {
			command = append(command, "-F", site.LogFile())
		} else {
			command = append(command, site.LogFile())
		}
		if command[0] == "tail" && disk.IsGone(site.LogFile()) {
			return hint.With(fmt.Errorf("%q has printed nothing yet", site.Name), "den serve start %s", hint.Word(site.Name))
		}
		if err := a.evaluate(); err != nil {
			return err
		}
		return become(command, os.Environ())
	})
	c.Flags().IntVarP(&lines, "lines", "n", 20, "the `number` of lines")
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what comes")
	return c
}

func (a *app) serveInstallCommand() *cobra.Command {
	var yes bool
	var nginxDir string
	c := a.siteCommand(&cobra.Command{
		Use:   "install NAME",
		Short: "Install the site for good: systemd, nginx",
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

func (a *app) serveUninstallCommand() *cobra.Command {
	var yes bool
	var nginxDir string
	c := &cobra.Command{
		Use:   "uninstall NAME",
		Short: "Take the site away from systemd and nginx",
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
	for _, step := range steps {
		if err := a.doStep(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// doStep does one step of an installation.
func (a *app) doStep(ctx context.Context, step serve.Step) error {
	step = asRoot(step)
	c := exec.CommandContext(ctx, step.Command[0], step.Command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stderr, a.stderr
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

func (a *app) showSteps(steps []serve.Step) {
	for _, step := range steps {
		if step.Why != "" {
			a.printf("# %s\n", step.Why)
		}
		a.printf("%s\n", printable(asRoot(step).Line()))
	}
}

// installSite does the steps. When one fails, nginx gets back what it had.
func (a *app) installSite(ctx context.Context, site serve.Site, steps []serve.Step, installed []string) error {
	before, readErr := disk.ReadSmall(installed[0])
	for _, step := range steps {
		if err := a.doStep(ctx, step); err != nil {
			err = errors.Join(err, a.takeBack(ctx, installed, before, readErr == nil))
			return hint.With(err, "to find out why: den serve check %s", hint.Word(site.Name))
		}
	}
	return nil
}

// noteNoSystemd says what a person does themselves where no systemd runs.
func (a *app) noteNoSystemd(site serve.Site) {
	name := hint.Word(site.Name)
	if site.Outdated() {
		a.notef("the server runs with the files that it had when it started: \"den serve stop %s; den serve start %s\" gives it those of now", name, name)
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

// takeBack puts the site that nginx had in the place of the new one, which is a file, and
// maybe a link to it.
func (a *app) takeBack(ctx context.Context, installed []string, before []byte, was bool) error {
	back := serve.Step{Command: append([]string{"rm", "-f"}, installed...), IsRoot: true}
	if was {
		back.Command = []string{"install", "-m", "644", "/dev/stdin", installed[0]}
	}
	back = asRoot(back)
	c := exec.CommandContext(ctx, back.Command[0], back.Command[1:]...)
	c.Stdin, c.Stderr = strings.NewReader(string(before)), a.stderr
	return c.Run()
}
