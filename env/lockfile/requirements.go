package lockfile

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
	"den/env/packages"
	"den/lazy"
)

// A LineError is about a line of a requirements file.
type LineError struct {
	File string
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("%s, line %d: %s", e.File, e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// ErrNotExact is in the error for a requirement that leaves the version open.
var ErrNotExact = errors.New("it does not name one exact version")

// maxFiles is how many requirements files a list may be of.
const maxFiles = 100

// readRequirements reads a requirements file and those that it names with -r. Each
// requirement has to say exactly what to install: NAME==VERSION, NAME @ URL, a
// directory or an archive. Like pip, it takes a relative path from the directory
// cwd, and the name of another file from the directory of the file.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
func readRequirements(path, cwd string) (File, error) {
	r := reader{cwd: cwd}
	err := r.read(path)
	return r.file, err
}

// A reader reads a requirements file, and those that it names.
type reader struct {
	file  File
	cwd   string
	count int // of the files that it has read
}

func (r *reader) read(path string) error {
	if r.count++; r.count > maxFiles {
		return fmt.Errorf("%s: files name each other more than %d times", path, maxFiles)
	}
	text, err := disk.ReadSmall(path)
	if err != nil {
		return err
	}
	for number, line := range logicalLines(string(text)) {
		if err := r.add(line, filepath.Dir(path)); err != nil {
			if _, nested := errors.AsType[*LineError](err); nested {
				return err
			}
			return &LineError{path, number, err}
		}
	}
	return nil
}

// logicalLines yields the lines of a requirements file with their numbers: joined
// where a line ends with a backslash, without comments and blank lines.
func logicalLines(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		number, first, joined := 0, 0, ""
		emit := func() bool {
			line := joined
			joined = ""
			if at := commentPattern().FindStringIndex(line); at != nil {
				line = line[:at[0]]
			}
			line = strings.TrimSpace(line)
			return line == "" || yield(first, line)
		}
		for line := range strings.Lines(text) {
			number++
			if joined == "" {
				first = number
			}
			line = strings.TrimRight(line, "\r\n")
			if isComment := strings.HasPrefix(strings.TrimSpace(line), "#"); !isComment && strings.HasSuffix(line, `\`) {
				joined += strings.TrimSuffix(line, `\`) + " "
				continue
			}
			joined += line
			if !emit() {
				return
			}
		}
		emit()
	}
}

// sourceOptions are the options that say where packages come from, and whether they
// have a value. den hands them to pip.
var sourceOptions = map[string]bool{
	"-i": true, "--index-url": true, "--pypi-url": true, "--extra-index-url": true, "-f": true, "--find-links": true, "--trusted-host": true,
	"--no-binary": true, "--only-binary": true, "--no-index": false, "--prefer-binary": false, "--pre": false, "--require-hashes": false,
}

// add adds what a line says that is in a file in dir.
func (r *reader) add(line, dir string) error {
	option, value := splitOption(line)
	takes, isSource := sourceOptions[option]
	switch {
	case option == "-r" || option == "--requirement":
		return r.read(from(dir, value))
	case option == "-e" || option == "--editable":
		p, err := editable(value, r.cwd)
		r.file.Packages = append(r.file.Packages, p)
		return err
	case isSource && takes == (value != "") && isLine(line):
		r.file.Options = append(r.file.Options, strings.TrimSpace(option+" "+value))
		return nil
	case option != "":
		return fmt.Errorf("den does not know what to do with %q here", option)
	}
	p, err := requirement(line, r.cwd)
	if err != nil {
		return err
	}
	r.file.Packages = append(r.file.Packages, p)
	return nil
}

// splitOption takes "--name value", "--name=value" and "-nvalue" apart; option is ""
// for a line that is a requirement.
func splitOption(line string) (option, value string) {
	switch {
	case strings.HasPrefix(line, "--"):
		end := strings.IndexAny(line, "= \t")
		if end < 0 {
			return line, ""
		}
		return line[:end], strings.TrimSpace(line[end+1:])
	case strings.HasPrefix(line, "-") && len(line) > 2:
		return line[:2], strings.TrimSpace(strings.TrimPrefix(line[2:], "="))
	case strings.HasPrefix(line, "-"):
		return line, ""
	}
	return "", ""
}

// editable reads the value of -e.
func editable(value, cwd string) (p Package, err error) {
	value, _, _ = strings.Cut(value, " #")
	path := packages.FilePath(value)
	if scheme := schemePattern().FindString(value); path == "" && scheme != "" {
		return p, fmt.Errorf("an editable clone of a repository is more than the file says: write NAME @ %s", value)
	}
	if path == "" {
		path, _, _ = strings.Cut(value, "[") // extras are for dependencies
		path = from(cwd, path)
	}
	if value == "" || !isLine(path) {
		return p, errors.New("-e needs a directory")
	}
	return Package{Directory: &Directory{Path: path, Editable: true}}, nil
}

// requirement reads a line that is no option: the requirement, its marker and hashes.
func requirement(line, cwd string) (p Package, err error) {
	fields := strings.Split(line, " --")
	line = strings.TrimSpace(fields[0])
	for _, field := range fields[1:] {
		option, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		algorithm, digest, _ := strings.Cut(strings.TrimSpace(value), ":")
		if option != "hash" || !slices.Contains([]string{"sha256", "sha384", "sha512"}, algorithm) || !digestPattern().MatchString(digest) {
			return p, fmt.Errorf("den does not know what to do with --%s here", strings.TrimSpace(field))
		}
		p.Hashes = append(p.Hashes, algorithm+":"+digest)
	}
	if !isLine(strings.ReplaceAll(line, "\t", " ")) {
		return p, errors.New("it has a control character")
	}
	if name, address, ok := strings.Cut(line, "@"); ok && namePattern().MatchString(withoutExtras(name)) {
		// In a URL, a marker stands behind a blank.
		address, p.Marker, _ = strings.Cut(strings.TrimSpace(address), " ;")
		p.Marker = strings.TrimSpace(p.Marker)
		p.Name = packages.Normalize(withoutExtras(name))
		return p, p.setAddress(strings.TrimSpace(address))
	}
	if schemePattern().MatchString(line) || strings.ContainsAny(line, "/") || packages.IsArchiveName(line) {
		return p, p.setUnnamed(line, cwd)
	}
	line, p.Marker, _ = strings.Cut(line, ";")
	p.Marker = strings.TrimSpace(p.Marker)
	name, version, ok := strings.Cut(line, "==")
	version = strings.TrimSpace(version)
	if !ok || !namePattern().MatchString(withoutExtras(name)) || !versionCharacters().MatchString(version) {
		return p, fmt.Errorf("%q: %w", strings.TrimSpace(line), ErrNotExact)
	}
	p.Name, p.Version = packages.Normalize(withoutExtras(name)), version
	return p, nil
}

func withoutExtras(name string) string {
	name, _, _ = strings.Cut(name, "[")
	return strings.TrimSpace(name)
}

// setUnnamed sets the source of a requirement that is a path or a URL alone. A wheel
// has its name in that of the file, others may have it in the fragment.
func (p *Package) setUnnamed(address, cwd string) error {
	if !schemePattern().MatchString(address) {
		address = Location{Path: from(cwd, strings.TrimSpace(address))}.Address()
	}
	if u, err := url.Parse(strings.TrimPrefix(address, "git+")); err == nil {
		base := filepath.Base(u.Path)
		if name, _, ok := strings.Cut(base, "-"); ok && strings.HasSuffix(base, ".whl") {
			p.Name = packages.Normalize(name)
		}
		if values, err := url.ParseQuery(u.Fragment); err == nil && namePattern().MatchString(withoutExtras(values.Get("egg"))) {
			p.Name = packages.Normalize(withoutExtras(values.Get("egg")))
		}
	}
	if err := p.setAddress(address); err != nil {
		return err
	}
	if p.Name == "" && p.Directory == nil {
		return errors.New("it does not say the name of the package: write NAME @ URL")
	}
	return nil
}

// setAddress sets the source of a requirement with a URL.
func (p *Package) setAddress(address string) error {
	if !urlPattern().MatchString(address) {
		return fmt.Errorf("%q is no URL", address)
	}
	address, fragment, _ := strings.Cut(address, "#")
	values, err := url.ParseQuery(fragment)
	if err != nil || !isBelow(values.Get("subdirectory")) {
		return fmt.Errorf("%q: it is unclear what to install from there", "#"+fragment)
	}
	if system, rest, ok := strings.Cut(address, "+"); ok && slices.Contains([]string{"git", "hg", "bzr", "svn"}, system) {
		at := strings.LastIndex(rest, "@")
		if at < strings.LastIndex(rest, "/") || !isCommit(system, rest[at+1:]) {
			return fmt.Errorf("%s@COMMIT, with the whole hash: %w", strings.TrimSuffix(address, "@"), ErrNotExact)
		}
		p.VCS = &VCS{Type: system, Location: locationOf(rest[:at]), Commit: rest[at+1:], Subdirectory: values.Get("subdirectory")}
		return nil
	}
	location := locationOf(address)
	if location.Path != "" && !packages.IsArchiveName(location.Path) {
		p.Directory = &Directory{Path: location.Path, Subdirectory: values.Get("subdirectory")}
		return nil
	}
	p.Archive = &Archive{Location: location, Subdirectory: values.Get("subdirectory")}
	for _, algorithm := range []string{"sha256", "sha384", "sha512"} {
		if digest := values.Get(algorithm); digestPattern().MatchString(digest) {
			p.Archive.addHash(algorithm, digest)
		}
	}
	return nil
}

// isCommit reports whether a revision can only be one commit: a branch or a tag may
// move.
func isCommit(system, revision string) bool {
	if system == "git" || system == "hg" {
		return len(revision) >= 40 && digestPattern().MatchString(revision)
	}
	return commitPattern().MatchString(revision)
}

// locationOf keeps a URL as it is: the person has written it.
func locationOf(address string) Location {
	if path := packages.FilePath(address); path != "" {
		return Location{Path: path}
	}
	return Location{URL: address}
}

var (
	commentPattern = lazy.Pattern(`(^|\s)#.*`)
	schemePattern  = lazy.Pattern(`^[A-Za-z][A-Za-z0-9+.-]*:`)
)

// Line returns the line of a requirements file by which pip installs exactly this.
func (p Package) Line() string {
	line := p.Name + "==" + p.Version
	switch {
	case p.Directory != nil && p.Directory.Editable:
		return "-e " + Location{Path: p.Directory.Path}.Address() + withFragment("subdirectory", p.Directory.Subdirectory)
	case p.Directory != nil:
		line = p.at(Location{Path: p.Directory.Path}.Address(), "subdirectory", p.Directory.Subdirectory)
	case p.VCS != nil:
		line = p.at(p.VCS.Type+"+"+p.VCS.Address()+"@"+p.VCS.Commit, "subdirectory", p.VCS.Subdirectory)
	case p.Archive != nil:
		algorithm, digest := p.Archive.Hash()
		line = p.at(p.Archive.Address(), algorithm, digest, "subdirectory", p.Archive.Subdirectory)
	}
	for _, hash := range p.hashes() {
		line += " --hash=" + hash
	}
	return line
}

// at is the requirement of a URL with keys and values in its fragment; those without a
// value are left out. pip finds out the name where it is not known.
func (p Package) at(address string, pairs ...string) string {
	var fragment []string
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			fragment = append(fragment, pair[0]+"="+pair[1])
		}
	}
	if p.Name == "" {
		return strings.TrimPrefix(packages.At("", address, fragment...), " @ ")
	}
	return packages.At(p.Name, address, fragment...)
}

// hashes returns the hashes that pip may check the package by, as "sha256:12ab".
func (p Package) hashes() []string {
	all := slices.Clone(p.Hashes)
	files := slices.Clone(p.Wheels)
	if p.Sdist != nil {
		files = append(files, *p.Sdist)
	}
	for _, a := range files {
		if algorithm, digest := a.Hash(); digest != "" {
			all = append(all, algorithm+":"+digest)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// IsHashed reports whether pip can check the package by a hash.
func (p Package) IsHashed() bool { return len(p.hashes()) > 0 }

// Requirements returns the text of a requirements file. It has hashes if all
// packages have them, for pip takes hashes only for all.
func (f File) Requirements() (text []byte, hashed bool) {
	all := slices.Clone(f.Packages)
	sortByName(all)
	hashed = !slices.ContainsFunc(all, func(p Package) bool { return !p.IsHashed() && !p.isHashedArchive() })
	text = append(text, "# \"den lock\" has made this file, and \"den sync\" installs exactly these packages.\n"...)
	for _, p := range all {
		hashes := p.hashes()
		if p.isHashedArchive() {
			algorithm, digest := p.Archive.Hash()
			hashes = append(hashes, algorithm+":"+digest)
		}
		p.Hashes, p.Wheels, p.Sdist = nil, nil, nil
		text = append(text, p.Line()...)
		for _, hash := range hashes {
			if hashed {
				text = append(text, " \\\n    --hash="+hash...)
			}
		}
		text = append(text, '\n')
	}
	return text, hashed
}

func (p Package) isHashedArchive() bool {
	if p.Archive == nil {
		return false
	}
	_, digest := p.Archive.Hash()
	return digest != ""
}
