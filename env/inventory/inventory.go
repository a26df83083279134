// Package inventory finds the person's own files in an environment: all files that
// neither the RECORD of an installed package nor the program that made the
// environment (venv, virtualenv, uv, den) accounts for.
package inventory

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
	"den/env/packages"
	"den/env/python"
	"den/lazy"
)

// An Inventory is what is the person's, by paths below the environment.
type Inventory struct {
	// Paths are files, symbolic links, and directories with nothing in them, in
	// lexical order.
	Paths []string
	// Uncopied are what no copy can be made of: sockets, pipes and devices.
	Uncopied []string
}

// Of takes the inventory of the environment at dir.
func Of(dir string) (Inventory, error) {
	a := accounts{dir: dir, owned: make(map[string]bool), tops: make(map[string]bool)}
	var inventory Inventory
	if err := a.readPackages(); err != nil {
		return inventory, err
	}
	err := filepath.WalkDir(dir+"/", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(dir, path)
		if err != nil || below == "." {
			return err
		}
		switch {
		case a.isAccounted(below, entry):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			if isMakers(below) {
				return nil
			}
			if inside, err := os.ReadDir(path); err != nil || len(inside) == 0 {
				inventory.Paths = append(inventory.Paths, below)
				return err
			}
		case entry.Type().IsRegular(), entry.Type() == fs.ModeSymlink:
			inventory.Paths = append(inventory.Paths, below)
		default:
			inventory.Uncopied = append(inventory.Uncopied, below)
		}
		return nil
	})
	return inventory, err
}

// accounts are what packages and makers account for in the environment at dir.
type accounts struct {
	dir   string
	owned map[string]bool // the files of packages, by their whole paths
	tops  map[string]bool // what packages have in site-packages that do not list their files
}

// readPackages reads what the packages in each site-packages account for.
func (a accounts) readPackages() error {
	libraries, _ := os.ReadDir(filepath.Join(a.dir, "lib")) // there may be none
	for _, library := range libraries {
		site := filepath.Join(a.dir, "lib", library.Name(), "site-packages")
		if info, err := os.Stat(site); err != nil || !info.IsDir() || !isLibrary("lib/"+library.Name()) {
			continue
		}
		owned, err := packages.Files(site)
		if err != nil {
			return err
		}
		maps.Copy(a.owned, owned)
		maps.Copy(a.tops, packages.Unlisted(site))
	}
	return nil
}

// isLibrary reports whether a path is the library of a Python: lib/python3.12.
func isLibrary(below string) bool {
	dir, name := filepath.Split(below)
	_, ok := python.SeriesOf(name)
	return ok && dir == "lib/"
}

// isMakers reports whether a directory is one that makers make, so that it is
// the person's only for what is in it.
func isMakers(below string) bool {
	if slices.Contains([]string{"bin", "lib", "lib64", "include"}, below) || isLibrary(below) {
		return true
	}
	dir, name := filepath.Split(below)
	_, ok := python.SeriesOf(name)
	return ok && (dir == "include/" || dir == "include/site/") || below == "include/site" || name == "site-packages" && isLibrary(filepath.Clean(dir))
}

// isAccounted reports whether a file, or a directory with all that is in it, is
// not the person's.
func (a accounts) isAccounted(below string, entry fs.DirEntry) bool {
	whole := filepath.Join(a.dir, below)
	if a.owned[whole] && !entry.IsDir() {
		return true
	}
	dir, name := filepath.Split(below)
	switch dir = filepath.Clean(dir); {
	case dir == ".":
		return a.isTop(name, entry)
	case dir == "bin":
		return a.isProgram(name, entry)
	case dir == "lib":
		return libraryFile().MatchString(name)
	case dir == "include":
		_, ok := python.SeriesOf(name)
		return ok && (entry.Type() == fs.ModeSymlink || hasFile(whole, "Python.h"))
	case isLibrary(dir):
		return name == "__pycache__" || name != "site-packages" && (hasFile(filepath.Dir(whole), "os.py") || entry.Type() == fs.ModeSymlink)
	case name == "__pycache__" && strings.HasPrefix(below, "lib/"):
		return true
	case filepath.Base(dir) == "site-packages" && isLibrary(filepath.Dir(dir)):
		return a.tops[whole] || isInstallers(name)
	}
	return false
}

// hasFile reports whether a file is in a directory. os.py or Python.h shows that a maker
// has put the standard library or the headers into the environment. virtualenv does so
// for Python 2, and before version 20 did for all. The person's files cannot be told from
// these.
func hasFile(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, name))
	return err == nil
}

// isTop tells what makers put at the top of an environment.
func (a accounts) isTop(name string, entry fs.DirEntry) bool {
	switch name {
	case "pyvenv.cfg":
		return true
	case "lib64":
		return entry.Type() == fs.ModeSymlink
	case ".lock":
		info, err := entry.Info()
		return err == nil && info.Size() == 0
	case ".gitignore", "CACHEDIR.TAG":
		return makersMark().Match(a.head(name))
	}
	return false
}

// makersMark is how the files begin by which makers tell others what to leave
// alone.
var makersMark = lazy.Pattern(`^(\*\s*$|# [Cc]reated by (venv|virtualenv|uv)|# An environment belongs to a machine|Signature: 8a477f597d28d172789f06886806bc55)`)

// scripts are the files in bin by which environments are entered.
var scripts = []string{
	"activate", "activate.csh", "activate.fish", "activate.ps1", "Activate.ps1", "activate.nu", "activate.elv", "activate.bat", "activate.xsh",
	"activate_this.py", "activate_this.pyc", "deactivate.bat", "deactivate.nu", "pydoc.bat", "__pycache__",
}

// interpreterName and toolName are the names in bin that makers give. libraryFile is
// the names of the libraries that they put beside a copy of an interpreter.
var (
	interpreterName = lazy.Pattern(`^((python|pypy)([0-9]+(\.[0-9]+)?[tdm]*)?|python[0-9.]*-config|𝜋thon)$`)
	toolName        = lazy.Pattern(`^(pip|easy_install|wheel)(-?[0-9]+(\.[0-9]+)*)?$`)
	toolImport      = lazy.Pattern(`(?m)^(from|import) (pip|setuptools|wheel)\b`)
	easyInstall     = lazy.Pattern(`(?m)^# EASY-INSTALL-|^__requires__ = `)
	libraryFile     = lazy.Pattern(`^lib(python|pypy)[0-9.]*[tdm]*(-c)?\.(so|dylib)(\.[0-9.]+)?$`)
)

// isProgram reports whether a maker put the program into bin. It knows a pip without
// its package by its imports, and a program of "setup.py develop" by its mark.
func (a accounts) isProgram(name string, entry fs.DirEntry) bool {
	return slices.Contains(scripts, name) || libraryFile().MatchString(name) ||
		interpreterName().MatchString(name) && !entry.IsDir() ||
		toolName().MatchString(name) && toolImport().Match(a.head(filepath.Join("bin", name))) ||
		easyInstall().Match(a.head(filepath.Join("bin", name)))
}

// IsInterpreter reports whether makers give the name, in bin, to the interpreter.
func IsInterpreter(name string) bool {
	return interpreterName().MatchString(name) || IsInterpreterLibrary(name)
}

// IsInterpreterLibrary reports whether a file, in bin or in lib, is a library that
// makers put beside a copy of an interpreter.
func IsInterpreterLibrary(name string) bool { return libraryFile().MatchString(name) }

// head is the beginning of a file.
func (a accounts) head(below string) []byte {
	text, _ := disk.ReadHead(filepath.Join(a.dir, below), 4096)
	return text
}

// installers are files that installers leave in site-packages: of pip, setuptools and
// wheel, for their RECORD may be gone, and of virtualenv.
var installers = []string{
	"pip", "setuptools", "wheel", "pkg_resources", "_distutils_hack", "distutils-precedence.pth", "easy_install.py",
	"easy-install.pth", "_virtualenv.py", "_virtualenv.pyc", "_virtualenv.pth", "__pycache__",
}

func isInstallers(name string) bool {
	return slices.Contains(installers, name) || slices.Contains([]string{".dist-info", ".egg-info", ".egg", ".egg-link"}, filepath.Ext(name))
}
