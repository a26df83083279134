package layout

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/digest"
	"den/env/disk"
	"den/env/packages"
	"den/env/parallel"
)

// Move changes the path in the files of the environment in dir, from the path from to the
// path final. It is for environments in which a person has worked. Relocate is quick, and
// Move is thorough: it reads all files, and changes the path in each that is text. It
// finds the path as it is, as a file: URL (in direct_url.json, PEP 610), and as JSON or
// Python source write it (in the modules of editable installs). Paths that do not lead
// into the environment stay. Hashes in RECORD files are brought up to date.
//
// It writes the changed files and symbolic links below the directory into, at the
// same relative paths. If into is not dir, nothing in dir changes, and the caller
// puts them in place later. It replaces files, and never writes into them.
//
// Files that hold the path and cannot be changed, because they are not text,
// are returned, by their paths below dir. Compiled modules (.pyc) are not among
// them, for the reason that Relocate gives.
func Move(ctx context.Context, dir, from, final, into string) (stuck []string, err error) {
	return move(ctx, dir, from, final, into, nil, func(string) bool { return true })
}

// MoveKnown is Move for a caller that wants the hashes of the files too: it reads only
// those that the memory, made by Remember for the path from, does not know.
func MoveKnown(ctx context.Context, dir, from, final, into string, memory *digest.Memory) (stuck []string, err error) {
	return move(ctx, dir, from, final, into, memory, func(string) bool { return true })
}

// Remember returns the memory of which files of an environment hold its path, and of
// their hashes. It is kept in the directory cache, unless that is "".
func Remember(cache, path string) *digest.Memory {
	var texts [][]byte
	for _, s := range spellingsOf(disk.GivenAndReal(filepath.Clean(path))) {
		texts = append(texts, s.from)
	}
	return digest.Open(cache, texts)
}

// MoveListed is Move in dir, for a caller that knows which files have the path in them.
// It reads the files for which holds returns true, by their paths below dir. It changes
// symbolic links and RECORD files as Move does.
func MoveListed(ctx context.Context, dir, from, final string, holds func(path string) bool) (stuck []string, err error) {
	return move(ctx, dir, from, final, dir, nil, holds)
}

func move(ctx context.Context, dir, from, final, into string, memory *digest.Memory, holds func(path string) bool) (stuck []string, err error) {
	m := relocation{at: filepath.Clean(dir), from: disk.GivenAndReal(filepath.Clean(from)), to: final, apart: filepath.Clean(into) != filepath.Clean(dir)}
	m.memory, m.mayHold = memory, holds
	if err := m.in(into, func() error { return m.move(ctx) }); err != nil {
		return nil, fmt.Errorf("changing the path in %s: %w", dir, err)
	}
	slices.Sort(m.stuck)
	return m.stuck, nil
}

func (m *relocation) move(ctx context.Context) error {
	var files []string
	err := filepath.WalkDir(m.at, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Type() == fs.ModeSymlink:
			return m.relink(path)
		case !entry.Type().IsRegular() || strings.HasSuffix(path, ".pyc"):
		case packages.IsRecord(path):
			m.records = append(m.records, path)
		case m.mayHold(m.relative(path)):
			files = append(files, path)
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	m.spellings = spellingsOf(m.from)
	if err := m.moveFiles(ctx, files); err != nil {
		return err
	}
	return m.updateRecords()
}

// moveFiles changes the files, several at a time.
func (m *relocation) moveFiles(ctx context.Context, files []string) error {
	return parallel.Each(ctx, runtime.NumCPU(), len(files), func(_ context.Context, numbers iter.Seq[int]) error {
		buffer := make([]byte, window)
		for i := range numbers {
			if err := m.moveFile(files[i], buffer); err != nil {
				return err
			}
		}
		return nil
	})
}

// moveFile changes the path in one file, or notes that it cannot. The buffer is
// for it to read the file into.
func (m *relocation) moveFile(path string, buffer []byte) error {
	holds, err := m.holds(path, buffer)
	if err != nil || !holds {
		return err
	}
	changed, err := m.change(path, func(content []byte) []byte { return m.moved(path, content) })
	if err != nil || changed {
		return err
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.stuck = append(m.stuck, m.relative(path))
	return nil
}

// holds reports whether the file has the path in it.
func (m *relocation) holds(path string, buffer []byte) (bool, error) {
	if m.memory == nil {
		return holdsAny(path, m.spellings, buffer)
	}
	return m.memory.Holds(path, func(read func([]byte) (int, error)) (bool, error) {
		return search(read, m.spellings, buffer)
	}, buffer)
}

// moved is the content of a file with the path changed.
func (m *relocation) moved(path string, content []byte) []byte {
	if h, ok := readHeader(content, m.from); ok {
		python, _ := rebase(h.python, m.from, m.to)
		h.body = m.movedText(path, h.body)
		return h.render(python)
	}
	return m.movedText(path, content)
}

func (m *relocation) movedText(path string, text []byte) []byte {
	if bytes.IndexByte(text, 0) >= 0 {
		return text
	}
	language := filepath.Ext(path)
	if language == "" && bytes.Contains(firstLine(text), []byte("python")) {
		language = ".py"
	}
	return replacePaths(text, m.spellings, m.to, language)
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

// window is how much of a file is searched at a time.
const window = 1 << 20

// holdsAny reports whether one of the spellings is in the file, as the whole name
// of a file. It reads the file into the buffer, piece by piece.
func holdsAny(path string, spellings []spelling, buffer []byte) (bool, error) {
	file, err := disk.OpenAt(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return false, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(file)
	found, err := search(func(buffer []byte) (int, error) { return disk.ReadFull(file, buffer) }, spellings, buffer)
	if err != nil {
		return false, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return found, nil
}

// search is a digest.Search for the spellings.
func search(read func([]byte) (int, error), spellings []spelling, buffer []byte) (bool, error) {
	// The part that is kept from one piece to the next has room for the longest
	// spelling, and for the characters before and after it.
	kept := 2
	for _, s := range spellings {
		kept = max(kept, len(s.from)+2)
	}
	held := 0
	for begun := true; ; begun = false {
		n, err := read(buffer[held:])
		if err != nil {
			return false, err
		}
		text := buffer[:held+n]
		ended := len(text) < len(buffer)
		for _, s := range spellings {
			if holds(text, s.from, begun, ended) {
				return true, nil
			}
		}
		if ended {
			return false, nil
		}
		held = copy(buffer, text[len(text)-kept:])
	}
}

// holds reports whether needle is in a piece of text as a whole name. At its
// very start and end that is known only where the text begins and ends with it.
func holds(text, needle []byte, begun, ended bool) bool {
	for at := 0; ; at++ {
		next := bytes.Index(text[at:], needle)
		if next < 0 {
			return false
		}
		at += next
		end := at + len(needle)
		startsName := at == 0 && begun || at > 0 && !isNameByte(text[at-1])
		endsName := end == len(text) && ended || end < len(text) && !isNameByte(text[end])
		if startsName && endsName {
			return true
		}
	}
}
