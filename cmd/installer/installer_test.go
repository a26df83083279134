package installer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/cmd/hint"
)

// Each row lays out the files that an installer leaves, in the directory DIR.
func TestInstallerOf(t *testing.T) {
	for _, row := range []struct {
		name, program, beside string
		update                string
		temporary             bool
	}{
		{"pipx", "pipx/venvs/den-venv/bin/den", "pipx/venvs/den-venv/pipx_metadata.json", "pipx upgrade den-venv", false},
		{"pipx run", "pipx/.cache/0123/bin/den", "pipx/.cache/0123/pipx_metadata.json", "pipx install den-venv", true},
		{"uv tool", "uv/tools/den-venv/bin/den", "uv/tools/den-venv/uv-receipt.toml", "uv tool upgrade den-venv", false},
		{"uvx", "uv/archive-v0/Ab/bin/den", "uv/archive-v0/Ab/pyvenv.cfg", "uv tool install den-venv", true},
		{"brew", "Cellar/den/0.1.0/bin/den", "Cellar/den/0.1.0/README.md", "brew upgrade den", false},
		{"pip --user", "me/.local/bin/den", "me/.local/lib/python3.8/site-packages/den_venv-0.1.0.dist-info/RECORD", "python3.8 -m pip install --upgrade den-venv", false},
		{"pip on Debian", "local/bin/den", "local/lib/python3.13/dist-packages/den_venv-0.1.0.dist-info/RECORD", "python3.13 -m pip install --upgrade den-venv", false},
		{"dpkg", "bin/den", "dpkg", "sudo apt install ./den_NEWER.deb", false},
		{"rpm", "bin/den", "rpm", "sudo dnf install ./den-NEWER.rpm", false},
		{"by hand", "a [b]/bin/den", "nothing", "install -m 755 NEWER_DEN DIR", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("PATH", dir)
			t.Setenv("HOME", "/nowhere")
			for _, path := range []string{row.program, row.beside} {
				path = filepath.Join(dir, path)
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			link := filepath.Join(dir, "link")
			if err := os.Symlink(filepath.Join(dir, row.program), link); err != nil {
				t.Fatal(err)
			}
			by := Of(t.Context(), link)
			by.Update = strings.ReplaceAll(by.Update, hint.Path(filepath.Join(dir, row.program)), "DIR")
			if by.Update != row.update || by.Temporary != row.temporary {
				t.Errorf("got %+v, want %q", by, row.update)
			}
			if err := by.CheckLasting(); (err != nil) != row.temporary {
				t.Errorf("checkLasting: %v", err)
			}
		})
	}
}

// Nothing that is asked writes to the person's home: rpm, for one, makes a database
// there on a system that is not its own.
func TestAskingForTheInstallerWritesNothing(t *testing.T) {
	home, dir := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("PATH", dir)
	for _, manager := range packageManagers {
		script := "#!/bin/sh\n: >\"$HOME/database\"\nexit 1\n"
		if err := os.WriteFile(filepath.Join(dir, manager.owns[0]), []byte(script), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	Of(t.Context(), filepath.Join(dir, "den"))
	if made, err := os.ReadDir(home); err != nil || len(made) > 0 {
		t.Errorf("%v, %v", made, err)
	}
}

// In an environment, pip is that of the environment.
func TestInstallerInAnEnvironment(t *testing.T) {
	t.Setenv("HOME", "/nowhere")
	dir := t.TempDir()
	for _, name := range []string{"bin/den", "pyvenv.cfg", "lib/python3.13/site-packages/den_venv-0.1.0.dist-info/RECORD"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	got := Of(t.Context(), filepath.Join(dir, "bin/den")).Update
	if want := filepath.Join(dir, "bin/python") + " -m pip install --upgrade den-venv"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
