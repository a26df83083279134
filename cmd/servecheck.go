package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/examine"
	"den/cmd/hint"
	"den/cmd/serve"
)

func (a *app) serveCheckCommand() *cobra.Command {
	var asJSON bool
	c := a.siteCommand(&cobra.Command{
		Use:   "check NAME",
		Short: "Find what keeps a site from being served",
		Long: `Checks the site of the environment NAME:

  the application can be imported in its environment, and is WSGI or ASGI as configured
  the server is installed, for the Python of the environment
  nginx's user can reach the socket
  no other site has the domain, and no other program has the port
  nginx and systemd accept the configuration

If the server runs, den also sends it one request, through an nginx that den starts
for the check alone.

Prints each finding with the command that mends it. A note is not a fault. The exit
status is 1 if there is a finding that is not a note.`,
		Example: "  den serve check web\n  den serve check web --json | jq -r '.[].mend'",
	}, func(ctx context.Context, site serve.Site) error {
		check, err := a.checkOf(site)
		if err != nil {
			return err
		}
		stop := a.spin("looking at the site")
		defer stop()
		found := check.All(ctx)
		stop()
		a.sayStatus(check)
		return a.printFindings(found, asJSON)
	})
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// importLimit is how long the import of an application, or an answer, may take.
const importLimit = 30 * time.Second

// checkOf is the check of a site among the others.
func (a *app) checkOf(site serve.Site) (*serve.Check, error) {
	sites, err := a.sites()
	if err != nil {
		return nil, err
	}
	check := &serve.Check{Site: site, Environ: activate.Environ(site.Environment, nil), Limit: importLimit}
	for _, other := range sites {
		if other.Path != site.Path {
			check.Others = append(check.Others, other)
		}
	}
	return check, nil
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
	a.sayStatus(check)
	return nil
}

// sayStatus tells what a request was answered with, if there was one.
func (a *app) sayStatus(check *serve.Check) {
	if check.Status != 0 {
		a.donef("%s is answered with %d", check.Site.URL(), check.Status)
	}
}
