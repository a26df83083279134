package serve

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"den/env/python/child"
)

// Systemd is the systemd that a site's unit belongs to: the system's, or the person's
// own.
type Systemd struct {
	site    Site
	program string
	dir     string // where the units of the system are installed
}

// FindSystemd returns the systemd that runs here, or nil.
func FindSystemd(ctx context.Context, s Site) *Systemd {
	program, err := exec.LookPath("systemctl")
	if err != nil {
		return nil
	}
	d := &Systemd{s, program, "/etc/systemd/system"}
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

// A RootError says that only root may do what was asked of systemd.
type RootError struct{ Command string }

func (e *RootError) Error() string { return "only root may do this: " + e.Command }

// do has systemd do something, which may take as long as a server takes.
func (d *Systemd) do(ctx context.Context, words ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	output, err := child.RunAs(ctx, nil, "", os.Environ(), d.program, d.args(words...)...)
	if err != nil && d.site.IsSystem() && os.Geteuid() != 0 {
		return &RootError{strings.Join(d.command(words...), " ")}
	}
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
	return d.Await(ctx)
}

// Await waits until the server listens, which systemd does not know of each server. One
// that has ended is an error, also where systemd starts it again and again.
func (d *Systemd) Await(ctx context.Context) error {
	return d.site.awaitStart(ctx, func() error {
		if state := d.State(ctx); state == "failed" || state == "inactive" || number(d.property(ctx, "NRestarts")) > 0 {
			return d.Ended("started")
		}
		return nil
	})
}

// Ended says that the server has ended, with what it has printed last.
func (d *Systemd) Ended(doing string) error {
	words := append(d.Logs(12, false), "--output=cat")
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	output, err := child.RunAs(ctx, nil, "", os.Environ(), words[0], words[1:]...)
	if err != nil {
		output = ""
	}
	return &EndedError{doing, child.LastLines(output, 12)}
}

// Stop stops the site's unit.
func (d *Systemd) Stop(ctx context.Context) error {
	return d.do(ctx, append([]string{"stop"}, d.units()...)...)
}

// Reload has the unit replace its workers.
func (d *Systemd) Reload(ctx context.Context) error {
	return d.do(ctx, "reload", d.site.Unit()+".service")
}

// property is one of the properties of the unit (systemctl show).
func (d *Systemd) property(ctx context.Context, name string) string {
	output, _ := d.ask(ctx, "show", "--property="+name, "--value", d.site.Unit()+".service")
	return strings.TrimSpace(output)
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
