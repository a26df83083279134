package usage

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// fill makes a tree with links of both kinds in it, and returns its top.
func fill(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	for _, dir := range []string{"a/b/c", "d", "e/f"} {
		if err := os.MkdirAll(filepath.Join(top, dir), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(top, dir, "file"), make([]byte, 100_000), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		os.Link(top+"/a/b/c/file", top+"/d/again"),
		os.Symlink("/usr", top+"/e/usr"),
		os.Symlink("nowhere", top+"/e/nowhere"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return top
}

// A directory takes what du says.
func TestOf(t *testing.T) {
	top := fill(t)
	out, err := exec.Command("du", "-skx", top).Output()
	if err != nil {
		t.Fatal(err)
	}
	want, err := strconv.ParseInt(strings.Fields(string(out))[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Of(t.Context(), top)
	if err != nil || (got+1023)/1024 != want {
		t.Errorf("%d bytes, %v; du says %d kB", got, err, want)
	}
}

// A file that two directories have counts for the first.
func TestMeterCountsOnce(t *testing.T) {
	top := fill(t)
	whole, err := Of(t.Context(), top)
	if err != nil {
		t.Fatal(err)
	}
	var m Meter
	var sum int64
	for _, dir := range []string{"a", "d", "e"} {
		size, added, err := m.Measure(t.Context(), filepath.Join(top, dir))
		if err != nil || added > size || (added < size) != (dir == "d") {
			t.Errorf("%s takes %d, adds %d, %v", dir, size, added, err)
		}
		sum += added
	}
	for _, path := range []string{"/a/b/c/file", "/a/."} {
		if size, again, err := m.Measure(t.Context(), top+path); size == 0 || again != 0 || err != nil {
			t.Errorf("counted again: %d, %v", again, err)
		}
	}
	if sum > whole {
		t.Errorf("the parts take %d, and the whole %d", sum, whole)
	}
}

func TestMeasureFails(t *testing.T) {
	if _, err := Of(t.Context(), t.TempDir()+"/none"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Of(ctx, fill(t)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
