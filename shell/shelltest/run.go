package shelltest

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Program returns the path of a shell that a test runs: for bash, what DEN_TEST_BASH
// says, if it is set. A machine without it skips the test, but not in CI, where every
// shell has to be there.
func Program(t testing.TB, name string) string {
	t.Helper()
	if program := os.Getenv("DEN_TEST_" + strings.ToUpper(name)); program != "" {
		return program
	}
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

// Run evaluates a script in the shell, with nothing of the person's in its
// environment, and returns what it prints.
func Run(t *testing.T, name, script string, environ ...string) string {
	t.Helper()
	args := map[string][]string{
		"bash":   {"--norc", "--noprofile"},
		"zsh":    {"-f"},
		"fish":   {"--no-config"},
		"tcsh":   {"-f"},
		"elvish": {"-norc"},
	}[name]
	file := t.TempDir() + "/script"
	if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(Program(t, name), append(args, file)...)
	c.Dir = t.TempDir()
	c.Env = append([]string{"HOME=" + t.TempDir(), "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"}, environ...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s\nscript:\n%s", name, err, out, script)
	}
	return string(out)
}

// LookupIn returns a function that finds variables in a list of NAME=value, in which the last counts.
func LookupIn(environ []string) func(name string) (value string, found bool) {
	return func(name string) (value string, found bool) {
		for _, entry := range environ {
			if v, ok := strings.CutPrefix(entry, name+"="); ok {
				value, found = v, true
			}
		}
		return value, found
	}
}
