// Package packages lists the packages of an environment from the files
// that installers leave in site-packages, without starting its Python: the
// *.dist-info directories of the recorded-installs specification with the
// direct_url.json of PEP 610, and the older *.egg-info and *.egg-link. It can write
// the list as requirements, from which pip installs exactly the same packages.
package packages

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"den/env"
	"den/env/disk"
)

// A Distribution is something that was installed.
type Distribution struct {
	Name    string // as it calls itself
	Version string
	// Entry is what has its metadata in site-packages: its .dist-info, .egg-info, .egg or .egg-link.
	Entry string
	// Editable is the directory of an editable install, "" for others.
	Editable string
	// Direct is its direct_url.json: where it was installed from, if not from an
	// index. An .egg-link has none.
	Direct *DirectURL
}

// WasRequested reports whether somebody has asked for it by its name, and it has
// not come as a dependency or with the environment (PEP 376).
func (d Distribution) WasRequested() bool {
	_, err := os.Stat(filepath.Join(d.Entry, "REQUESTED"))
	return !errors.Is(err, fs.ErrNotExist)
}

// DirectURL is a direct_url.json (PEP 610). One of Dir, VCS and Archive is set.
type DirectURL struct {
	URL          string `json:"url"`
	Subdirectory string `json:"subdirectory"`
	Dir          *struct {
		Editable bool `json:"editable"`
	} `json:"dir_info"`
	VCS *struct {
		VCS       string `json:"vcs"`
		Requested string `json:"requested_revision"`
		Commit    string `json:"commit_id"`
	} `json:"vcs_info"`
	Archive *struct {
		Hash   string            `json:"hash"`
		Hashes map[string]string `json:"hashes"`
	} `json:"archive_info"`
}

// In returns the distributions in an environment, from files alone.
func In(e env.Environment) ([]Distribution, error) {
	site, err := e.SitePackages()
	if err != nil {
		return nil, err
	}
	return Read(site)
}

// Find returns the distribution of that normalized name, and whether it is among all.
func Find(all []Distribution, name string) (d Distribution, found bool) {
	i := slices.IndexFunc(all, func(d Distribution) bool { return d.Is(name) })
	if i < 0 {
		return d, false
	}
	return all[i], true
}

// Is reports whether the distribution has that normalized name.
func (d Distribution) Is(name string) bool { return Normalize(d.Name) == name }

// Read returns the distributions in the directory site, sorted by name. It passes over
// other files. If a distribution is there twice, it takes the editable one, which comes
// first on the path.
func Read(site string) ([]Distribution, error) {
	entries, err := os.ReadDir(site)
	if err != nil {
		return nil, fmt.Errorf("reading the installed packages: %w", err)
	}
	found := make(map[string]Distribution)
	for _, entry := range entries {
		d, ok, err := read(filepath.Join(site, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the installed packages: %w", err)
		}
		if before, twice := found[Normalize(d.Name)]; ok && (!twice || before.Editable == "") {
			found[Normalize(d.Name)] = d
		}
	}
	all := make([]Distribution, 0, len(found))
	for _, d := range found {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Distribution) int { return strings.Compare(Normalize(a.Name), Normalize(b.Name)) })
	return all, nil
}

// read reads one entry of site-packages, and reports whether it is a
// distribution.
func read(path string) (d Distribution, ok bool, err error) {
	if strings.HasPrefix(filepath.Base(path), "~") { // pip keeps it there while it uninstalls
		return d, false, nil
	}
	switch filepath.Ext(path) {
	case ".dist-info":
		if d, err = readMetadata(filepath.Join(path, "METADATA")); err == nil {
			err = d.readDirect(filepath.Join(path, "direct_url.json"))
		}
	case ".egg-info":
		d, err = readMetadata(filepath.Join(path, "PKG-INFO"))
		if err != nil { // distutils wrote a file
			d, err = readMetadata(path)
		}
	case ".egg":
		d, err = readMetadata(filepath.Join(path, "EGG-INFO", "PKG-INFO"))
		if errors.Is(err, syscall.ENOTDIR) {
			d, err = readZippedEgg(path)
		}
	case ".egg-link":
		d, err = readLink(path)
	default:
		return d, false, nil
	}
	// The remains of a removed package have no metadata.
	if isAbsent(err) {
		return d, false, nil
	}
	d.Entry = path
	return d, d.Name != "" && d.Version != "", err
}

func isAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR)
}

// readMetadata reads the fields that matter from the head of a METADATA or
// PKG-INFO (core metadata specification).
func readMetadata(path string) (d Distribution, err error) {
	file, err := disk.Open(path)
	if err != nil {
		return d, err
	}
	defer file.Close()
	return parseMetadata(file)
}

// readZippedEgg reads an egg that is a zip archive, as easy_install leaves a package
// that runs from there.
func readZippedEgg(path string) (d Distribution, err error) {
	file, err := disk.Open(path)
	if err != nil {
		return d, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return d, err
	}
	egg, err := zip.NewReader(file, info.Size())
	if err != nil {
		return d, nil // another file that is called so
	}
	metadata, err := egg.Open("EGG-INFO/PKG-INFO")
	if err != nil {
		return d, err
	}
	defer metadata.Close()
	return parseMetadata(metadata)
}

func parseMetadata(text io.Reader) (d Distribution, err error) {
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() && strings.TrimSpace(lines.Text()) != "" && (d.Name == "" || d.Version == "") {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch strings.ToLower(key) {
		case "name":
			d.Name = strings.TrimSpace(value)
		case "version":
			d.Version = strings.TrimSpace(value)
		}
	}
	return d, lines.Err()
}

// Requires returns the normalized names of the distributions that it needs, those of
// its extras left out (Requires-Dist of the core metadata specification). A
// distribution that does not say it needs none.
func (d Distribution) Requires() (names []string) {
	text, err := disk.ReadSmall(filepath.Join(d.Entry, "METADATA"))
	if err != nil {
		return nil
	}
	head, _, _ := strings.Cut(string(text), "\n\n")
	for line := range strings.Lines(head) {
		requirement, ok := strings.CutPrefix(line, "Requires-Dist:")
		requirement, marker, _ := strings.Cut(strings.TrimSpace(requirement), ";")
		if end := strings.IndexFunc(requirement, EndsName); ok && !strings.Contains(marker, "extra") {
			if end >= 0 {
				requirement = requirement[:end]
			}
			names = append(names, Normalize(requirement))
		}
	}
	return names
}

// EndsName reports whether a character is none of a name.
func EndsName(c rune) bool {
	return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_.", c))
}

// readDirect reads a direct_url.json, if there is one.
func (d *Distribution) readDirect(path string) error {
	text, err := disk.ReadSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var direct DirectURL
	if err == nil {
		err = json.Unmarshal(text, &direct)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	if direct.URL == "" {
		return nil
	}
	d.Direct = &direct
	if direct.Dir != nil && direct.Dir.Editable {
		d.Editable = FilePath(direct.URL)
	}
	return nil
}

// readLink reads a NAME.egg-link, which "setup.py develop" leaves: its first
// line is the directory of NAME.egg-info.
func readLink(path string) (d Distribution, err error) {
	text, err := disk.ReadSmall(path)
	if err != nil {
		return d, err
	}
	dir, _, _ := strings.Cut(string(text), "\n")
	dir = strings.TrimSpace(dir)
	if !filepath.IsAbs(dir) {
		return d, nil
	}
	name := strings.TrimSuffix(filepath.Base(path), ".egg-link")
	d, err = readMetadata(filepath.Join(dir, strings.ReplaceAll(name, "-", "_")+".egg-info", "PKG-INFO"))
	if err != nil { // the directory may be gone; that is for who installs to say
		d, err = Distribution{Name: name, Version: "0"}, nil
	}
	d.Editable = dir
	return d, nil
}

// FilePath is the path in a file: URL, "" for others.
func FilePath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" {
		return ""
	}
	return u.Path
}

// Source is the file or directory on this machine that the distribution was
// installed from, "" where it is somewhere else.
func (d Distribution) Source() string {
	if d.Direct == nil || d.Editable != "" {
		return d.Editable
	}
	return FilePath(d.Direct.URL)
}

// Requirement is a line for a requirements file by which pip installs exactly
// this again: the same version, from the same place.
func (d Distribution) Requirement() string {
	if d.Editable != "" {
		return "-e " + (&url.URL{Scheme: "file", Path: d.Editable}).String()
	}
	if d.Direct == nil {
		return d.Pinned()
	}
	address, fragment := d.Direct.URL, []string(nil)
	if vcs := d.Direct.VCS; vcs != nil {
		address = vcs.VCS + "+" + address + "@" + vcs.Commit
	}
	if sum := d.Direct.hash(); sum != "" {
		fragment = append(fragment, sum)
	}
	if d.Direct.Subdirectory != "" {
		fragment = append(fragment, "subdirectory="+d.Direct.Subdirectory)
	}
	return At(d.Name, address, fragment...)
}

// At returns the requirement of a distribution at an address, with the parts of a
// fragment. Up to version 23, pip takes "NAME @ URL" for no requirement if the URL has
// no host, but for file:.
func At(name, address string, fragment ...string) string {
	start := name + " @ "
	if strings.Contains(address, "+file:///") {
		start, fragment = "", append([]string{"egg=" + name}, fragment...)
	}
	if len(fragment) > 0 {
		address += "#" + strings.Join(fragment, "&")
	}
	return start + address
}

// Pinned is the requirement of this version from an index.
func (d Distribution) Pinned() string { return d.Name + "==" + d.Version }

// hash is the strongest hash of an archive, as "sha256=…".
func (u DirectURL) hash() string {
	if u.Archive == nil {
		return ""
	}
	for _, algorithm := range []string{"sha512", "sha384", "sha256"} {
		if sum := u.Archive.Hashes[algorithm]; sum != "" {
			return algorithm + "=" + sum
		}
	}
	return u.Archive.Hash
}

// Normalize is the name by which distributions are compared (PEP 503).
func Normalize(name string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }), "-"))
}

// Files returns the paths of all files that the distributions in site have
// installed, by their RECORDs, and before those, their installed-files.txt.
func Files(site string) (map[string]bool, error) {
	records, err := disk.Glob(site, "*.dist-info/RECORD")
	if err != nil {
		return nil, err
	}
	files := make(map[string]bool)
	for _, record := range records {
		file, err := disk.Open(record)
		if err != nil {
			return nil, fmt.Errorf("reading the installed packages: %w", err)
		}
		for path := range Recorded(file) {
			if !filepath.IsAbs(path) {
				path = filepath.Join(site, path)
			}
			files[filepath.Clean(path)] = true
		}
		file.Close()
	}
	lists, err := disk.Glob(site, "*.egg-info/installed-files.txt")
	if err != nil {
		return nil, err
	}
	for _, list := range lists {
		text, err := disk.ReadSmall(list)
		if err != nil {
			return nil, fmt.Errorf("reading the installed packages: %w", err)
		}
		for line := range strings.Lines(string(text)) {
			files[filepath.Join(filepath.Dir(list), strings.TrimSpace(line))] = true
		}
	}
	return files, nil
}

// Recorded yields the paths and hashes in a RECORD, up to its end or to what no installer
// has written. A hash is "sha256=…", or "" where there is none.
func Recorded(record io.Reader) iter.Seq2[string, string] {
	return func(yield func(path, hash string) bool) {
		lines := csv.NewReader(record)
		lines.FieldsPerRecord, lines.LazyQuotes, lines.ReuseRecord = -1, true, true
		for {
			fields, err := lines.Read()
			if err != nil || !yield(fields[0], append(fields, "")[1]) {
				return
			}
		}
	}
}

// IsArchiveName reports whether a file of that name is one that pip installs.
func IsArchiveName(name string) bool {
	return slices.Contains([]string{".whl", ".zip", ".gz", ".bz2", ".xz", ".tar", ".tgz"}, filepath.Ext(name))
}

// IsRecord reports whether the path is a RECORD in a .dist-info: the list of the files of a
// distribution (PyPA specification "Recording installed projects").
func IsRecord(path string) bool {
	return filepath.Base(path) == "RECORD" && strings.HasSuffix(filepath.Dir(path), ".dist-info")
}

// Unlisted returns the paths of the modules and packages in site that belong to
// distributions which do not list their files (those that distutils or setuptools
// installed, without a RECORD): of what is in them, nothing can be told apart.
func Unlisted(site string) map[string]bool {
	unlisted := make(map[string]bool)
	entries, _ := os.ReadDir(site)
	for _, entry := range entries {
		note := filepath.Join(site, entry.Name())
		list := map[string]string{".dist-info": "RECORD", ".egg-info": "installed-files.txt"}[filepath.Ext(note)]
		if list == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(note, list)); err == nil {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(entry.Name(), filepath.Ext(note)), "-")
		tops := []string{name, strings.ToLower(name)}
		if text, err := disk.ReadSmall(filepath.Join(note, "top_level.txt")); err == nil {
			tops = strings.Fields(string(text))
		}
		for _, top := range tops {
			unlisted[filepath.Join(site, top)], unlisted[filepath.Join(site, top+".py")] = true, true
		}
	}
	return unlisted
}
