package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/serve"
	"den/completions"
	"den/env"
)

func (a *app) serveCommand() *cobra.Command {
	return a.grouping(&cobra.Command{
		Use:        "serve COMMAND",
		SuggestFor: []string{"server", "deploy", "nginx", "uwsgi", "gunicorn"},
		Short:      "Serve an environment's application behind nginx",
		Long: `Serves a WSGI or ASGI application with the Python and the packages of its
environment. The server is uWSGI, gunicorn, granian or waitress, behind nginx.

"init" writes the configuration of the server, of nginx and of systemd into the
directory "serve" of the environment. You can read and edit these files. "check" has
each program read its part, and names the command that mends a fault.`,
		Example: `  den serve init web app:application --domain example.org
  den serve check web
  den serve start web
  den serve reload web         after a change of the application
  den serve install web        by systemd, with the machine`,
	}, nil, a.serveInitCommand(), a.serveCheckCommand(), a.serveRunCommand(), a.serveStartCommand(), a.serveStopCommand(), a.serveReloadCommand(), a.serveStatusCommand(), a.serveListCommand(), a.serveLogsCommand(), a.serveInstallCommand(), a.serveUninstallCommand())
}

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

// site is the site of the environment called name.
func (a *app) site(name string) (serve.Site, error) {
	e, err := a.environment(name)
	if err != nil {
		return serve.Site{}, a.suggest(err)
	}
	if err := a.check(e); err != nil {
		return serve.Site{}, err
	}
	site, err := serve.Load(e)
	if err != nil {
		return site, explainSite(e, err)
	}
	return site, nil
}

// sites are those of all environments that are served.
func (a *app) sites() ([]serve.Site, error) {
	home, err := a.home()
	if err != nil {
		return nil, err
	}
	all, err := home.List()
	if err != nil {
		return nil, err
	}
	var sites []serve.Site
	for _, e := range all {
		if site, err := serve.Load(e); err == nil {
			sites = append(sites, site)
		}
	}
	return sites, nil
}

// servedNames predicts an environment that is served.
func (a *app) servedNames(place completions.Place) completions.Offer {
	offer := a.environmentNames(place)
	offer.Candidates = slices.DeleteFunc(offer.Candidates, func(c completions.Candidate) bool {
		e, err := a.environment(c.Text)
		if err == nil {
			_, err = serve.Load(e)
		}
		return errors.Is(err, serve.ErrNone)
	})
	return offer
}

// explainSite gives an error about a site its next step.
func explainSite(e env.Environment, err error) error {
	if errors.Is(err, serve.ErrNone) {
		return hint.With(fmt.Errorf("%q: %w", e.Name, err), "den serve init %s MODULE:CALLABLE", hint.Word(e.Name))
	}
	if moved, ok := errors.AsType[*serve.MovedError](err); ok {
		return hint.With(fmt.Errorf("%q: %w", e.Name, moved), "write them anew: den serve init %s", hint.Word(e.Name))
	}
	return err
}

// explainDirectory gives the error of a start its next step where the directory of the
// application is gone.
func explainDirectory(site serve.Site, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return hint.With(err, "name another one: den serve init %s --directory DIRECTORY", hint.Word(site.Name))
	}
	return err
}
