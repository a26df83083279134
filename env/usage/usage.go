// Package usage measures how much of a disk directories take. A file with several
// names counts once. Files that share their blocks in another way, as clones do,
// count each in full: the system does not tell quickly which those are.
package usage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// A Meter adds up what directories take. It counts each file once, also if several
// of the directories have it, or are one. The zero Meter is ready; any number of
// Measures may run at once.
type Meter struct {
	seen sync.Map // of the inodes with several names, and of the directories measured
}

type inode struct{ device, number uint64 }

// Of returns how many bytes of a disk the directory at path takes, by itself.
func Of(ctx context.Context, path string) (int64, error) {
	size, _, err := new(Meter).Measure(ctx, path)
	return size, err
}

// Measure returns how many bytes of a disk the file or directory at path takes by itself,
// and how many of these the Meter has not counted yet. It follows no symbolic link, and
// goes into nothing that is mounted there. It passes over files that are deleted
// meanwhile. Beside the size, it returns the first other error.
func (m *Meter) Measure(ctx context.Context, path string) (size, added int64, err error) {
	var top unix.Stat_t
	if err := disk.Retry(func() error { return unix.Lstat(path, &top) }); err != nil {
		return 0, 0, &fs.PathError{Op: "lstat", Path: path, Err: err}
	}
	w := &walk{meter: m, ctx: ctx, device: uint64(top.Dev), free: make(chan struct{}, runtime.GOMAXPROCS(0))}
	w.count(&top)
	if top.Mode&unix.S_IFMT == unix.S_IFDIR {
		w.dir(path)
	}
	w.others.Wait()
	if _, seen := m.seen.LoadOrStore(identify(&top), true); !seen {
		added = w.added.Load()
	}
	return w.size.Load(), added, w.err
}

func identify(stat *unix.Stat_t) inode { return inode{uint64(stat.Dev), stat.Ino} }

// A walk is one Measure.
type walk struct {
	meter  *Meter
	ctx    context.Context
	device uint64
	seen   sync.Map // of the inodes with several names
	size   atomic.Int64
	added  atomic.Int64
	free   chan struct{} // has a place for each directory that is read beside the first
	others sync.WaitGroup
	failed sync.Once
	err    error
}

func (w *walk) fail(err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		w.failed.Do(func() { w.err = err })
	}
}

// blockSize is the unit of stat's st_blocks (stat(2)).
const blockSize = 512

// count adds a file, unless it is counted already.
func (w *walk) count(stat *unix.Stat_t) {
	bytes, isNew := stat.Blocks*blockSize, true
	if stat.Nlink > 1 && stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		if _, seen := w.seen.LoadOrStore(identify(stat), true); seen {
			return
		}
		_, seen := w.meter.seen.LoadOrStore(identify(stat), true)
		isNew = !seen
	}
	w.size.Add(bytes)
	if isNew {
		w.added.Add(bytes)
	}
}

// dir adds what is in a directory.
func (w *walk) dir(path string) {
	if err := w.ctx.Err(); err != nil {
		w.fail(err)
		return
	}
	dir, err := os.OpenFile(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		w.fail(err)
		return
	}
	names, err := dir.Readdirnames(-1)
	if err != nil {
		w.fail(err)
	}
	var below []string
	for _, name := range names {
		var stat unix.Stat_t
		err := disk.Retry(func() error { return unix.Fstatat(int(dir.Fd()), name, &stat, unix.AT_SYMLINK_NOFOLLOW) })
		switch {
		case err != nil:
			w.fail(&fs.PathError{Op: "lstat", Path: filepath.Join(path, name), Err: err})
		case uint64(stat.Dev) != w.device: // something is mounted there
		default:
			w.count(&stat)
			if stat.Mode&unix.S_IFMT == unix.S_IFDIR {
				below = append(below, filepath.Join(path, name))
			}
		}
	}
	dir.Close()
	for _, path := range below {
		w.either(path)
	}
}

// either adds a directory at the same time, if there is a processor for it, or now.
func (w *walk) either(path string) {
	select {
	case w.free <- struct{}{}:
		w.others.Go(func() {
			defer func() { <-w.free }()
			w.dir(path)
		})
	default:
		w.dir(path)
	}
}
