package tomledit

import (
	"errors"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

func TestSet(t *testing.T) {
	for _, row := range []struct {
		name, text string
		value      any
		want       string // "" where it is refused
	}{
		{"nothing yet", "", "uv", "backend = \"uv\"\n"},
		{"a line more", "cd = false\n", "uv", "cd = false\nbackend = \"uv\"\n"},
		{"no end of the last line", "cd = false", "uv", "cd = false\nbackend = \"uv\"\n"},
		{"in its place", "# mine\nbackend = \"venv\"\ncd = false\n", "uv", "# mine\nbackend = \"uv\"\ncd = false\n"},
		{"with its comment", "  backend=  'venv'   # why # not\n", "uv", "  backend=  \"uv\"   # why # not\n"},
		{"a value that looks like a comment", `backend = "a # \" b" # c` + "\n", "uv", "backend = \"uv\" # c\n"},
		{"a bare value", "backend = 3.12# c\n", "uv", "backend = \"uv\"# c\n"},
		{"a key in quotes", "\"backend\" = 1\n", "uv", "\"backend\" = \"uv\"\n"},
		{"a key in another case", "Backend = 1\n", "uv", "Backend = \"uv\"\n"},
		{"a comment of the key alone", "# backend = \"venv\"\n", "uv", "# backend = \"venv\"\nbackend = \"uv\"\n"},
		{"before a table", "cd = true\n\n[backend_of]\nbackend = 1\n", "uv", "cd = true\nbackend = \"uv\"\n\n[backend_of]\nbackend = 1\n"},
		{"before a table, with nothing above", "[more]\nbackend = 1\n", "uv", "backend = \"uv\"\n[more]\nbackend = 1\n"},
		{"ends of lines of another system", "cd = true\r\nbackend = 1 # c\r\n", "uv", "cd = true\r\nbackend = \"uv\" # c\r\n"},
		{"such ends, a line more", "cd = true\r\n", "uv", "cd = true\r\nbackend = \"uv\"\r\n"},
		{"a truth", "backend = \"true\"\n", true, "backend = true\n"},
		{"what has to be quoted", "", "a\"b\\c\td\u00e9", "backend = \"a\\\"b\\\\c\\u0009d\u00e9\"\n"},
		{"a list", "backend = [\"a\",\n\"b\"]\n", "uv", ""},
		{"a text of several lines", "backend = \"\"\"a\nb\"\"\"\n", "uv", ""},
		{"a table", "[backend]\na = 1\n", "uv", ""},
		{"in a text of several lines", "x = '''\nbackend = 1\n'''\n", "uv", ""},
		{"in a list of several lines", "x = [\n[1],\n]\n", "uv", ""},
		{"no TOML", "x = \n", "uv", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := Set(row.text, "backend", row.value)
			if (err != nil) != (row.want == "") || err == nil && got != row.want {
				t.Errorf("%q becomes %q (%v), want %q", row.text, got, err, row.want)
			}
		})
	}
}

func TestUnset(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"", ""},
		{"# a\nbackend = 1 # b\ncd = true\n", "# a\ncd = true\n"},
		{"backend = 1", ""},
		{"[x]\nbackend = 1\n", "[x]\nbackend = 1\n"},
	} {
		if got, err := Unset(row.text, "backend"); err != nil || got != row.want {
			t.Errorf("%q becomes %q (%v), want %q", row.text, got, err, row.want)
		}
	}
	for _, text := range []string{"backend = [\n1\n]\n", "x = \"\"\"\nbackend = 1\n\"\"\"\n", "[backend]\n", "backend.a = 1\n"} {
		if got, err := Unset(text, "backend"); !errors.Is(err, ErrForm) {
			t.Errorf("%q becomes %q (%v), want a refusal", text, got, err)
		}
	}
}

// FuzzSet: whatever is in the file, and whatever the value, either the file is
// refused or it has the value, with all else as it was.
func FuzzSet(f *testing.F) {
	f.Add("cd = true\n", "uv")
	f.Add("backend = \"a\" # b\n[t]\nx = 1\n", "\"'\\\n")
	f.Fuzz(func(t *testing.T, text, value string) {
		changed, err := Set(text, "backend", value)
		if err != nil {
			return
		}
		var got map[string]any
		if err := toml.Unmarshal([]byte(changed), &got); err != nil {
			t.Fatalf("%q with %q becomes %q: %v", text, value, changed, err)
		}
		again, err := Unset(changed, "backend")
		if err != nil || Has(again, "backend") {
			t.Errorf("%q with %q becomes %q, and then %q (%v)", text, value, changed, again, err)
		}
	})
}
