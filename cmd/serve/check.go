package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"den/cmd/examine"
	"den/cmd/hint"
	"den/env/disk"
	"den/env/python/child"
)

// reloadPatience is how long nginx may go on with what it had before a reload.
const reloadPatience = 10 * time.Second

// A Check looks at a site, and reports what keeps it from being served.
type Check struct {
	Site   Site
	Others []Site        // the sites of the other environments
	Limit  time.Duration // for the import of the application, and for a request

	// Environ are the variables with which the application runs.
	Environ []string
	// Status is that of the answer to a request through nginx; 0 where there was none.
	Status int
}

// All makes every check.
func (c *Check) All(ctx context.Context) []examine.Finding {
	found := []examine.Finding{}
	report := examine.ReportTo(&found, c.Site.Name)
	c.files(report)
	c.app(ctx, report)
	c.server(report)
	c.socket(report)
	c.claims(report)
	c.port(ctx, report)
	tested := c.nginx(ctx, report)
	c.unit(ctx, report)
	if tested && !slices.ContainsFunc(found, func(f examine.Finding) bool { return f.Level == examine.Problem }) {
		c.request(ctx, report)
	}
	return found
}

// Before makes the checks that decide whether workers are replaced.
func (c *Check) Before(ctx context.Context) []examine.Finding {
	found := []examine.Finding{}
	report := examine.ReportTo(&found, c.Site.Name)
	c.app(ctx, report)
	c.server(report)
	return found
}

// Request makes one request to the server that has just been started.
func (c *Check) Request(ctx context.Context) []examine.Finding {
	found := []examine.Finding{}
	if _, err := nginxProgram(); err == nil && exists(c.Site.NginxFile()) {
		c.request(ctx, examine.ReportTo(&found, c.Site.Name))
	}
	return found
}

// Installed makes a request to the server, and then one to the nginx that others reach,
// which has to have the same answer. For a moment after a reload, nginx still answers as
// it did before.
func (c *Check) Installed(ctx context.Context) []examine.Finding {
	found := c.Request(ctx)
	if len(found) > 0 || c.Status == 0 {
		return found
	}
	ctx, cancel := context.WithTimeout(ctx, reloadPatience)
	defer cancel()
	right := 0 // the old workers of nginx may have the same answer once
	for wait := time.Second; ; time.Sleep(20 * time.Millisecond) {
		status, err := c.ask(ctx, wait)
		var complaint string
		switch {
		case err == nil && status == c.Status:
			if right++; right == 5 {
				return found
			}
			continue
		case err != nil:
			right, wait, complaint = 0, 2*wait, "does not answer: "+err.Error()
		default:
			right, complaint = 0, fmt.Sprintf("answers with %d where the application answers with %d", status, c.Status)
		}
		if ctx.Err() != nil {
			examine.ReportTo(&found, c.Site.Name)(examine.Problem, "request", c.word("check"), "nginx at %s %s", c.Site.address(), complaint)
			return found
		}
	}
}

// ask makes a request to the nginx that others reach. An old worker of nginx's could wait
// for long, as it speaks to the server in the way of the one before.
func (c *Check) ask(ctx context.Context, limit time.Duration) (status int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("nothing in %s", limit))
	defer cancel()
	status, err = get(ctx, "tcp", c.Site.address(), c.Site.host())
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return status, err
}

// word is the command of den's for the site.
func (c *Check) word(command string) string {
	return fmt.Sprintf("den serve %s %s", command, hint.Word(c.Site.Name))
}

// Pip is the pip of an environment, as a person calls it.
func Pip(name string) string { return "den run " + hint.Word(name) + " pip" }

func (c *Check) files(report examine.Reporter) {
	changes, err := c.Site.Plan()
	if err != nil {
		report(examine.Problem, "files", c.word("init"), "%s", err)
		return
	}
	for _, change := range changes {
		if change.Change == Made {
			report(examine.Problem, "files", c.word("init"), "%s is not there", change.Path)
		}
	}
	if err := c.Site.CheckSocket(); err != nil {
		report(examine.Problem, "socket", c.word("init")+" --run /tmp/"+c.Site.Unit(), "%s", err)
	}
}

func (c *Check) app(ctx context.Context, report examine.Reporter) {
	name := hint.Word(c.Site.Name)
	if info, err := os.Stat(c.Site.Directory); err != nil || !info.IsDir() {
		report(examine.Problem, "app", c.word("init")+" --directory DIRECTORY", "its directory, %s, is not there", c.Site.Directory)
		return
	}
	with, err := c.Site.Probe(ctx, c.Environ, c.Limit)
	if wrong, ok := errors.AsType[*AppError](err); ok {
		module, _, _ := strings.Cut(c.Site.App, ":")
		mend := fmt.Sprintf("cd %s && den run %s python -c %s", hint.Path(c.Site.Directory), name, hint.Word("import "+module))
		report(examine.Problem, "app", mend, "%s", wrong)
		return
	}
	if barred, ok := errors.AsType[*BarredError](err); ok {
		report(examine.Problem, "user", barred.Mend, "%s", barred)
		return
	}
	switch {
	case err != nil:
		report(examine.Problem, "app", "den doctor "+name, "%s", err)
	case with != c.Site.Interface:
		report(examine.Problem, "app", c.word("init")+" --interface "+with, "%s is an %s application, and is served as %s", c.Site.App, strings.ToUpper(with), strings.ToUpper(c.Site.Interface))
	}
}

func (c *Check) server(report examine.Reporter) {
	err := c.Site.server().missing(c.Site.Environment, Pip(c.Site.Name))
	if missing, ok := errors.AsType[*ServerError](err); ok {
		mend := missing.Mend
		if c.Site.Server == "uwsgi" {
			mend += " && " + c.word("init")
		}
		report(examine.Problem, "server", mend, "%s", missing)
	} else if err != nil {
		report(examine.Problem, "server", "den doctor "+hint.Word(c.Site.Name), "%s", err)
	}
	if c.Site.User == "root" {
		report(examine.Note, "user", c.word("init")+" --user www-data", "the application would run as root")
	}
}

func (c *Check) socket(report examine.Reporter) {
	for _, other := range c.Others {
		if other.Run == c.Site.Run {
			report(examine.Problem, "socket", c.word("init")+" --run DIRECTORY", "the environment %q has its socket in %s too", other.Name, c.Site.Run)
		}
	}
	if info, err := os.Stat(c.Site.Run); err == nil && !info.IsDir() {
		report(examine.Problem, "socket", "rm "+hint.Path(c.Site.Run), "%s is not a directory", c.Site.Run)
	} else if errors.Is(err, os.ErrNotExist) && !c.Site.IsSystem() {
		if err := c.Site.makeRun(); err != nil {
			report(examine.Problem, "socket", c.word("init")+" --run DIRECTORY", "its directory cannot be made: %s", err)
		}
	}
	name := NginxUser()
	a, err := accountOf(name)
	if err != nil {
		return // nginx is not there, which is said elsewhere
	}
	if os.Geteuid() != 0 && !exists(nginxConfig) {
		return
	}
	if b := barrierTo(c.Site.Socket(), a, connecting); b != nil {
		mend := b.mend
		if b.isByGroup {
			mend += " && sudo nginx -s reload"
		}
		report(examine.Problem, "socket", mend, "nginx's user, %s: it would answer 502", b.reason)
	}
}

// claims looks for other sites with the same domain.
func (c *Check) claims(report examine.Reporter) {
	for _, other := range c.Others {
		for _, domain := range other.Domains {
			if listenPort(other.Listen) == listenPort(c.Site.Listen) && slices.Contains(c.Site.Domains, domain) {
				report(examine.Problem, "domain", c.word("init")+" --domain DOMAIN", "the environment %q has the domain %s too", other.Name, domain)
			}
		}
	}
	for _, path := range otherSites(c.Site) {
		text, err := disk.ReadSmall(path)
		if err != nil {
			continue
		}
		for _, domain := range claims(c.Site, string(text)) {
			report(examine.Problem, "domain", "sudo rm "+hint.Path(path)+" && sudo nginx -s reload", "%s serves %s too", path, domain)
		}
	}
}

// port reports a program other than nginx that listens where nginx is to listen.
func (c *Check) port(ctx context.Context, report examine.Reporter) {
	address := c.Site.address()
	listener, err := net.Listen("tcp", address)
	if err == nil {
		listener.Close()
		return
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		return // a port that only root may take
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	_, header, err := head(ctx, "tcp", address, c.Site.host())
	if err != nil || !strings.HasPrefix(header.Get("Server"), "nginx") {
		port := listenPort(c.Site.Listen)
		report(examine.Problem, "port", fmt.Sprintf("sudo ss -ltnp 'sport = :%s'", port), "another program than nginx listens on port %s", port)
	}
}

// address is where nginx listens, as seen from this machine.
func (s Site) address() string {
	if strings.Contains(s.Listen, ":") {
		return s.Listen
	}
	return "127.0.0.1:" + s.Listen
}

// nginx has nginx read the site, and reports whether that went well.
func (c *Check) nginx(ctx context.Context, report examine.Reporter) bool {
	t, err := newTrial(c.Site)
	if errors.Is(err, errNoNginx) {
		report(examine.Problem, "nginx", "sudo apt-get install nginx", "nginx is not installed")
		return false
	}
	if err == nil {
		defer t.remove()
		err = t.test(ctx)
	}
	if err != nil {
		report(examine.Problem, "nginx", c.mendNginx(err), "%s", err)
		return false
	}
	return true
}

// mendNginx is what a person does about a complaint of nginx: they look at the line of
// another file, if it names one, or else at what they have changed.
func (c *Check) mendNginx(complaint error) string {
	place := regexp.MustCompile(` in (/.+):([0-9]+)$`).FindStringSubmatch(complaint.Error())
	if place != nil && place[1] != c.Site.NginxFile() {
		return fmt.Sprintf("sed -n %sp %s", place[2], hint.Path(place[1]))
	}
	return fmt.Sprintf("%s; to take den's again: rm %s && %s", c.word("init")+" --dry-run", hint.Path(c.Site.NginxFile()), c.word("init"))
}

// unit has systemd read the unit.
func (c *Check) unit(ctx context.Context, report examine.Reporter) {
	program, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	args, environ := []string{"verify", "--man=no", "--recursive-errors=no"}, os.Environ()
	if !c.Site.IsSystem() {
		args, environ = append(args, "--user"), append(environ, "XDG_RUNTIME_DIR="+os.TempDir())
	}
	output, err := child.RunAs(ctx, nil, "", environ, program, append(args, c.Site.UnitFile())...)
	lines := child.LastLines(output, 100)
	about := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !strings.Contains(line, c.Site.Unit()) })
	switch {
	case len(about) > 0:
		report(examine.Problem, "systemd", c.word("init")+" --dry-run", "%s", about[0])
	case err != nil:
		report(examine.Problem, "systemd", c.word("init")+" --dry-run", "systemd-analyze verify: %s", strings.Join(append(lines, err.Error())[:1], ""))
	}
}

// request makes one request through a nginx of den's own to the server.
func (c *Check) request(ctx context.Context, report examine.Reporter) {
	if !c.Site.Accepts() {
		report(examine.Note, "request", c.startWord(ctx), "the server does not run, so there was no request")
		return
	}
	if c.Site.IsForeign() {
		c.foreignRequest(ctx, report)
		return
	}
	t, err := newTrial(c.Site)
	if err != nil {
		report(examine.Problem, "request", c.mendNginx(err), "%s", err)
		return
	}
	defer t.remove()
	status, complaint, err := t.request(ctx, c.Limit)
	c.Status = status
	switch {
	case err != nil:
		report(examine.Problem, "request", c.word("logs"), "a request through nginx has no answer: %s", err)
	case status >= 500 && complaint != "":
		report(examine.Problem, "request", c.word("logs"), "a request through nginx is answered with %d: %s", status, complaint)
	case status >= 500:
		report(examine.Problem, "request", c.word("logs"), "the application answers a request with %d", status)
	}
}

// startWord is the command of den's that starts the server: a service of the system's is
// installed first.
func (c *Check) startWord(ctx context.Context) string {
	if d := FindSystemd(ctx, c.Site); d != nil && c.Site.IsSystem() && !d.Knows(ctx) {
		return c.word("install")
	}
	return c.word("start")
}

// foreignRequest makes the request to the system's nginx, as only that reaches the socket.
func (c *Check) foreignRequest(ctx context.Context, report examine.Reporter) {
	status, err := c.ask(ctx, c.Limit)
	switch {
	case err != nil:
		report(examine.Problem, "request", c.word("install"), "nginx does not answer at %s: %s", c.Site.address(), err)
	case status >= 500:
		report(examine.Problem, "request", c.word("logs"), "a request through nginx is answered with %d", status)
	default:
		c.Status = status
	}
}

// Accepts reports whether a server listens on the socket. A socket that only others come to
// is nginx's to try.
func (s Site) Accepts() bool {
	if s.IsForeign() {
		_, runs := s.Running()
		return runs
	}
	connection, err := net.Dial("unix", s.Socket())
	if err != nil {
		return false
	}
	return connection.Close() == nil
}
