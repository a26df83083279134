package serve

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
)

// The changes of a file that Init makes, or would make.
const (
	Made     = "made"     // it was not there
	Replaced = "replaced" // den had written it
	Kept     = "kept"     // the person has changed it, and den would write another text
	Same     = "same"     // it stays as it is
	Removed  = "removed"  // den had written it, and the site needs it no more
)

// A Change is what becomes of a file.
type Change struct {
	Path     string
	Change   string
	Old, New string // its texts: what is there, and what den writes
}

// Plan returns what Write would change. It reads the files, and changes nothing.
func (s Site) Plan() ([]Change, error) {
	files, err := s.files()
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, f := range files {
		c := Change{Path: s.file(f.name), New: f.text}
		text, err := disk.ReadSmall(c.Path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		c.Old = string(text)
		written := s.Written[f.name]
		switch {
		case errors.Is(err, fs.ErrNotExist):
			c.Change = Made
		case c.Old == c.New, written == s.digest(c.New) && written != "":
			c.Change = Same
		case written == s.digest(c.Old), s.pending[f.name] == s.digest(c.Old):
			c.Change = Replaced
		default:
			c.Change = Kept
		}
		changes = append(changes, c)
	}
	return append(changes, s.stale(files)...), nil
}

// stale are the files that den has written, and that the site needs no more.
func (s Site) stale(files []file) (changes []Change) {
	for _, name := range slices.Sorted(maps.Keys(s.Written)) {
		if name != filepath.Base(name) || slices.ContainsFunc(files, func(f file) bool { return f.name == name }) {
			continue
		}
		text, err := disk.ReadSmall(s.file(name))
		if err == nil && s.digest(string(text)) == s.Written[name] {
			changes = append(changes, Change{Path: s.file(name), Change: Removed, Old: string(text)})
		}
	}
	return changes
}

// Write writes the files, but those that the person has changed, and notes the site.
func (s Site) Write() ([]Change, error) {
	changes, err := s.Plan()
	if err != nil {
		return nil, err
	}
	if info, err := os.Lstat(s.Dir()); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory", s.Dir())
	}
	if err := disk.MkdirAll(s.Dir(), 0o755); err != nil {
		return nil, err
	}
	// Whoever is cut short from here on does not take its own files for the person's.
	s.pending = map[string]string{}
	for _, c := range changes {
		s.pending[filepath.Base(c.Path)] = s.digest(c.New)
	}
	if err := s.save(); err != nil {
		_ = os.Remove(s.Dir()) // only if it is new, and empty
		return nil, err
	}
	written := map[string]string{}
	for _, c := range changes {
		name := filepath.Base(c.Path)
		switch c.Change {
		case Made, Replaced:
			err = disk.Replace(c.Path, []byte(c.New), 0o644)
		case Removed:
			err = os.Remove(c.Path)
		}
		if err != nil {
			return nil, err
		}
		switch c.Change {
		case Kept:
			written[name] = s.Written[name]
		case Made, Replaced, Same:
			written[name] = s.digest(c.New)
		}
	}
	s.Written, s.pending = written, nil
	return changes, s.save()
}

// digest tells one text from another, whatever path the environment has.
func (s Site) digest(text string) string {
	for _, path := range append(s.at, s.Path) {
		text = strings.ReplaceAll(text, path, "\x00")
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
}
