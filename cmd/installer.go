package cmd

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/hint"
)

// distribution is den's name on the Python package index.
const distribution = "den-venv"

// An installer is what has put a den where it is, with the commands that update
// and remove it.
type installer struct {
	name, update, remove string
	temporary            bool // it may take it away again at any moment
}

// checkLasting returns an error for a den that start-up files had better not
// name, because it will not stay where it is.
func checkLasting(by installer) error {
	if !by.temporary {
		return nil
	}
	err := fmt.Errorf("this den is in the cache of %s, where it does not stay: new shells would look for it in vain", by.name)
	return hint.With(err, "install it first: %s", by.update)
}

// sayInstaller says what updates this den, or after an undo what removes it.
func (a *app) sayInstaller(by installer, undone bool) {
	if undone {
		a.printf("\nTo remove den itself (it is from %s): %s\n", by.name, by.remove)
		return
	}
	a.printf("\nTo update den (it is from %s): %s\n", by.name, by.update)
}

// installerOf finds out what has installed the program, which links may lead to.
func installerOf(ctx context.Context, program string) installer {
	if resolved, err := filepath.EvalSymlinks(program); err == nil {
		program = resolved
	}
	for _, find := range []func(string) (installer, bool){byStore, byPythonTool, byPip} {
		if by, found := find(program); found {
			return by
		}
	}
	for _, manager := range packageManagers {
		c := exec.CommandContext(ctx, manager.owns[0], append(slices.Clone(manager.owns[1:]), program)...)
		c.Env = append(os.Environ(), "HOME=/dev/null") // in which rpm would make a database
		if c.Run() == nil {
			return manager.installer
		}
	}
	path := hint.Path(program)
	return installer{name: "an archive or a checkout", update: "install -m 755 NEWER_DEN " + path, remove: "rm " + path}
}

// byStore recognises what keeps each package in a directory of its own.
func byStore(program string) (installer, bool) {
	switch {
	case strings.HasPrefix(program, "/nix/store/"):
		return installer{name: "Nix", update: "nix-env -f den.nix -i", remove: "nix-env -e den"}, true
	case strings.Contains(program, "/Cellar/den/"):
		return installer{name: "Homebrew", update: "brew upgrade den", remove: "brew uninstall den"}, true
	}
	return installer{}, false
}

// byPythonTool recognises what installs programs of Python packages, each in an
// environment of its own.
func byPythonTool(program string) (installer, bool) {
	prefix := filepath.Dir(filepath.Dir(program))
	above := filepath.Base(filepath.Dir(prefix))
	switch {
	case isThere(prefix, "uv-receipt.toml"):
		return installer{name: "uv", update: "uv tool upgrade " + distribution, remove: "uv tool uninstall " + distribution}, true
	case strings.HasPrefix(above, "archive-v"):
		return installer{name: "uv", update: "uv tool install " + distribution, temporary: true}, true
	case isThere(prefix, "pipx_metadata.json") && above == "venvs":
		return installer{name: "pipx", update: "pipx upgrade " + distribution, remove: "pipx uninstall " + distribution}, true
	case isThere(prefix, "pipx_metadata.json"):
		return installer{name: "pipx", update: "pipx install " + distribution, temporary: true}, true
	}
	return installer{}, false
}

// byPip recognises what pip has installed: into an environment, for a person, or
// into a Python.
func byPip(program string) (installer, bool) {
	prefix := filepath.Dir(filepath.Dir(program))
	found, _ := filepath.Glob(filepath.Join(globEscape(prefix), "lib", "python*", "*-packages", "den_venv-*.dist-info"))
	if len(found) == 0 {
		return installer{}, false
	}
	pip := filepath.Base(filepath.Dir(filepath.Dir(found[0]))) + " -m pip"
	if isThere(prefix, "pyvenv.cfg") {
		pip = hint.Path(filepath.Join(prefix, "bin", "python")) + " -m pip"
	}
	return installer{name: "pip", update: pip + " install --upgrade " + distribution, remove: pip + " uninstall " + distribution}, true
}

// globEscape returns a pattern that matches the path alone.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

func isThere(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// packageManagers are those of systems, and how each is asked whether a file is
// one of its own.
var packageManagers = []struct {
	owns []string
	installer
}{
	{[]string{"dpkg", "-S"}, installer{name: "apt", update: "sudo apt install ./den_NEWER.deb", remove: "sudo apt remove den"}},
	{[]string{"rpm", "-qf"}, installer{name: "dnf", update: "sudo dnf install ./den-NEWER.rpm", remove: "sudo dnf remove den"}},
	{[]string{"apk", "info", "-W"}, installer{name: "apk", update: "sudo apk add --allow-untrusted ./den_NEWER.apk", remove: "sudo apk del den"}},
	{[]string{"pacman", "-Qo"}, installer{name: "pacman", update: "makepkg -si", remove: "sudo pacman -R den-bin"}},
}
