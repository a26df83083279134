package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/cmd/push"
	"den/cmd/quantity"
	"den/env"
	"den/env/disk"
	"den/env/pack"
	"den/env/tree"
)

// pushOptions are what a person asks for when they push an environment.
type pushOptions struct {
	name       string
	hosts      []string
	as, to     string
	jobs       int
	check      []string
	noCheck    bool
	compile    bool
	rollback   bool
	reload     bool
	installDen bool
	asJSON     bool
	version    string // den's
	outsideFlag
}

func (a *app) pushCommand() *cobra.Command {
	var p pushOptions
	c := &cobra.Command{
		Use:        "push NAME HOST...",
		SuggestFor: []string{"send", "upload"},
		Short:      "Send an environment to other machines",
		Long: `Sends the environment NAME to each HOST with your own ssh, its configuration and its
agent. The other machine needs a shell and a Python that fits, as for "den unpack". It
needs no den. den sends only the files that the machine does not have yet.

den makes the environment aside there, with its new path, and checks it: its Python
starts, "pip check" finds nothing, and each --check MODULE can be imported. Then it
replaces the environment of that name at once. If anything fails on a host, the old
environment stays in place there, and the exit status is 1.

Each host keeps the last three versions that were replaced. --rollback brings the last
one back. Type it again for the one before that.

If the environment serves a site there (den serve), the site stays as it is. With
--reload, the den there replaces the site's workers at the end. If the application does
not import, den puts the earlier version back.`,
		Example: `  den push web www1 www2 --check web.wsgi
  den push web deploy@www1 --to /srv/envs --as web-next
  den push web www1 www2 --rollback`,
		Args: environmentAnd("the name of a host"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p.name, p.hosts, p.version = args[0], args[1:], denVersion(cmd)
			return a.push(cmd.Context(), p)
		},
	}
	f := c.Flags()
	f.StringVar(&p.as, "as", "", "the `name` that it has there (default NAME)")
	f.StringVar(&p.to, "to", "", "the `directory` of the environments there (default $WORKON_HOME there, or ~/.virtualenvs)")
	f.IntVarP(&p.jobs, "jobs", "j", 8, "this `number` of hosts side by side")
	f.StringArrayVar(&p.check, "check", nil, "import this `module` before it is put in place (may be repeated)")
	f.BoolVar(&p.noCheck, "no-check", false, "do not run \"pip check\"")
	f.BoolVar(&p.compile, "compile", false, "compile all modules there")
	f.BoolVar(&p.rollback, "rollback", false, "bring the earlier version back")
	f.BoolVar(&p.reload, "reload", false, "then reload its site there (den serve reload); if that fails, bring the earlier version back")
	f.BoolVar(&p.installDen, "install-den", false, "copy this den to ~/.local/bin there, if it runs there")
	f.BoolVar(&p.asJSON, "json", false, "print JSON")
	p.outsideFlag.add(c)
	c.MarkFlagsMutuallyExclusive("rollback", "check")
	c.MarkFlagsMutuallyExclusive("rollback", "compile")
	return c
}

func (p *pushOptions) complete() error {
	if p.as == "" {
		p.as = p.name
	}
	if err := env.CheckName(p.as); err != nil {
		return usageError{err}
	}
	if err := checkPositive("jobs", p.jobs); err != nil {
		return err
	}
	for _, host := range p.hosts {
		if strings.HasPrefix(host, "-") || host == "" {
			return usagef("%q is not the name of a host", host)
		}
	}
	return nil
}

// A pushed is what has come of a host.
type pushed struct {
	Host string `json:"host"`
	Path string `json:"path,omitempty"`
	Sent int64  `json:"sent"` // bytes of files that it did not have
	Kept int    `json:"kept"` // earlier versions
	// Unchanged says that the environment is there already.
	Unchanged bool   `json:"unchanged,omitempty"`
	Error     string `json:"error,omitempty"`
	err       error
}

// A pushJob sends an environment to several hosts.
type pushJob struct {
	*app
	options pushOptions
	ssh     []string
	packJob packJob
	needed  push.Needed
	sent    tree.Progress
	needs   pack.Manifest // what it needs of the other machine

	mutex     sync.Mutex
	collected map[string]*collected // by the path there
}

// A collected is the contents for hosts on which the environment has the same path.
type collected struct {
	sync.Once
	contents *pack.Contents
	overlay  *disk.WorkDir
	err      error
}

func (a *app) push(ctx context.Context, p pushOptions) error {
	if err := p.complete(); err != nil {
		return err
	}
	command, err := a.settings.text(keySSH)
	if err != nil {
		return err
	}
	ssh := strings.Fields(command)
	if len(ssh) == 0 {
		return hint.With(errors.New("the setting ssh is empty"), "set it to a command: export DEN_SSH=ssh")
	}
	run := &pushJob{app: a, options: p, ssh: ssh, needed: push.AnyPython, collected: make(map[string]*collected)}
	if !p.rollback {
		if err := run.prepare(ctx); err != nil {
			return err
		}
	}
	defer run.close()
	results := run.all(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return a.reportPushed(p, results)
}

// prepare finds out what is to be sent.
func (run *pushJob) prepare(ctx context.Context) error {
	e, err := run.environment(run.options.name)
	if err != nil {
		return run.suggest(err)
	}
	if run.packJob, err = run.packJobOf(ctx, e, run.options.version, run.options.policy()); err != nil {
		return fmt.Errorf("packing %q: %w", e.Name, err)
	}
	run.packJob.manifest.Name = run.options.as
	// An error that would come on each host comes here, once.
	contents, err := run.contentsAt(ctx, standIn(run.options.as))
	if err != nil {
		again := "den push " + hint.Word(e.Name) + " " + hint.Line(run.options.hosts)
		return explainOutside(fmt.Errorf("packing %q: %w", e.Name, err), again)
	}
	run.notePacked(e, contents)
	run.needs, run.needed = contents.Manifest, push.NeededFor(contents.Manifest)
	return nil
}

func (run *pushJob) close() {
	for _, c := range run.collected {
		if c.overlay != nil {
			c.overlay.Remove()
		}
	}
}

// contentsAt returns the contents that say that path.
func (run *pushJob) contentsAt(ctx context.Context, path string) (*pack.Contents, error) {
	run.mutex.Lock()
	c := run.collected[path]
	if c == nil {
		c = new(collected)
		run.collected[path] = c
	}
	run.mutex.Unlock()
	c.Do(func() {
		if c.overlay, c.err = disk.NewWorkDir(); c.err != nil {
			return
		}
		p := run.packJob
		p.manifest.Path = path
		c.contents, _, c.err = run.collect(ctx, p, c.overlay.Path)
	})
	return c.contents, c.err
}

// all does what is to be done on each host, several at a time.
func (run *pushJob) all(ctx context.Context) []pushed {
	stop := run.showProgress()
	defer stop()
	results := make([]pushed, len(run.options.hosts))
	turns := make(chan struct{}, run.options.jobs)
	var hosts sync.WaitGroup
	for i, host := range run.options.hosts {
		hosts.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			results[i] = run.one(ctx, host)
		})
	}
	hosts.Wait()
	return results
}

func (run *pushJob) showProgress() (stop func()) {
	if run.options.rollback {
		return run.spin("rolling back " + printable(run.options.name))
	}
	return run.showCopying("pushing "+printable(run.options.name), &run.sent)
}

// one does what is to be done on one host.
func (run *pushJob) one(ctx context.Context, host string) pushed {
	result := pushed{Host: host}
	if run.options.installDen {
		if result.err = push.InstallDen(ctx, run.ssh, host, programPath()); result.err != nil {
			return result.failed()
		}
	}
	o := run.options
	session, hello, err := push.Open(ctx, run.ssh, host, run.needed, push.Request{
		Name: o.as, Home: o.to, Rollback: o.rollback, Check: o.check, NoCheck: o.noCheck, Compile: o.compile,
	})
	if err != nil {
		result.err = err
		return result.failed()
	}
	defer session.Close()
	result.Path = hello.Path
	var answer push.Answer
	if o.rollback {
		answer, result.err = session.RollBack()
	} else {
		answer, result.err = run.send(ctx, session, hello, &result.Sent)
	}
	result.Kept, result.Unchanged = answer.Kept, answer.Unchanged
	if result.err == nil && o.reload {
		result.err = run.reload(ctx, host, result)
	}
	return result.failed()
}

// reload reloads the site of the environment on the host. If that fails, the version
// before takes its place again, which the old workers run.
func (run *pushJob) reload(ctx context.Context, host string, result pushed) error {
	err := push.Reload(ctx, run.ssh, host, result.Path)
	if err == nil || run.options.rollback || result.Unchanged {
		return err
	}
	failed := &push.ReloadError{Err: err}
	session, _, err := push.Open(ctx, run.ssh, host, run.needed, push.Request{Name: run.options.as, Home: run.options.to, Rollback: true})
	if err == nil {
		defer session.Close()
		_, err = session.RollBack()
	}
	failed.Back = err
	return failed
}

func (run *pushJob) send(ctx context.Context, session *push.Session, hello push.Answer, sent *int64) (answer push.Answer, err error) {
	if err := run.needs.RunsOn(hello.Platform); err != nil {
		return answer, err
	}
	contents, err := run.contentsAt(ctx, hello.Path)
	if err != nil {
		return answer, err
	}
	*sent, answer, err = session.Send(ctx, contents, &run.sent)
	return answer, err
}

// failed puts the error into words.
func (p pushed) failed() pushed {
	if p.err != nil {
		p.Error = p.err.Error()
	}
	return p
}

// reportPushed says what has come of each host.
func (a *app) reportPushed(p pushOptions, results []pushed) error {
	failed := slices.ContainsFunc(results, func(r pushed) bool { return r.err != nil })
	if p.asJSON {
		if err := a.printJSON(results); err != nil {
			return err
		}
	} else {
		a.printPushed(p, results)
		for _, r := range results {
			if r.err != nil {
				a.sayWith("error", explainPushing(r, p))
			}
		}
	}
	if failed {
		return exitStatus(statusFailed)
	}
	return nil
}

func (a *app) printPushed(p pushOptions, results []pushed) {
	rows := [][]string{{"host", "state", "sent", "path"}}
	for _, r := range results {
		state := "pushed"
		switch {
		case r.err != nil:
			state = "failed"
		case p.rollback:
			state = "rolled back"
		case r.Unchanged:
			state = "unchanged"
		}
		rows = append(rows, []string{printable(r.Host), state, quantity.Size(r.Sent), printable(r.Path)})
	}
	a.printRows(rows)
}

func explainPushing(r pushed, p pushOptions) error {
	err := fmt.Errorf("%s: %w", r.Host, r.err)
	reload, isReload := errors.AsType[*push.ReloadError](r.err)
	switch {
	case isReload && reload.Back == nil:
		return hint.With(err, "the earlier version is back in its place there, and its workers still run")
	case isReload:
		return hint.With(err, "the earlier version could not be put back there: %s", reload.Back)
	case as[*push.NoPythonError](r.err):
		return hint.With(err, "install that Python there")
	case as[*push.OtherMachineError](r.err):
		return hint.With(err, "install den there as on any machine of that kind, or leave out --install-den: push does without")
	case as[*push.RemoteError](r.err) && !p.rollback:
		return hint.With(err, "nothing has changed there")
	}
	return err
}
