package serve

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"den/env"
	"den/env/packages"
)

// A Server is a program that runs applications.
type Server struct {
	Name       string
	Package    string   // that brings it, on the package index
	Interfaces []string // which it can serve, the usual one first
	file       string   // its configuration, and the template of that
	protocol   string   // what nginx speaks to it: "uwsgi" or "http"
	notifies   bool     // it tells systemd when it is ready
	activated  bool     // it takes a socket that systemd has opened
	ignores    bool     // it does not reload while it is reloading
	tells      bool     // each worker tells when it has imported the application
	command    func(Site) []string
	reload     func(Site, int) error // replaces the workers of the main process; nil where it cannot
}

// servers returns those that den knows, the one to choose first comes first.
func servers() []*Server {
	return []*Server{
		{Name: "uwsgi", Package: "uWSGI", Interfaces: []string{WSGI}, file: "uwsgi.ini", protocol: "uwsgi", notifies: true, ignores: true, tells: true,
			command: func(s Site) []string { return []string{uwsgiProgram(s.Environment), "--ini", s.ConfigFile()} },
			reload:  func(s Site, _ int) error { return touch(s.ReloadFile()) }},
		{Name: "gunicorn", Package: "gunicorn", Interfaces: []string{WSGI, ASGI}, file: "gunicorn.conf.py", protocol: "http", notifies: true, activated: true, tells: true,
			command: func(s Site) []string { return []string{s.Python(), "-m", "gunicorn", "-c", s.ConfigFile()} },
			reload:  hangUp},
		{Name: "granian", Package: "granian", Interfaces: []string{WSGI, ASGI}, file: "granian.conf.py", protocol: "http",
			command: func(s Site) []string { return []string{s.Python(), s.ConfigFile()} },
			reload:  hangUp},
		{Name: "waitress", Package: "waitress", Interfaces: []string{WSGI}, file: "waitress.conf.py", protocol: "http",
			command: func(s Site) []string { return []string{s.Python(), s.ConfigFile()} }},
	}
}

func hangUp(_ Site, pid int) error { return syscall.Kill(pid, syscall.SIGHUP) }

// Servers are the names of the servers.
func Servers() []string {
	var names []string
	for _, s := range servers() {
		names = append(names, s.Name)
	}
	return names
}

// serverNamed returns the server of that name, or nil.
func serverNamed(name string) *Server {
	for _, s := range servers() {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// A ServerError says why a server cannot be had, and how it can be.
type ServerError struct {
	Reason string
	Mend   string // the command
}

func (e *ServerError) Error() string { return e.Reason }

// Choose returns the server of that name, or else the first one that is in the
// environment and can serve the interface, or else the system's. If the server is not
// installed, the error is a *ServerError.
func Choose(e env.Environment, name, with, pip string) (*Server, error) {
	if name != "" {
		server := serverNamed(name)
		if server == nil {
			return nil, fmt.Errorf("there is no server %q", name)
		}
		if !slices.Contains(server.Interfaces, with) {
			return nil, &ServerError{fmt.Sprintf("%s serves no ASGI application", name), pip + " install granian"}
		}
		return server, nil
	}
	var system *Server
	for _, server := range servers() {
		if !slices.Contains(server.Interfaces, with) || server.missing(e, pip) != nil {
			continue
		}
		if server.Name != "uwsgi" || isOwn(e, uwsgiProgram(e)) {
			return server, nil
		}
		system = server
	}
	if system != nil {
		return system, nil
	}
	wanted := "gunicorn"
	if with == ASGI {
		wanted = "granian"
	}
	return nil, &ServerError{"no server is installed in the environment", pip + " install " + wanted}
}

// missing returns a *ServerError where the server is not there for the environment.
func (s *Server) missing(e env.Environment, pip string) error {
	if s.Name == "uwsgi" {
		return uwsgiMissing(e, pip)
	}
	installed, err := packages.In(e)
	if err != nil {
		return err
	}
	if _, found := packages.Find(installed, s.Name); found {
		return nil
	}
	return &ServerError{s.Name + " is not installed in the environment", pip + " install " + s.Package}
}

// uwsgiProgram is the environment's own uWSGI, or else the system's.
func uwsgiProgram(e env.Environment) string {
	if own := filepath.Join(e.Bin(), "uwsgi"); isFile(own) {
		return own
	}
	if path, err := exec.LookPath("uwsgi"); err == nil {
		if path, err = filepath.Abs(path); err == nil {
			return path
		}
	}
	return "/usr/bin/uwsgi"
}

// isOwn reports whether a program is the environment's.
func isOwn(e env.Environment, program string) bool { return filepath.Dir(program) == e.Bin() }

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// touch makes a file, or gives it the present time.
func touch(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|syscall.O_NOFOLLOW, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(unix.Futimes(int(file.Fd()), nil), file.Close())
}
