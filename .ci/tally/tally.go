package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build event, in place of Package
	Test       string
	Elapsed    float64 // seconds
	Output     string
}

// line is a piece of output and the test that wrote it; no test: the package.
type line struct{ test, text string }

// packageRun is what is known of the tests of one package so far.
type packageRun struct {
	results map[string]string // test to "run", "pass", "fail" or "skip"
	output  []line
}

// tally counts the results of test packages and writes a line for each that
// is done, with the whole output of what failed in it.
type tally struct {
	out      io.Writer
	packages map[string]*packageRun
	builds   map[string][]string // import path to what its compiler said

	passed, failed int
	failures       []string
	skips          []string // with the reason, where the test gave one
}

func newTally(out io.Writer) *tally {
	return &tally{out: out, packages: map[string]*packageRun{}, builds: map[string][]string{}}
}

// read takes in events until the end of r. Lines that are no events are
// passed on as they are.
func (t *tally) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		text, err := lines.ReadString('\n')
		if text != "" {
			t.take(text)
		}
		if err == io.EOF {
			t.closeUnfinished()
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the test results: %w", err)
		}
	}
}

func (t *tally) take(text string) {
	var e event
	if err := json.Unmarshal([]byte(text), &e); err != nil || e.Action == "" {
		fmt.Fprint(t.out, text)
		return
	}
	switch {
	case e.Action == "build-output":
		t.builds[e.ImportPath] = append(t.builds[e.ImportPath], e.Output)
	case e.Action == "build-fail":
		fmt.Fprint(t.out, strings.Join(t.builds[e.ImportPath], ""))
	case e.Package == "":
	case e.Test == "":
		t.packageEvent(e)
	default:
		t.testEvent(e)
	}
}

func (t *tally) run(name string) *packageRun {
	p := t.packages[name]
	if p == nil {
		p = &packageRun{results: map[string]string{}}
		t.packages[name] = p
	}
	return p
}

func (t *tally) testEvent(e event) {
	p := t.run(e.Package)
	switch e.Action {
	case "run", "pass", "fail", "skip":
		p.results[e.Test] = e.Action
	case "output":
		p.output = append(p.output, line{e.Test, e.Output})
	}
}

func (t *tally) packageEvent(e event) {
	p := t.run(e.Package)
	switch e.Action {
	case "output":
		p.output = append(p.output, line{"", e.Output})
	case "pass", "fail", "skip":
		t.close(e.Package, p, e.Action, e.Elapsed)
	}
}

// closeUnfinished fails every package whose end was never reported, which is
// what a killed test run leaves.
func (t *tally) closeUnfinished() {
	names := make([]string, 0, len(t.packages))
	for name := range t.packages {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.close(name, t.packages[name], "fail", 0)
	}
}

// close counts the package and writes about it. A package that failed though
// none of its tests did (it did not build, or died outside a test) counts as
// one failure.
func (t *tally) close(name string, p *packageRun, action string, seconds float64) {
	delete(t.packages, name)
	passed, failed := t.count(name, p)
	if action == "fail" && failed == 0 {
		failed = 1
		t.failures = append(t.failures, name)
	}
	t.passed += passed
	t.failed += failed
	switch {
	case failed > 0:
		fmt.Fprintf(t.out, "FAIL  %s: %d passed, %d failed (%.1f s)\n", name, passed, failed, seconds)
		p.writeFailures(t.out)
	case len(p.results) == 0:
		fmt.Fprintf(t.out, "none  %s: no tests\n", name)
	default:
		fmt.Fprintf(t.out, "ok    %s: %d passed (%.1f s)\n", name, passed, seconds)
	}
}

// count returns how many tests passed and failed. A test with subtests is
// counted by them, unless it failed by itself; one that began and never ended
// has failed.
func (t *tally) count(name string, p *packageRun) (passed, failed int) {
	for _, test := range p.tests() {
		result := p.results[test]
		parent, failedBelow := p.below(test)
		switch {
		case result == "fail" || result == "run":
			if !failedBelow {
				failed++
				t.failures = append(t.failures, name+" "+test)
			}
		case parent:
		case result == "skip":
			t.skips = append(t.skips, name+" "+test+p.reason(test))
		default:
			passed++
		}
	}
	return passed, failed
}

func (p *packageRun) tests() []string {
	tests := make([]string, 0, len(p.results))
	for test := range p.results {
		tests = append(tests, test)
	}
	sort.Strings(tests)
	return tests
}

// below says whether the test has subtests, and whether one of them failed.
func (p *packageRun) below(test string) (subtests, failed bool) {
	for other, result := range p.results {
		if strings.HasPrefix(other, test+"/") {
			subtests = true
			failed = failed || result == "fail" || result == "run"
		}
	}
	return subtests, failed
}

// reason is what a skipped test said last before the line that reports it.
func (p *packageRun) reason(test string) string {
	said := ""
	for _, l := range p.output {
		text := strings.TrimSpace(l.text)
		if l.test == test && text != "" && !isFraming(text) {
			said = ": " + text
		}
	}
	return said
}

// writeFailures writes what each test that failed said, under its name, and
// then what the package itself said. Tests that run side by side mix their
// output; here it is sorted out.
func (p *packageRun) writeFailures(out io.Writer) {
	said := map[string][]string{}
	for _, l := range p.output {
		if !isFraming(strings.TrimSpace(l.text)) {
			said[l.test] = append(said[l.test], l.text)
		}
	}
	for _, test := range p.tests() {
		if result := p.results[test]; result == "fail" || result == "run" {
			writeUnder(out, test, said[test])
		}
	}
	writeUnder(out, "outside the tests", said[""])
}

// writeUnder writes lines under a heading; without lines, nothing.
func writeUnder(out io.Writer, heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(out, "    %s\n", heading)
	for _, text := range lines {
		fmt.Fprintf(out, "        %s\n", strings.TrimRight(text, "\n"))
	}
}

// framing is how lines begin that are `go test`'s own and no test's.
var framing = []string{"=== RUN ", "=== PAUSE ", "=== CONT ", "=== NAME ", "--- PASS: ", "--- FAIL: ", "--- SKIP: "}

func isFraming(text string) bool {
	starts := func(prefix string) bool { return strings.HasPrefix(text, prefix) }
	return slices.ContainsFunc(framing, starts)
}

// summary writes what was skipped and what failed, by name, so that the end
// of a long log says all that matters.
func (t *tally) summary() {
	for _, skip := range t.skips {
		fmt.Fprintf(t.out, "skipped: %s\n", skip)
	}
	for _, failure := range t.failures {
		fmt.Fprintf(t.out, "failed: %s\n", failure)
	}
}
