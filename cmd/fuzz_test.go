package cmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"den/shell/shelltest"
)

// FuzzSettings: whatever stands in the settings' file, den says what is wrong
// with it, or has a value of the allowed ones for each setting; a directory is
// an absolute path.
func FuzzSettings(f *testing.F) {
	for _, text := range shelltest.Hostile {
		f.Add(text)
		f.Add("workon_home = '''" + text + "'''\ncd = \"" + text + "\"\n")
	}
	f.Add("[workon_home]\nx = 1\n[[python]]\ncd = 1979-05-27T07:32:00Z\nbackend = [1, 'a']\nbytecode = 1e999")
	f.Add("workon_home = '~'\nproject_home = '$HOME/../..'\nhook_dir = '~nobody'")
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "den"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "den", "config.toml"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		variables := map[string]string{"HOME": "/home/ana", "XDG_CONFIG_HOME": dir}
		s := newSettings(func(name string) (string, bool) { value, ok := variables[name]; return value, ok }, pflag.NewFlagSet("", pflag.ContinueOnError))
		for _, row := range settingTable {
			v, err := s.value(row.Key)
			switch {
			case err != nil && v.Key == "" && !strings.Contains(err.Error(), "config.toml"):
				t.Errorf("%s: %v", row.Key, err)
			case err != nil:
			case row.values != nil && !slices.Contains(row.values, v.Value):
				t.Errorf("%s is %q", row.Key, v.Value)
			case row.isDir && v.Value != "" && !filepath.IsAbs(v.Value):
				t.Errorf("%s is %q", row.Key, v.Value)
			}
		}
	})
}

// FuzzPrintable: what others have named is shown without a byte in it that a
// terminal would obey.
func FuzzPrintable(f *testing.F) {
	for _, text := range shelltest.Hostile {
		f.Add(text)
	}
	f.Add("\x9b31m")
	f.Fuzz(func(t *testing.T, text string) {
		shown := printable(text)
		if !utf8.ValidString(shown) || strings.ContainsFunc(shown, func(c rune) bool { return !unicode.IsPrint(c) }) {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}
