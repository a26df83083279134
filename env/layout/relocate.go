package layout

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"den/env/digest"
	"den/env/disk"
	"den/env/packages"
)

// Relocate changes the path in the files of the environment in dir, from dir to final:
// pyvenv.cfg, the programs in bin, the .pth files of its site-packages, symbolic links
// into it, and the hashes of changed files in RECORD (the recorded-installs
// specification). It does not move anything.
//
// In text other than the first lines of scripts, Relocate replaces the path as it is, or
// escaped for shells, and writes final in the same form. If both paths have the same
// special characters, which is so if only the directories between a home and a name
// differ, the result is the text that the tool would have written for final. Relocate
// adds no quotes that final alone would need.
//
// Files are replaced, never written into: they may be hard links into a cache.
// Their modes stay.
//
// Compiled modules (.pyc) need no change: they have the path of their source for
// tracebacks only, and the import system replaces it when it loads them. It compares the
// time and size of the source to see if they are up to date.
func Relocate(dir, final string) error {
	m := relocation{at: filepath.Clean(dir), from: disk.GivenAndReal(filepath.Clean(dir)), to: final}
	m.spellings = escapedSpellings(m.from)
	if err := m.in(dir, m.relocate); err != nil {
		return fmt.Errorf("relocating %s: %w", dir, err)
	}
	return nil
}

func (m *relocation) relocate() error {
	if err := filepath.WalkDir(m.at, m.visit); err != nil {
		return err
	}
	return m.updateRecords()
}

// A relocation is the change of what an environment says of its place.
type relocation struct {
	at   string   // where its files are
	from []string // what they say
	to   string   // what they shall say

	// into is where what has changed goes, at the same relative path: the
	// directory of the files, or another. Nothing is written outside of it,
	// whatever links there are.
	into      *os.Root
	apart     bool                   // into is another
	spellings []spelling             // the ways in which from may be written
	stuck     []string               // the files that hold from and cannot be changed; for Move
	mayHold   func(path string) bool // which files Move reads
	memory    *digest.Memory         // of what is in files, for Move; nil for none

	mutex   sync.Mutex        // held to use what follows, and stuck
	changed map[string][]byte // the files that were changed, as they are now
	records []string          // the RECORD files
}

// relative is a path in the environment, from its top.
func (m *relocation) relative(path string) string {
	return strings.TrimPrefix(path, m.at+"/")
}

// in calls work with dir open to write into.
func (m *relocation) in(dir string, work func() error) (err error) {
	if m.into, err = os.OpenRoot(dir); err != nil {
		return err
	}
	defer m.into.Close()
	return work()
}

// target is where, in into, what takes the place of the file at path is to be put.
func (m *relocation) target(path string) (string, error) {
	target := m.relative(path)
	if !m.apart {
		return target, nil
	}
	return target, disk.MkdirAllIn(m.into, filepath.Dir(target), 0o700)
}

// visit changes one file, as filepath.WalkDir comes by it.
func (m *relocation) visit(path string, entry fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	parent := filepath.Dir(path)
	switch {
	case entry.Type() == fs.ModeSymlink:
		return m.relink(path)
	case !entry.Type().IsRegular():
		return nil
	case parent == filepath.Join(m.at, "bin"):
		return m.rewrite(path, m.program)
	case path == filepath.Join(m.at, "pyvenv.cfg"),
		filepath.Base(parent) == "site-packages" && strings.HasSuffix(path, ".pth"):
		return m.rewrite(path, m.text)
	case packages.IsRecord(path):
		m.records = append(m.records, path)
	}
	return nil
}

// relink turns a symbolic link into the environment to its new place.
func (m *relocation) relink(path string) error {
	target, err := os.Readlink(path)
	if err != nil {
		return err
	}
	target, ok := rebase(target, m.from, m.to)
	if !ok {
		return nil
	}
	place, err := m.target(path)
	if err != nil {
		return err
	}
	return m.inWritable(filepath.Dir(place), func() error { return disk.ReplaceLinkIn(m.into, place, target) })
}

// rewrite changes the content of a file, and keeps in mind that it did.
func (m *relocation) rewrite(path string, change func([]byte) []byte) error {
	_, err := m.change(path, change)
	return err
}

// change is rewrite, and reports whether there was something to change.
func (m *relocation) change(path string, change func([]byte) []byte) (bool, error) {
	before, mode, err := readSource(path)
	if err != nil || before == nil {
		return false, err
	}
	after := change(before)
	if bytes.Equal(before, after) {
		return false, nil
	}
	m.mutex.Lock()
	if m.changed == nil {
		m.changed = make(map[string][]byte)
	}
	m.changed[path] = after
	m.mutex.Unlock()
	place, err := m.target(path)
	if err != nil {
		return false, err
	}
	return true, m.inWritable(filepath.Dir(place), func() error {
		return disk.ReplaceIn(m.into, place, after, 0o600, disk.Mode(mode))
	})
}

// inWritable calls write, also in a directory that is read-only.
func (m *relocation) inWritable(dir string, write func() error) error {
	stat := func() (fs.FileInfo, error) { return m.into.Stat(dir) }
	chmod := func(mode fs.FileMode) error { return m.into.Chmod(dir, mode) }
	return disk.InWritable(stat, chmod, write)
}

// program changes a program: its header, and the rest where it is text.
func (m *relocation) program(content []byte) []byte {
	h, ok := readHeader(content, m.from)
	if !ok {
		return m.text(content)
	}
	python, _ := rebase(h.python, m.from, m.to)
	h.body = m.text(h.body)
	return h.render(python)
}

// text changes all paths in text, and nothing in what is not text.
func (m *relocation) text(content []byte) []byte {
	if bytes.IndexByte(content, 0) >= 0 {
		return content
	}
	return replacePaths(content, m.spellings, m.to, "")
}

// readSource reads a file that may be text. A program for the machine, which
// may be large, is not read: content is nil.
func readSource(path string) (content []byte, mode fs.FileMode, err error) {
	file, err := disk.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	start := make([]byte, 512)
	n, err := io.ReadFull(file, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return nil, 0, err
	}
	start = start[:n]
	if !bytes.HasPrefix(start, []byte("#!")) && bytes.IndexByte(start, 0) >= 0 {
		return nil, 0, nil
	}
	rest, err := io.ReadAll(file)
	return append(start, rest...), info.Mode(), err
}
