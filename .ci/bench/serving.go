package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rounds is how often both sites are measured, each in turn the first, and span, how long
// wrk asks one of them, on so many connections at once.
const (
	rounds      = 30
	span        = "1s"
	connections = "8"
)

// byHand is how a person sets uWSGI up by what its manual says.
const byHand = `[uwsgi]
plugin = python3
virtualenv = %[1]s
chdir = %[2]s
module = app:application
master = true
processes = 2
threads = 4
socket = %[2]s/hand.sock
disable-logging = true
die-on-term = true
`

// servingNginx has the site that den writes, and one by hand.
const servingNginx = `%[1]s
pid %[2]s/nginx.pid;
daemon off;
error_log %[2]s/error.log;
events {}
http {
    access_log off;
    client_body_temp_path %[2]s/body;
    uwsgi_temp_path %[2]s/uwsgi;
    include %[3]s/serve/nginx.conf;
    server {
        listen %[4]s;
        location / {
            include /etc/nginx/uwsgi_params;
            uwsgi_pass unix:%[2]s/hand.sock;
        }
    }
}
`

// measureServing measures a request through nginx and uWSGI, set up by den and by hand,
// for the same application in the same environment.
func measureServing(ctx context.Context, s *scene) ([]row, error) {
	progress("serving an application")
	dir := filepath.Join(s.home, "served")
	ours, theirs, err := twoAddresses()
	if err != nil {
		return nil, err
	}
	den, environment := filepath.Join(s.home, "bin", "den"), filepath.Join(s.workonHome(), "served")
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;"
	}
	for name, text := range map[string]string{
		"app.py":     "def application(environ, start_response):\n    start_response('200 OK', [('Content-Type', 'text/plain')])\n    return [b'hello']\n",
		"hand.ini":   fmt.Sprintf(byHand, environment, dir),
		"nginx.conf": fmt.Sprintf(servingNginx, user, dir, environment, theirs),
	} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	if err := os.Chmod(s.home, 0o755); err != nil { // nginx's user has to reach the socket
		return nil, err
	}
	for _, args := range [][]string{
		{den, "mk", "--without-pip", "-p", "/usr/bin/python3", "served"},
		{den, "serve", "init", "served", "app:application", "--server", "uwsgi", "--directory", dir, "--run", filepath.Join(dir, "run"), "--listen", ours},
		{den, "serve", "start", "served"},
	} {
		if _, err := s.timed(ctx, args...); err != nil {
			return nil, err
		}
	}
	defer s.timed(ctx, den, "serve", "stop", "served")
	for _, args := range [][]string{{"uwsgi", filepath.Join(dir, "hand.ini")}, {"/usr/sbin/nginx", "-e", "stderr", "-c", filepath.Join(dir, "nginx.conf")}} {
		stop, err := s.background(ctx, args...)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	return compareRequests(ctx, ours, theirs)
}

// twoAddresses are addresses on which nobody listens.
func twoAddresses() (one, other string, err error) {
	var addresses [2]string
	for i := range addresses {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		defer listener.Close()
		addresses[i] = listener.Addr().String()
	}
	return addresses[0], addresses[1], nil
}

// background starts a program, which stop ends.
func (s *scene) background(ctx context.Context, args ...string) (stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	c := s.command(ctx, s.environ(), args...)
	if err := c.Start(); err != nil {
		cancel()
		return nil, err
	}
	return func() {
		cancel()
		_ = c.Wait()
	}, nil
}

// compareRequests measures both addresses in turn, and so that each is as often the first.
// It compares the two of each round, which the rest of the machine affects alike, and
// takes the median of these ratios.
func compareRequests(ctx context.Context, ours, theirs string) ([]row, error) {
	var hand, ratios []float64
	order := []string{ours, theirs}
	for range rounds {
		took := map[string]float64{}
		for _, address := range order {
			seconds, err := thousand(ctx, "http://"+address+"/")
			if err != nil {
				return nil, err
			}
			took[address] = seconds
		}
		slices.Reverse(order)
		hand, ratios = append(hand, took[theirs]), append(ratios, took[ours]/took[theirs])
	}
	by := median(hand)
	return []row{{what: "1,000 requests through nginx and uWSGI, by `den serve`", den: by * median(ratios), peer: by, peerName: "the same, set up by hand", predicted: within(1.05)}}, nil
}

// thousand is how many seconds 1,000 requests take, as wrk counts them. An answer that is
// wrong makes all of them worth nothing. The first ones wait until the servers have started.
func thousand(ctx context.Context, url string) (float64, error) {
	for give := time.Now().Add(time.Minute); get(ctx, url) != nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(give) {
			return 0, fmt.Errorf("%s does not answer: %w", url, get(ctx, url))
		}
	}
	output, err := exec.CommandContext(ctx, "wrk", "-t", "1", "-c", connections, "-d", span, url).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("wrk: %w: %s", err, output)
	}
	found := regexp.MustCompile(`Requests/sec: +([0-9.]+)`).FindSubmatch(output)
	if found == nil || strings.Contains(string(output), "Non-2xx") || strings.Contains(string(output), "Socket errors") {
		return 0, fmt.Errorf("wrk says: %s", output)
	}
	rate, err := strconv.ParseFloat(string(found[1]), 64)
	return 1000 / rate, err
}

func get(ctx context.Context, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && strings.TrimSpace(string(body)) != "hello" {
		err = fmt.Errorf("%s: %s", response.Status, body)
	}
	return err
}
