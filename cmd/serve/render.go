package serve

import (
	"embed"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"den/shell"
)

//go:embed templates
var templates embed.FS

// A file is one that a site has, with the text that den writes.
type file struct {
	name     string
	template string
	text     string
}

// files returns the files of the site. The error is a *QuoteError where a path cannot
// stand in one of them.
func (s Site) files() ([]file, error) {
	all := []file{
		{name: s.server().file, template: s.server().file},
		{name: filepath.Base(s.NginxFile()), template: "nginx.conf"},
		{name: filepath.Base(s.UnitFile()), template: "service"},
	}
	if s.Activated() {
		all = append(all, file{name: s.Unit() + ".socket", template: "socket"})
	}
	for i := range all {
		text, err := s.render(all[i].template)
		if err != nil {
			return nil, err
		}
		all[i].text = text
	}
	return all, nil
}

// render fills one template in.
func (s Site) render(name string) (string, error) {
	t := template.New(name).Funcs(template.FuncMap{
		"python": pythonText, "nginx": nginxText, "ini": iniText, "home": iniHome,
		"word": unitWord, "argument": unitArgument, "value": unitValue,
	})
	if _, err := t.ParseFS(templates, "templates/"+name); err != nil {
		return "", err
	}
	var b strings.Builder
	err := t.Execute(&b, s)
	if quote, ok := errors.AsType[*QuoteError](err); ok {
		return "", quote
	}
	if err != nil {
		return "", fmt.Errorf("filling in %s: %w", name, err)
	}
	return b.String(), nil
}

// Header says who has written a file. The name is not at the end of the line, where a
// backslash could mean something.
func (s Site) Header() string {
	return fmt.Sprintf("Written by den for the environment %s. You may edit it: den keeps what you change.", s.Name)
}

// SpeaksUWSGI reports whether nginx speaks the uwsgi protocol to the server.
func (s Site) SpeaksUWSGI() bool { return s.server().protocol == "uwsgi" }

// Notifies reports whether the server tells systemd when it is ready.
func (s Site) Notifies() bool { return s.server().notifies }

// Reloads reports whether the server can replace its workers.
func (s Site) Reloads() bool { return s.server().reload != nil }

// Tell is the command by which a worker of uWSGI tells its number. It succeeds in any case:
// uWSGI would end if it did not.
func (s Site) Tell() string {
	return "echo $PPID >>" + shell.QuoteSingle(s.ReadyFile()) + " || :"
}

// Activated reports whether systemd opens the socket: then requests wait there while the
// server starts, and the socket is its group's from the beginning.
func (s Site) Activated() bool { return s.server().activated && s.IsSystem() }

// Runtime is the directory of the socket below /run.
func (s Site) Runtime() string { return strings.TrimPrefix(s.Run, "/run/") }

// IsRuntime reports whether systemd makes the directory of the socket.
func (s Site) IsRuntime() bool {
	return s.IsSystem() && s.Run == DefaultRun(s.Name, true, "") && !strings.Contains(s.Run, `\`)
}

// UsesTmp reports whether the site needs the /tmp that all others see: nginx would not find
// a socket in one of the server's own.
func (s Site) UsesTmp() bool { return s.uses("/tmp", "/var/tmp") }

// UsesHome reports whether the site needs what is in the homes of people.
func (s Site) UsesHome() bool { return s.uses("/home", "/root", "/run/user") }

// uses reports whether something that the server needs is below one of the directories.
func (s Site) uses(dirs ...string) bool {
	needed := []string{s.Run, s.Path, s.Directory}
	for _, path := range []string{s.Path, s.Directory, s.Python()} {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			needed = append(needed, real)
		}
	}
	return slices.ContainsFunc(needed, func(path string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") })
	})
}

// UnitCommand is the command as systemd can start it: systemd takes no program with
// quotes or backslashes in its path (config_parse_exec in its load-fragment.c).
func (s Site) UnitCommand() []string {
	command := s.Command()
	if strings.ContainsAny(command[0], `"'\`) {
		command = append([]string{"/usr/bin/env"}, command...)
	}
	return command
}
