package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The notes of what den has said do not pile up: of too many, the newer half stays.
func TestBound(t *testing.T) {
	dir := t.TempDir()
	make := func(n int) {
		file := filepath.Join(dir, fmt.Sprint(n))
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		made := time.Unix(int64(1000-n), 0)
		if err := os.Chtimes(file, made, made); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 4 {
		make(n)
	}
	left := func() (names []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	bound(dir, 4)
	if got := left(); len(got) != 4 {
		t.Errorf("of four there are %q", got)
	}
	make(4)
	bound(dir, 4)
	if got, want := left(), []string{"0", "1", "2"}; !slices.Equal(got, want) {
		t.Errorf("of five there are %q, want %q", got, want)
	}
}
