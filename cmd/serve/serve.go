// Package serve has what it takes to serve an environment's application: the files of
// the server, of nginx and of systemd, which it writes and checks; and starting,
// reloading and stopping the server.
//
// It knows no flags and prints nothing. Of nginx and systemd it uses the programs that
// are there.
package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"den/env"
	"den/env/disk"
)

// DirName is the directory in an environment that has the files.
const DirName = "serve"

// noteName is the file that notes the options, and which text den has written.
const noteName = "den.json"

// The interfaces between a server and an application.
const (
	WSGI = "wsgi" // PEP 3333
	ASGI = "asgi"
)

// Options are what a person has decided about a site.
type Options struct {
	App       string   `json:"app"`       // module:callable
	Interface string   `json:"interface"` // WSGI or ASGI
	Server    string   `json:"server"`    // the name of a Server
	Directory string   `json:"directory"` // where the application is imported and runs
	Domains   []string `json:"domains"`
	Listen    string   `json:"listen"` // as in nginx: a port, or an address and a port
	Static    []Static `json:"static,omitempty"`
	Largest   string   `json:"largest"` // the largest request, as in nginx: "10m"
	Workers   int      `json:"workers"`
	Threads   int      `json:"threads"` // of each worker
	User      string   `json:"user"`    // of a system service; "" for a person's own
	Group     string   `json:"group"`   // nginx's, which reaches the socket of a system service
	Run       string   `json:"run"`     // the directory of the socket
}

// Static is a directory with files that nginx serves.
type Static struct {
	URL string `json:"url"` // begins and ends with a slash
	Dir string `json:"dir"`
}

// A Site is an environment's application, as it is served.
type Site struct {
	env.Environment
	Options
	Written map[string]string // the digest of each file that den has written, by its name
	pending map[string]string // the same of those that den was about to write, if it was cut short
	at      []string          // the paths that may stand in them
}

// A note is a Site as it is on the disk. "den cp" and "den mv" change the path in it, as
// in the other files, and leave the name.
type note struct {
	Name        string `json:"name"`
	Environment string `json:"environment"` // the path that stands in the files
	Options
	Written map[string]string `json:"written"`
	Pending map[string]string `json:"pending,omitempty"`
}

// ErrNone is the error of Load where an environment is not served.
var ErrNone = errors.New("it is not set up to be served")

// A MovedError says that the files were written for an environment of another name, or
// at another path.
type MovedError struct{ Name, Path string }

func (e *MovedError) Error() string {
	return fmt.Sprintf("its files were written for %q, at %s", e.Name, e.Path)
}

// Load reads what is noted of the environment's site. The error is ErrNone where there is
// none, a *disk.UntrustedError where others could have written the note, and a *MovedError,
// with the site, where the environment has been moved or copied since.
func Load(e env.Environment) (Site, error) {
	site := Site{Environment: e}
	text, err := disk.ReadTrusted(site.file(noteName))
	if errors.Is(err, fs.ErrNotExist) {
		return site, ErrNone
	}
	if err != nil {
		return site, err
	}
	var n note
	if err := json.Unmarshal(text, &n); err != nil {
		return site, fmt.Errorf("reading %s: %w", site.file(noteName), err)
	}
	if serverNamed(n.Server) == nil {
		return site, fmt.Errorf("reading %s: there is no server %q", site.file(noteName), n.Server)
	}
	site.Options, site.Written, site.pending, site.at = n.Options, n.Written, n.Pending, []string{n.Environment, filepath.Join(filepath.Dir(n.Environment), n.Name)}
	if n.Environment != e.Path || n.Name != e.Name {
		return site, &MovedError{n.Name, n.Environment}
	}
	return site, nil
}

// Settle takes from a site that was written for an environment of the name old what
// follows from that.
func (s *Site) Settle(old, state string) {
	if s.Run == DefaultRun(old, s.IsSystem(), state) {
		s.Run = DefaultRun(s.Name, s.IsSystem(), state)
	}
	if slices.Equal(s.Domains, []string{DefaultDomain(old)}) {
		s.Domains = []string{DefaultDomain(s.Name)}
	}
}

// save notes the site.
func (s Site) save() error {
	text, err := json.MarshalIndent(note{s.Name, s.Path, s.Options, s.Written, s.pending}, "", "  ")
	if err != nil {
		return err
	}
	return disk.Replace(s.file(noteName), append(text, '\n'), 0o644)
}

// Dir is the directory of the files.
func (s Site) Dir() string { return filepath.Join(s.Path, DirName) }

// file is the path of one of the files.
func (s Site) file(name string) string { return filepath.Join(s.Dir(), name) }

// ConfigFile is the path of the server's configuration.
func (s Site) ConfigFile() string { return s.file(s.server().file) }

// NginxFile is the path of nginx's part.
func (s Site) NginxFile() string { return s.file("nginx.conf") }

// UnitFile is the path of the unit of systemd.
func (s Site) UnitFile() string { return s.file(s.Unit() + ".service") }

// Unit is the name of the site's unit in systemd, without ".service".
func (s Site) Unit() string { return "den-" + unitName(s.Name) }

// Upstream is the name of the server in nginx's configuration.
func (s Site) Upstream() string { return "den_" + identifier(s.Name) }

// Socket is where the server listens.
func (s Site) Socket() string { return filepath.Join(s.Run, "http.sock") }

// PidFile is the file into which the server writes the number of its main process.
func (s Site) PidFile() string { return filepath.Join(s.Run, "pid") }

// ReloadFile is the file that uWSGI watches: touching it replaces the workers.
func (s Site) ReloadFile() string { return filepath.Join(s.Run, "reload") }

// ReadyFile gets the number of each worker that has imported the application.
func (s Site) ReadyFile() string { return filepath.Join(s.Run, "ready") }

// LogFile has the output of a server that den has started. Files below /run are lost when
// the machine restarts.
func (s Site) LogFile() string {
	if strings.HasPrefix(s.Run, "/run/") {
		return filepath.Join("/var/log", s.Unit()+".log")
	}
	return filepath.Join(s.Run, "log")
}

// VariablesFile has the variables of the environment.
func (s Site) VariablesFile() string { return filepath.Join(s.Path, "den.env") }

// IsSystem reports whether the site is a service of the whole system's, and not of a
// person's own.
func (s Site) IsSystem() bool { return s.User != "" }

// Domain is the first of the domains.
func (s Site) Domain() string { return s.Domains[0] }

// URL is the address of the site for somebody on this machine.
func (s Site) URL() string {
	host := s.host()
	if port := listenPort(s.Listen); port != "80" {
		host += ":" + port
	}
	return "http://" + host + "/"
}

// host is a name by which the site can be asked for.
func (s Site) host() string {
	if rest, ok := strings.CutPrefix(s.Domain(), "*."); ok {
		return "www." + rest
	}
	return s.Domain()
}

// server is the record of the site's server.
func (s Site) server() *Server { return serverNamed(s.Server) }

// Command is the server with its arguments.
func (s Site) Command() []string { return s.server().command(s) }
