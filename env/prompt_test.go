package env

import (
	"os"
	"testing"
)

func TestRenamePrompt(t *testing.T) {
	const rest = "home = /usr/bin\nPrompt = kept = no\nversion = 3.12.1\n"
	for _, row := range []struct {
		name, config, to, want string
	}{
		{"none", "home = /usr/bin\n", "api", "home = /usr/bin\n"},
		{"chosen", "prompt = Mine\nhome = /usr/bin\n", "api", "prompt = Mine\nhome = /usr/bin\n"},
		{"the name", "prompt = web\nhome = /usr/bin\n", "api", "prompt = api\nhome = /usr/bin\n"},
		{"quoted", "prompt = 'web'\n", "api", "prompt = api\n"},
		{"odd", "PROMPT=web\n", "it's", "prompt = it's\n"},
		{"in need of quotes", "prompt = web\n", " 'a\\b' ", `prompt = ' \'a\\b\' '` + "\n"},
		{"of quotes", "prompt = web\n", "'a'", `prompt = '\'a\''` + "\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := plant(t, t.TempDir()+"/web")
			write(t, e.Path+"/pyvenv.cfg", row.config)
			into := t.TempDir()
			if err := e.RenamePrompt("web", row.to, into); err != nil {
				t.Fatal(err)
			}
			if text, _ := os.ReadFile(e.Path + "/pyvenv.cfg"); string(text) != row.config {
				t.Errorf("the environment's own is now %q", text)
			}
			if err := e.RenamePrompt("web", row.to, e.Path); err != nil {
				t.Fatal(err)
			}
			text, _ := os.ReadFile(e.Path + "/pyvenv.cfg")
			if string(text) != row.want {
				t.Errorf("%q, want %q", text, row.want)
			}
			aside, err := os.ReadFile(into + "/pyvenv.cfg")
			if row.config == row.want {
				if !os.IsNotExist(err) {
					t.Errorf("aside: %q, %v", aside, err)
				}
			} else if string(aside) != row.want {
				t.Errorf("aside: %q, %v", aside, err)
			}
			if row.config != row.want {
				if got := e.Prompt(); got != row.to {
					t.Errorf("the prompt is %q, want %q", got, row.to)
				}
			}
		})
	}
	e := plant(t, t.TempDir()+"/web")
	write(t, e.Path+"/pyvenv.cfg", rest)
	if err := e.RenamePrompt("web", "api", e.Path); err != nil {
		t.Error(err)
	}
	if text, _ := os.ReadFile(e.Path + "/pyvenv.cfg"); string(text) != rest {
		t.Errorf("%q", text)
	}
}
