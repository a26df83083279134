package push

import (
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"den/env/pack"
	"den/env/programtest"
	"den/env/tree"
	"den/env/usertest"
)

func TestMain(m *testing.M) {
	usertest.Become()
	os.Exit(m.Run())
}

// fakeSSH is a command in the place of ssh that leads to this machine, to a person with
// that login shell.
func fakeSSH(t *testing.T, shell string) []string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "ssh")
	text := fmt.Sprintf("#!/bin/sh\nexport HOME='%s'\ncd \"$HOME\" || exit\nunset WORKON_HOME\nexec %s -c \"$2\"\n", dir, shell)
	if err := programtest.Write(path, []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
	return []string{path}
}

// The receiver starts whatever the login shell of the other machine is.
func TestLoginShells(t *testing.T) {
	for _, shell := range []string{"sh", "bash", "zsh", "fish", "tcsh", "ksh", "mksh"} {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Fatalf("the tests need %s", shell)
			}
			s, answer, err := Open(t.Context(), fakeSSH(t, shell), "host", AnyPython, Request{Name: "web", Rollback: true})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if !strings.HasSuffix(answer.Path, "/.virtualenvs/web") {
				t.Errorf("the path is %q", answer.Path)
			}
			if _, err := s.RollBack(); err == nil || !strings.Contains(err.Error(), "no earlier version") {
				t.Errorf("rolling back: %v", err)
			}
		})
	}
}

// A module in the home there does not take the place of one of Python's.
func TestModulesThere(t *testing.T) {
	ssh := fakeSSH(t, "sh")
	if err := os.WriteFile(filepath.Join(filepath.Dir(ssh[0]), "json.py"), []byte("raise SystemExit(1)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	s, _, err := Open(t.Context(), ssh, "host", AnyPython, Request{Name: "web", Rollback: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// A connection that is quicker than compression gets the files as they are; a slow one
// gets them compressed.
func TestLevel(t *testing.T) {
	for _, row := range []struct {
		bytes int64
		spent time.Duration
		want  int
	}{
		{0, 0, zlib.NoCompression},
		{1 << 20, time.Millisecond, zlib.NoCompression},
		{1 << 20, time.Second, zlib.BestSpeed},
	} {
		var g gauge
		g.bytes.Store(row.bytes)
		g.spent.Store(int64(row.spent))
		if level := g.level(); level != row.want {
			t.Errorf("%d bytes in %s: level %d, want %d", row.bytes, row.spent, level, row.want)
		}
	}
}

func TestNoPython(t *testing.T) {
	_, _, err := Open(t.Context(), fakeSSH(t, "sh"), "host", Needed{"9.9", "raise SystemExit(1)"}, Request{Name: "web"})
	if missing, ok := errors.AsType[*NoPythonError](err); !ok || missing.Seen == "" {
		t.Errorf("Open: %v", err)
	} else if seen := strings.Fields(missing.Seen); len(slices.Compact(slices.Sorted(slices.Values(seen)))) < len(seen) {
		t.Errorf("a Python is tried twice: %s", missing.Seen)
	}
}

// What ends before all is there changes nothing, and leaves nothing.
func TestCutOff(t *testing.T) {
	ssh := fakeSSH(t, "sh")
	home := filepath.Join(filepath.Dir(ssh[0]), ".virtualenvs")
	for _, sent := range []string{"", "{\"manifest\": 10}\n", "{\"manifest\": 10}\nxxxxxxxxxx"} {
		s, _, err := Open(t.Context(), ssh, "host", AnyPython, Request{Name: "web"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(s.input, sent); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if s.command.ProcessState.Success() {
			t.Errorf("after %q: no error", sent)
		}
		for _, dir := range []string{".", ".den/staging", ".den/locks", ".den/pushed"} {
			entries, err := os.ReadDir(filepath.Join(home, dir))
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				if entry.Name() != ".den" {
					t.Errorf("after %q, there is %s in %s", sent, entry.Name(), dir)
				}
			}
		}
	}
}

// contentsOf is an environment with two files, one of them large and not to be
// compressed, as it is sent to the path.
func contentsOf(t *testing.T, path, text string) *pack.Contents {
	t.Helper()
	dir := t.TempDir()
	site := filepath.Join(dir, "lib/python3/site-packages")
	noise := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(noise)
	for name, content := range map[string][]byte{"version": []byte(text), "noise": append(noise, text...)} {
		if err := os.MkdirAll(site, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(site, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	contents, err := pack.Collect(t.Context(), pack.Source{Dir: dir, Site: site, Overlay: t.TempDir(), Manifest: pack.Manifest{Name: "web", Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// A cutOff is a connection that ends after some bytes.
type cutOff struct {
	io.WriteCloser
	sent, end int
}

func (c *cutOff) Write(text []byte) (int, error) {
	n, err := c.WriteCloser.Write(text[:min(len(text), c.end-c.sent)])
	c.sent += n
	if err == nil && c.sent == c.end {
		err = errors.Join(io.ErrClosedPipe, c.Close())
	}
	return n, err
}

// pushTo pushes an environment with the text over a connection that ends after some
// bytes. It returns the text that is there afterwards, and how many bytes were sent.
func pushTo(t *testing.T, ssh []string, text string, end int) (there string, sent int, err error) {
	t.Helper()
	s, hello, err := Open(t.Context(), ssh, "host", AnyPython, Request{Name: "web", NoCheck: true})
	if err != nil {
		t.Fatal(err)
	}
	connection := &cutOff{WriteCloser: s.input, end: end}
	s.input = connection
	_, _, err = s.Send(t.Context(), contentsOf(t, hello.Path, text), new(tree.Progress))
	s.Close()
	found, _ := os.ReadFile(filepath.Join(hello.Path, "lib/python3/site-packages/version"))
	return string(found), connection.sent, err
}

// A connection that ends anywhere leaves the old environment in its place, and nothing
// beside it, and the next push does all of it.
func TestCutOffMidStream(t *testing.T) {
	ssh := fakeSSH(t, "sh")
	there, size, err := pushTo(t, ssh, "one", 1<<30)
	if err != nil || there != "one" {
		t.Fatalf("%q, %v", there, err)
	}
	// The last bytes are the checksum of the stream, which the hashes make superfluous.
	for _, end := range []int{1, size - 1<<20 - 10, size - 1<<19, size - 100} {
		there, _, err := pushTo(t, ssh, "two", end)
		if err == nil || there != "one" {
			t.Errorf("after %d of %d bytes: %q, %v", end, size, there, err)
		}
		for _, state := range []string{"staging", "locks"} {
			if entries, err := os.ReadDir(filepath.Join(filepath.Dir(ssh[0]), ".virtualenvs/.den", state)); err != nil || len(entries) > 0 {
				t.Errorf("after %d of %d bytes, there is %v in %s (%v)", end, size, entries, state, err)
			}
		}
	}
	if there, _, err := pushTo(t, ssh, "two", 1<<30); err != nil || there != "two" {
		t.Errorf("%q, %v", there, err)
	}
}

// A file there that cannot be read has changed, and its place is taken.
func TestUnreadable(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	ssh := fakeSSH(t, "sh")
	home := filepath.Join(filepath.Dir(ssh[0]), ".virtualenvs/web")
	if there, _, err := pushTo(t, ssh, "one", 1<<30); err != nil || there != "one" {
		t.Fatalf("%q, %v", there, err)
	}
	for _, err := range []error{os.Mkdir(filepath.Join(home, "closed"), 0), os.Chmod(filepath.Join(home, "lib/python3/site-packages/version"), 0)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if there, _, err := pushTo(t, ssh, "one", 1<<30); err != nil || there != "one" {
		t.Errorf("%q, %v", there, err)
	}
}

// The receiver is Python that the oldest version it promises to run with takes.
func TestReceiverSyntax(t *testing.T) {
	check := "import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 8))"
	c := exec.Command("python3", "-c", check)
	c.Stdin = strings.NewReader(receiver)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
