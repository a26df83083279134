package child

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestEnviron(t *testing.T) {
	given := []string{"PATH=/bin", "PYTHONHOME=/x", "PIP_INDEX_URL=u", "VIRTUAL_ENV=/e", "VIRTUAL_ENV_PROMPT=e", "PYTHONPATH=", "odd", "__PYVENV_LAUNCHER__=/l", "PYTHONEXECUTABLE=/p"}
	want := []string{"PATH=/bin", "PIP_INDEX_URL=u", "VIRTUAL_ENV_PROMPT=e", "odd"}
	before := slices.Clone(given)
	if got := Environ(given); !slices.Equal(got, want) {
		t.Errorf("Environ = %q, want %q", got, want)
	}
	if !slices.Equal(given, before) {
		t.Error("Environ changed what it was given")
	}
}

func TestRun(t *testing.T) {
	output, err := Run(t.Context(), []string{"GREETING=hello", "PYTHONHOME=/x"}, "/bin/sh", "-c", `echo "$GREETING$PYTHONHOME $1" >&2; cat; exit 3`, "sh", "two words")
	var exit *exec.ExitError
	if output != "hello two words\n" || !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("Run = %q, %v", output, err)
	}
	t.Setenv("LEAK", "this process's")
	if output, err := Run(t.Context(), nil, "/bin/sh", "-c", `echo "<$LEAK>"`); err != nil || output != "<>\n" {
		t.Errorf("Run without an environment = %q, %v", output, err)
	}
	if _, err := Run(t.Context(), nil, "/nonexistent/program"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Run of nothing: %v", err)
	}
}

func TestRunKeepsTheEndOfTheOutput(t *testing.T) {
	output, err := Run(t.Context(), os.Environ(), "/bin/sh", "-c", "i=0; while [ $i -lt 30000 ]; do echo line $i; i=$((i+1)); done")
	if err != nil || len(output) != tailSize || !strings.HasSuffix(output, "line 29998\nline 29999\n") {
		t.Errorf("Run keeps %d bytes, %q, %v", len(output), output[max(0, len(output)-30):], err)
	}
}

// TestRunEndsAll cancels a program that ignores polite signals and has started
// others; none of them may write afterwards. Should they escape all the same, they
// end by themselves.
func TestRunEndsAll(t *testing.T) {
	dir := t.TempDir()
	const script = `trap '' TERM INT HUP
cd "$1" || exit
for i in 1 2 3; do
  sh -c 'trap "" TERM; exec >/dev/null 2>&1; for j in $(seq 2000000); do echo x >>'$i'; done' &
done
wait`
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	go func() {
		for {
			if files, _ := filepath.Glob(dir + "/?"); len(files) == 3 {
				cancel(stopped)
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := Run(ctx, os.Environ(), "/bin/sh", "-c", script, "sh", dir); !errors.Is(err, stopped) {
		t.Errorf("Run: %v", err)
	}
	size := func() (total int64) {
		files, _ := filepath.Glob(dir + "/?")
		for _, file := range files {
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			total += info.Size()
		}
		return total
	}
	before := size()
	time.Sleep(50 * time.Millisecond) // thousands of their rounds
	if after := size(); after != before {
		t.Errorf("%d bytes were written after Run had returned", after-before)
	}
}

func TestRunIsNotStartedWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	file := t.TempDir() + "/made"
	if _, err := Run(ctx, nil, "/bin/sh", "-c", ": >"+file); !errors.Is(err, context.Canceled) {
		t.Errorf("Run: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the program ran")
	}
}

// TestModule: a file in the working directory is not taken for the module, nor for one
// that it imports.
func TestModule(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"json", "argparse"} {
		if err := os.WriteFile(name+".py", []byte("open('taken', 'w')"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := Run(t.Context(), os.Environ(), "python3", append(Module("json.tool"), "--help")...); err != nil || !strings.HasPrefix(output, "usage:") {
		t.Errorf("the module: %q, %v", output, err)
	}
	if _, err := os.Stat("taken"); err == nil {
		t.Error("a file in the working directory ran")
	}
}

func TestLastLines(t *testing.T) {
	for _, row := range []struct {
		output string
		want   []string
	}{
		{"", nil},
		{"\n \n", nil},
		{"one", []string{"one"}},
		{"one\r\n\ntwo  \n three\n", []string{"two", " three"}},
	} {
		if got := LastLines(row.output, 2); !slices.Equal(got, row.want) {
			t.Errorf("LastLines(%q) = %q, want %q", row.output, got, row.want)
		}
	}
}

// A program that ends and leaves one behind, which holds its output, has done its work;
// the one that it has left is killed.
func TestRunLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	output, err := Run(t.Context(), nil, "/bin/sh", "-c", "sleep 600 & echo $!")
	if err != nil {
		t.Fatal(err)
	}
	id, err := strconv.Atoi(strings.TrimSpace(output))
	if err != nil {
		t.Fatal(err)
	}
	for give := time.Now().Add(time.Minute); syscall.Kill(id, 0) == nil && !isZombie(id); time.Sleep(time.Millisecond) {
		if time.Now().After(give) {
			t.Fatalf("process %d still runs", id)
		}
	}
}

// isZombie reports whether a process has ended, and nobody has asked for it yet.
func isZombie(id int) bool {
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(id)).Output()
	return err != nil || strings.HasPrefix(string(out), "Z")
}
