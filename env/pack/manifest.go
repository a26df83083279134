// Package pack turns an environment into one file, a packed environment, and reads
// such a file.
//
// A packed environment is a tar archive, compressed by zstd. Its first member is
// manifest.json, which names the Python that the environment needs and each file with its
// hash. The files follow in the order of the manifest. In place of the environment's
// path, the files have a fixed path that stands for it. So the same environment gives the
// same bytes at any path and for any person.
//
// The links in bin to the interpreter, pyvenv.cfg and bytecode are not in it: whoever
// unpacks makes them anew. The package does not know how, nor where environments
// are kept.
package pack

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"den/env"
	"den/env/inventory"
	"den/env/python"
)

// Format is the version of the format that this package writes, and the newest one
// that it reads.
const Format = 1

// A Manifest describes a packed environment.
type Manifest struct {
	Format int    `json:"format"`
	Den    string `json:"den"`  // the version of the den that wrote it
	Name   string `json:"name"` // of the environment
	// Path is the path that the files say, for the one that the environment will have.
	Path   string `json:"path"`
	Python Python `json:"python"`
	// Wheels says that the files are wheels, with a requirements.txt that lists them,
	// instead of the environment's.
	Wheels bool `json:"wheels,omitempty"`
	// Compiled says that there are compiled modules, so that the platform matters.
	Compiled           bool      `json:"compiled"`
	Prompt             string    `json:"prompt,omitempty"`
	SystemSitePackages bool      `json:"system_site_packages,omitempty"`
	Config             []string  `json:"config,omitempty"` // further lines of pyvenv.cfg
	Packages           []Package `json:"packages"`
	// Changed are files that were others, or gone, when the environment was packed
	// than the RECORD of their package says.
	Changed []string `json:"changed,omitempty"`
	Files   []File   `json:"files"`
}

// A Python is what a packed environment needs of an interpreter.
type Python struct {
	Version        python.Version `json:"version"`
	Implementation string         `json:"implementation"`
	FreeThreaded   bool           `json:"free_threaded,omitempty"`
	python.Platform
}

// A Package is a distribution that is installed in the environment.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A File is a file, a symbolic link, or a directory with nothing in it.
type File struct {
	Path   string `json:"path"` // below the environment, with slashes
	Mode   uint32 `json:"mode"` // permission bits; 0 for a link
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // in hexadecimal; "" for what is no file
	Link   string `json:"link,omitempty"`   // the target of a symbolic link
	// SaysPath says that the file holds the path.
	SaysPath bool `json:"says_path,omitempty"`
}

// IsLink reports whether the file is a symbolic link.
func (f File) IsLink() bool { return f.Link != "" }

// IsDir reports whether the file is a directory with nothing in it.
func (f File) IsDir() bool { return f.Link == "" && f.SHA256 == "" }

// Size is how many bytes the files have.
func (m Manifest) Size() int64 {
	var size int64
	for _, f := range m.Files {
		size += f.Size
	}
	return size
}

// Holds returns a function that reports whether a file holds the path.
func (m Manifest) Holds() func(path string) bool {
	files := make(map[string]bool)
	for _, f := range m.Files {
		if f.SaysPath {
			files[f.Path] = true
		}
	}
	return func(path string) bool { return files[path] }
}

// Interpreter is a request for Finder.Find that admits the interpreters of the
// version that is needed.
func (p Python) Interpreter() string {
	return python.Interpreter{Version: p.Version, Implementation: p.Implementation, FreeThreaded: p.FreeThreaded}.Series()
}

func parseManifest(text []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return m, &CorruptError{fmt.Sprintf("its manifest cannot be read: %s", err)}
	}
	if m.Format > Format {
		return m, &NewerError{m.Format, m.Den}
	}
	if err := m.check(); err != nil {
		return m, &CorruptError{err.Error()}
	}
	return m, nil
}

// The limits of a manifest. The largest environments have some hundred thousand
// files.
const (
	maxManifest = 256 << 20
	maxFiles    = 4 << 20
	maxSize     = 1 << 50
	maxPath     = 4096
)

// check returns an error unless the manifest describes what an environment can be,
// with nothing in it that leads elsewhere.
func (m Manifest) check() error {
	switch {
	case m.Format < 1:
		return errors.New("its manifest has no format")
	case m.Path != path.Clean(m.Path) || !path.IsAbs(m.Path) || m.Path == "/" || strings.ContainsAny(m.Path, "\x00\n:"):
		return fmt.Errorf("its files say an impossible path, %q", m.Path)
	case len(m.Files) > maxFiles:
		return fmt.Errorf("it claims to have %d files", len(m.Files))
	}
	for _, err := range []error{env.CheckName(m.Name), env.CheckPrompt(m.Prompt), env.CheckFurther(m.Config)} {
		if err != nil {
			return err
		}
	}
	seen := newNames(len(m.Files))
	var size int64
	for _, f := range m.Files {
		if err := f.check(m.Path); err != nil {
			return err
		}
		if size += f.Size; size > maxSize {
			return errors.New("it claims to be larger than any disk")
		}
		if err := seen.add(f); err != nil {
			return err
		}
	}
	return seen.checkLinks()
}

func (f File) check(top string) error {
	switch {
	case !filepath.IsLocal(f.Path) || f.Path != path.Clean(f.Path) || f.Path == "." || strings.ContainsRune(f.Path, 0) || len(f.Path) > maxPath:
		return fmt.Errorf("it has a file called %q", f.Path)
	case !utf8.ValidString(f.Path) || !utf8.ValidString(f.Link):
		return fmt.Errorf("it has a file called %q, and the list of files can only have names in UTF-8", f.Path)
	case isMadeAnew(f.Path):
		return fmt.Errorf("it has a file %s, which no packed environment has", f.Path)
	case f.Mode&^0o777 != 0:
		return fmt.Errorf("%q has the mode %o", f.Path, f.Mode)
	case f.Size < 0 || f.SHA256 == "" && f.Size != 0:
		return fmt.Errorf("%q has the size %d", f.Path, f.Size)
	case f.IsLink() && (f.SHA256 != "" || !staysInside(f.Path, f.Link, top)):
		return fmt.Errorf("%q is a link that leads out of the environment, to %q", f.Path, f.Link)
	}
	if f.SHA256 == "" {
		return nil
	}
	if sum, err := hex.DecodeString(f.SHA256); err != nil || len(sum) != 32 || strings.ToLower(f.SHA256) != f.SHA256 {
		return fmt.Errorf("%q has no hash", f.Path)
	}
	return nil
}

// isMadeAnew reports whether unpacking makes the file, or a directory above it, anew: the
// interpreter and its links.
func isMadeAnew(file string) bool {
	parts := strings.Split(file, "/")
	switch first := parts[0]; {
	case len(parts) == 1:
		return slices.Contains([]string{"pyvenv.cfg", "lib64", ".lock"}, first)
	case first == "bin":
		return inventory.IsInterpreter(parts[1])
	case first == "lib":
		return inventory.IsInterpreterLibrary(parts[1])
	default:
		return first == "pyvenv.cfg" || first == ".lock"
	}
}

// staysInside reports whether a link at the path leads into the environment, by its
// text alone: where other links on the way lead is for checkLinks.
func staysInside(at, target, top string) bool {
	if strings.ContainsRune(target, 0) || len(target) > maxPath {
		return false
	}
	if path.IsAbs(target) {
		clean := path.Clean(target)
		return clean == top || strings.HasPrefix(clean, top+"/")
	}
	return filepath.IsLocal(path.Join(path.Dir(at), target))
}

// names are the paths of a manifest.
type names struct {
	kinds map[string]nameKind // of files and of the directories they are in
	fold  map[string]string   // how a path is written, by its lower case
	links []File
}

type nameKind int

const (
	isParent nameKind = iota + 1
	isFile
	isLink
)

func newNames(size int) *names {
	return &names{kinds: make(map[string]nameKind, size), fold: make(map[string]string, size)}
}

// add adds a file, unless its path is taken.
func (n *names) add(f File) error {
	kind := isFile
	if f.IsLink() {
		kind = isLink
		n.links = append(n.links, f)
	}
	if n.kinds[f.Path] != 0 {
		return fmt.Errorf("it has %q twice", f.Path)
	}
	if err := n.set(f.Path, kind); err != nil {
		return err
	}
	for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
		switch n.kinds[dir] {
		case isParent:
			return nil
		case isFile, isLink:
			return fmt.Errorf("it has %q below %q, which is no directory", f.Path, dir)
		}
		if err := n.set(dir, isParent); err != nil {
			return err
		}
	}
	return nil
}

// set notes what is at a path. Two names that differ in their case only are one
// where the file system does not tell them apart: two files then collide, which is
// an error when they are written, but one that is a link would lead another astray.
func (n *names) set(at string, kind nameKind) error {
	lower := strings.ToLower(at)
	if other, taken := n.fold[lower]; taken && other != at && (kind != n.kinds[other] || kind == isLink) {
		return fmt.Errorf("it has %q and %q, which some file systems take for one", other, at)
	}
	n.kinds[at], n.fold[lower] = kind, at
	return nil
}

// checkLinks returns an error if a link is reached through another link, or leads
// through one: where it ends could not be told from its text.
func (n *names) checkLinks() error {
	for _, f := range n.links {
		if path.IsAbs(f.Link) {
			continue
		}
		// The names of a target are resolved one by one: a/.. is not the directory
		// itself if a is a link.
		at := path.Dir(f.Path)
		parts := strings.Split(f.Link, "/")
		for i, part := range parts {
			at = path.Join(at, part)
			if n.kinds[at] == isLink && slices.Contains(parts[i+1:], "..") {
				return fmt.Errorf("%q is a link that leads through another, %q", f.Path, at)
			}
		}
	}
	return nil
}
