package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTally(t *testing.T) {
	tests := []struct {
		name     string
		events   string
		closing  string
		says     []string
		saysNot  []string
		failures int
	}{
		{
			name: "passes are counted and kept quiet",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":1.25}
`,
			closing: "1 passed, 0 failed",
			says:    []string{"ok    p: 1 passed (1.2 s)\n"},
			saysNot: []string{"chatter"},
		},
		{
			name: "a test is counted by its subtests",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"run","Package":"p","Test":"TestA/two"}
{"Action":"output","Package":"p","Test":"TestA/two","Output":"    a_test.go:1: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestA/two"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}
`,
			closing:  "1 passed, 1 failed",
			says:     []string{"a_test.go:1: wrong\n", "failed: p TestA/two\n"},
			failures: 1,
		},
		{
			name: "a test that fails beside its good subtests",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}
`,
			closing:  "1 passed, 1 failed",
			says:     []string{"failed: p TestA\n"},
			failures: 1,
		},
		{
			name: "what tests say side by side is sorted out",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestA","Output":"=== NAME  TestA\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a 1\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"--- b\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a 2\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"--- FAIL: TestB (0.00s)\n"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}
`,
			closing:  "0 passed, 2 failed",
			says:     []string{"    TestA\n            a 1\n            a 2\n    TestB\n        --- b\n"},
			failures: 2,
		},
		{
			name: "a package that does not build",
			events: `{"ImportPath":"p","Action":"build-output","Output":"p.go:3:1: syntax error\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}
{"Action":"fail","Package":"p","FailedBuild":"p"}
`,
			closing:  "0 passed, 1 failed",
			says:     []string{"p.go:3:1: syntax error\n", "failed: p\n"},
			failures: 1,
		},
		{
			name: "a test that ends the process",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}
{"Action":"output","Package":"p","Output":"exit status 2\n"}
{"Action":"fail","Package":"p"}
`,
			closing:  "0 passed, 1 failed",
			says:     []string{"panic: oh\n", "exit status 2\n"},
			failures: 1,
		},
		{
			name: "a run that was cut short",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestB"}
`,
			closing:  "1 passed, 1 failed",
			says:     []string{"failed: p TestB\n"},
			failures: 1,
		},
		{
			name: "a skip is no pass, and gives its reason",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: not on this system\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}
`,
			closing: "0 passed, 0 failed, 1 skipped",
			says:    []string{"skipped: p TestA: a_test.go:9: not on this system\n"},
		},
		{
			name: "a package without tests",
			events: `{"Action":"output","Package":"p","Output":"?   \tp\t[no test files]\n"}
{"Action":"skip","Package":"p"}
`,
			closing: "0 passed, 0 failed",
			says:    []string{"none  p: no tests\n"},
		},
		{
			name:    "what is no event is passed on",
			events:  "go: downloading something\n",
			closing: "0 passed, 0 failed",
			says:    []string{"go: downloading something\n"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			counts := newTally(&out)
			if err := counts.read(strings.NewReader(test.events)); err != nil {
				t.Fatal(err)
			}
			counts.summary()
			if got := counts.closingLine(0, 0); got != test.closing {
				t.Errorf("closing line %q, want %q", got, test.closing)
			}
			if len(counts.failures) != test.failures {
				t.Errorf("failures %q, want %d", counts.failures, test.failures)
			}
			for _, want := range test.says {
				if !strings.Contains(out.String(), want) {
					t.Errorf("output lacks %q:\n%s", want, out.String())
				}
			}
			for _, unwanted := range test.saysNot {
				if strings.Contains(out.String(), unwanted) {
					t.Errorf("output has %q:\n%s", unwanted, out.String())
				}
			}
		})
	}
}

func TestClosingLineAddsChecks(t *testing.T) {
	counts := tally{passed: 3, failed: 1}
	if got, want := counts.closingLine(4, 2), "7 passed, 3 failed"; got != want {
		t.Errorf("closing line %q, want %q", got, want)
	}
}

func TestRunCommandReportsASilentFailure(t *testing.T) {
	for _, args := range [][]string{{"false"}, {"true"}, {"./no-such-command"}} {
		var out strings.Builder
		if err := newTally(&out).runCommand(args); err == nil {
			t.Errorf("%q: no error, though no test ran", args)
		}
	}
}

func TestCheckEmpty(t *testing.T) {
	tests := []struct {
		name string
		left string // made in the home
		good bool
	}{
		{"nothing", "", true},
		{"what go keeps", ".config/go/telemetry/", true},
		{"a file", ".bashrc", false},
		{"a file beside what go keeps", ".config/den/config.toml", false},
		{"an empty directory", ".virtualenvs/", false},
		{"a file in place of a directory", ".config", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := t.TempDir()
			path := filepath.Join(home, test.left)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			create := func(path string) error { return os.WriteFile(path, nil, 0o666) }
			if test.left == "" || strings.HasSuffix(test.left, "/") {
				create = func(path string) error { return os.MkdirAll(path, 0o777) }
			}
			if err := create(path); err != nil {
				t.Fatal(err)
			}
			err := checkEmpty(home)
			if test.good && err != nil {
				t.Errorf("error: %v", err)
			}
			if !test.good && (err == nil || !strings.Contains(err.Error(), path)) {
				t.Errorf("error %v, want one that names %s", err, path)
			}
		})
	}
}
