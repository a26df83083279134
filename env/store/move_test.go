package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"den/env/usertest"
)

// signed are the files of a planted environment that say where it is.
var signed = []string{"bin/tool", "bin/activate", "lib/a.pth", "lib/deep/b.pth"}

// sign lays out an environment of which the files say that it is at place.
func sign(dir, place string) error {
	if err := lay(dir); err != nil {
		return err
	}
	for _, file := range signed {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(place), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// resign is what a move of a signed environment has to change.
func resign(ctx context.Context, _, final, overlay string) error {
	for _, file := range signed {
		reached(ctx, "preparing "+file)
		path := filepath.Join(overlay, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(final), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// says returns what the files of a signed environment say, each once.
func says(t testing.TB, e environment) []string {
	t.Helper()
	var said []string
	for _, file := range signed {
		text, err := os.ReadFile(filepath.Join(e.Path, file))
		if err != nil {
			t.Error(err)
			continue
		}
		said = append(said, string(text))
	}
	slices.Sort(said)
	return slices.Compact(said)
}

func plantSigned(t testing.TB, home Store, name string) environment {
	t.Helper()
	if err := sign(home.Path(name), home.Path(name)); err != nil {
		t.Fatal(err)
	}
	return environment{Name: name, Path: home.Path(name)}
}

func TestMove(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	before := identify(web.Path)
	write(t, web.Path+"/lib/kept", "as it was")
	moved := at(home, "My Env")
	err := home.Move(t.Context(), "web", "My Env", resign)
	if err != nil {
		t.Fatal(err)
	}
	if got := says(t, moved); len(got) != 1 || got[0] != moved.Path {
		t.Errorf("its files say %q", got)
	}
	if !before.isAt(moved.Path) {
		t.Error("the directory is another one")
	}
	if text, err := os.ReadFile(moved.Path + "/lib/kept"); string(text) != "as it was" {
		t.Errorf("what was not to change is %q, %v", text, err)
	}
	if got := in(t, home.Dir()); !slices.Equal(got, []string{".den", "My Env"}) {
		t.Errorf("there are %q", got)
	}
	nothingLeft(t, home)
}

func TestMoveRefuses(t *testing.T) {
	home := newHome(t)
	web := plantSigned(t, home, "web")
	plantSigned(t, home, "api")
	mkdir(t, home.Path("photos"))
	for _, row := range []struct {
		from, to string
		is       func(error) bool
	}{
		{"web", "api", isType[*ExistsError]},
		{"web", "web", isType[*ExistsError]},
		{"web", "photos", isType[*ExistsError]},
		{"web", "a/b", isType[*nameError]},
		{"nope", "new", isType[*NotFoundError]},
		{"photos", "new", isType[*NotFoundError]},
		{"../home/web", "new", isType[*nameError]},
	} {
		if err := home.Move(t.Context(), row.from, row.to, resign); !row.is(err) {
			t.Errorf("%s to %s: %v", row.from, row.to, err)
		}
	}
	failure := errors.New("cannot be changed")
	fail := func(ctx context.Context, dir, final, overlay string) error {
		return errors.Join(resign(ctx, dir, final, overlay), failure)
	}
	if err := home.Move(t.Context(), "web", "new", fail); !errors.Is(err, failure) {
		t.Error(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stopIt := func(ctx context.Context, dir, final, overlay string) error {
		stop()
		return resign(ctx, dir, final, overlay)
	}
	if err := home.Move(stopped, "web", "new", stopIt); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := says(t, web); len(got) != 1 || got[0] != web.Path {
		t.Errorf("its files say %q", got)
	}
	if got := in(t, home.Dir()); !slices.Equal(got, []string{".den", "api", "photos", "web"}) {
		t.Errorf("there are %q", got)
	}
	nothingLeft(t, home)
}

func isType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// Of a link in the home, only the name changes.
func TestMoveLink(t *testing.T) {
	home := newHome(t)
	elsewhere := t.TempDir() + "/elsewhere"
	if err := sign(elsewhere, elsewhere); err != nil {
		t.Fatal(err)
	}
	symlink(t, elsewhere, home.Path("web"))
	never := func(context.Context, string, string, string) error { return errors.New("fix was called") }
	moved := at(home, "api")
	err := home.Move(t.Context(), "web", "api", never)
	if err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(moved.Path); target != elsewhere {
		t.Errorf("leads to %q, %v", target, err)
	}
	if got := says(t, environment{Path: elsewhere}); len(got) != 1 || got[0] != elsewhere {
		t.Errorf("its files say %q", got)
	}
}

// Directories that may not be written to hold files that have to change.
func TestMoveReadOnly(t *testing.T) {
	if !usertest.AsUser(t) {
		return
	}
	home := newHome(t)
	web := plantSigned(t, home, "web")
	for _, dir := range []string{"lib/deep", "lib", "bin", "."} {
		chmod(t, filepath.Join(web.Path, dir), 0o555)
	}
	t.Cleanup(func() {
		for _, dir := range []string{".", "bin", "lib", "lib/deep"} {
			os.Chmod(filepath.Join(home.Path("api"), dir), 0o755)
		}
	})
	moved := at(home, "api")
	err := home.Move(t.Context(), "web", "api", resign)
	if err != nil {
		t.Fatal(err)
	}
	if got := says(t, moved); len(got) != 1 || got[0] != moved.Path {
		t.Errorf("its files say %q", got)
	}
	if info, err := os.Stat(moved.Path + "/bin"); err != nil || info.Mode().Perm() != 0o555 {
		t.Errorf("bin has the mode %v, %v", info.Mode(), err)
	}
}

// killVariable has the number of the step at which a process is to be killed.
const killVariable = "DEN_ENV_TEST_KILL"

// watched kills this process at the step that it was told.
func watched() context.Context {
	left, err := strconv.Atoi(os.Getenv(killVariable))
	if err != nil {
		return context.Background()
	}
	return context.WithValue(context.Background(), watchKey{}, func(reached string) {
		fmt.Println(reached)
		if left--; left == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
}

// killed starts a process in a role, has it killed at the step, and returns the
// name of that, or "" when the process has ended before.
func killed(t *testing.T, role string, home Store, at int) (reached string) {
	t.Helper()
	t.Setenv(killVariable, strconv.Itoa(at))
	p := start(t, role, home, "web")
	for {
		line, err := p.stdout.ReadString('\n')
		if err != nil {
			break
		}
		reached = strings.TrimSuffix(line, "\n")
	}
	if err := p.Wait(); err == nil {
		return ""
	}
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("it ended by itself: %v\n%s", p.ProcessState, p.stderr)
	}
	return reached
}

// killAt has processes in a role killed, at one step after the other, until one has reached
// the step of that name. The work of those before it is completed.
func killAt(t *testing.T, role string, home Store, step string) {
	t.Helper()
	for at := 1; ; at++ {
		switch killed(t, role, home, at) {
		case step:
			return
		case "":
			t.Fatalf("no process was killed at the step %q", step)
		}
		if err := home.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// A move that is killed, at whatever step, leaves the environment at one of the
// two names, and the next den makes it whole there.
func TestMoveKilled(t *testing.T) {
	var steps []string
	for at := 1; ; at++ {
		home := newHome(t)
		plantSigned(t, home, "web")
		reached := killed(t, "move", home, at)
		names, err := home.Names()
		if err != nil || len(names) != 1 || names[0] != "web" && names[0] != "api" {
			t.Fatalf("killed at %q: there are %q, %v", reached, names, err)
		}
		if home.Interrupted() {
			if err := home.Recover(t.Context()); err != nil {
				t.Errorf("killed at %q: %v", reached, err)
			}
		}
		again, err := home.Names()
		if err != nil || !slices.Equal(names, again) {
			t.Errorf("killed at %q: there was %q, and there is %q, %v", reached, names, again, err)
		}
		if got := says(t, environment{Path: home.Path(names[0])}); len(got) != 1 || got[0] != home.Path(names[0]) {
			t.Errorf("killed at %q: %s says %q", reached, names[0], got)
		}
		if err := home.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		nothingLeft(t, home)
		if reached == "" {
			break
		}
		steps = append(steps, reached)
	}
	for _, want := range []string{"prepared", "noted", "moved", "changing bin/tool", "changed"} {
		if !slices.Contains(steps, want) {
			t.Errorf("no process was killed at %q, only at %q", want, steps)
		}
	}
}

// A move that is killed, and of which the home is then copied, comes to its end
// in the copy.
func TestMoveKilledAndCopied(t *testing.T) {
	for at, reached := 1, "begun"; reached != ""; at++ {
		home := newHome(t)
		plantSigned(t, home, "web")
		reached = killed(t, "move", home, at)
		again := copied(t, home)
		if err := errors.Join(again.Recover(t.Context()), again.Sweep(t.Context())); err != nil {
			t.Errorf("killed at %q: %v", reached, err)
		}
		names, err := again.Names()
		if err != nil || len(names) != 1 || names[0] != "web" && names[0] != "api" {
			t.Fatalf("killed at %q: there are %q, %v", reached, names, err)
		}
		if got := says(t, environment{Path: again.Path(names[0])}); len(got) != 1 || got[0] != home.Path(names[0]) {
			t.Errorf("killed at %q: %s says %q", reached, names[0], got)
		}
		nothingLeft(t, again)
	}
}

// In the copy, what has come to the new name may be a link to another environment,
// which is left as it is.
func TestMoveKilledAndCopiedOverALink(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	killAt(t, "move", home, "moved")
	again := copied(t, home)
	outside := t.TempDir() + "/outside"
	if err := errors.Join(sign(outside, "theirs"), os.RemoveAll(again.Path("api"))); err != nil {
		t.Fatal(err)
	}
	symlink(t, outside, again.Path("api"))
	if err := again.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if got := says(t, environment{Path: outside}); len(got) != 1 || got[0] != "theirs" {
		t.Errorf("it says %q", got)
	}
}

// Nothing is written to where a symbolic link leads out of the environment, also
// when it has come there after all was prepared.
func TestMoveStaysInside(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	outside := t.TempDir()
	write(t, outside+"/tool", "theirs")
	ctx := context.WithValue(t.Context(), watchKey{}, func(reached string) {
		if reached == "prepared" {
			if err := os.Rename(home.Path("web")+"/bin", home.Path("web")+"/was"); err != nil {
				t.Error(err)
			}
			symlink(t, outside, home.Path("web")+"/bin")
		}
	})
	if err := home.Move(ctx, "web", "api", resign); err == nil {
		t.Error("the link is not told of")
	}
	if text, err := os.ReadFile(outside + "/tool"); string(text) != "theirs" || err != nil {
		t.Errorf("outside there is %q, %v", text, err)
	}
	if names := in(t, outside); len(names) != 1 {
		t.Errorf("outside there are %q", names)
	}
	// Once there is a directory again, the next den goes on.
	if err := errors.Join(os.Remove(home.Path("api")+"/bin"), os.Rename(home.Path("api")+"/was", home.Path("api")+"/bin")); err != nil {
		t.Fatal(err)
	}
	if err := home.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if got := says(t, environment{Path: home.Path("api")}); len(got) != 1 || got[0] != home.Path("api") {
		t.Errorf("it says %q", got)
	}
}

// When the environment that was being moved has gone meanwhile, and others have
// come in its place, they are left alone.
func TestRecoverAmongOthers(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	killAt(t, "move", home, "moved")
	if err := os.RemoveAll(home.Path("api")); err != nil {
		t.Fatal(err)
	}
	if err := sign(home.Path("api"), "another"); err != nil {
		t.Fatal(err)
	}
	if err := home.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if got := says(t, environment{Path: home.Path("api")}); len(got) != 1 || got[0] != "another" {
		t.Errorf("it says %q", got)
	}
	if err := home.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	nothingLeft(t, home)
}

// What a living process is doing is not another's to finish.
func TestRecoverLetsTheLivingBe(t *testing.T) {
	home := newHome(t)
	plantSigned(t, home, "web")
	looked := false
	ctx := context.WithValue(t.Context(), watchKey{}, func(reached string) {
		if reached != "moved" {
			return
		}
		looked = true
		if !home.Interrupted() {
			t.Error("a process at work leaves no journal")
		}
		if err := home.Recover(t.Context()); err != nil {
			t.Error(err)
		}
		if err := home.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
	})
	moved := at(home, "api")
	err := home.Move(ctx, "web", "api", resign)
	if err != nil || !looked {
		t.Fatal(err, looked)
	}
	if got := says(t, moved); len(got) != 1 || got[0] != moved.Path {
		t.Errorf("its files say %q", got)
	}
	nothingLeft(t, home)
}
