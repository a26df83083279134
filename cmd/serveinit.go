package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/cmd/serve"
	"den/env"
	"den/env/disk"
)

// serveOptions are what a person asks for on the command line.
type serveOptions struct {
	serve.Options
	static []string
	dryRun bool
}

func (a *app) serveInitCommand() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "init NAME [APP]",
		Short: "Write the configuration of server, nginx and systemd",
		Long: `Writes what it takes to serve the application APP of the environment NAME into the
directory "serve" of the environment: the server's configuration, a site of nginx
and a unit of systemd. APP is MODULE:CALLABLE, as in app:application. den imports it
once, to see whether it speaks WSGI or ASGI.

Called again, init keeps the options that you do not name, shows what changes, and
replaces only the files that you have not changed. With --user, the site is a service
of the system's that runs as that user; for root, it is one in any case.`,
		Example: `  den serve init web app:application --domain example.org --static /static=static
  den serve init web --workers 4
  den serve init web --dry-run     show what would change`,
		Args: oneOrTwo("environment", "an environment and an application"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.environment(args[0])
			if err != nil {
				return a.suggest(err)
			}
			if err := a.check(e); err != nil {
				return err
			}
			if len(args) > 1 {
				o.App = args[1]
			}
			return a.initSite(cmd, e, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Server, "server", "", "the `server`: "+hint.Join(serve.Servers(), " or ")+" (default: the one that is installed)")
	f.StringArrayVar(&o.Domains, "domain", nil, "a `host` name of the site; may be repeated")
	f.StringArrayVar(&o.static, "static", nil, "an `address=directory` of files that nginx serves; may be repeated")
	f.StringVar(&o.Options.Listen, "listen", "80", "the `port` of nginx, or address:port")
	f.IntVar(&o.Workers, "workers", 2, "the `number` of processes")
	f.IntVar(&o.Threads, "threads", 4, "the `number` of threads of each process (WSGI)")
	f.StringVar(&o.Largest, "max-body", "10m", "the `size` of the largest request")
	f.StringVar(&o.User, "user", "", "serve it as this `account`, as a service of the system's")
	f.StringVar(&o.Directory, "directory", "", "the `directory` that the application is imported from (default: the project)")
	f.StringVar(&o.Run, "run", "", "the `directory` of the socket")
	f.StringVar(&o.Interface, "interface", "", "the `interface`, wsgi or asgi: den then does not import the application")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would change, and change nothing")
	return c
}

// initSite writes the files of a site. Two at once come one after the other.
func (a *app) initSite(cmd *cobra.Command, e env.Environment, o serveOptions) error {
	if !o.dryRun {
		unlock, err := disk.LockDir(e.Path)
		if err != nil {
			return err
		}
		defer unlock()
	}
	site, err := serve.Load(e)
	if moved, ok := errors.AsType[*serve.MovedError](err); ok {
		site.Settle(moved.Name, a.settings.stateHome())
	} else if err != nil && !errors.Is(err, serve.ErrNone) {
		return explainSite(e, err)
	}
	if err := a.mergeOptions(cmd, &site, o); err != nil {
		return err
	}
	if err := site.Options.Check(); err != nil {
		return explainSite(e, usageError{err})
	}
	if err := a.findInterface(cmd.Context(), &site, o.Interface); err != nil {
		return err
	}
	server, err := serve.Choose(e, site.Server, site.Interface, serve.Pip(e.Name))
	if missing, ok := errors.AsType[*serve.ServerError](err); ok {
		return hint.With(missing, "install one that does: %s", missing.Mend)
	}
	if err != nil {
		return hint.With(usageError{err}, "there are: %s", hint.Join(serve.Servers(), " and "))
	}
	site.Server = server.Name
	if err := site.CheckSocket(); err != nil {
		return hint.With(err, "give it a shorter one: --run /tmp/%s", site.Unit())
	}
	write := site.Write
	if o.dryRun {
		write = site.Plan
	}
	changes, err := write()
	if err != nil {
		return err
	}
	a.printChanges(e, changes)
	if !o.dryRun {
		a.donef("next: den serve check %s", hint.Word(e.Name))
	}
	return nil
}

// mergeOptions gives the site the options that the person has named, and for those that
// it has not yet, the defaults.
func (a *app) mergeOptions(cmd *cobra.Command, site *serve.Site, o serveOptions) error {
	isNew := site.App == ""
	named := func(flag string) bool { return isNew || cmd.Flags().Changed(flag) }
	if o.App != "" {
		site.App = o.App
	}
	if site.App == "" {
		return needsToo(cmd, "the application")
	}
	for flag, set := range map[string]func(){
		"server":   func() { site.Server = o.Server },
		"domain":   func() { site.Domains = lower(o.Domains) },
		"listen":   func() { site.Listen = o.Options.Listen },
		"workers":  func() { site.Workers = o.Workers },
		"threads":  func() { site.Threads = o.Threads },
		"max-body": func() { site.Largest = o.Largest },
		"user":     func() { site.User = o.User },
	} {
		if named(flag) {
			set()
		}
	}
	if named("static") {
		site.Static = nil
		for _, text := range o.static {
			static, err := serve.ParseStatic(text)
			if err != nil {
				return usageError{err}
			}
			site.Static = append(site.Static, static)
		}
	}
	return a.placeSite(cmd, site, o, named)
}

// placeSite decides the domain, the user, and the directories.
func (a *app) placeSite(cmd *cobra.Command, site *serve.Site, o serveOptions, named func(string) bool) (err error) {
	if len(site.Domains) == 0 {
		site.Domains = []string{serve.DefaultDomain(site.Name)}
	}
	if site.User == "" && os.Geteuid() == 0 {
		site.User = "root"
	}
	site.Group = ""
	if site.IsSystem() {
		site.Group = serve.NginxGroup()
	}
	if named("directory") {
		if site.Directory, err = a.siteDirectory(site.Environment, o.Directory); err != nil {
			return err
		}
	}
	switch {
	case cmd.Flags().Changed("run"):
		site.Run, err = filepath.Abs(o.Run)
	case site.Run == "" || cmd.Flags().Changed("user"):
		site.Run = serve.DefaultRun(site.Name, site.IsSystem(), a.settings.stateHome())
	}
	return err
}

// siteDirectory is the directory that is given, or else the environment's project, or
// else the working directory.
func (a *app) siteDirectory(e env.Environment, given string) (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	if project, err := e.Project(a.projectFile()); err == nil && project != "" {
		return project, nil
	}
	return os.Getwd()
}

func lower(texts []string) []string {
	lowered := make([]string, len(texts))
	for i, text := range texts {
		lowered[i] = strings.ToLower(text)
	}
	return lowered
}

// findInterface finds out what the application speaks, unless that is given.
func (a *app) findInterface(ctx context.Context, site *serve.Site, given string) error {
	switch given {
	case serve.WSGI, serve.ASGI:
		site.Interface = given
		return nil
	case "":
	default:
		return hint.With(usagef("there is no interface %q", given), "there are: %s", "wsgi and asgi")
	}
	if err := site.CheckApp(); err != nil {
		return usageError{err}
	}
	stop := a.spin("importing " + printable(site.App))
	defer stop()
	with, err := site.Probe(ctx, activate.Environ(site.Environment, nil), importLimit)
	stop()
	if wrong, ok := errors.AsType[*serve.AppError](err); ok {
		a.quoteOutput(wrong.Output)
		return hint.WithAll(wrong, fmt.Sprintf("it is imported in %s; from elsewhere: --directory DIRECTORY", hint.Path(site.Directory)), "to write the files all the same: --interface wsgi")
	}
	if missing, ok := errors.AsType[*serve.DirectoryError](err); ok {
		return hint.With(missing, "name another one: --directory DIRECTORY")
	}
	if barred, ok := errors.AsType[*serve.BarredError](err); ok {
		return hint.WithAll(barred, fmt.Sprintf("to let it: %s", barred.Mend), fmt.Sprintf("or make the environment where it may: den --workon-home /srv/envs mk %s", hint.Word(site.Name)))
	}
	site.Interface = with
	return err
}

// printChanges says what has become of each file, and shows the differences.
func (a *app) printChanges(e env.Environment, changes []serve.Change) {
	for _, c := range changes {
		switch c.Change {
		case serve.Made:
			a.printf("%s\n", printable(c.Path))
		case serve.Removed:
			a.printf("%s (removed)\n", printable(c.Path))
		case serve.Replaced, serve.Kept:
			for line := range strings.Lines(c.Diff()) {
				a.printf("%s\n", printable(strings.TrimSuffix(line, "\n")))
			}
		}
		if c.Change == serve.Kept {
			a.notef("you have changed %s, and den keeps it as it is", c.Path)
			a.hintf("to take den's: rm %s && den serve init %s", hint.Path(c.Path), hint.Word(e.Name))
		}
	}
}
