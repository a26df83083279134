package python

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
)

// A place is where interpreters of one origin are installed.
type place struct {
	source string
	dirs   []string // each may hold interpreters; it need not exist
}

// A candidate is a file that is an interpreter, by its name.
type candidate struct {
	path   string
	source string
	shim   bool
}

// places lists PATH, directory by directory, then the places where
// interpreters are known to be installed.
func (f Finder) places() []place {
	var all []place
	for _, dir := range f.path() {
		if isShimDir(dir) {
			all = append(all, managed(filepath.Dir(dir))...)
			continue
		}
		all = append(all, place{"PATH", []string{dir}})
	}
	return append(all, f.known()...)
}

// known lists the places outside of PATH. Order breaks ties between
// interpreters of the same version.
func (f Finder) known() []place {
	home := f.getenv("HOME")
	data := cmp.Or(f.getenv("XDG_DATA_HOME"), under(home, ".local/share"))
	brew := func(prefix string) place {
		prefix = f.Root + prefix
		return place{"homebrew", append(expand(prefix, "opt/python@*/bin"), expand(prefix, "bin")...)}
	}
	usrLocal := f.Root + "/usr/local"
	all := []place{
		{"pyenv", expand(cmp.Or(f.getenv("PYENV_ROOT"), under(home, ".pyenv")), "versions/*/bin")},
		{"asdf", expand(cmp.Or(f.getenv("ASDF_DATA_DIR"), under(home, ".asdf")), "installs/python/*/bin")},
		{"mise", expand(cmp.Or(f.getenv("MISE_DATA_DIR"), under(data, "mise")), "installs/python/*/bin")},
		{"uv", expand(cmp.Or(f.getenv("UV_PYTHON_INSTALL_DIR"), under(data, "uv/python")), "*/bin")},
		brew("/opt/homebrew"),
		brew("/home/linuxbrew/.linuxbrew"),
		{"homebrew", expand(usrLocal, "opt/python@*/bin")},
	}
	all = append(all, f.conda(home))
	for _, framework := range []string{"Python.framework", "PythonT.framework"} {
		all = append(all, place{"python.org", expand(f.Root+"/Library/Frameworks/"+framework, "Versions/*/bin")})
	}
	return append(all,
		place{"/usr/local", expand(usrLocal, "bin")},
		place{"/opt", expand(f.Root+"/opt", "*/bin")},
		place{"/usr", expand(f.Root+"/usr", "bin")},
	)
}

// conda has base installations, and environments in them. Each has its own interpreter.
func (f Finder) conda(home string) place {
	roots := []string{under(home, "miniconda3"), under(home, "anaconda3"), under(home, "miniforge3")}
	if exe := f.getenv("CONDA_EXE"); exe != "" {
		roots = append(roots, filepath.Dir(filepath.Dir(exe)))
	}
	conda := place{source: "conda"}
	for _, root := range roots {
		conda.dirs = append(conda.dirs, expand(root, "bin")...)
		conda.dirs = append(conda.dirs, expand(root, "envs/*/bin")...)
	}
	return conda
}

// managed is what the shims in root/shims lead to. A shim itself tells nothing
// of the versions behind it.
func managed(root string) []place {
	source := "asdf"
	if filepath.Base(root) == "mise" {
		source = "mise"
	}
	return []place{
		{"pyenv", expand(root, "versions/*/bin")},
		{source, expand(root, "installs/python/*/bin")},
	}
}

// isShimDir tells the directories in which pyenv, asdf and mise keep scripts
// under the names of what they manage.
func isShimDir(dir string) bool { return filepath.Base(dir) == "shims" }

// under joins, but nothing is under an unknown directory.
func under(dir, rest string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, rest)
}

// expand lists the directories under root that pattern names. A component of
// it that ends in "*" stands for every entry that begins with what is before.
// (Unlike filepath.Glob it takes root literally, whatever characters it has.)
func expand(root, pattern string) []string {
	if !filepath.IsAbs(root) {
		return nil
	}
	component, rest, more := strings.Cut(pattern, "/")
	names := []string{component}
	if prefix, ok := strings.CutSuffix(component, "*"); ok {
		names = nil
		entries, _ := os.ReadDir(root)
		for _, entry := range entries {
			if strings.HasPrefix(entry.Name(), prefix) {
				names = append(names, entry.Name())
			}
		}
	}
	var dirs []string
	for _, name := range names {
		dir := filepath.Join(root, name)
		if more {
			dirs = append(dirs, expand(dir, rest)...)
		} else {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// path is PATH, without the entries that are relative: what they name depends
// on where one stands.
func (f Finder) path() []string {
	dirs := filepath.SplitList(f.getenv("PATH"))
	return slices.DeleteFunc(dirs, func(dir string) bool { return !filepath.IsAbs(dir) })
}

// named lists the files of that name in places, in their order.
func (f Finder) named(name string, places []place) []candidate {
	var found []candidate
	for _, p := range places {
		for _, dir := range p.dirs {
			if path := filepath.Join(dir, name); f.isProgram(path) {
				found = append(found, candidate{path: path, source: p.source, shim: isShimDir(dir)})
			}
		}
	}
	return found
}

// onPath lists the files of that name on PATH, shims included.
func (f Finder) onPath(name string) []candidate {
	return f.named(name, []place{{"PATH", f.path()}})
}

// scan lists the interpreters in all places. It leaves out those that r excludes by the
// names of their files and directories. Each program comes once, at the place of its
// first name, under the name that has the most exact version.
func (f Finder) scan(r request) []candidate {
	type program struct {
		dir           string
		device, inode int64
	}
	places := make(map[program]int) // in found
	var found []candidate
	for _, p := range f.places() {
		for _, dir := range p.dirs {
			for _, c := range f.interpretersIn(dir, p.source) {
				real, err := filepath.EvalSymlinks(c.path)
				if err != nil || r.excludes(hintOf(c.path)) || r.excludes(hintOf(real)) {
					continue
				}
				// Hard links in one directory are names of one interpreter;
				// in two (conda makes such) they are interpreters with
				// prefixes of their own.
				state := stateOf(os.Stat(real))
				id := program{filepath.Dir(real), state.Device, state.Inode}
				at, seen := places[id]
				switch {
				case !seen:
					places[id] = len(found)
					found = append(found, c)
				case r.vagueness(c.path) < r.vagueness(found[at].path):
					found[at] = c
				}
			}
		}
	}
	return found
}

// vagueness orders the names of one installation, the best for the request
// first: of its directory, that which says the minor version, for updates keep
// to it; then the full one, or the other way around if that was asked for; then
// those that say no version, and last those that say less.
func (r request) vagueness(path string) int {
	parts := 0
	if bin := filepath.Dir(path); filepath.Base(bin) == "bin" {
		parts = dirHint(filepath.Base(filepath.Dir(bin))).parts
	}
	asked := slices.ContainsFunc(r.bounds, func(b bound) bool { return b.parts == 3 && (b.op == "is" || b.op == "==") })
	switch {
	case parts == 1:
		return 3
	case parts == 0:
		return 2
	case (parts == 3) == asked:
		return 0
	}
	return 1
}

// interpretersIn lists the programs in dir that are named as interpreters are,
// the most telling name first.
func (f Finder) interpretersIn(dir, source string) []candidate {
	file, err := disk.OpenDir(dir)
	if err != nil {
		return nil
	}
	defer file.Close()
	names, _ := file.Readdirnames(-1)
	names = slices.DeleteFunc(names, func(name string) bool {
		_, ok := fileHint(name)
		return !ok
	})
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b, a))
	})
	var found []candidate
	for _, name := range names {
		if path := filepath.Join(dir, name); f.isProgram(path) {
			found = append(found, candidate{path: path, source: source})
		}
	}
	return found
}

// isProgram tells whether there is a file at path that can be run.
func (f Finder) isProgram(path string) bool {
	return disk.IsProgram(path) && !f.isAppleStub(path)
}

// isAppleStub tells the programs that macOS has in /usr/bin where the
// developer tools are not installed: running one opens a dialog that offers
// to install them.
func (f Finder) isAppleStub(path string) bool {
	if f.system() != "darwin" || filepath.Dir(path) != f.Root+"/usr/bin" {
		return false
	}
	for _, tools := range []string{"/Library/Developer/CommandLineTools/usr/bin", "/Applications/Xcode.app"} {
		if _, err := os.Stat(f.Root + tools); err == nil {
			return false
		}
	}
	return true
}

// hintOf returns what the path of an interpreter says about it: the name of the file, and
// the name of the installation where that is more exact.
func hintOf(path string) hint {
	h, _ := fileHint(filepath.Base(path))
	bin := filepath.Dir(path)
	if filepath.Base(bin) != "bin" {
		return h
	}
	installation := dirHint(filepath.Base(filepath.Dir(bin)))
	if h.parts > 0 && installation.version.truncate(h.parts).compareRelease(h.version) != 0 {
		return h // a directory may be called anything
	}
	installation.freeThreaded = installation.freeThreaded || h.freeThreaded
	installation.implementation = cmp.Or(installation.implementation, h.implementation)
	return installation
}

// fileHint reads the name of an interpreter: python, python3, python3.12,
// python3.13t, python3.7m, pypy3.10. Any other name is not one.
func fileHint(name string) (h hint, ok bool) {
	rest, ok := strings.CutPrefix(name, pypy)
	if ok {
		h.implementation = pypy
	} else if rest, ok = strings.CutPrefix(name, "python"); !ok {
		return hint{}, false
	}
	if rest == "" {
		return h, true
	}
	// The letters are the ABI flags of PEP 3149 and, since 3.13, "t".
	number := strings.TrimRight(rest, "mut")
	h.freeThreaded = strings.Contains(rest[len(number):], "t")
	var err error
	h.version, h.parts, err = parseParts(number)
	if err != nil || h.version.Suffix != "" || strings.HasSuffix(number, "+") {
		return hint{}, false
	}
	return h, true
}

// dirHint reads the name of an installation: 3.12.1, 3.13.0t, 3.13-dev,
// pypy3.10-7.3.13, cpython-3.13.0+freethreaded-linux-x86_64-gnu, python@3.12.
func dirHint(name string) hint {
	var h hint
	rest := name
	switch {
	case strings.HasPrefix(rest, cpython):
		h.implementation, rest = cpython, rest[len(cpython):]
	case strings.HasPrefix(rest, pypy):
		h.implementation, rest = pypy, rest[len(pypy):]
	default:
		rest = strings.TrimPrefix(rest, "python")
	}
	rest = strings.TrimLeft(rest, "-@")
	number := rest
	if end := strings.IndexAny(rest, "-+"); end >= 0 {
		number = rest[:end]
	}
	release := strings.TrimSuffix(number, "t")
	h.freeThreaded = release != number || strings.HasPrefix(rest[len(number):], "+freethreaded")
	var err error
	if h.version, h.parts, err = parseParts(release); err != nil {
		return hint{}
	}
	return h
}
