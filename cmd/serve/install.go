package serve

import (
	"context"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"den/cmd/hint"
	"den/env/disk"
	"den/env/python/child"
)

// A Step is one command of an installation.
type Step struct {
	Why     string
	Command []string
	IsRoot  bool // only root may
}

// Line is the command as a person types it.
func (s Step) Line() string { return hint.Line(s.Command) }

// Steps are what it takes to install the site for good, below the directory of nginx's
// configuration. Where systemd is nil, none of them is for it.
//
// nginx and the system's systemd get copies: they act as root, and what root does must
// not be decided by a file that a person can write.
func (s Site) Steps(ctx context.Context, systemd *Systemd, nginxDir string) ([]Step, error) {
	nginx, err := nginxProgram()
	if err != nil {
		return nil, err
	}
	var steps []Step
	if systemd != nil {
		steps = systemd.steps()
	}
	site, link := s.nginxPlaces(nginxDir)
	steps = append(steps, Step{"nginx gets the site", []string{"install", "-m", "644", s.NginxFile(), site}, true})
	if link != "" {
		steps = append(steps, Step{"", []string{"ln", "-sfn", site, link}, true})
	}
	main := filepath.Join(nginxDir, "nginx.conf")
	return append(steps,
		Step{"nginx reads its configuration, and takes it if nothing is wrong with it", []string{nginx, "-t", "-q", "-c", main}, true},
		takeStep(ctx, nginx, main)), nil
}

// nginxPlaces are the file of the site in nginx's configuration and, where nginx has a
// directory of links to those that it serves, the link to it.
func (s Site) nginxPlaces(nginxDir string) (file, link string) {
	name := s.Unit() + ".conf"
	if enabled := filepath.Join(nginxDir, "sites-enabled"); exists(enabled) {
		return filepath.Join(nginxDir, "sites-available", name), filepath.Join(enabled, name)
	}
	return filepath.Join(nginxDir, "conf.d", name), ""
}

// InstalledSite are the paths that the steps make in nginx's configuration: the file, and
// where there is one, the link to it.
func (s Site) InstalledSite(nginxDir string) []string {
	file, link := s.nginxPlaces(nginxDir)
	if link == "" {
		return []string{file}
	}
	return []string{file, link}
}

// Removal are the steps that take away what Steps have brought; none where nothing is
// installed.
func (s Site) Removal(ctx context.Context, systemd *Systemd, nginxDir string) ([]Step, error) {
	var steps []Step
	if files := existing(s.InstalledSite(nginxDir)); len(files) > 0 {
		nginx, err := nginxProgram()
		if err != nil {
			return nil, err
		}
		main := filepath.Join(nginxDir, "nginx.conf")
		steps = append(steps, Step{"nginx loses the site", append([]string{"rm", "-f"}, files...), true})
		if nginxRuns(main) {
			steps = append(steps, Step{"", []string{nginx, "-s", "reload", "-c", main}, true})
		}
	}
	if systemd == nil || !systemd.Knows(ctx) {
		return steps, nil
	}
	units := []string{s.Unit() + ".service"}
	files := existing([]string{filepath.Join(systemd.dir, s.Unit()+".service"), filepath.Join(systemd.dir, s.Unit()+".socket")})
	if len(files) == 2 {
		units = append(units, s.Unit()+".socket")
	}
	steps = append(steps, Step{"systemd stops the site, and forgets it", append(systemd.command("disable", "--now"), units...), s.IsSystem()})
	if s.IsSystem() && len(files) > 0 {
		steps = append(steps, Step{"", append([]string{"rm", "-f"}, files...), true}, Step{"", systemd.command("daemon-reload"), true})
	}
	return steps, nil
}

// IsInstalled reports whether the system's nginx, or systemd, has files of the site.
func (s Site) IsInstalled(ctx context.Context) bool {
	steps, err := s.Removal(ctx, FindSystemd(ctx, s), filepath.Dir(nginxConfig))
	return err == nil && len(steps) > 0
}

// existing returns the paths that exist.
func existing(paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return !exists(path) })
}

// takeStep has nginx take its configuration: it reads it again, or it is started.
func takeStep(ctx context.Context, nginx, main string) Step {
	if nginxRuns(main) {
		return Step{"", []string{nginx, "-s", "reload", "-c", main}, true}
	}
	if main == nginxConfig && knowsNginx(ctx) {
		return Step{"nginx starts now, and with the machine", []string{"systemctl", "enable", "--now", "nginx.service"}, true}
	}
	return Step{"nginx starts", []string{nginx, "-c", main}, true}
}

// nginxRuns reports whether the nginx with this configuration runs, by the file with the
// number of its process.
func nginxRuns(main string) bool {
	files := []string{"/run/nginx.pid", "/var/run/nginx.pid", "/usr/local/var/run/nginx.pid"}
	text, _ := disk.ReadSmall(main)
	for _, directive := range parseNginx(string(text)) {
		if directive[0] == "pid" && len(directive) > 1 {
			files = []string{directive[1]}
		}
	}
	for _, file := range files {
		text, err := disk.ReadSmall(file)
		if err != nil {
			continue
		}
		if id, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && id > 1 && isAlive(id) {
			return true
		}
	}
	return false
}

// knowsNginx reports whether the system's systemd runs, and has a unit for nginx.
func knowsNginx(ctx context.Context) bool {
	d := FindSystemd(ctx, Site{Options: Options{User: "root"}})
	if d == nil {
		return false
	}
	_, err := child.RunAs(ctx, nil, "", os.Environ(), d.program, "cat", "nginx.service")
	return err == nil
}

// Outdated reports whether the server runs with other files than those that are there. A
// start is known to the second.
func (s Site) Outdated() bool {
	p, runs := s.Running()
	if !runs {
		return false
	}
	for _, path := range []string{s.ConfigFile(), s.UnitFile(), s.VariablesFile()} {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(p.Started.Add(2*time.Second)) {
			return true
		}
	}
	return false
}

// steps install the unit.
func (d *Systemd) steps() (steps []Step) {
	s := d.site
	service := s.Unit() + ".service"
	if !s.IsSystem() {
		steps = append(steps, Step{"systemd gets the unit", d.command("link", s.UnitFile()), false})
		steps = append(steps, d.startSteps("you", s.Outdated(), false)...)
		if u, err := user.Current(); err == nil {
			steps = append(steps, Step{"and also while you are not logged in", []string{"loginctl", "enable-linger", u.Username}, true})
		}
		return steps
	}
	socket, anew := filepath.Join(d.dir, s.Unit()+".socket"), s.Outdated()
	if exists(socket) && !s.Activated() {
		steps = append(steps,
			Step{"the server opens its socket itself, and systemd no more", d.command("disable", "--now", filepath.Base(socket), service), true},
			Step{"", []string{"rm", "-f", socket, s.Socket()}, true})
		anew = false
	} else if _, runs := s.Running(); runs && s.Activated() && !exists(socket) {
		steps = append(steps, Step{"the server leaves the socket to systemd", d.command("stop", service), true})
		anew = false
	}
	var files []string
	for _, unit := range d.units() {
		files = append(files, s.file(unit))
	}
	steps = append(steps,
		Step{"systemd gets the unit", append(append([]string{"install", "-m", "644"}, files...), d.dir+"/"), true},
		Step{"", d.command("daemon-reload"), true})
	return append(steps, d.startSteps("the machine", anew, true)...)
}

// startSteps have systemd start the site now and later, and anew where it runs already with
// other files than those that are there.
func (d *Systemd) startSteps(with string, anew, isRoot bool) []Step {
	steps := []Step{{"systemd starts the site now, and with " + with, append(d.command("enable", "--now"), d.units()...), isRoot}}
	if anew {
		steps = append(steps, Step{"and anew, for its files have changed since it started", d.command("restart", d.site.Unit()+".service"), isRoot})
	}
	return steps
}

// command is systemctl as a person types it.
func (d *Systemd) command(words ...string) []string {
	return append([]string{"systemctl"}, d.args(words...)...)
}
