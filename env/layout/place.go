package layout

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"den/env/disk"
	"den/env/parallel"
)

// A placement puts the files of packs into a directory of packages. It calls the kernel
// directly. Each file needs four calls (open, write, set the time, close). With more than
// a thousand files, any further cost for each weighs more than all the rest of making an
// environment.
type placement struct {
	root    int // the directory, open
	packs   []*pack
	parts   parts
	noClone atomic.Bool // the file system has said that it cannot
	step    func(name string) error
}

// parts are what is placed of packs.
type parts int

const (
	all     parts = iota // with the bytecode, if it is in the pack
	sources              // all but the bytecode, with the times that it has for them
	plain                // all but the bytecode, as new files
)

// place puts the packs, or parts of them, into the directory dir. The error is
// errCorrupt where a pack turned out to be.
func place(ctx context.Context, dir string, packs []*pack, parts parts, step func(string) error) error {
	root, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	defer unix.Close(root)
	p := &placement{root: root, packs: packs, parts: parts, step: step}
	if err := p.makeDirs(); err != nil {
		return fmt.Errorf("in %s: %w", dir, err)
	}
	if err := p.fillDirs(ctx); err != nil {
		return fmt.Errorf("in %s: %w", dir, err)
	}
	return nil
}

func (p *placement) makeDirs() error {
	for _, pack := range p.packs {
		for _, d := range pack.dirs {
			if p.leavesOut(d) {
				continue
			}
			err := disk.Retry(func() error { return unix.Mkdirat(p.root, d.path, 0o777) })
			if err != nil && err != unix.EEXIST {
				return &fs.PathError{Op: "mkdir", Path: d.path, Err: err}
			}
		}
	}
	return nil
}

// leavesOut reports whether a directory is not placed.
func (p *placement) leavesOut(d packDir) bool { return p.parts != all && d.isBytecode() }

// A target is one directory of a pack that is to be filled.
type target struct {
	pack *pack
	dir  packDir
}

// fillDirs fills the directories, several at a time: the kernel lets only one
// process at a time put a file into a directory.
func (p *placement) fillDirs(ctx context.Context) error {
	var all []target
	for _, pack := range p.packs {
		for _, d := range pack.dirs {
			if !p.leavesOut(d) {
				all = append(all, target{pack, d})
			}
		}
	}
	// The largest first, so that at the end nobody waits for a large one.
	slices.SortFunc(all, func(a, b target) int { return cmp.Compare(len(b.dir.files), len(a.dir.files)) })
	return parallel.Each(ctx, runtime.GOMAXPROCS(0), len(all), func(_ context.Context, numbers iter.Seq[int]) error {
		var buffer []byte
		for i := range numbers {
			if err := p.fill(all[i], &buffer); err != nil {
				return err
			}
		}
		return nil
	})
}

// fill puts the files of one directory into it.
func (p *placement) fill(at target, buffer *[]byte) error {
	if err := p.step("place " + at.dir.path); err != nil {
		return err
	}
	contents, err := at.pack.read(at.dir, buffer)
	if err != nil {
		return &fs.PathError{Op: "reading", Path: at.dir.path, Err: err}
	}
	dir, err := disk.OpenAt(p.root, at.dir.path, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return &fs.PathError{Op: "open", Path: at.dir.path, Err: err}
	}
	defer unix.Close(dir)
	for i, f := range at.dir.files {
		if err := p.create(dir, at, f, contents[i]); err != nil {
			return &fs.PathError{Op: "placing", Path: filepath.Join(at.dir.path, f.name), Err: err}
		}
	}
	return nil
}

// create makes one file.
func (p *placement) create(dir int, at target, f packFile, content []byte) error {
	mode := uint32(0o666)
	if f.executable {
		mode = 0o777
	}
	file, err := disk.OpenAt(dir, f.name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW, mode)
	if err != nil {
		return err
	}
	err = p.fillFile(file, at.pack, f, content)
	if err == nil && p.parts != plain && !at.dir.isBytecode() {
		// The bytecode says when its source was modified.
		moment := unix.NsecToTimespec(at.pack.modified * 1e9)
		err = disk.Retry(func() error {
			return unix.UtimesNanoAt(dir, f.name, []unix.Timespec{moment, moment}, 0)
		})
	}
	if closed := disk.Close(file); err == nil {
		err = closed
	}
	return err
}

// fillFile fills a new file, with a clone of its blocks in the pack where the
// file system can, so that they are on the disk once.
func (p *placement) fillFile(file int, from *pack, f packFile, content []byte) error {
	if from.file != nil && f.size >= cloneSize && !p.noClone.Load() {
		if clone(file, from.file, from.content+f.offset, f.size) == nil {
			return nil
		}
		p.noClone.Store(true)
		if err := disk.Retry(func() error { return unix.Ftruncate(file, 0) }); err != nil {
			return err
		}
	}
	return disk.Write(file, content)
}
