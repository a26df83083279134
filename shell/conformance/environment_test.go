package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"den/hooks"
)

// lay lays out an environment in WORKON_HOME and gives its path. It is an
// ordinary one, as little as PEP 405 asks, and its Python runs.
func (w *world) lay(name string) string {
	w.Helper()
	return w.layAt(filepath.Join(w.workonHome, name))
}

// layAt lays out an environment anywhere.
func (w *world) layAt(path string) string {
	w.Helper()
	bin := filepath.Join(path, "bin")
	site := filepath.Join(path, "lib", "python"+shared.major, "site-packages")
	for _, dir := range []string{bin, site} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			w.Fatal(err)
		}
	}
	for link, target := range map[string]string{"python": shared.python, "python3": "python"} {
		if err := os.Symlink(target, filepath.Join(bin, link)); err != nil {
			w.Fatal(err)
		}
	}
	w.write(filepath.Join(path, "pyvenv.cfg"), lines(
		"home = "+filepath.Dir(shared.python),
		"include-system-site-packages = false",
		"version = "+shared.major+".0",
	), 0o644)
	w.write(filepath.Join(bin, "activate"), "# only here to be found\n", 0o644)
	return path
}

// venv makes an environment with Python's own venv, for its activate scripts.
func (w *world) venv(path string) string {
	w.Helper()
	out, err := exec.Command(shared.python, "-m", "venv", "--without-pip", path).CombinedOutput()
	if err != nil {
		w.Fatalf("python -m venv: %v\n%s", err, out)
	}
	return path
}

// made makes an environment with den, from outside any shell.
func (w *world) made(name string, flags ...string) string {
	w.Helper()
	command := append([]string{filepath.Join(shared.bin, "den"), "mk", "--without-pip"}, flags...)
	if r := w.execute(append(command, "--", name)); r.status != 0 {
		w.Fatalf("den mk %q: exit status %d\n%s", name, r.status, r.stderr)
	}
	return filepath.Join(w.workonHome, name)
}

// link gives an environment a project directory.
func (w *world) link(env, project string) string {
	w.Helper()
	dir := w.mkdir(project)
	w.write(filepath.Join(env, ".project"), dir+"\n", 0o644)
	return dir
}

// symlink makes path a symlink to target.
func (w *world) symlink(target, path string) {
	w.Helper()
	if err := os.Symlink(target, path); err != nil {
		w.Fatal(err)
	}
}

// breakPython makes an environment's interpreter a dangling symlink.
func (w *world) breakPython(env string) {
	w.Helper()
	python := filepath.Join(env, "bin", "python")
	if err := os.Remove(python); err != nil {
		w.Fatal(err)
	}
	w.symlink("/nowhere/python3", python)
}

// leftovers lists what is in WORKON_HOME, and what den holds back there, other
// than the environments named.
func (w *world) leftovers(environments ...string) []string {
	w.Helper()
	known := map[string]bool{".den": true}
	for _, name := range environments {
		known[name] = true
	}
	var left []string
	for _, dir := range []string{".", ".den/staging", ".den/trash", ".den/locks"} {
		entries, err := os.ReadDir(filepath.Join(w.workonHome, dir))
		if err != nil && !os.IsNotExist(err) {
			w.Fatal(err)
		}
		for _, e := range entries {
			_, isHook := hooks.Named(e.Name())
			if dir != "." || !known[e.Name()] && !isHook {
				left = append(left, filepath.Join(dir, e.Name()))
			}
		}
	}
	return left
}

// names gives the lines of a listing.
func names(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
