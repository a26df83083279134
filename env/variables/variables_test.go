package variables_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"den/env/variables"
)

// values are those of a File, and whether it sets nothing that it should.
func values(text string) (map[string]string, bool) {
	file := variables.Parse([]byte(text))
	result := map[string]string{}
	for _, v := range file.Variables() {
		result[v.Name] = v.Value
	}
	return result, len(file.Errors()) == 0
}

// recorded are texts with what the real python-dotenv has made of them: testdata/record
// asks it.
func recorded(t testing.TB) []struct {
	Text   string
	Values map[string]string
	Good   bool // whether it has read all lines
} {
	t.Helper()
	content, err := os.ReadFile("testdata/dotenv.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Text   string
		Values map[string]string
		Good   bool
	}
	if err := json.Unmarshal(content, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// What den takes of a file, python-dotenv and systemd read alike.
func TestReadAlike(t *testing.T) {
	taken := 0
	for _, row := range recorded(t) {
		t.Run(row.Text, func(t *testing.T) {
			asDotenv, good := asDotenv(row.Text)
			if good != row.Good {
				t.Errorf("python-dotenv takes it: %v, and its model: %v", row.Good, good)
			}
			if diff := cmp.Diff(row.Values, asDotenv); row.Good && diff != "" {
				t.Errorf("the model is not python-dotenv: %s", diff)
			}
			if checkAlike(t, row.Text) {
				taken++
			}
		})
	}
	if taken < 20 {
		t.Errorf("den takes only %d of them", taken)
	}
}

// checkAlike compares den with the two models, and reports whether den takes the text.
func checkAlike(t *testing.T, text string) bool {
	t.Helper()
	ours, taken := values(text)
	if !taken {
		return false
	}
	dotenv, ok := asDotenv(text)
	if diff := cmp.Diff(ours, dotenv); diff != "" || !ok {
		t.Errorf("python-dotenv reads %q otherwise (%v): %s", text, ok, diff)
	}
	systemd, ok := asSystemd(text)
	if diff := cmp.Diff(ours, systemd); diff != "" || !ok {
		t.Errorf("systemd reads %q otherwise (%v): %s", text, ok, diff)
	}
	return true
}

func FuzzParse(f *testing.F) {
	for _, row := range recorded(f) {
		f.Add(row.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkAlike(t, text)
		if _, taken := values(text); taken {
			first := variables.Parse([]byte(text))
			again := variables.Parse(first.Text())
			if diff := cmp.Diff(first.Variables(), again.Variables()); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// A value that is set is the one that is read, by all.
func FuzzSet(f *testing.F) {
	for _, value := range []string{"", "1", "a b", `it's`, `"`, `\`, `\"`, `a\b`, "${A}", "$A", "`id`", "#", " ", "a #b", "é", "\u00a0", "\u0085x", "=", "\t", "\x1b", "a\nb", "\xff"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		file := variables.Parse([]byte("# mine\nA='x'\nB=2\nA=3"))
		if err := file.Set("A", value); err != nil {
			if variables.CheckValue(value) == nil {
				t.Errorf("%q: %v", value, err)
			}
			return
		}
		text := string(file.Text())
		if !checkAlike(t, text) {
			t.Errorf("%q is written so that it is not taken:\n%s", value, text)
		}
		if got, _ := values(text); got["A"] != value || got["B"] != "2" || !strings.HasPrefix(text, "# mine\nA=") {
			t.Errorf("%q is %q in\n%s", value, got["A"], text)
		}
	})
}

func TestErrorsNameTheLineAndNoValue(t *testing.T) {
	text := "A=1\nLD_PRELOAD=hunter2\nexport B=hunter2\n1=hunter2\nC=\"hunter2\nD=a\\b hunter2\nhunter2\nE=hunter2 # x\n#\\\nF=${hunter2}\nG='hunter2' x\nH=\x01hunter2\nI=2\n"
	file := variables.Parse([]byte(text))
	errs := file.Errors()
	if len(errs) != 11 {
		t.Fatalf("%d errors: %v", len(errs), errs)
	}
	for i, err := range errs {
		if strings.Contains(err.Error(), "hunter2") || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%d: %v", i, err)
		}
	}
	if diff := cmp.Diff([]variables.Variable{{"A", "1"}, {"I", "2"}}, file.Variables()); diff != "" {
		t.Error(diff)
	}
}

func TestCheckName(t *testing.T) {
	for _, name := range []string{
		"PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "BASH_ENV", "BASH_FUNC_x", "ENV", "PYTHONHOME", "IFS", "DEN_ACTIVE",
		"DEN_SAVED_X", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "VIRTUAL_ENV_DISABLE_PROMPT", "VIRTUALENVWRAPPER_PYTHON", "WORKON_HOME",
		"PS1", "PROMPT", "UID", "HOME", "status", "path", "argv", "", "1A", "A-B", "A B", "É", "A=", "export", "FUNCNEST", "MAILCHECK", "GOMEMLIMIT", "PROMPT_FIELDS", "config", "ENV_CONVERSIONS", "FILE_PWD", "NU_LIB_DIRS", "TRANSIENT_PROMPT_COMMAND",
	} {
		if variables.CheckName(name) == nil {
			t.Errorf("%q may be set", name)
		}
	}
	for _, name := range []string{"A", "_a1", "DATABASE_URL", "PYTHONPATH", "DJANGO_SETTINGS_MODULE", "PATHS", "MY_PATH", "LDFLAGS", "ENVIRONMENT", "http_proxy"} {
		if err := variables.CheckName(name); err != nil {
			t.Error(err)
		}
	}
}

// TestChange: a file without variables goes, and one that is too large is not written.
func TestChange(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, variables.FileName)
	put := func(text string) error {
		return variables.Change(dir, func([]byte) ([]byte, error) { return []byte(text), nil })
	}
	if err := put("A=1\n"); err != nil {
		t.Fatal(err)
	}
	if err := put("A=" + strings.Repeat("x", 64<<10)); err == nil {
		t.Error("one that is too large is written")
	}
	if text, err := variables.ReadText(path); string(text) != "A=1\n" || err != nil {
		t.Errorf("after that: %q, %v", text, err)
	}
	if err := put(""); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without variables: %v", err)
	}
	if err := os.WriteFile(path, make([]byte, 64<<10+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := variables.ReadText(path); err == nil {
		t.Error("one that is too large is read")
	}
}
