package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// den does what virtualenvwrapper did when it was recorded, but for the
// differences that have a reason.
func TestDen(t *testing.T) {
	dir, err := os.MkdirTemp("", "den-compare-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeAll(dir) })
	s, err := newStage(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	scenarios, err := readScenarios("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range scenarios {
		for _, shell := range sc.shells() {
			t.Run(sc.name+"/"+shell, func(t *testing.T) {
				t.Parallel()
				if _, err := exec.LookPath(shell); err != nil {
					if os.Getenv("CI") == "true" {
						t.Fatalf("%s is not installed, and CI plays in every shell", shell)
					}
					t.Skipf("%s is not installed", shell)
				}
				want := sc.expected("den", shell)
				if want == "" {
					t.Fatal("nothing is recorded of it: make compare WRITE=1")
				}
				outcome, _, said, err := s.play(context.Background(), sc, "den", shell)
				if err != nil {
					t.Fatalf("%v\n%s", err, said)
				}
				if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(outcome, "\n")); diff != "" {
					t.Errorf("expected (-), seen (+)\n%s\n%s", diff, said)
				}
			})
		}
	}
}

// Each reason for a difference is in the documentation, for people to read.
func TestReasonsAreDocumented(t *testing.T) {
	scenarios, err := readScenarios("testdata")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../docs/migrating.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := strings.Join(strings.Fields(string(text)), " ")
	for _, sc := range scenarios {
		if sc.why() != "" && !strings.Contains(documented, sc.why()) {
			t.Errorf("%s: docs/migrating.md does not say: %s", sc.name, sc.why())
		}
		if sc.why() == "" && sc.expected("den", "bash") != sc.expected("reference", "bash") {
			t.Errorf("%s: den differs, and nothing says why", sc.name)
		}
	}
}
