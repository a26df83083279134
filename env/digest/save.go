package digest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"den/env/disk"
)

// begin is what a file of a memory begins with. Change it with the form, and if another
// search could find something else.
const begin = "den digest 1\n"

// entrySize is the size of an entry: key, hash, flags.
const entrySize = len(key{}) + sha256.Size + 1

// The flags of an entry.
const (
	flagSearched = 1 << iota
	flagHolds
)

// The limits of what is kept: the files in the directory, and the bytes of each, which
// disk.ReadTrusted reads.
const (
	maxKept = 32
	maxSize = 16 << 20
)

// Open returns the memory that is kept in the directory for searches for these texts. If
// the directory is "", it is for this run only.
func Open(dir string, texts [][]byte) *Memory {
	m := New()
	if dir == "" {
		return m
	}
	sum := sha256.Sum256(bytes.Join(texts, []byte{0}))
	m.file = filepath.Join(dir, hex.EncodeToString(sum[:16]))
	if content, err := disk.ReadTrusted(m.file); err == nil {
		m.before = parse(content)
	}
	return m
}

// parse returns the entries; none if something is not as it was written.
func parse(content []byte) map[key]fact {
	entries, ok := bytes.CutPrefix(content, []byte(begin))
	if !ok || len(entries) < sha256.Size {
		return nil
	}
	entries = entries[:len(entries)-sha256.Size]
	sum := sha256.Sum256(content[:len(content)-sha256.Size])
	if !bytes.HasSuffix(content, sum[:]) || len(entries)%entrySize != 0 {
		return nil
	}
	known := make(map[key]fact, len(entries)/entrySize)
	for entry := range slices.Chunk(entries, entrySize) {
		flags := entry[entrySize-1]
		f := fact{searched: flags&flagSearched != 0, holds: flags&flagHolds != 0, remembered: true}
		copy(f.hash[:], entry[len(key{}):])
		known[key(entry)] = f
	}
	return known
}

// Save keeps what this run knows of the files that it has asked about. If that fails, the
// next run reads them again.
func (m *Memory) Save() {
	if m.file == "" {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if !m.fresh && m.remembered() == len(m.before) {
		_ = os.Chtimes(m.file, time.Time{}, time.Now()) // it is in use: see dropOld
		return
	}
	content := m.render()
	if len(content) > maxSize || disk.MkdirAll(filepath.Dir(m.file), 0o700) != nil || disk.Replace(m.file, content, 0o600) != nil {
		return
	}
	m.dropOld()
}

// remembered is how many of the files this run knows from the runs before.
func (m *Memory) remembered() (count int) {
	for _, f := range m.now {
		if f.remembered {
			count++
		}
	}
	return count
}

func (m *Memory) render() []byte {
	content := append(make([]byte, 0, len(begin)+len(m.now)*entrySize+sha256.Size), begin...)
	files := slices.SortedFunc(maps.Values(m.now), func(a, b known) int { return bytes.Compare(a.key[:], b.key[:]) })
	for _, f := range files {
		if f.unsettled {
			continue
		}
		var flags byte
		if f.searched {
			flags |= flagSearched
		}
		if f.holds {
			flags |= flagHolds
		}
		content = append(append(append(content, f.key[:]...), f.hash[:]...), flags)
	}
	sum := sha256.Sum256(content)
	return append(content, sum[:]...)
}

// dropOld deletes the files that were not used for the longest time.
func (m *Memory) dropOld() {
	entries, err := os.ReadDir(filepath.Dir(m.file))
	if err != nil || len(entries) <= maxKept {
		return
	}
	used := make(map[string]time.Time)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			used[entry.Name()] = info.ModTime()
		}
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int {
		return cmp.Or(used[b.Name()].Compare(used[a.Name()]), cmp.Compare(a.Name(), b.Name()))
	})
	for _, entry := range entries[maxKept:] {
		os.Remove(filepath.Join(filepath.Dir(m.file), entry.Name()))
	}
}

// Forget deletes what is kept: it has turned out to be wrong.
func (m *Memory) Forget() {
	if m.file != "" {
		os.Remove(m.file)
	}
}
