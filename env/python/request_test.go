package python

import (
	"errors"
	"testing"
)

// interpreterNamed makes an Interpreter from what Interpreter.Name gives.
func interpreterNamed(t *testing.T, name string) Interpreter {
	t.Helper()
	h := dirHint(name)
	if h.parts != 3 {
		t.Fatalf("%q names no whole version", name)
	}
	i := Interpreter{Implementation: cpython, Version: h.version, FreeThreaded: h.freeThreaded}
	if h.implementation != "" {
		i.Implementation = h.implementation
	}
	if i.Name() != name {
		t.Fatalf("%q reads as %q", name, i.Name())
	}
	return i
}

func TestRequestAdmits(t *testing.T) {
	for _, row := range []struct {
		request string
		admits  []string
		refuses []string
	}{
		{"3", []string{"3.8.0", "3.13.0rc1", "pypy3.10.14"}, []string{"2.7.18", "3.13.0t"}},
		{"3.1", []string{"3.1.4"}, []string{"3.12.1", "3.10.0"}},
		{"3.12", []string{"3.12.0", "3.12.9", "3.12.0rc1"}, []string{"3.11.9", "3.13.0", "3.12.1t"}},
		{"3.12.1", []string{"3.12.1"}, []string{"3.12.0", "3.12.10", "3.12.1rc1"}},
		{"3.13.0rc1", []string{"3.13.0rc1"}, []string{"3.13.0", "3.13.0rc2"}},
		{"3.13rc1", []string{"3.13.0rc1"}, []string{"3.13.0", "3.13.1rc1"}},
		{"3.13t", []string{"3.13.0t"}, []string{"3.13.0", "3.14.0t"}},
		{"pypy3.10", []string{"pypy3.10.14"}, []string{"3.10.14", "pypy3.9.19"}},
		{"pypy", []string{"pypy3.10.14", "pypy2.7.18"}, []string{"3.10.14"}},
		{"cpython-3.12", []string{"3.12.1"}, []string{"pypy3.12.1"}},
		{"cpython@3.13t", []string{"3.13.1t"}, []string{"3.13.1"}},
		{"python3.12", []string{"3.12.1"}, []string{"3.11.1"}},
		{">=3.10,<3.13", []string{"3.10.0", "3.12.9"}, []string{"3.9.18", "3.13.0", "3.13.0rc1", "3.10.0rc1"}},
		{"<3.13, >=3.10", []string{"3.10.0", "3.12.9"}, []string{"3.9.18", "3.13.0"}},
		{"<3.13.0rc2", []string{"3.13.0rc1"}, []string{"3.13.0rc2"}},
		{">3.12", []string{"3.12.1", "3.13.0"}, []string{"3.12.0"}},
		{"<=3.12", []string{"3.12.0", "3.11.9"}, []string{"3.12.1"}},
		{"==3.12", []string{"3.12.0"}, []string{"3.12.1"}},
		{"==3.12.*", []string{"3.12.0", "3.12.1"}, []string{"3.13.0"}},
		{"!=3.12.*", []string{"3.11.0", "3.13.1"}, []string{"3.12.0", "3.12.1"}},
		{"!=3.12.1", []string{"3.12.0"}, []string{"3.12.1"}},
		{"~=3.10", []string{"3.10.0", "3.13.0"}, []string{"3.9.0", "4.0.0"}},
		{"~=3.10.2", []string{"3.10.2", "3.10.9"}, []string{"3.10.1", "3.11.0"}},
		{"3.12.*", []string{"3.12.7"}, []string{"3.11.7"}},
		{"python", []string{"2.7.18", "3.13.0t", "pypy3.10.14"}, nil},
	} {
		r, err := parseRequest(row.request)
		if err != nil {
			t.Errorf("parseRequest(%q): %v", row.request, err)
			continue
		}
		for _, name := range row.admits {
			if i := interpreterNamed(t, name); !r.admits(i) {
				t.Errorf("%q refuses %s", row.request, name)
			} else if h := (hint{i.Implementation, i.Version, 3, i.FreeThreaded}); r.excludes(h) {
				t.Errorf("%q admits %s and excludes it by its name", row.request, name)
			}
		}
		for _, name := range row.refuses {
			if r.admits(interpreterNamed(t, name)) {
				t.Errorf("%q admits %s", row.request, name)
			}
		}
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	for _, text := range []string{"3.x", "3.12,", ">=", ">=3.10,", "=3.12", "~=3", ">=3.12.*", ">=3.13t", "3.12 3.13", "<3.13>=3"} {
		_, err := Finder{}.Find(t.Context(), text)
		var invalid *RequestError
		if !errors.As(err, &invalid) || invalid.Request != text {
			t.Errorf("Find(%q): %v, want a RequestError", text, err)
		}
	}
}

func TestPathsTellVersions(t *testing.T) {
	for _, row := range []struct {
		path string
		want hint
	}{
		{"/usr/bin/python", hint{}},
		{"/usr/bin/python3", hint{version: Version{Major: 3}, parts: 1}},
		{"/usr/bin/python3.12", hint{version: Version{Major: 3, Minor: 12}, parts: 2}},
		{"/usr/bin/python3.7m", hint{version: Version{Major: 3, Minor: 7}, parts: 2}},
		{"/usr/bin/python3.13t", hint{version: Version{Major: 3, Minor: 13}, parts: 2, freeThreaded: true}},
		{"/usr/bin/pypy3.10", hint{implementation: pypy, version: Version{Major: 3, Minor: 10}, parts: 2}},
		{"/p/versions/3.12.1/bin/python3.12", hint{version: Version{Major: 3, Minor: 12, Micro: 1}, parts: 3}},
		{"/p/versions/3.12.1/bin/python", hint{version: Version{Major: 3, Minor: 12, Micro: 1}, parts: 3}},
		{"/p/versions/3.13.0rc2t/bin/python3", hint{version: Version{Major: 3, Minor: 13, Suffix: "rc2"}, parts: 3, freeThreaded: true}},
		{"/p/versions/3.14-dev/bin/python", hint{version: Version{Major: 3, Minor: 14}, parts: 2}},
		{"/p/versions/pypy3.10-7.3.13/bin/python", hint{implementation: pypy, version: Version{Major: 3, Minor: 10}, parts: 2}},
		{"/uv/cpython-3.13.0+freethreaded-linux-x86_64-gnu/bin/python3.13", hint{implementation: cpython, version: Version{Major: 3, Minor: 13}, parts: 3, freeThreaded: true}},
		{"/uv/cpython-3.12-macos-aarch64-none/bin/python3", hint{implementation: cpython, version: Version{Major: 3, Minor: 12}, parts: 2}},
		{"/brew/opt/python@3.12/bin/python3", hint{version: Version{Major: 3, Minor: 12}, parts: 2}},
		{"/opt/python-3.9.2/bin/python3", hint{version: Version{Major: 3, Minor: 9, Micro: 2}, parts: 3}},
		// A directory may be called anything; the file knows better.
		{"/envs/3.9.1/bin/python3.12", hint{version: Version{Major: 3, Minor: 12}, parts: 2}},
		{"/envs/miniconda3-4.7.12/bin/python", hint{}},
		{"/envs/web/bin/python3", hint{version: Version{Major: 3}, parts: 1}},
	} {
		if got := hintOf(row.path); got != row.want {
			t.Errorf("hintOf(%q) = %+v, want %+v", row.path, got, row.want)
		}
	}
}

func TestNamesThatAreNotInterpreters(t *testing.T) {
	for _, name := range []string{"python3-config", "python3.12-config", "python3.12-gdb.py", "pythonw.exe", "python3.", "python3.12rc1", "pythonic", "python-argcomplete", "ipython", "pypy3.10-c", "python3+"} {
		if _, ok := fileHint(name); ok {
			t.Errorf("%q is taken for an interpreter", name)
		}
	}
}
