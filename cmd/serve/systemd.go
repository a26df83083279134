package serve

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/env/python/child"
)

// Systemd is the systemd that a site's unit belongs to: the system's, or the person's
// own.
type Systemd struct {
	site    Site
	program string
}

// FindSystemd returns the systemd that runs here, or nil.
func FindSystemd(ctx context.Context, s Site) *Systemd {
	program, err := exec.LookPath("systemctl")
	if err != nil {
		return nil
	}
	d := &Systemd{s, program}
	output, _ := d.ask(ctx, "is-system-running")
	if state := strings.Join(child.LastLines(output, 1), ""); !slices.Contains([]string{"initializing", "starting", "running", "degraded", "maintenance"}, state) {
		return nil
	}
	return d
}

// args are the arguments of systemctl.
func (d *Systemd) args(words ...string) []string {
	if !d.site.IsSystem() {
		return append([]string{"--user"}, words...)
	}
	return words
}

func (d *Systemd) ask(ctx context.Context, words ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	return child.RunAs(ctx, nil, "", os.Environ(), d.program, d.args(words...)...)
}

// do has systemd do something, which may take as long as a server takes.
func (d *Systemd) do(ctx context.Context, words ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	output, err := child.RunAs(ctx, nil, "", os.Environ(), d.program, d.args(words...)...)
	if err != nil {
		return fmt.Errorf("systemctl %s: %s", strings.Join(words, " "), strings.Join(append(child.LastLines(output, 1), err.Error())[:1], ""))
	}
	return nil
}

// units are the site's: the service, and its socket.
func (d *Systemd) units() []string {
	if d.site.Activated() {
		return []string{d.site.Unit() + ".socket", d.site.Unit() + ".service"}
	}
	return []string{d.site.Unit() + ".service"}
}

// Knows reports whether the site's unit is installed.
func (d *Systemd) Knows(ctx context.Context) bool {
	_, err := d.ask(ctx, "cat", d.site.Unit()+".service")
	return err == nil
}

// Start starts the site's unit, and waits until the server listens. A person's own unit is
// linked to first.
func (d *Systemd) Start(ctx context.Context) error {
	if !d.site.IsSystem() && !d.Knows(ctx) {
		if err := d.do(ctx, "link", d.site.UnitFile()); err != nil {
			return err
		}
	}
	if !d.site.IsSystem() {
		if err := d.do(ctx, "daemon-reload"); err != nil {
			return err
		}
	}
	if err := d.do(ctx, append([]string{"start"}, d.units()...)...); err != nil {
		return err
	}
	// systemd does not know of each server when it listens.
	return d.site.awaitStart(ctx, func() error {
		if state := d.State(ctx); state == "failed" || state == "inactive" {
			return &EndedError{Doing: "started"}
		}
		return nil
	})
}

// Stop stops the site's unit.
func (d *Systemd) Stop(ctx context.Context) error {
	return d.do(ctx, append([]string{"stop"}, d.units()...)...)
}

// Reload has the unit replace its workers.
func (d *Systemd) Reload(ctx context.Context) error {
	return d.do(ctx, "reload", d.site.Unit()+".service")
}

// State is what systemd says of the unit, as in "active" or "failed"; "" where it says
// nothing.
func (d *Systemd) State(ctx context.Context) string {
	output, _ := d.ask(ctx, "is-active", d.site.Unit()+".service")
	return strings.Join(child.LastLines(output, 1), "")
}

// Logs is the command that shows the last lines of what the unit has printed.
func (d *Systemd) Logs(lines int, follow bool) []string {
	command := append([]string{"journalctl"}, d.args("-u", d.site.Unit()+".service", "-n", fmt.Sprint(lines))...)
	if follow {
		return append(command, "-f")
	}
	return append(command, "--no-pager")
}

// A Step is one command of an installation.
type Step struct {
	Why     string
	Command []string
	IsRoot  bool // only root may
}

// Line is the command as a person types it.
func (s Step) Line() string {
	words := make([]string, len(s.Command))
	for i, word := range s.Command {
		words[i] = hint.Path(word)
	}
	return strings.Join(words, " ")
}

// Steps are what it takes to install the site for good, below the directory of nginx's
// configuration. Where systemd is nil, none of them is for it.
//
// nginx and the system's systemd get copies: they act as root, and what root does must
// not be decided by a file that a person can write.
func (s Site) Steps(systemd *Systemd, nginxDir string) ([]Step, error) {
	nginx, err := nginxProgram()
	if err != nil {
		return nil, err
	}
	var steps []Step
	if systemd != nil {
		steps = systemd.steps()
	}
	available, enabled := filepath.Join(nginxDir, "conf.d"), ""
	if exists(filepath.Join(nginxDir, "sites-enabled")) {
		available, enabled = filepath.Join(nginxDir, "sites-available"), filepath.Join(nginxDir, "sites-enabled")
	}
	site := filepath.Join(available, s.Unit()+".conf")
	steps = append(steps, Step{"nginx gets the site", []string{"install", "-m", "644", s.NginxFile(), site}, true})
	if enabled != "" {
		steps = append(steps, Step{"", []string{"ln", "-sfn", site, filepath.Join(enabled, s.Unit()+".conf")}, true})
	}
	main := filepath.Join(nginxDir, "nginx.conf")
	return append(steps,
		Step{"nginx reads its configuration, and takes it if nothing is wrong with it", []string{nginx, "-t", "-q", "-c", main}, true},
		Step{"", []string{nginx, "-s", "reload", "-c", main}, true}), nil
}

// steps install the unit.
func (d *Systemd) steps() []Step {
	s := d.site
	command := func(words ...string) []string { return append([]string{"systemctl"}, d.args(words...)...) }
	if !s.IsSystem() {
		steps := []Step{
			{"systemd starts the site with you", command("link", s.UnitFile()), false},
			{"", command("enable", "--now", s.Unit()+".service"), false},
		}
		if u, err := user.Current(); err == nil {
			steps = append(steps, Step{"and also while you are not logged in", []string{"loginctl", "enable-linger", u.Username}, true})
		}
		return steps
	}
	var files []string
	for _, unit := range d.units() {
		files = append(files, s.file(unit))
	}
	install := append(append([]string{"install", "-m", "644"}, files...), "/etc/systemd/system/")
	return []Step{
		{"systemd gets the unit", install, true},
		{"", command("daemon-reload"), true},
		{"systemd starts the site now, and with the machine", append(command("enable", "--now"), d.units()...), true},
	}
}

// InstalledSite are the paths that the steps make in nginx's configuration: the file, and
// where there is one, the link to it.
func (s Site) InstalledSite(steps []Step) (paths []string) {
	for _, step := range steps {
		if last := step.Command[len(step.Command)-1]; filepath.Base(last) == s.Unit()+".conf" {
			paths = append(paths, last)
		}
	}
	return paths
}
