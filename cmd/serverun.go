package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/serve"
	"den/env"
)

func (a *app) serveRunCommand() *cobra.Command {
	return a.siteCommand(&cobra.Command{
		Use:   "run NAME",
		Short: "Run the server in the foreground",
		Long: `Becomes the server of the environment NAME, with the variables of the environment. No
process of den remains: signals and the exit status are the server's own. Use it for
development, in containers, and with other supervisors.`,
		Example: "  den serve run web",
	}, a.runSite)
}

// runSite becomes the server.
func (a *app) runSite(_ context.Context, site serve.Site) error {
	launch, err := site.Launch(activate.Environ(site.Environment, a.warnVariable(site.Environment)))
	if err != nil {
		return explainSite(site.Environment, err)
	}
	if err := launch.Become(); err != nil {
		return explainDirectory(site, err)
	}
	if err := a.evaluate(); err != nil { // nobody will be there to do it later
		return err
	}
	return hint.With(become(launch.Command, launch.Environ), "den serve check %s", hint.Word(site.Name))
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
		Short: "Replace the workers of the server",
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
	var obstacle error
	switch {
	case !site.Reloads():
		obstacle = fmt.Errorf("%s cannot replace its workers", site.Server)
	case site.HasOtherPython():
		obstacle = fmt.Errorf("%s was started with another Python than %q has now", site.Server, site.Name)
	}
	if obstacle != nil {
		return hint.With(obstacle, restartHint, name, name)
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

// restartHint is the next step where a server cannot replace its workers.
const restartHint = "restart it, though it refuses requests meanwhile: den serve stop %s; den serve start %s"

// noteServer tells, once the environment is another, that a server that runs in it has
// still what was there before, and what ends that.
func (a *app) noteServer(e env.Environment) {
	site, err := serve.Load(e)
	if err != nil {
		return // it is not served
	}
	if _, runs := site.Running(); !runs {
		return
	}
	name := hint.Word(e.Name)
	a.notef("the server of %q still runs what was there before", e.Name)
	if !site.Reloads() || site.HasOtherPython() {
		a.hintf(restartHint, name, name)
		return
	}
	a.hintf("den serve reload %s", name)
}

// quoteOutput shows what a program has printed.
func (a *app) quoteOutput(lines []string) {
	for _, line := range lines {
		fmt.Fprintf(a.stderr, "    %s\n", printable(line))
	}
}

// explainServer gives the error of a server its last words, and its next step.
func (a *app) explainServer(site serve.Site, err error) error {
	if ended, ok := errors.AsType[*serve.EndedError](err); ok {
		a.quoteOutput(ended.Output)
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
