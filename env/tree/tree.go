// Package tree copies directory trees: as clones that share their blocks on
// disk if the file system can make such, several files at a time. Modes, times,
// symbolic links, hard links and extended attributes stay. It does not know the
// content of the files.
package tree

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"den/env/disk"
	"den/env/parallel"
)

// Progress tells, while Copy is at work, how far it is. Both count bytes; Total
// is 0 until all files have been found.
type Progress struct {
	Done, Total atomic.Int64
}

// Options say more of what Copy is to do.
type Options struct {
	Progress *Progress // to be kept up to date, unless nil
	// Skip tells what to leave out, by its path below the top; nothing below a
	// directory that is left out is asked for.
	Skip func(path string, entry fs.DirEntry) bool
}

// Copy copies what is in the directory from into the directory to, which may have other
// files in it, and gives to the mode and the time of from. It leaves out sockets, pipes
// and devices, which are of use to their maker only, and returns their paths below from.
// It stops at the first error, which is fs.ErrExist if a file exists already, and when
// ctx is done; the caller removes the files that are already copied. Copy follows a
// symbolic link at from, and no other.
func Copy(ctx context.Context, from, to string, options Options) (skipped []string, err error) {
	progress := options.Progress
	if progress == nil {
		progress = new(Progress)
	}
	c := copier{from: filepath.Clean(from), to: to, skip: options.Skip, progress: progress, linked: make(map[inode]string)}
	if err := c.plan(ctx); err != nil {
		return nil, fmt.Errorf("copying %s: %w", from, err)
	}
	progress.Total.Store(c.total)
	for _, step := range []func(context.Context) error{c.makeDirs, c.copyFiles, c.makeLinks, c.finishDirs} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("copying %s to %s: %w", from, to, err)
		}
	}
	return c.skipped, nil
}

// weight is what a file counts for beside its bytes: making one takes about as
// long as writing this much into it.
const weight = 16 << 10

// bufferSize is how much of a file is copied at a time.
const bufferSize = 256 << 10

// A copier is one copy being made.
type copier struct {
	from, to string
	skip     func(path string, entry fs.DirEntry) bool
	progress *Progress
	total    int64

	dirs      []directory
	symlinks  []entry
	hardLinks []hardLink
	linked    map[inode]string // the first file of those that are one
	skipped   []string

	noClones atomic.Bool // the file system cannot clone
}

// An entry is what a copy of one file of the tree has to have. There may be very many of
// them, so it has no more than that.
type entry struct {
	path    string // below the top; of a regular file, its name in its directory
	size    int64
	mode    uint32 // as the kernel counts
	changed unix.Timespec
}

func newEntry(path string, info fs.FileInfo) (entry, error) {
	changed, err := unix.TimeToTimespec(info.ModTime())
	return entry{path, info.Size(), keptMode(info), changed}, err
}

// A directory is one of the tree, with the files in it that are to be copied.
type directory struct {
	entry
	files []entry
}

type hardLink struct{ first, path string }

type inode struct{ device, number uint64 }

// plan finds all that is to be copied.
func (c *copier) plan(ctx context.Context) error {
	info, err := os.Stat(c.from)
	if err != nil {
		return err
	}
	root, err := newEntry(".", info)
	if err != nil {
		return err
	}
	c.dirs = []directory{{entry: root}}
	places := map[string]int{".": 0} // of the directories, in c.dirs
	// The slash makes WalkDir follow a symbolic link.
	top := c.from + "/"
	return filepath.WalkDir(top, func(path string, found fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || path == top {
			return err
		}
		relative, err := filepath.Rel(c.from, path)
		if err != nil {
			return err
		}
		if c.skip != nil && c.skip(relative, found) {
			if found.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := found.Info()
		if err != nil {
			return err
		}
		e, err := newEntry(relative, info)
		switch {
		case err != nil:
			return err
		case found.IsDir():
			places[relative] = len(c.dirs)
			c.dirs = append(c.dirs, directory{entry: e})
		case info.Mode().Type() == fs.ModeSymlink:
			c.symlinks = append(c.symlinks, e)
		case !info.Mode().IsRegular():
			c.skipped = append(c.skipped, relative)
		case !c.isLinked(info, relative):
			dir := &c.dirs[places[filepath.Dir(relative)]]
			e.path = found.Name()
			dir.files = append(dir.files, e)
			c.total += weight + e.size
		}
		return nil
	})
}

// isLinked reports whether a regular file is a hard link to one that is planned already,
// and plans it so.
func (c *copier) isLinked(info fs.FileInfo, path string) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Nlink < 2 {
		return false
	}
	id := inode{uint64(stat.Dev), stat.Ino}
	first, again := c.linked[id]
	if again {
		c.hardLinks = append(c.hardLinks, hardLink{first, path})
	} else {
		c.linked[id] = path
	}
	return again
}

// makeDirs makes the directories, writable until all is in them.
func (c *copier) makeDirs(ctx context.Context) error {
	for _, dir := range c.dirs {
		if err := ctx.Err(); err != nil {
			return err
		}
		path := filepath.Join(c.to, dir.path)
		err := os.Mkdir(path, 0o700)
		if errors.Is(err, fs.ErrExist) {
			if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
				continue
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copyFiles copies the files, of several directories at a time: the kernel lets
// only one process at a time put a file into a directory. Those with the most
// files come first, so that at the end nobody waits for a large one.
func (c *copier) copyFiles(ctx context.Context) error {
	all := slices.Clone(c.dirs)
	slices.SortStableFunc(all, func(a, b directory) int { return cmp.Compare(len(b.files), len(a.files)) })
	return parallel.Each(ctx, min(runtime.NumCPU(), 16), len(all), func(ctx context.Context, numbers iter.Seq[int]) error {
		buffer := make([]byte, bufferSize)
		for i := range numbers {
			if err := c.fillDir(ctx, all[i], buffer); err != nil {
				return err
			}
		}
		return nil
	})
}

// fillDir copies the files of one directory. It speaks to the kernel directly,
// as an os.File asks it about three times as often.
func (c *copier) fillDir(ctx context.Context, dir directory, buffer []byte) error {
	if len(dir.files) == 0 {
		return nil
	}
	from, err := openDir(filepath.Join(c.from, dir.path))
	if err != nil {
		return err
	}
	defer unix.Close(from)
	to, err := openDir(filepath.Join(c.to, dir.path))
	if err != nil {
		return err
	}
	defer unix.Close(to)
	for _, file := range dir.files {
		if err := c.copyFile(ctx, to, from, dir.path, file, buffer); err != nil {
			return err
		}
	}
	return nil
}

func openDir(path string) (fd int, err error) {
	fd, err = disk.OpenAt(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return fd, nil
}

// copyFile copies a file of the open directory from into the open directory to. Both are
// at dir, below the top.
func (c *copier) copyFile(ctx context.Context, to, from int, dir string, file entry, buffer []byte) error {
	if cloneByName(to, from, file.path) == nil {
		c.progress.Done.Add(weight + file.size)
		return nil
	}
	in, err := disk.OpenAt(from, file.path, unix.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return &fs.PathError{Op: "open", Path: filepath.Join(c.from, dir, file.path), Err: err}
	}
	defer unix.Close(in)
	out, err := disk.OpenAt(to, file.path, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return &fs.PathError{Op: "open", Path: filepath.Join(c.to, dir, file.path), Err: err}
	}
	err = c.fill(ctx, out, in, file.size, buffer)
	if err == nil {
		err = copyAttributes(out, in)
	}
	if err == nil {
		err = disk.Retry(func() error { return unix.Fchmod(out, file.mode) })
	}
	if closed := disk.Close(out); err == nil {
		err = closed
	}
	if err == nil {
		err = setTime(to, file.path, file.changed)
	}
	if err != nil {
		return &fs.PathError{Op: "copy", Path: filepath.Join(c.from, dir, file.path), Err: err}
	}
	c.progress.Done.Add(weight)
	return nil
}

// fill makes out hold what in does.
func (c *copier) fill(ctx context.Context, out, in int, size int64, buffer []byte) error {
	if !c.noClones.Load() && size > 0 {
		if cloneInto(out, in) == nil {
			c.progress.Done.Add(size)
			return nil
		}
		// Others of the tree may be on another file system, which can; then
		// they are copied all the same.
		c.noClones.Store(true)
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := disk.ReadFull(in, buffer)
		if err == nil {
			err = disk.Write(out, buffer[:n])
		}
		if err != nil {
			return err
		}
		c.progress.Done.Add(int64(n))
		if n < len(buffer) {
			return nil
		}
	}
}

func (c *copier) makeLinks(ctx context.Context) error {
	for _, link := range c.hardLinks {
		if err := os.Link(filepath.Join(c.to, link.first), filepath.Join(c.to, link.path)); err != nil {
			return err
		}
	}
	for _, link := range c.symlinks {
		if err := ctx.Err(); err != nil {
			return err
		}
		target, err := os.Readlink(filepath.Join(c.from, link.path))
		if err != nil {
			return err
		}
		to := filepath.Join(c.to, link.path)
		if err := os.Symlink(target, to); err != nil {
			return err
		}
		if err := setTime(unix.AT_FDCWD, to, link.changed); err != nil {
			return &fs.PathError{Op: "utimensat", Path: to, Err: err}
		}
	}
	return nil
}

// finishDirs gives the directories their modes and times, the deepest first:
// to add to one changes its time.
func (c *copier) finishDirs(context.Context) error {
	for _, dir := range slices.Backward(c.dirs) {
		path := filepath.Join(c.to, dir.path)
		if err := disk.Retry(func() error { return unix.Chmod(path, dir.mode) }); err != nil {
			return &fs.PathError{Op: "chmod", Path: path, Err: err}
		}
		if err := setTime(unix.AT_FDCWD, path, dir.changed); err != nil {
			return &fs.PathError{Op: "utimensat", Path: path, Err: err}
		}
	}
	return nil
}

// keptMode is the mode of a copy, as the kernel counts. The copy of another's
// program is not to run with the rights of who copied it.
func keptMode(info fs.FileInfo) uint32 {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return uint32(info.Mode().Perm())
	}
	mode := uint32(stat.Mode) & 0o7777
	if mode&(unix.S_ISUID|unix.S_ISGID) != 0 && int(stat.Uid) != os.Geteuid() {
		mode &^= unix.S_ISUID | unix.S_ISGID
	}
	return mode
}

// setTime sets when the file called name in the open directory dir, or a
// symbolic link itself, was last changed.
func setTime(dir int, name string, when unix.Timespec) error {
	err := disk.Retry(func() error {
		return unix.UtimesNanoAt(dir, name, []unix.Timespec{when, when}, unix.AT_SYMLINK_NOFOLLOW)
	})
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}
