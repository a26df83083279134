package cmd

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/serve"
	"den/env/disk"
)

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
		Short: "Show if the server runs",
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
	if len(states) == 0 && a.isWatched() {
		a.notef("no environment is served yet")
		a.hintf("to serve one: den serve init NAME MODULE:CALLABLE")
		return nil
	}
	rows := [][]string{{"name", "state", "server", "app", "url", "since"}}
	for _, s := range states {
		rows = append(rows, []string{printable(s.Name), s.State, s.Server, s.App, s.URL, s.Since})
	}
	a.printRows(rows)
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
		if err := checkPositive("lines", lines); err != nil {
			return err
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
