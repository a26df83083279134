package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"den/env/usertest"
)

// What the test binary is to do instead of running tests, when it is started
// by one.
const roleVariable = "DEN_ENV_TEST_ROLE"

// roles are what processes do in these tests, given the home and a name.
var roles = map[string]func(home Store, name string) error{
	// Makes the environment once standard input ends, and says how that went.
	"create": func(home Store, name string) error {
		if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
			return err
		}
		err := home.Create(context.Background(), name, func(_ context.Context, dir, _ string) error {
			if err := lay(dir); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "maker"), []byte(strconv.Itoa(os.Getpid())), 0o666)
		})
		if _, taken := errors.AsType[*ExistsError](err); taken {
			fmt.Println("taken")
			return nil
		}
		if err == nil {
			fmt.Println("made")
		}
		return err
	},
	// Moves the environment to api, replaces it, and does that as on a system
	// which cannot exchange directories.
	"move": func(home Store, name string) error {
		return home.Move(watched(), name, "api", resign)
	},
	"replace": func(home Store, name string) error {
		return home.Replace(watched(), name, renew)
	},
	"replace-in-stages": func(home Store, name string) error {
		lock, err := home.lock(context.Background(), name)
		if err != nil {
			return err
		}
		defer lock.release()
		st, err := home.newStage()
		if err != nil {
			return err
		}
		ctx, dir := watched(), filepath.Join(st.dir, name)
		if err = renew(ctx, dir, home.Path(name)); err != nil {
			return err
		}
		reached(ctx, "filled")
		if err := st.swap(ctx, name, dir, cannotExchange); err != nil {
			return err
		}
		st.close()
		return nil
	},
	// Replaces the environment, and keeps the old one; brings back the one that is kept.
	"upgrade": func(home Store, name string) error {
		return home.Keeping("upgrade").Replace(watched(), name, renew)
	},
	"undo":          func(home Store, _ string) error { return undo(home, exchange) },
	"undo-as":       func(home Store, _ string) error { return undo(home, exchange) },
	"undo-exchange": func(home Store, _ string) error { return undo(home, exchange) },
	"undo-in-steps": func(home Store, _ string) error { return undo(home, cannotExchange) },
	// Starts to make the environment, says so, and gets no further.
	"hang": func(home Store, name string) error {
		err := home.Create(context.Background(), name, func(_ context.Context, dir, _ string) error {
			if err := lay(dir); err != nil {
				return err
			}
			fmt.Println("filling")
			_, err := io.Copy(io.Discard, os.Stdin)
			return err
		})
		return err
	},
}

// undo brings back what was taken away last.
func undo(home Store, exchange func(one, other string) error) error {
	kept, err := home.Kept()
	if err == nil {
		_, err = home.Keeping("undo").restore(watched(), kept[0], resign, exchange)
	}
	return err
}

func TestMain(m *testing.M) {
	usertest.Become()
	if number, err := strconv.Atoi(os.Getenv(noFlockVariable)); err == nil {
		if err := forbidFlock(syscall.Errno(number)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	role, ok := roles[os.Getenv(roleVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := role(newAt(os.Args[1]), os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// process is the test binary, started in a role.
type process struct {
	*exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr *strings.Builder
}

func start(t *testing.T, role string, home Store, name string) *process {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(executable, home.Dir(), name), stderr: new(strings.Builder)}
	p.Env = append(os.Environ(), roleVariable+"="+role)
	p.Stderr = p.stderr
	if p.stdin, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout = bufio.NewReader(stdout)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	return p
}

// says waits for a line from the process.
func (p *process) says(t *testing.T) string {
	t.Helper()
	line, err := p.stdout.ReadString('\n')
	if err != nil {
		t.Fatalf("the process said %q and ended: %v\n%s", line, err, p.stderr)
	}
	return strings.TrimSuffix(line, "\n")
}

// kill ends the process as kill -9 does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.Wait()
}

// TestCutOffOwner: a note that is not whole names no process.
func TestCutOffOwner(t *testing.T) {
	o, err := identifyProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if same, err := parseOwner(o.String()); err != nil || same != o {
		t.Errorf("%+v, %v", same, err)
	}
	if cut, err := parseOwner(strings.TrimSuffix(o.String(), "\n")); err == nil {
		t.Errorf("cut off: %+v", cut)
	}
}
