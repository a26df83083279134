package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"den/env/programtest"
)

// A sshServer is an sshd on this machine, for one key, whoever runs the tests. Who
// comes by it has another home.
type sshServer struct {
	*person
	dir  string
	home string // of who comes
}

// run runs a program to its end.
func (s sshServer) run(program string, args ...string) {
	s.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		s.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
}

// startSSH starts the server, has den use it, and stops it when the test ends.
func startSSH(p *person) sshServer {
	p.Helper()
	s := sshServer{p, filepath.Join(p.dir, "sshd"), filepath.Join(p.dir, "elsewhere")}
	for _, dir := range []string{s.dir, s.home} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			p.Fatal(err)
		}
	}
	for _, key := range []string{"host", "key"} {
		s.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(s.dir, key))
	}
	public, err := os.ReadFile(filepath.Join(s.dir, "key.pub"))
	if err != nil {
		p.Fatal(err)
	}
	p.write(filepath.Join(s.dir, "authorized"), fmt.Sprintf("environment=\"HOME=%s\" %s", s.home, public))
	port := freePort(p.T)
	p.write(filepath.Join(s.dir, "config"), fmt.Sprintf("ListenAddress 127.0.0.1\nPort %d\nHostKey %s/host\nAuthorizedKeysFile %s/authorized\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPermitUserEnvironment yes\nPrintMotd no\n", port, s.dir, s.dir))
	if os.Geteuid() == 0 { // sshd separates its privileges there
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			p.Fatal(err)
		}
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		p.Fatal(err)
	}
	server := exec.Command("/usr/sbin/sshd", "-D", "-e", "-f", filepath.Join(s.dir, "config"))
	server.Stderr = log
	if err := server.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
		log.Close()
	})
	p.environ["DEN_SSH"] = fmt.Sprintf("ssh -F none -p %d -i %s/key -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=%s/known", port, s.dir, s.dir)
	for give := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			connection.Close()
			return s
		}
		if time.Now().After(give) {
			text, _ := os.ReadFile(log.Name())
			p.Fatalf("sshd does not answer: %v\n%s", err, text)
		}
	}
}

// freePort is a port that nobody has at the moment.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// TestPushBySSH sends an environment through a real ssh and sshd to another home.
func TestPushBySSH(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := startSSH(p)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if made := p.den("mk", "--no-activate", "--without-pip", "web"); made.status != 0 {
		t.Fatal(made.out)
	}
	brick(p)
	program := "#!" + filepath.Join(p.envs, "web", "bin", "python") + "\nimport brick, sys\nprint(sys.prefix)\n"
	if err := programtest.Write(filepath.Join(p.envs, "web", "bin", "brick"), []byte(program), 0o777); err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(s.home, ".virtualenvs", "web")
	for _, sent := range []string{"one", "none"} {
		pushed := p.den("push", "web", me.Username+"@127.0.0.1", "--check", "brick")
		if pushed.status != 0 || strings.Contains(pushed.out, "\t0 B\t") != (sent == "none") {
			t.Fatalf("den push: %d, %s", pushed.status, pushed.out)
		}
		out, err := exec.Command(filepath.Join(there, "bin", "brick")).CombinedOutput()
		if strings.TrimSpace(string(out)) != there || err != nil {
			t.Fatalf("its program: %v, %s", err, out)
		}
		if err := os.Chmod(filepath.Join(p.envs, "web", "bin", "brick"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if back := p.den("push", "web", "127.0.0.1", "--rollback"); back.status != 0 {
		t.Errorf("den push --rollback: %s", back.out)
	}
	if gone := p.den("push", "web", "127.0.0.1", "--as", "other", "--rollback"); gone.status != 1 {
		t.Errorf("without an earlier version: %d, %s", gone.status, gone.out)
	}
}
