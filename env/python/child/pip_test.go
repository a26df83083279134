package child

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPipEnviron: each setting that redirects goes, by whatever way it came, and
// each other stays.
func TestPipEnviron(t *testing.T) {
	for _, setting := range pipRedirects {
		got := PipEnviron([]string{"HOME=/nonexistent", "XDG_CONFIG_DIRS=/nonexistent", pipVariable(setting) + "=x", "PIP_INDEX_URL=kept"}, "/nonexistent", "install")
		if want := []string{"HOME=/nonexistent", "XDG_CONFIG_DIRS=/nonexistent", "PIP_INDEX_URL=kept"}; !slices.Equal(got, want) {
			t.Errorf("%s by a variable: %q, want %q", setting, got, want)
		}
		for place, file := range map[string]string{
			"the person's":    "home/.config/pip/pip.conf",
			"the old place":   "home/.pip/pip.conf",
			"the machine's":   "xdg/pip/pip.conf",
			"the environment": "env/pip.conf",
			"a file named":    "named.conf",
		} {
			dir := t.TempDir()
			path := filepath.Join(dir, file)
			text := "[global]\nindex-url: https://example.org/simple\n" + strings.ReplaceAll(setting, "-", "_") + " = x\n" +
				"; a comment\n[install]\nfind-links =\n    /one\n    /two\nretries = 7\n[list]\nformat = json\n"
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			environ := []string{"HOME=" + dir + "/home", "XDG_CONFIG_DIRS=" + dir + "/xdg", "PIP_RETRIES=3"}
			if place == "a file named" {
				environ = append(environ, "PIP_CONFIG_FILE="+path)
			}
			got := PipEnviron(environ, dir+"/env", "install")
			// The machine may have a file of its own, which is handed on too.
			for _, want := range []string{"PIP_RETRIES=3", "PIP_CONFIG_FILE=/dev/null", "PIP_FIND_LINKS=\n/one\n/two", "PIP_INDEX_URL=https://example.org/simple"} {
				if !slices.Contains(got, want) {
					t.Errorf("%s in %s: %q, want %q too", setting, place, got, want)
				}
			}
			for _, gone := range []string{pipVariable(setting) + "=x", "PIP_RETRIES=7", "PIP_FORMAT=json"} {
				if slices.Contains(got, gone) {
					t.Errorf("%s in %s: %q has %q", setting, place, got, gone)
				}
			}
		}
	}
}

// TestPipFilesThatStay: files in which nothing redirects are left to pip.
func TestPipFilesThatStay(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pip.conf"), []byte("[global]\nindex-url = x\n[wheel]\ntarget = /y\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	environ := []string{"HOME=/nonexistent", "XDG_CONFIG_DIRS=/nonexistent", "PIP_CONFIG_FILE=" + filepath.Join(dir, "pip.conf")}
	if got := PipEnviron(environ, "/nonexistent", "install"); !slices.Equal(got, environ) {
		t.Errorf("%q, want %q", got, environ)
	}
}
