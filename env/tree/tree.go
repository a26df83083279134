// Package tree copies directory trees: as clones that share their blocks on
// disk where the file system can make such, several files at a time, with
// modes, times, symbolic links, hard links and extended attributes as they
// are. It knows nothing of what is in the files.
package tree

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
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

// Copy copies what is in the directory from into the directory to, which may
// have other files in it, and gives to the mode and the time of from. What can
// be no one's but its maker's, sockets, pipes and devices, is left out, and
// returned as paths below from. It stops at the first error, which is
// fs.ErrExist where there is a file already, and when ctx is done; what has been
// copied by then is for the caller to remove. A symbolic link at from is
// followed, no other is.
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

// attended is how much of a file is copied before looking whether to go on.
const attended = 64 << 20

// A copier is one copy being made.
type copier struct {
	from, to string
	skip     func(path string, entry fs.DirEntry) bool
	progress *Progress
	total    int64

	dirs, files, symlinks []entry
	hardLinks             []hardLink
	linked                map[inode]string // the first file of those that are one
	skipped               []string

	noClones atomic.Bool // the file system cannot clone
}

// An entry is a file of the tree, by its path below the top.
type entry struct {
	path string
	info fs.FileInfo
}

type hardLink struct{ first, path string }

type inode struct{ device, number uint64 }

// plan finds all that is to be copied.
func (c *copier) plan(ctx context.Context) error {
	root, err := os.Stat(c.from)
	if err != nil {
		return err
	}
	c.dirs = []entry{{".", root}}
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
		c.add(entry{relative, info})
		return nil
	})
}

func (c *copier) add(e entry) {
	switch e.info.Mode().Type() {
	case fs.ModeDir:
		c.dirs = append(c.dirs, e)
	case fs.ModeSymlink:
		c.symlinks = append(c.symlinks, e)
	case 0:
		if stat, ok := e.info.Sys().(*syscall.Stat_t); ok && stat.Nlink > 1 {
			id := inode{uint64(stat.Dev), stat.Ino}
			if first, again := c.linked[id]; again {
				c.hardLinks = append(c.hardLinks, hardLink{first, e.path})
				return
			}
			c.linked[id] = e.path
		}
		c.files = append(c.files, e)
		c.total += weight + e.info.Size()
	default:
		c.skipped = append(c.skipped, e.path)
	}
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

// copyFiles copies the files, several at a time: most of the time goes by in
// waiting for the file system.
func (c *copier) copyFiles(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(2*runtime.NumCPU(), 16) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(c.files)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := c.copyFile(ctx, c.files[i]); err != nil {
					stop(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

func (c *copier) copyFile(ctx context.Context, e entry) error {
	from, to := filepath.Join(c.from, e.path), filepath.Join(c.to, e.path)
	if err := cloneByName(from, to); err == nil {
		c.progress.Done.Add(weight + e.info.Size())
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = c.fill(ctx, out, in, e.info.Size()); err == nil {
		err = copyAttributes(out, in)
	}
	if err == nil {
		err = out.Chmod(keptMode(e.info))
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	c.progress.Done.Add(weight)
	return setTime(to, e.info.ModTime())
}

// fill makes out hold what in does.
func (c *copier) fill(ctx context.Context, out, in *os.File, size int64) error {
	if !c.noClones.Load() && size > 0 {
		err := cloneInto(out, in)
		if err == nil {
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
		n, err := io.CopyN(out, in, attended) // in the kernel, where it can
		c.progress.Done.Add(n)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
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
		if err := setTime(to, link.info.ModTime()); err != nil {
			return err
		}
	}
	return nil
}

// finishDirs gives the directories their modes and times, the deepest first:
// to add to one changes its time.
func (c *copier) finishDirs(context.Context) error {
	for _, dir := range slices.Backward(c.dirs) {
		path := filepath.Join(c.to, dir.path)
		if err := os.Chmod(path, keptMode(dir.info)); err != nil {
			return err
		}
		if err := setTime(path, dir.info.ModTime()); err != nil {
			return err
		}
	}
	return nil
}

// keptMode is the mode of a copy. The copy of another's program is not to run
// with the rights of who copied it.
func keptMode(info fs.FileInfo) fs.FileMode {
	mode := info.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int(stat.Uid) != os.Geteuid() {
		mode &^= fs.ModeSetuid | fs.ModeSetgid
	}
	return mode
}

// setTime sets when a file, or a symbolic link itself, was last changed.
func setTime(path string, when time.Time) error {
	stamp, err := unix.TimeToTimespec(when)
	if err != nil {
		return &fs.PathError{Op: "utimensat", Path: path, Err: err}
	}
	err = unix.UtimesNanoAt(unix.AT_FDCWD, path, []unix.Timespec{stamp, stamp}, unix.AT_SYMLINK_NOFOLLOW)
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return &fs.PathError{Op: "utimensat", Path: path, Err: err}
	}
	return nil
}
