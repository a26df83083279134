package lockfile

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"den/env/packages"
	"den/lazy"
)

// These are the tables of a pylock.toml, with the keys that den reads.
type (
	document struct {
		LockVersion    string    `toml:"lock-version"`
		Environments   []string  `toml:"environments"`
		RequiresPython string    `toml:"requires-python"`
		DefaultGroups  []string  `toml:"default-groups"`
		Packages       []element `toml:"packages"`
	}
	element struct {
		Name           string     `toml:"name"`
		Version        string     `toml:"version"`
		Marker         string     `toml:"marker"`
		RequiresPython string     `toml:"requires-python"`
		VCS            *vcs       `toml:"vcs"`
		Directory      *directory `toml:"directory"`
		Archive        *archive   `toml:"archive"`
		Index          string     `toml:"index"`
		Sdist          *archive   `toml:"sdist"`
		Wheels         []archive  `toml:"wheels"`
	}
	vcs struct {
		Type         string `toml:"type"`
		URL          string `toml:"url"`
		Path         string `toml:"path"`
		Requested    string `toml:"requested-revision"`
		Commit       string `toml:"commit-id"`
		Subdirectory string `toml:"subdirectory"`
	}
	directory struct {
		Path         string `toml:"path"`
		Editable     bool   `toml:"editable"`
		Subdirectory string `toml:"subdirectory"`
	}
	archive struct {
		Name         string            `toml:"name"`
		Uploaded     time.Time         `toml:"upload-time"`
		URL          string            `toml:"url"`
		Path         string            `toml:"path"`
		Size         int64             `toml:"size"`
		Hashes       map[string]string `toml:"hashes"`
		Subdirectory string            `toml:"subdirectory"`
	}
)

// ParsePylock reads the text of a pylock.toml. Its relative paths start at dir.
func ParsePylock(text []byte, dir string) (File, error) {
	var d document
	if err := toml.Unmarshal(text, &d); err != nil {
		if failed, ok := errors.AsType[*toml.DecodeError](err); ok {
			row, _ := failed.Position()
			return File{}, fmt.Errorf("line %d: %w", row, err)
		}
		return File{}, err
	}
	if major, _, _ := strings.Cut(d.LockVersion, "."); major != "1" {
		return File{}, fmt.Errorf("its lock-version is %q, and den reads version 1", d.LockVersion)
	}
	file := File{Environments: d.Environments, RequiresPython: d.RequiresPython, DefaultGroups: d.DefaultGroups}
	for i, e := range d.Packages {
		p, err := e.parse(dir)
		if err != nil {
			return File{}, fmt.Errorf("package %d (%q): %w", i+1, e.Name, err)
		}
		file.Packages = append(file.Packages, p)
	}
	return file, nil
}

// parse checks what pip will read: no text may pass for more than it is.
func (e element) parse(dir string) (p Package, err error) {
	p = Package{Name: packages.Normalize(e.Name), Version: e.Version, Marker: e.Marker, Python: e.RequiresPython, Index: e.Index}
	if !namePattern().MatchString(e.Name) {
		return p, errors.New("that is no name of a package")
	}
	if e.Version != "" && !versionCharacters().MatchString(e.Version) {
		return p, fmt.Errorf("%q is no version", e.Version)
	}
	sources := 0
	if e.VCS != nil {
		sources++
		if p.VCS, err = e.VCS.parse(dir); err != nil {
			return p, err
		}
	}
	if e.Directory != nil {
		sources++
		p.Directory = &Directory{Path: from(dir, e.Directory.Path), Editable: e.Directory.Editable, Subdirectory: e.Directory.Subdirectory}
		if e.Directory.Path == "" || !isLine(p.Directory.Path) || !isBelow(p.Directory.Subdirectory) {
			return p, errors.New("its directory has no path that can be used")
		}
	}
	if e.Archive != nil {
		sources++
		if p.Archive, err = e.Archive.parse(dir); err != nil {
			return p, err
		}
	}
	if e.Sdist != nil || len(e.Wheels) > 0 {
		sources++
	}
	if sources != 1 {
		return p, errors.New("it needs one source: vcs, directory, archive, or sdist and wheels")
	}
	if e.Sdist != nil {
		if p.Sdist, err = e.Sdist.parse(dir); err != nil {
			return p, err
		}
	}
	for _, w := range e.Wheels {
		wheel, err := w.parse(dir)
		if err != nil {
			return p, err
		}
		p.Wheels = append(p.Wheels, *wheel)
	}
	if p.IsFromIndex() && p.Version == "" {
		return p, errors.New("it has no version")
	}
	return p, nil
}

func (v vcs) parse(dir string) (*VCS, error) {
	parsed := &VCS{Type: v.Type, Requested: v.Requested, Commit: v.Commit, Subdirectory: v.Subdirectory}
	var err error
	if parsed.Location, err = locate(v.URL, v.Path, dir); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"git", "hg", "bzr", "svn"}, v.Type) {
		return nil, fmt.Errorf("den does not know the version control system %q", v.Type)
	}
	if !commitPattern().MatchString(v.Commit) || !isBelow(v.Subdirectory) {
		return nil, fmt.Errorf("its commit %q or its subdirectory %q cannot be used", v.Commit, v.Subdirectory)
	}
	return parsed, nil
}

func (a archive) parse(dir string) (*Archive, error) {
	parsed := &Archive{Name: a.Name, Size: a.Size, Uploaded: a.Uploaded, Hashes: a.Hashes, Subdirectory: a.Subdirectory}
	var err error
	if parsed.Location, err = locate(a.URL, a.Path, dir); err != nil {
		return nil, err
	}
	if name := parsed.FileName(); strings.Contains(name, "/") || !isLine(name) || !isBelow(a.Subdirectory) {
		return nil, fmt.Errorf("its file name %q or its subdirectory %q cannot be used", name, a.Subdirectory)
	}
	for _, digest := range a.Hashes {
		if !digestPattern().MatchString(digest) {
			return nil, fmt.Errorf("%q is no hash", digest)
		}
	}
	if _, digest := parsed.Hash(); digest == "" {
		return nil, errors.New("an archive of it has no sha256, sha384 or sha512 hash")
	}
	return parsed, nil
}

// locate returns the place that a URL, or else a path from dir, leads to.
func locate(address, path, dir string) (Location, error) {
	switch {
	case address != "" && (!urlPattern().MatchString(address) || strings.ContainsAny(address, "#")):
		return Location{}, fmt.Errorf("%q is no URL", address)
	case address != "":
		if path := packages.FilePath(address); path != "" {
			return Location{Path: path}, nil
		}
		return Location{URL: address}, nil
	case path == "" || !isLine(path):
		return Location{}, errors.New("it has neither a url nor a path")
	}
	return Location{Path: from(dir, path)}, nil
}

func from(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// isLine reports whether a text has only characters that stay in one line.
func isLine(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f })
}

// isBelow reports whether a subdirectory, or none, can stand in a URL's fragment and
// does not lead out of the tree.
func isBelow(dir string) bool {
	return dir == "" || filepath.IsLocal(dir) && subdirectoryPattern().MatchString(dir)
}

var (
	versionKey          = lazy.Pattern(`(?m)^lock-version\s*=`)
	namePattern         = lazy.Pattern(`^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$`)
	versionCharacters   = lazy.Pattern(`^[A-Za-z0-9][A-Za-z0-9.!+_-]*$`)
	commitPattern       = lazy.Pattern(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	algorithmPattern    = lazy.Pattern(`^[A-Za-z0-9_-]+$`)
	digestPattern       = lazy.Pattern(`^[0-9A-Fa-f]{32,128}$`)
	urlPattern          = lazy.Pattern(`^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$`)
	subdirectoryPattern = lazy.Pattern(`^[A-Za-z0-9._/+-]+$`)
)
