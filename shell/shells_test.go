package shell

import (
	"os"
	"os/exec"
	"testing"
)

// program returns the path of a shell that a test runs. A machine without it
// skips the test, but not in CI, where every shell has to be there.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

// run evaluates a script in the shell, with nothing of the person's in its
// environment, and returns what it prints.
func run(t *testing.T, name, script string, environ ...string) string {
	t.Helper()
	args := map[string][]string{
		"bash": {"--norc", "--noprofile"},
		"zsh":  {"-f"},
		"fish": {"--no-config"},
		"tcsh": {"-f"},
	}[name]
	file := t.TempDir() + "/script"
	if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program(t, name), append(args, file)...)
	c.Dir = t.TempDir()
	c.Env = append([]string{"HOME=" + t.TempDir(), "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"}, environ...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s\nscript:\n%s", name, err, out, script)
	}
	return string(out)
}
