package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"den/env/disk"
	"den/env/python/child"
)

// A trial is a nginx of den's own, in a directory of its own, that has one site alone
// and listens on a socket there. It changes nothing of the system's nginx.
type trial struct {
	dir     string
	program string
	domain  string
}

// newTrial prepares a nginx with the site as it is in its file.
func newTrial(s Site) (*trial, error) {
	program, err := nginxProgram()
	if err != nil {
		return nil, err
	}
	text, err := disk.ReadSmall(s.NginxFile())
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "den")
	if err != nil {
		return nil, err
	}
	t := &trial{dir: dir, program: program, domain: s.host()}
	// nginx's user comes to its socket and its temporary files.
	err = os.Chmod(dir, 0o711)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(t.config(string(text))), 0o600)
	}
	if err != nil {
		t.remove()
		return nil, err
	}
	return t, nil
}

func (t *trial) remove() { os.RemoveAll(t.dir) }

func (t *trial) socket() string { return filepath.Join(t.dir, "s") }

// config is a whole configuration with the site in it, which listens on the socket.
func (t *trial) config(site string) string {
	listen := regexp.MustCompile(`(?m)^(\s*)listen\s[^;]*;`)
	first := true
	site = listen.ReplaceAllStringFunc(site, func(string) string {
		if !first {
			return ""
		}
		first = false
		return `listen "unix:` + t.socket() + `";`
	})
	var user string
	if name := NginxUser(); os.Geteuid() == 0 && name != "" {
		user = "user " + name + ";\n"
	}
	var temporary strings.Builder
	for _, kind := range []string{"client_body", "proxy", "uwsgi", "fastcgi", "scgi"} {
		fmt.Fprintf(&temporary, "    %s_temp_path %q;\n", kind, filepath.Join(t.dir, kind))
	}
	return user + fmt.Sprintf(`daemon off;
worker_processes 1;
pid %q;
error_log stderr;
events {}
http {
    access_log off;
%s%s
}
`, filepath.Join(t.dir, "pid"), temporary.String(), site)
}

func (t *trial) args(more ...string) []string {
	return append([]string{"-e", "stderr", "-p", t.dir, "-c", filepath.Join(t.dir, "nginx.conf")}, more...)
}

// test has nginx read the configuration.
func (t *trial) test(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	output, err := child.Run(ctx, os.Environ(), t.program, t.args("-t", "-q")...)
	if err != nil {
		return &nginxError{t.complaint(output), err}
	}
	return nil
}

// A nginxError says what nginx complains of.
type nginxError struct {
	complaint string
	err       error
}

func (e *nginxError) Error() string { return e.complaint }

func (e *nginxError) Unwrap() error { return e.err }

// complaint is the first error in what nginx has printed, without the path of the trial.
func (t *trial) complaint(output string) string {
	for _, line := range child.LastLines(output, 100) {
		if _, text, found := strings.Cut(line, "[emerg] "); found {
			text = regexp.MustCompile(`^\d+#\d+: `).ReplaceAllString(text, "")
			return regexp.MustCompile(` in `+regexp.QuoteMeta(t.dir)+`\S*$`).ReplaceAllString(text, "")
		}
	}
	return strings.Join(child.LastLines(output, 1), "")
}

// request starts the nginx, requests the site's root once, and stops it.
func (t *trial) request(ctx context.Context, limit time.Duration) (status int, complaint string, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	nginx := exec.CommandContext(ctx, t.program, t.args()...)
	nginx.Cancel = func() error { return nginx.Process.Signal(syscall.SIGTERM) }
	nginx.WaitDelay = limit
	var output strings.Builder
	nginx.Stderr = &output
	if err := nginx.Start(); err != nil {
		return 0, "", err
	}
	status, err = t.get(ctx)
	cancel()
	_ = nginx.Wait()
	for line := range strings.Lines(output.String()) {
		if _, text, found := strings.Cut(line, "[crit] "); found {
			complaint = text
		} else if _, text, found := strings.Cut(line, "[error] "); found {
			complaint = text
		}
	}
	numbers := regexp.MustCompile(`^\d+#\d+: (\*\d+ )?`)
	complaint = numbers.ReplaceAllString(complaint, "")
	complaint, _, _ = strings.Cut(complaint, " while ")
	return status, strings.TrimSpace(complaint), err
}

// get requests the root as soon as nginx listens.
func (t *trial) get(ctx context.Context) (int, error) {
	for {
		status, err := get(ctx, "unix", t.socket(), t.domain)
		waits := errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED)
		if !waits || ctx.Err() != nil {
			return status, err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// get makes one request, and returns the status of the answer.
func get(ctx context.Context, network, address, host string) (status int, err error) {
	status, _, err = head(ctx, network, address, host)
	return status, err
}

// head makes one request, and returns the status and the headers of the answer.
func head(ctx context.Context, network, address, host string) (int, textproto.MIMEHeader, error) {
	connection, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return 0, nil, err
	}
	defer connection.Close()
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	defer stop()
	if _, err := fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: den\r\nConnection: close\r\n\r\n", host); err != nil {
		return 0, nil, err
	}
	reader := textproto.NewReader(bufio.NewReader(io.LimitReader(connection, 1<<20)))
	line, err := reader.ReadLine()
	if err != nil {
		return 0, nil, err
	}
	fields := strings.Fields(line)
	if len(fields) < 2 || !strings.HasPrefix(fields[0], "HTTP/1.") {
		return 0, nil, fmt.Errorf("the answer begins with %q", line)
	}
	status, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0, nil, fmt.Errorf("the answer begins with %q", line)
	}
	header, err := reader.ReadMIMEHeader()
	return status, header, err
}

// errNoNginx says that there is no nginx.
var errNoNginx = errors.New("nginx is not installed")

// nginxProgram finds nginx, which is not on the PATH of every person.
func nginxProgram() (string, error) {
	if path, err := exec.LookPath("nginx"); err == nil {
		return filepath.Abs(path)
	}
	for _, path := range []string{"/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"} {
		if isFile(path) {
			return path, nil
		}
	}
	return "", errNoNginx
}

// siteDirs are where the system's nginx has its sites.
var siteDirs = []string{"/etc/nginx/sites-enabled", "/etc/nginx/conf.d"}

// otherSites returns the files of the sites that the system's nginx has, but for those
// that lead to the site's own.
func otherSites(s Site) (paths []string) {
	own, _ := filepath.EvalSymlinks(s.NginxFile())
	for _, dir := range siteDirs {
		entries, _ := os.ReadDir(dir)
		for _, entry := range entries {
			path := filepath.Join(dir, entry.Name())
			real, err := filepath.EvalSymlinks(path)
			if err == nil && real != own && filepath.Base(path) != s.Unit()+".conf" {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// claims returns the domains of the site that a configuration serves on the same port.
func claims(s Site, text string) (domains []string) {
	port, names := "80", []string(nil)
	settle := func() {
		for _, name := range names {
			if port == listenPort(s.Listen) && slices.Contains(s.Domains, name) {
				domains = append(domains, name)
			}
		}
		port, names = "80", nil
	}
	for _, directive := range parseNginx(text) {
		switch directive[0] {
		case "server":
			settle()
		case "listen":
			if len(directive) > 1 && !strings.HasPrefix(directive[1], "unix:") {
				port = listenPort(directive[1])
			}
		case "server_name":
			names = append(names, directive[1:]...)
		}
	}
	settle()
	return domains
}
