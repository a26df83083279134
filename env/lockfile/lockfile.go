// Package lockfile reads and writes lists of the packages of an environment: the
// pylock.toml of the specification
// https://packaging.python.org/specifications/pylock-toml/ (PEP 751), and
// requirements files with exact versions. It compares such lists, and neither
// starts a Python nor asks an index.
package lockfile

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"den/env/disk"
	"den/env/packages"
)

// A File is a list of packages.
type File struct {
	// RequiresPython is a version specifier such as ">=3.11", or "".
	RequiresPython string
	// Environments are markers; the list is for a Python that fits one of them.
	Environments []string
	// DefaultGroups are the dependency groups that the markers may ask for.
	DefaultGroups []string
	Packages      []Package
	// Options are the lines of a requirements file that say where packages come
	// from.
	Options []string
}

// Read reads a list: a pylock.toml, which ends with .toml or has a lock-version, or else
// a requirements file. Relative paths in a requirements file start at cwd.
func Read(path, cwd string) (File, error) {
	text, err := disk.ReadSmall(path)
	if err != nil {
		return File{}, err
	}
	if filepath.Ext(path) != ".toml" && !versionKey().Match(text) {
		return readRequirements(path, cwd)
	}
	f, err := ParsePylock(text, from(cwd, filepath.Dir(path)))
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// A Package is one that an environment has, or is to have. It comes from an index,
// or else from one of VCS, Directory and Archive.
type Package struct {
	Name    string // normalized; "" if only a Directory or a VCS is known
	Version string // "" if the source tree may change it
	Marker  string // the condition under which it is installed; "" if there is none
	// Python is the version specifier of the Pythons that it works with, or "".
	Python    string
	VCS       *VCS
	Directory *Directory
	Archive   *Archive
	// Index is the URL of the index that has it, if the list says so.
	Index  string
	Sdist  *Archive
	Wheels []Archive
	// Hashes are those of a requirements file, such as "sha256:12ab".
	Hashes []string
}

// VCS is a commit of a repository.
type VCS struct {
	Type         string // git, hg, bzr or svn
	Location            // of the repository
	Requested    string // the branch or tag that somebody asked for
	Commit       string
	Subdirectory string
}

// Directory is a source tree on this machine.
type Directory struct {
	Path         string // absolute
	Editable     bool
	Subdirectory string
}

// Archive is a wheel or a source distribution.
type Archive struct {
	Name string // of the file
	Location
	Size         int64 // in bytes; 0 if it is not known
	Uploaded     time.Time
	Hashes       map[string]string // by algorithm: "sha256"
	Subdirectory string
}

// Location is where something is: a URL, or else an absolute path.
type Location struct{ URL, Path string }

// Address returns the URL, which is a file: URL for a path.
func (l Location) Address() string {
	if l.URL != "" {
		return l.URL
	}
	return (&url.URL{Scheme: "file", Path: l.Path}).String()
}

// At returns the location at an address: the path of a file: URL.
func At(address string) Location {
	if path := packages.FilePath(address); path != "" {
		return Location{Path: path}
	}
	return Location{URL: withoutPassword(address)}
}

// withoutPassword returns the URL without a password, which is not for a file that
// people share.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	if _, has := u.User.Password(); !has {
		return address
	}
	u.User = nil
	return u.String()
}

// FileName returns the name of the archive's file.
func (a Archive) FileName() string {
	if a.Name != "" {
		return a.Name
	}
	if a.URL == "" {
		return filepath.Base(a.Path)
	}
	if u, err := url.Parse(a.URL); err == nil {
		return path.Base(u.Path)
	}
	return path.Base(a.URL)
}

// Hash returns the strongest hash that pip checks, as "sha256" and its digits.
func (a Archive) Hash() (algorithm, digest string) {
	for _, algorithm := range []string{"sha512", "sha384", "sha256"} {
		if digest := a.Hashes[algorithm]; digest != "" {
			return algorithm, digest
		}
	}
	return "", ""
}

// IsFromIndex reports whether the package comes from an index.
func (p Package) IsFromIndex() bool { return p.VCS == nil && p.Directory == nil && p.Archive == nil }

// Source describes where a package comes from, as pip's requirements do; "" for one
// from an index.
func (p Package) Source() string {
	switch {
	case p.VCS != nil:
		return p.VCS.Type + "+" + p.VCS.Address() + "@" + p.VCS.Commit + withFragment("subdirectory", p.VCS.Subdirectory)
	case p.Directory != nil:
		source := filepath.Join(p.Directory.Path, p.Directory.Subdirectory)
		if p.Directory.Editable {
			return "-e " + source
		}
		return source
	case p.Archive != nil && p.Archive.URL != "":
		return p.Archive.URL + withFragment("subdirectory", p.Archive.Subdirectory)
	case p.Archive != nil:
		return p.Archive.Path
	}
	return ""
}

func withFragment(key, value string) string {
	if value == "" {
		return ""
	}
	return "#" + key + "=" + value
}

// String is the package as people write it: "six==1.16.0", "web @ git+https://…".
func (p Package) String() string {
	source := p.Source()
	switch {
	case source == "" && p.Version == "":
		return p.Name
	case source == "":
		return p.Name + "==" + p.Version
	case p.Name == "":
		return source
	}
	return p.Name + " @ " + strings.TrimPrefix(source, "-e ")
}

// What returns the version of the package and, if it comes from no index, its source.
func (p Package) What() string {
	return strings.TrimSpace(strings.Join([]string{p.Version, p.Source()}, " "))
}

// Of returns the packages that are installed, by what site-packages records of
// them.
func Of(installed []packages.Distribution) []Package {
	all := make([]Package, len(installed))
	for i, d := range installed {
		all[i] = of(d)
	}
	return all
}

func of(d packages.Distribution) Package {
	p := Package{Name: packages.Normalize(d.Name), Version: d.Version}
	direct := d.Direct
	switch {
	case d.Editable != "":
		p.Directory = &Directory{Path: d.Editable, Editable: true}
	case direct == nil:
	case direct.VCS != nil:
		p.VCS = &VCS{
			Type: direct.VCS.VCS, Location: At(direct.URL), Requested: direct.VCS.Requested,
			Commit: direct.VCS.Commit, Subdirectory: direct.Subdirectory,
		}
	case direct.Dir != nil:
		p.Directory = &Directory{Path: packages.FilePath(direct.URL), Subdirectory: direct.Subdirectory}
	default:
		p.Archive = &Archive{Location: At(direct.URL), Subdirectory: direct.Subdirectory}
		if direct.Archive != nil {
			p.Archive.Hashes = maps.Clone(direct.Archive.Hashes)
			if algorithm, digest, ok := strings.Cut(direct.Archive.Hash, "="); ok && p.Archive.Hashes[algorithm] == "" {
				p.Archive.addHash(algorithm, digest)
			}
		}
	}
	return p
}

func (a *Archive) addHash(algorithm, digest string) {
	if a.Hashes == nil {
		a.Hashes = make(map[string]string)
	}
	a.Hashes[algorithm] = digest
}

// sortByName sorts packages by name.
func sortByName(all []Package) {
	slices.SortStableFunc(all, func(a, b Package) int { return strings.Compare(a.Name, b.Name) })
}
