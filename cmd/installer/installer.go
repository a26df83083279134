// Package installer finds out what has installed den, and how that updates and
// removes it.
package installer

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/env/disk"
)

// distribution is den's name on the Python package index.
const distribution = "den-venv"

// An Installer is what has put a den where it is, with the commands that update
// and remove it.
type Installer struct {
	Name, Update, Remove string
	Temporary            bool // it may take it away again at any moment
}

// CheckLasting returns an error for a den that start-up files had better not
// name, because it will not stay where it is.
func (by Installer) CheckLasting() error {
	if !by.Temporary {
		return nil
	}
	err := fmt.Errorf("this den is in the cache of %s and will be deleted there: new shells would not find it", by.Name)
	return hint.With(err, "install it first: %s", by.Update)
}

// Of finds out what has installed the program, which links may lead to.
func Of(ctx context.Context, program string) Installer {
	if resolved, err := filepath.EvalSymlinks(program); err == nil {
		program = resolved
	}
	for _, find := range []func(string) (Installer, bool){byStore, byPythonTool, byPip} {
		if by, found := find(program); found {
			return by
		}
	}
	for _, manager := range packageManagers {
		c := exec.CommandContext(ctx, manager.owns[0], append(slices.Clone(manager.owns[1:]), program)...)
		c.Env = append(os.Environ(), "HOME=/dev/null") // in which rpm would make a database
		if c.Run() == nil {
			return manager.Installer
		}
	}
	path := hint.Path(program)
	return Installer{Name: "an archive or a checkout", Update: "install -m 755 NEWER_DEN " + path, Remove: "rm " + path}
}

// byStore recognises what keeps each package in a directory of its own.
func byStore(program string) (Installer, bool) {
	switch {
	case strings.HasPrefix(program, "/nix/store/"):
		return Installer{Name: "Nix", Update: "nix-env -f den.nix -i", Remove: "nix-env -e den"}, true
	case strings.Contains(program, "/Cellar/den/"):
		return Installer{Name: "Homebrew", Update: "brew upgrade den", Remove: "brew uninstall den"}, true
	}
	return Installer{}, false
}

// byPythonTool recognises what installs programs of Python packages, each in an
// environment of its own.
func byPythonTool(program string) (Installer, bool) {
	prefix := filepath.Dir(filepath.Dir(program))
	above := filepath.Base(filepath.Dir(prefix))
	switch {
	case isThere(prefix, "uv-receipt.toml"):
		return Installer{Name: "uv", Update: "uv tool upgrade " + distribution, Remove: "uv tool uninstall " + distribution}, true
	case strings.HasPrefix(above, "archive-v"):
		return Installer{Name: "uv", Update: "uv tool install " + distribution, Temporary: true}, true
	case isThere(prefix, "pipx_metadata.json") && above == "venvs":
		return Installer{Name: "pipx", Update: "pipx upgrade " + distribution, Remove: "pipx uninstall " + distribution}, true
	case isThere(prefix, "pipx_metadata.json"):
		return Installer{Name: "pipx", Update: "pipx install " + distribution, Temporary: true}, true
	}
	return Installer{}, false
}

// byPip recognises what pip has installed: into an environment, for a person, or
// into a Python.
func byPip(program string) (Installer, bool) {
	prefix := filepath.Dir(filepath.Dir(program))
	found, _ := disk.Glob(prefix, "lib/python*/*-packages/den_venv-*.dist-info")
	if len(found) == 0 {
		return Installer{}, false
	}
	pip := filepath.Base(filepath.Dir(filepath.Dir(found[0]))) + " -m pip"
	if isThere(prefix, "pyvenv.cfg") {
		pip = hint.Path(filepath.Join(prefix, "bin", "python")) + " -m pip"
	}
	return Installer{Name: "pip", Update: pip + " install --upgrade " + distribution, Remove: pip + " uninstall " + distribution}, true
}

func isThere(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// packageManagers lists the package managers of systems, with the command that asks
// each whether a file belongs to it.
var packageManagers = []struct {
	owns []string
	Installer
}{
	{[]string{"dpkg", "-S"}, Installer{Name: "apt", Update: "sudo apt install ./den_NEWER.deb", Remove: "sudo apt remove den"}},
	{[]string{"rpm", "-qf"}, Installer{Name: "dnf", Update: "sudo dnf install ./den-NEWER.rpm", Remove: "sudo dnf remove den"}},
	{[]string{"apk", "info", "-W"}, Installer{Name: "apk", Update: "sudo apk add --allow-untrusted ./den_NEWER.apk", Remove: "sudo apk del den"}},
	{[]string{"pacman", "-Qo"}, Installer{Name: "pacman", Update: "makepkg -si", Remove: "sudo pacman -R den-bin"}},
}
