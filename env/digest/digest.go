// Package digest remembers what is in files: the hash of each, and if a search has found
// something in it. To read a file costs more than to look at its state. So what was found
// counts as long as the state is the same: the path, device, inode, size, and the times of
// the last write and of the last change. A program can set the time of the write, but no
// program can set the time of the change.
//
// A Memory is for one run of den, in which a file is looked at once: what was found of it
// then stays. Save keeps it for the next runs, in a file of den's cache. That file only
// saves time: if it is damaged or gone, den reads the files again.
package digest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io/fs"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// settled is how old the last change of a file has to be when it is read, to be
// remembered for other runs: within one tick of the clock of its file system, it could
// change once more and have the same times. The coarsest clocks have ticks of two seconds.
const settled = 2 * time.Second

// A Memory knows what was found in files.
type Memory struct {
	file   string // "" if it is for this run only
	mutex  sync.Mutex
	before map[key]fact     // of the runs before
	now    map[string]known // of the files that this run has asked about, by their paths
	fresh  bool             // this run has found out something to remember
	clock  func() time.Time
}

// A key stands for a path and a state of the file there.
type key [16]byte

// A fact is what was found in a file.
type fact struct {
	hash       [sha256.Size]byte
	searched   bool
	holds      bool // the search has found something
	remembered bool // by an earlier run
	unsettled  bool // the file had just changed
}

// A known has all that this run knows of a file.
type known struct {
	fact
	key     key
	size    int64
	written time.Time
}

// A File is what is known of a file.
type File struct {
	SHA256  string // in hexadecimal
	Size    int64
	Written time.Time
	// Remembered says that an earlier run has read the file, and this one has not.
	Remembered bool
}

// A Search reports whether it finds something in a file. It reads with read, which fills
// the buffer, or returns fewer bytes at the end of the file.
type Search func(read func(buffer []byte) (int, error)) (bool, error)

// New returns a memory for this run only.
func New() *Memory { return &Memory{now: make(map[string]known), clock: time.Now} }

// Hash returns what is known of the regular file at the path. It may read the file into the
// buffer.
func (m *Memory) Hash(path string, buffer []byte) (File, error) {
	k, err := m.find(path, nil, buffer)
	return File{hex.EncodeToString(k.hash[:]), k.size, k.written, k.remembered}, err
}

// Holds returns the result of the search in the regular file at the path. All searches
// with a memory look for the same.
func (m *Memory) Holds(path string, search Search, buffer []byte) (bool, error) {
	k, err := m.find(path, search, buffer)
	return k.holds, err
}

// find returns what is known of a file. search is nil if the hash is enough.
func (m *Memory) find(path string, search Search, buffer []byte) (known, error) {
	m.mutex.Lock()
	k, found := m.now[path]
	m.mutex.Unlock()
	if found && (k.searched || search == nil) {
		return k, nil
	}
	var state unix.Stat_t
	if err := disk.Retry(func() error { return unix.Lstat(path, &state) }); err != nil {
		return known{}, &fs.PathError{Op: "lstat", Path: path, Err: err}
	}
	fact, found := m.before[keyOf(path, &state)]
	if !found || search != nil && !fact.searched {
		var err error
		start := m.clock()
		if state, fact, err = read(path, search, buffer); err != nil {
			return known{}, err
		}
		fact.unsettled = fact.unsettled || start.Sub(lastChange(&state)) < settled
	}
	k = known{fact, keyOf(path, &state), state.Size, time.Unix(state.Mtim.Unix())}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.now[path], m.fresh = k, m.fresh || !fact.remembered && !fact.unsettled
	return k, nil
}

func keyOf(path string, s *unix.Stat_t) (k key) {
	text := make([]byte, 0, 256)
	for _, number := range []int64{int64(s.Dev), int64(s.Ino), s.Size, int64(s.Mtim.Sec), int64(s.Mtim.Nsec), int64(s.Ctim.Sec), int64(s.Ctim.Nsec)} {
		text = binary.LittleEndian.AppendUint64(text, uint64(number))
	}
	sum := sha256.Sum256(append(text, path...))
	copy(k[:], sum[:])
	return k
}

// read reads a file, once.
func read(path string, search Search, buffer []byte) (state unix.Stat_t, f fact, err error) {
	file, err := disk.OpenAt(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return state, f, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(file)
	sum := &hashed{file: file, hash: sha256.New()}
	err = disk.Retry(func() error { return unix.Fstat(file, &state) })
	if err == nil && state.Mode&unix.S_IFMT != unix.S_IFREG {
		err = disk.ErrNotRegular
	}
	if err == nil && search != nil {
		f.holds, err = search(sum.read)
	}
	for n := 1; err == nil && n > 0; {
		n, err = sum.read(buffer)
	}
	if err != nil {
		return state, f, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	sum.hash.Sum(f.hash[:0])
	f.searched = search != nil
	f.unsettled = sum.size != state.Size
	state.Size = sum.size
	return state, f, nil
}

func lastChange(s *unix.Stat_t) time.Time {
	written, changed := time.Unix(s.Mtim.Unix()), time.Unix(s.Ctim.Unix())
	if written.After(changed) {
		return written
	}
	return changed
}

// A hashed is an open file. To read it also computes its hash.
type hashed struct {
	file int
	hash hash.Hash
	size int64
}

func (h *hashed) read(buffer []byte) (int, error) {
	n, err := disk.ReadFull(h.file, buffer)
	h.hash.Write(buffer[:n])
	h.size += int64(n)
	return n, err
}
