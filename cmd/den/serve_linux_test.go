package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A host is a person with sites, and a nginx of their own.
type host struct {
	*person
	nginx string // the directory of its configuration
	port  int    // where it listens
}

// newHost starts a nginx that has no site yet.
func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{person: newPerson(t), port: freePort(t)}
	bin := filepath.Join(h.dir, "bin")
	h.nginx = filepath.Join(h.dir, "nginx")
	h.environ["PATH"] = bin + ":" + h.environ["PATH"] + ":/usr/sbin"
	for _, dir := range []string{bin, h.nginx + "/conf.d", h.dir + "/src"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(h.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	// No test may reach the systemd of the machine, nor become root.
	h.write("bin/systemctl", "#!/bin/sh\necho offline\nexit 1\n", 0o755)
	h.write("bin/sudo", "#!/bin/sh\nexec \"$@\"\n", 0o755)
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;\n"
	}
	var temporary strings.Builder
	for _, kind := range []string{"client_body", "proxy", "uwsgi", "fastcgi", "scgi"} {
		fmt.Fprintf(&temporary, "%s_temp_path %s/%s;\n", kind, h.nginx, kind)
	}
	h.write("nginx/nginx.conf", user+"pid "+h.nginx+"/pid;\nerror_log "+h.nginx+"/error.log;\nevents {}\nhttp {\naccess_log off;\n"+
		temporary.String()+fmt.Sprintf("server { listen 127.0.0.1:%d default_server; return 404; }\n", h.port)+"include "+h.nginx+"/conf.d/*.conf;\n}\n", 0o644)
	h.startNginx()
	return h
}

// startNginx starts nginx, which ends with the test, also where that is cut short.
func (h *host) startNginx() {
	h.Helper()
	c := exec.Command("/usr/sbin/nginx", "-c", h.nginx+"/nginx.conf", "-e", h.nginx+"/error.log", "-g", "daemon off;")
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := c.Start(); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGQUIT)
		_ = c.Wait()
	})
	h.await(func() bool {
		text, err := os.ReadFile(h.nginx + "/pid")
		return err == nil && strings.TrimSpace(string(text)) == strconv.Itoa(c.Process.Pid)
	})
}

func (h *host) write(name, text string, mode os.FileMode) {
	h.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		h.Fatal(err)
	}
}

// must runs den, which has to succeed.
func (h *host) must(args ...string) string {
	h.Helper()
	s := h.den(args...)
	if s.status != 0 {
		h.Fatalf("den %q: %d\n%s", args, s.status, s.out)
	}
	return s.out
}

// serve sets a site up, starts it, and installs it.
func (h *host) serve(name, app string, args ...string) {
	h.Helper()
	h.must(append([]string{"serve", "init", name, app, "--directory", h.dir + "/src", "--run", h.dir + "/r/" + name,
		"--listen", "127.0.0.1:" + strconv.Itoa(h.port)}, args...)...)
	h.Cleanup(func() {
		if log, err := os.ReadFile(h.dir + "/r/" + name + "/log"); err == nil && h.Failed() {
			h.Logf("the log of %s:\n%s", name, log)
		}
		if s := h.den("serve", "stop", name); s.status != 0 && !strings.Contains(s.out, "does not run") {
			h.Errorf("stopping %s: %s", name, s.out)
		}
	})
	h.must("serve", "start", name)
	h.must("serve", "install", name, "--yes", "--nginx", h.nginx)
	h.awaitSite(name + ".localhost")
}

// awaitSite waits until nginx knows a domain. For a moment after a reload, the old workers
// of nginx, which do not, accept connections too.
func (h *host) awaitSite(domain string) {
	h.Helper()
	known := 0
	h.await(func() bool {
		known++
		if h.get(domain, "/").status == http.StatusNotFound {
			known = 0
		}
		return known == 50
	})
}

func (h *host) await(holds func() bool) {
	h.Helper()
	for give := time.Now().Add(time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(give) {
			h.Fatal("nothing has happened")
		}
	}
}

// findings are the messages of the check, by what was looked at.
func (h *host) findings(name string) (found map[string]string, status int) {
	h.Helper()
	c := h.command("serve", "check", name, "--json")
	out, _ := c.Output()
	var all []struct{ Level, Check, Message, Mend string }
	if err := json.Unmarshal(out, &all); err != nil {
		h.Fatalf("%v: %s", err, out)
	}
	found = map[string]string{}
	for _, f := range all {
		// Who is not root has a socket that the system's nginx does not reach.
		if f.Level == "problem" && !(f.Check == "socket" && os.Geteuid() != 0) {
			found[f.Check] = f.Message + " | " + f.Mend
			status = 1
		}
	}
	return found, status
}

type answer struct {
	status int
	body   string
	header http.Header
}

// get requests a path of a site through nginx, each time on a connection of its own.
func (h *host) get(domain, path string, headers ...string) answer {
	request, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d%s", h.port, path), nil)
	if err != nil {
		h.Fatal(err)
	}
	request.Host, request.Close = domain, true
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{body: err.Error()}
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return answer{response.StatusCode, string(body), response.Header}
}

// answers fails the test unless a page is answered so.
func (h *host) answers(domain, path, want string) {
	h.Helper()
	if a := h.get(domain, path); a.status != http.StatusOK || a.body != want {
		h.Errorf("%s%s: %d, %q, want %q", domain, path, a.status, a.body, want)
	}
}

// A load is many requests, one after the other on several connections.
type load struct {
	wait   sync.WaitGroup
	asked  atomic.Int64
	lost   atomic.Int64
	end    atomic.Bool
	first  sync.Once
	reason string
}

// pace is the time from one request to the next on each connection: a load that takes all
// of the processors would say less, as a reload would take many times as long under it.
const pace = 8 * time.Millisecond

// begin starts to request the site, and goes on until it is told to end.
func (h *host) begin(domain string) *load {
	l := &load{}
	for i := range 4 {
		l.wait.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			beat := time.NewTicker(pace)
			defer beat.Stop()
			for n := 0; !l.end.Load(); n++ {
				l.one(client, h.port, domain, n%4 == i)
				<-beat.C
			}
		})
	}
	return l
}

// one makes a request, which nginx never repeats if it has a body.
func (l *load) one(client *http.Client, port int, domain string, hasBody bool) {
	method, body := http.MethodGet, io.Reader(nil)
	if hasBody {
		method, body = http.MethodPost, strings.NewReader("a body")
	}
	request, err := http.NewRequest(method, fmt.Sprintf("http://127.0.0.1:%d/", port), body)
	if err == nil {
		request.Host = domain
		var response *http.Response
		if response, err = client.Do(request); err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			response.Body.Close()
			if err == nil && response.StatusCode != http.StatusOK {
				err = fmt.Errorf("%s: %s", method, response.Status)
			}
		}
	}
	l.asked.Add(1)
	if err != nil {
		l.lost.Add(1)
		l.first.Do(func() { l.reason = err.Error() })
	}
}

// survives fails the test if one of the requests is lost while reload is called so often,
// and more than so many requests are made.
func (h *host) survives(domain string, times int, requests int64, reload func()) {
	h.Helper()
	l := h.begin(domain)
	defer l.end.Store(true)
	for range times {
		reload()
	}
	h.await(func() bool { return l.asked.Load() >= requests })
	l.end.Store(true)
	l.wait.Wait()
	if l.lost.Load() > 0 {
		h.Errorf("%d of %d requests were lost: %s", l.lost.Load(), l.asked.Load(), l.reason)
	}
}

// bare is an application without a framework. It answers with what it has been told, and
// with the process that answers.
const bare = `import os, sys
WORD = 'first'
def application(environ, start_response):
    path = environ['PATH_INFO']
    size = len(environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0)))
    body = {
        '/host': environ['HTTP_HOST'],
        '/from': environ.get('HTTP_X_FORWARDED_FOR', '') + ' ' + environ.get('HTTP_X_FORWARDED_PROTO', ''),
        '/process': str(os.getpid()),
        '/prefix': sys.prefix,
        '/size': str(size),
        '/variable': os.environ.get('GREETING', ''),
    }.get(path, WORD)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [body.encode()]
`

// The system's uWSGI serves an environment of the system's Python, from init to stop.
func TestServe(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.write("src/app.py", bare, 0o644)
	h.write("src/static/a.txt", "0123456789", 0o644)
	name := `my "web" ;{}`
	for _, env := range []string{"web", name} {
		h.must("mk", "--no-activate", "--without-pip", "-p", "/usr/bin/python3", env)
	}
	h.must("vars", "set", "web", "GREETING=hello, $HOME")
	h.serve("web", "app:application", "--static", "/static="+h.dir+"/src/static", "--max-body", "1m")
	h.must("serve", "init", name, "app:application", "--server", "uwsgi", "--domain", "odd.localhost", "--directory", h.dir+"/src",
		"--run", h.dir+`/r/o "dd" é`, "--listen", "127.0.0.1:"+strconv.Itoa(h.port))

	t.Run("answers", func(t *testing.T) { testAnswers(h.sub(t)) })
	t.Run("files", func(t *testing.T) { testFiles(h.sub(t)) })
	t.Run("check", func(t *testing.T) {
		h := h.sub(t)
		if found, status := h.findings("web"); status != 0 {
			t.Errorf("it finds %v", found)
		}
	})
	t.Run("two sites", func(t *testing.T) {
		h := h.sub(t)
		h.must("serve", "start", name)
		defer h.must("serve", "stop", name)
		h.must("serve", "install", name, "--yes", "--nginx", h.nginx)
		h.awaitSite("odd.localhost")
		h.answers("odd.localhost", "/prefix", filepath.Join(h.envs, name))
		h.answers("web.localhost", "/prefix", filepath.Join(h.envs, "web"))
	})
	t.Run("slow client", func(t *testing.T) { testSlowClient(h.sub(t)) })
	t.Run("killed worker", func(t *testing.T) { testKilledWorker(h.sub(t)) })
	t.Run("reload", func(t *testing.T) { testReload(h.sub(t)) })
	t.Run("broken nginx", func(t *testing.T) { testBrokenNginx(h.sub(t)) })
	t.Run("process", func(t *testing.T) { testProcess(h.sub(t)) })
	t.Run("wrong Python", func(t *testing.T) { testWrongPython(h.sub(t)) })
	t.Run("systemd", func(t *testing.T) { testSystemd(h.sub(t)) })
	t.Run("push", func(t *testing.T) { testPush(h.sub(t)) })
}

// testPush: an environment is sent to the home of another person, where it is served, and
// its workers are replaced. A version that does not import goes back.
func testPush(h *host) {
	s := startSSH(h.person)
	home := filepath.Join(s.home, "envs")
	there := func(args ...string) {
		h.Helper()
		h.must(append([]string{"--workon-home", home}, args...)...)
	}
	package_ := func(text string) {
		h.Helper()
		found, err := filepath.Glob(h.envs + "/sent/lib/python3*/site-packages")
		if err != nil || len(found) != 1 {
			h.Fatalf("%q, %v", found, err)
		}
		h.write(strings.TrimPrefix(found[0], h.dir)+"/sent.py", text, 0o644)
	}
	push := func(more ...string) said {
		return h.den(append([]string{"push", "sent", "127.0.0.1", "--to", home, "--reload"}, more...)...)
	}
	h.must("mk", "--no-activate", "--without-pip", "-p", "/usr/bin/python3", "sent")
	package_(bare)
	h.must("push", "sent", "127.0.0.1", "--to", home)
	there("serve", "init", "sent", "sent:application", "--server", "uwsgi", "--workers", "1", "--directory", h.dir+"/src", "--run", h.dir+"/r/sent", "--listen", "127.0.0.1:"+strconv.Itoa(h.port))
	there("serve", "start", "sent")
	defer there("serve", "stop", "sent")
	there("serve", "install", "sent", "--yes", "--nginx", h.nginx)
	h.awaitSite("sent.localhost")

	package_(strings.Replace(bare, "first", "second", 1))
	if s := push("--install-den"); s.status != 0 {
		h.Fatalf("den push: %d, %s", s.status, s.out)
	}
	h.answers("sent.localhost", "/", "second")
	package_("import nothing_of_that_name\n")
	if s := push(); s.status != 1 || !strings.Contains(s.out, "nothing_of_that_name") || !strings.Contains(s.out, "the earlier version is back in its place there") {
		h.Errorf("den push of what does not import: %d, %s", s.status, s.out)
	}
	there("run", "sent", "python", "-c", "import sent; assert sent.WORD == 'second'")
	h.answers("sent.localhost", "/", "second")
}

// testSystemd: where systemd runs, den has it start, reload and stop the server, and
// installs the unit. The systemctl here notes what it is asked for, and does it.
func testSystemd(h *host) {
	h.must("serve", "stop", "web")
	asked := filepath.Join(h.dir, "asked")
	run := h.dir + "/r/web"
	h.write("bin/systemctl", `#!/bin/sh
[ "$1" != --user ] || shift
echo "systemctl $*" >>`+asked+`
start() { setsid `+program(h.T)+` serve run web >/dev/null 2>&1 </dev/null & until [ -S `+run+`/http.sock ]; do :; done; }
case $1 in
is-system-running) echo running ;;
is-active) echo active ;;
cat) [ -e `+h.dir+`/known ] ;;
link | daemon-reload) : >`+h.dir+`/known ;;
enable) start ;;
start) start ;;
reload) touch `+run+`/reload ;;
stop) kill `+"`cat "+run+"/pid`"+`; while [ -e `+run+`/pid ]; do :; done ;;
esac
`, 0o755)
	h.write("bin/loginctl", "#!/bin/sh\necho \"loginctl $*\" >>"+asked+"\n", 0o755)
	h.write("bin/install", "#!/bin/sh\ncase $* in */etc/*) echo \"install $*\" >>"+asked+" ;; *) exec /usr/bin/install \"$@\" ;; esac\n", 0o755)
	defer h.write("bin/systemctl", "#!/bin/sh\necho offline\nexit 1\n", 0o755)

	if s := h.den("serve", "start", "web"); os.Geteuid() == 0 && (s.status != 1 || !strings.Contains(s.out, "den: hint: den serve install web")) {
		h.Errorf("a unit that systemd does not know is started: %d, %s", s.status, s.out)
	}
	if out := h.must("serve", "install", "web", "--nginx", h.nginx); !strings.Contains(out, "enable --now den-web.service") {
		h.Errorf("the steps are %s", out)
	}
	if text, _ := os.ReadFile(asked); strings.Contains(string(text), "enable") {
		h.Errorf("without --yes, systemd is asked for %s", text)
	}
	h.must("serve", "install", "web", "--yes", "--nginx", h.nginx)
	h.answers("web.localhost", "/", "first")
	h.must("serve", "stop", "web")
	h.must("serve", "start", "web")
	if out := h.must("serve", "status", "web"); !strings.Contains(out, ", by systemd\n") {
		h.Errorf("the status is %s", out)
	}
	h.must("serve", "reload", "web")
	if out := h.must("serve", "uninstall", "web", "--nginx", h.nginx); !strings.Contains(out, "rm -f "+h.nginx+"/conf.d/den-web.conf\n") || !strings.Contains(out, "disable --now den-web.service\n") {
		h.Errorf("the steps to take it away are %s", out)
	}
	h.answers("web.localhost", "/", "first")
	h.must("serve", "stop", "web")
	text, err := os.ReadFile(asked)
	if err != nil {
		h.Fatal(err)
	}
	for _, want := range []string{"enable --now den-web.service", "start den-web.service", "reload den-web.service", "stop den-web.service"} {
		if !strings.Contains(string(text), "systemctl "+want+"\n") {
			h.Errorf("systemd is not asked for %q, but for\n%s", want, text)
		}
	}
	if os.Geteuid() == 0 && !strings.Contains(string(text), "/serve/den-web.service /etc/systemd/system/\n") {
		h.Errorf("the unit is not installed:\n%s", text)
	}
}

// testWrongPython: the system's uWSGI is refused for an environment of another Python,
// with the command that brings one of its own.
func testWrongPython(h *host) {
	h.lay("other")
	h.write(strings.TrimPrefix(h.envs, h.dir)+"/other/pyvenv.cfg", "home = "+filepath.Dir(h.python)+"\nversion = 3.99.1\n", 0o644)
	h.must("serve", "init", "other", "app:application", "--server", "uwsgi", "--directory", h.dir+"/src", "--run", h.dir+"/r/other")
	found, status := h.findings("other")
	if status != 1 || !strings.Contains(found["server"], "the environment's is 3.99: uWSGI would run the wrong one | den run other pip install uWSGI && den serve init other") {
		h.Errorf("the check finds %v", found)
	}
	if s := h.den("serve", "start", "other"); s.status != 1 || !strings.Contains(s.out, "uWSGI would run the wrong one") {
		h.Errorf("it starts: %d, %s", s.status, s.out)
	}
}

// sub is the host for a sub-test.
func (h *host) sub(t *testing.T) *host {
	t.Helper()
	p := *h.person
	p.T = t
	return &host{&p, h.nginx, h.port}
}

// testAnswers: the application is told who asks for what, and two requests go over one
// connection.
func testAnswers(h *host) {
	h.answers("web.localhost", "/", "first")
	h.answers("web.localhost", "/from", "127.0.0.1 http")
	h.answers("web.localhost", "/prefix", filepath.Join(h.envs, "web"))
	h.answers("web.localhost", "/variable", "hello, $HOME")
	if a := h.get("web.localhost", "/from", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https"); a.body != "127.0.0.1 http" {
		h.Errorf("a client says itself who it is: %q", a.body)
	}
	c := h.connect()
	defer c.Close()
	reader := bufio.NewReader(c)
	for range 2 {
		fmt.Fprint(c, "GET /host HTTP/1.1\r\nHost: web.localhost\r\n\r\n")
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			h.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		if string(body) != "web.localhost" {
			h.Errorf("on one connection: %q", body)
		}
	}
}

func (h *host) connect() net.Conn {
	h.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(h.port))
	if err != nil {
		h.Fatal(err)
	}
	return c
}

// testFiles: nginx serves files, also a part of one, and none beside their directory; it
// refuses a request that is too large.
func testFiles(h *host) {
	h.answers("web.localhost", "/static/a.txt", "0123456789")
	if a := h.get("web.localhost", "/static/a.txt", "Range", "bytes=2-4"); a.status != http.StatusPartialContent || a.body != "234" {
		h.Errorf("a part: %d, %q", a.status, a.body)
	}
	for _, path := range []string{"/static../app.py", "/static/../app.py", "/static/%2e%2e/app.py"} {
		if a := h.get("web.localhost", path); strings.Contains(a.body, "import") {
			h.Errorf("%s is served", path)
		}
	}
	for size, want := range map[int]int{1 << 19: http.StatusOK, 1<<20 + 1: http.StatusRequestEntityTooLarge} {
		request, _ := http.NewRequest(http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d/size", h.port), strings.NewReader(strings.Repeat("x", size)))
		request.Host, request.Close = "web.localhost", true
		request.Header.Set("Expect", "100-continue")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			h.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			h.Errorf("%d bytes: %s, want %d", size, response.Status, want)
		}
	}
}

// testSlowClient: more clients that send their request slowly than there are workers and
// threads keep nobody else from an answer.
func testSlowClient(h *host) {
	for range 20 {
		c := h.connect()
		defer c.Close()
		fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: 100\r\n\r\nslow")
	}
	h.answers("web.localhost", "/", "first")
}

// testKilledWorker: a worker that dies is replaced.
func testKilledWorker(h *host) {
	id, err := strconv.Atoi(h.get("web.localhost", "/process").body)
	if err != nil {
		h.Fatal(err)
	}
	if err := syscall.Kill(id, syscall.SIGKILL); err != nil {
		h.Fatal(err)
	}
	for range 20 {
		h.await(func() bool {
			a := h.get("web.localhost", "/process")
			return a.status == http.StatusOK && a.body != strconv.Itoa(id)
		})
	}
}

// testReload: no request is lost while there comes the new application; one that does not
// import is refused, and the old workers go on.
func testReload(h *host) {
	defer h.write("src/app.py", bare, 0o644)
	h.write("src/app.py", strings.Replace(bare, "first", "second", 1), 0o644)
	h.survives("web.localhost", 1, 500, func() { h.must("serve", "reload", "web") })
	for range 10 {
		h.answers("web.localhost", "/", "second")
	}
	h.write("src/app.py", "import nothing_of_that_name\n", 0o644)
	s := h.den("serve", "reload", "web")
	if s.status != 1 || !strings.Contains(s.out, "the old workers go on") || !strings.Contains(s.out, "No module named 'nothing_of_that_name'") {
		h.Errorf("of an application that does not import: %d\n%s", s.status, s.out)
	}
	if found, status := h.findings("web"); status != 1 || !strings.Contains(found["app"], "nothing_of_that_name") {
		h.Errorf("the check finds %v", found)
	}
	for range 10 {
		h.answers("web.localhost", "/", "second")
	}
}

// testBrokenNginx: nginx's part, broken by hand, is not installed, and the old one goes on.
func testBrokenNginx(h *host) {
	part := filepath.Join(h.envs, "web/serve/nginx.conf")
	good, err := os.ReadFile(part)
	if err != nil {
		h.Fatal(err)
	}
	defer h.write(strings.TrimPrefix(part, h.dir), string(good), 0o644)
	h.write(strings.TrimPrefix(part, h.dir), string(good)+"}\n", 0o644)
	if found, status := h.findings("web"); status != 1 || !strings.Contains(found["nginx"], `unexpected "}"`) {
		h.Errorf("the check finds %v", found)
	}
	if s := h.den("serve", "install", "web", "--yes", "--nginx", h.nginx); s.status != 1 {
		h.Errorf("it is installed: %d\n%s", s.status, s.out)
	}
	installed, err := os.ReadFile(h.nginx + "/conf.d/den-web.conf")
	if err != nil || string(installed) != string(good) {
		h.Errorf("nginx has %q, %v", installed, err)
	}
	h.answers("web.localhost", "/host", "web.localhost")
}

// testProcess: what runs is known by the file that the server writes, and not by a
// process that has got its number.
func testProcess(h *host) {
	if out := h.must("serve", "status", "web"); !strings.Contains(out, "running since ") {
		h.Errorf("it says %s", out)
	}
	if out := h.must("serve", "list"); !strings.HasPrefix(out, "my") || !strings.Contains(out, "\nweb\trunning\tuwsgi\tapp:application\thttp://web.localhost:") {
		h.Errorf("the list is %s", out)
	}
	if out := h.must("serve", "logs", "web", "-n", "1000"); !strings.Contains(out, "uWSGI") {
		h.Errorf("the log is %s", out)
	}
	for _, args := range [][]string{{"rm", "web"}, {"mv", "web", "other-name"}} {
		if s := h.den(args...); s.status != 1 || !strings.Contains(s.out, "den: hint: stop it first: den serve stop web") {
			h.Errorf("while it runs, den %q: %d, %s", args, s.status, s.out)
		}
	}
	h.must("serve", "stop", "web")
	if s := h.den("serve", "status", "web"); s.status != 1 || !strings.Contains(s.out, "stopped") {
		h.Errorf("stopped, it says %d, %s", s.status, s.out)
	}
	other := exec.Command("sleep", "600")
	pid := filepath.Join(h.dir, "r/web/pid")
	if err := os.WriteFile(pid, nil, 0o644); err != nil {
		h.Fatal(err)
	}
	before := time.Now().Add(-time.Hour)
	if err := other.Start(); err != nil {
		h.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	h.write("r/web/pid", strconv.Itoa(other.Process.Pid), 0o644)
	if err := os.Chtimes(pid, before, before); err != nil {
		h.Fatal(err)
	}
	if s := h.den("serve", "stop", "web"); s.status != 1 || !strings.Contains(s.out, "does not run") {
		h.Errorf("of another process, it says %d, %s", s.status, s.out)
	}
	if err := other.Process.Signal(syscall.Signal(0)); err != nil {
		h.Errorf("the other process: %v", err)
	}
	// The server does not hold what whoever calls den has open, such as a lock.
	reader, writer, err := os.Pipe()
	if err != nil {
		h.Fatal(err)
	}
	defer reader.Close()
	start := h.command("serve", "start", "web")
	start.ExtraFiles = []*os.File{writer}
	if out, err := start.CombinedOutput(); err != nil {
		h.Fatalf("%v: %s", err, out)
	}
	writer.Close()
	if err := reader.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		h.Fatal(err)
	}
	if _, err := io.ReadAll(reader); err != nil {
		h.Errorf("the server holds an open file of its caller's: %v", err)
	}
	h.answers("web.localhost", "/", "first")
}

// asgi is an application for ASGI.
const asgi = `async def application(scope, receive, send):
    if scope['type'] != 'http':
        return
    await receive()
    await send({'type': 'http.response.start', 'status': 200, 'headers': []})
    await send({'type': 'http.response.body', 'body': scope['path'].encode()})
`

const flask = `import flask
application = flask.Flask(__name__)
@application.route('/', methods=['GET', 'POST'])
def root():
    return 'flask for ' + flask.request.host
`

const django = `import django.conf, django.http, django.urls
from django.core.wsgi import get_wsgi_application
django.conf.settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=['.localhost'], SECRET_KEY='x')
urlpatterns = [django.urls.path('', lambda request: django.http.HttpResponse('django for ' + request.get_host()))]
application = get_wsgi_application()
`

// testServers: the servers of the package index, in an environment that has them, and
// Flask, and Django.
func testServers(h *host, name string) {
	for file, text := range map[string]string{"app.py": bare, "shop.py": flask, "blog.py": django, "stream.py": asgi} {
		h.write("src/"+file, text, 0o644)
	}
	h.serve(name, "shop:application", "--server", "gunicorn", "--domain", "shop.localhost")
	h.awaitSite("shop.localhost")
	become := func(t *testing.T, server, app string) *host {
		t.Helper()
		h := h.sub(t)
		h.must("serve", "stop", name)
		h.must("serve", "init", name, app, "--server", server)
		h.must("serve", "start", name)
		return h
	}
	h.T.Run("flask by gunicorn", func(t *testing.T) {
		h := h.sub(t)
		h.answers("shop.localhost", "/", "flask for shop.localhost")
		h.survives("shop.localhost", 10, 2000, func() { h.must("serve", "reload", name) })
	})
	h.T.Run("django by granian", func(t *testing.T) {
		h := become(t, "granian", "blog:application")
		h.answers("shop.localhost", "/", "django for shop.localhost")
		h.write("src/blog.py", strings.ReplaceAll(bare, "first", "bare"), 0o644)
		h.survives("shop.localhost", 1, 500, func() { h.must("serve", "reload", name) })
		h.answers("shop.localhost", "/", "bare")
	})
	h.T.Run("waitress", func(t *testing.T) {
		h := become(t, "waitress", "app:application")
		h.answers("shop.localhost", "/variable", "")
		if s := h.den("serve", "reload", name); s.status != 1 || !strings.Contains(s.out, "waitress cannot replace its workers") {
			h.Errorf("it reloads: %d, %s", s.status, s.out)
		}
		h.answers("shop.localhost", "/", "first")
	})
	h.T.Run("asgi", func(t *testing.T) {
		h := h.sub(t)
		if s := h.den("serve", "init", name, "stream:application", "--server", "uwsgi"); s.status != 1 || !strings.Contains(s.out, "uwsgi serves no ASGI application") {
			h.Errorf("by uWSGI: %d, %s", s.status, s.out)
		}
		for _, server := range []string{"gunicorn", "granian"} {
			h := become(t, server, "stream:application")
			h.answers("shop.localhost", "/a/path", "/a/path")
			if found, status := h.findings(name); status != 0 {
				h.Errorf("%s: the check finds %v", server, found)
			}
		}
	})
}
