package env

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPythonVersion(t *testing.T) {
	for _, test := range []struct {
		name, config string
		libs         []string
		want         string
	}{
		{"venv", "version = 3.12.1", nil, "3.12.1"},
		{"uv", "version_info = 3.12.1", nil, "3.12.1"},
		{"uv, pre-release", "version_info = 3.14.0rc2", nil, "3.14.0rc2"},
		{"old uv", "version_info = 3.12", nil, "3.12"},
		{"virtualenv", "version_info = 3.11.2.final.0", nil, "3.11.2"},
		{"virtualenv, alpha", "version_info = 3.14.0.alpha.6", nil, "3.14.0a6"},
		{"virtualenv, beta", "version_info = 3.14.0.beta.1", nil, "3.14.0b1"},
		{"virtualenv, candidate", "version_info = 3.14.0.candidate.2", nil, "3.14.0rc2"},
		{"both", "version_info = 3.11.2.final.0\nversion = 3.11.2", nil, "3.11.2"},
		{"nonsense, and the other", "version = unknown\nversion_info = 3.9.1", nil, "3.9.1"},
		{"configuration before lib", "version = 3.12.1", []string{"python3.11"}, "3.12.1"},
		{"lib alone", "", []string{"python3.9", "lib-dynload"}, "3.9"},
		{"lib, free-threaded", "", []string{"python3.13t"}, "3.13"},
		{"lib, pypy", "", []string{"pypy3.10"}, "3.10"},
		{"lib, old", "", []string{"python2.7"}, "2.7"},
		{"two in lib", "", []string{"python3.9", "python3.10"}, ""},
		{"nothing", "", nil, ""},
		{"no version at all", "version = three", []string{"python", "python3", "python3.x", "pythonic3.9"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := plant(t, filepath.Join(t.TempDir(), "web"))
			write(t, e.Path+"/pyvenv.cfg", test.config)
			for _, lib := range test.libs {
				mkdir(t, filepath.Join(e.Path, "lib", lib))
			}
			if got := e.PythonVersion(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestPythonVersionWithoutConfig(t *testing.T) {
	e := plant(t, filepath.Join(t.TempDir(), "legacy"))
	if err := os.Remove(e.Path + "/pyvenv.cfg"); err != nil {
		t.Fatal(err)
	}
	mkdir(t, e.Path+"/lib/python2.7/site-packages")
	if got := e.PythonVersion(); got != "2.7" {
		t.Errorf("%q, want 2.7", got)
	}
}
