package pack

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/klauspost/compress/zstd"

	"den/env/disk"
)

// An Archive is a packed environment that is open. Its manifest has been read, and
// found to be possible.
type Archive struct {
	Manifest Manifest
	file     *os.File
	zstd     *zstd.Decoder
	tar      *tar.Reader
}

// An environment is compressed to a fourth, text to a tenth. An archive that claims more
// than maxRatio, and is not small, is made to fill the disk.
const (
	maxRatio  = 200
	smallSize = 16 << 20
	maxMemory = 128 << 20 // for the window of the decoder
)

// Open opens the packed environment at the path. The error is a *CorruptError, a
// *NewerError, or one of reading.
func Open(path string) (*Archive, error) {
	file, err := disk.Open(path)
	if err != nil {
		return nil, err
	}
	a := &Archive{file: file}
	if err := a.readManifest(); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// Close closes the file.
func (a *Archive) Close() {
	if a.zstd != nil {
		a.zstd.Close()
	}
	a.file.Close()
}

func (a *Archive) readManifest() error {
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	magic := make([]byte, 4)
	if _, err := io.ReadFull(a.file, magic); err != nil || !bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		return &CorruptError{"it is not compressed by zstd, as packed environments are"}
	}
	if _, err := a.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	a.zstd, err = zstd.NewReader(a.file, zstd.WithDecoderMaxMemory(maxMemory), zstd.WithDecoderMaxWindow(maxMemory))
	if err != nil {
		return err
	}
	a.tar = tar.NewReader(a.zstd)
	header, err := a.tar.Next()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return damaged(err)
	}
	if err != nil || header.Name != manifestName || header.Typeflag != tar.TypeReg {
		return &CorruptError{"it does not begin with a manifest, as packed environments do"}
	}
	if header.Size > min(maxManifest, limit(info.Size())) {
		return &CorruptError{fmt.Sprintf("it claims to have a manifest of %d bytes", header.Size)}
	}
	text, err := io.ReadAll(a.tar)
	if err != nil {
		return damaged(err)
	}
	if a.Manifest, err = parseManifest(text); err != nil {
		return err
	}
	if size := a.Manifest.Size(); size > limit(info.Size()) {
		return &CorruptError{fmt.Sprintf("it claims to have %d bytes in a file of %d", size, info.Size())}
	}
	return nil
}

// limit is how many bytes may be in a file of that size.
func limit(size int64) int64 { return smallSize + maxRatio*size }

// damaged is the error for a file that cannot be read to its end.
func damaged(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &CorruptError{"it is cut off"}
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return &CorruptError{fmt.Sprintf("it is damaged (%s)", err)}
}

// Extract writes the files into the directory dir, each as the manifest describes it,
// and checks their hashes, and then the RECORDs. It replaces files, and a link by a
// directory, at the paths for which replaces returns true, and no others. It calls done with the size of each
// file that is written.
//
// Nothing is written outside of dir. After an error, the caller removes what has been
// written.
func (a *Archive) Extract(ctx context.Context, dir string, replaces func(path string) bool, done func(bytes int64)) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	x := extraction{archive: a, root: root, replaces: replaces, done: done, made: map[string]bool{".": true}}
	if err := x.run(ctx); err != nil {
		return err
	}
	changed, err := a.Manifest.changedSince(func(f File) (string, error) {
		text, err := root.ReadFile(f.Path)
		return string(text), err
	})
	if err != nil {
		return err
	}
	return a.checkChanged(changed)
}

// checkChanged returns an error if a file is other than its RECORD says, and was not
// when it was packed.
func (a *Archive) checkChanged(changed []string) error {
	known := make(map[string]bool)
	for _, file := range a.Manifest.Changed {
		known[file] = true
	}
	for _, file := range changed {
		if !known[file] {
			return &CorruptError{fmt.Sprintf("%q is not the file that its package has installed (RECORD)", file)}
		}
	}
	return nil
}

// An extraction is an archive being written to a directory.
type extraction struct {
	archive  *Archive
	root     *os.Root
	replaces func(path string) bool
	done     func(bytes int64)
	made     map[string]bool // directories that are there
	current  *directory      // the one that the file read last is in
}

// A directory is open for as long as files are to be written into it, so that the
// way there is looked up once.
type directory struct {
	path  string
	root  *os.Root
	users atomic.Int32
}

func (d *directory) release() {
	if d.users.Add(-1) == 0 {
		d.root.Close()
	}
}

// enter returns the directory, which is made where it is missing. Each piece that is
// for it has to release it.
func (x *extraction) enter(dir string) (*directory, error) {
	if x.current == nil || x.current.path != dir {
		if err := x.makeDir(dir); err != nil {
			return nil, err
		}
		root, err := x.root.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		x.leave()
		x.current = &directory{path: dir, root: root}
		x.current.users.Store(1)
	}
	x.current.users.Add(1)
	return x.current, nil
}

func (x *extraction) leave() {
	if x.current != nil {
		x.current.release()
		x.current = nil
	}
}

// bufferedSize is up to which size a file is read whole, so that another can be read
// while it is written.
const bufferedSize = 1 << 20

// A piece is a file that has been read.
type piece struct {
	file    File
	dir     *directory
	content []byte
}

func (x *extraction) run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan piece, 64)
	var writers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		writers.Go(func() {
			for p := range queue {
				if err := x.write(p.file, p.dir, bytes.NewReader(p.content)); err != nil {
					stop(err)
				}
			}
		})
	}
	links, err := x.read(ctx, queue)
	x.leave()
	close(queue)
	writers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if err != nil {
		return err
	}
	// Links come last: no file is written through one.
	for _, f := range links {
		if err := x.link(f); err != nil {
			return err
		}
	}
	return nil
}

// read reads the members, which have to be those of the manifest, in its order, and
// returns those that are links.
func (x *extraction) read(ctx context.Context, queue chan<- piece) (links []File, err error) {
	for _, f := range x.archive.Manifest.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := x.archive.next(f); err != nil {
			return nil, err
		}
		if f.IsLink() {
			links = append(links, f)
			continue
		}
		if err := x.take(ctx, f, queue); err != nil {
			return nil, err
		}
	}
	if _, err := x.archive.tar.Next(); err != io.EOF {
		return nil, &CorruptError{"it has more in it than its manifest says"}
	}
	// The checksum of the compressed stream comes after the end of the archive.
	if n, err := io.CopyN(io.Discard, x.archive.zstd, 1); n > 0 {
		return nil, &CorruptError{"it has more after its end"}
	} else if err != io.EOF {
		return nil, damaged(err)
	}
	return links, nil
}

// take makes the directories of a file, and reads it, to be written by another or,
// if it is large, at once.
func (x *extraction) take(ctx context.Context, f File, queue chan<- piece) error {
	if f.IsDir() {
		if err := x.makeDir(f.Path); err != nil {
			return err
		}
		return x.root.Chmod(f.Path, fs.FileMode(f.Mode))
	}
	dir, err := x.enter(path.Dir(f.Path))
	if err != nil {
		return err
	}
	if f.Size > bufferedSize {
		return x.write(f, dir, x.archive.tar)
	}
	content := make([]byte, f.Size)
	if _, err := io.ReadFull(x.archive.tar, content); err != nil {
		dir.release()
		return damaged(err)
	}
	select {
	case queue <- piece{f, dir, content}:
		return nil
	case <-ctx.Done():
		dir.release()
		return context.Cause(ctx)
	}
}

// next reads the header of the next member, which has to be the file.
func (a *Archive) next(f File) error {
	header, err := a.tar.Next()
	if err != nil {
		return damaged(err)
	}
	want := f.Header(filesDir)
	if header.Typeflag != want.Typeflag || header.Name != want.Name || header.Linkname != want.Linkname || header.Size != want.Size || header.Mode != want.Mode {
		return &CorruptError{fmt.Sprintf("where its manifest has %q it has %q", want.Name, header.Name)}
	}
	return nil
}

func (x *extraction) makeDir(dir string) error {
	if x.made[dir] {
		return nil
	}
	if err := x.makeDir(path.Dir(dir)); err != nil {
		return err
	}
	info, err := x.root.Lstat(dir)
	switch {
	case err == nil && info.IsDir():
		x.made[dir] = true
		return nil
	case err == nil && info.Mode().Type() == fs.ModeSymlink && x.replaces(dir):
		if err := x.root.Remove(dir); err != nil {
			return err
		}
	}
	err = x.root.Mkdir(dir, 0o777)
	x.made[dir] = err == nil
	return inTheWay(dir, err)
}

// inTheWay turns the error that there is something of another kind at the path into
// one about the archive.
func inTheWay(path string, err error) error {
	for _, kind := range []error{fs.ErrExist, syscall.ENOTDIR, syscall.EISDIR} {
		if errors.Is(err, kind) {
			return &CorruptError{fmt.Sprintf("it has %q, and something of another kind is there", path)}
		}
	}
	return err
}

// write writes a file, and checks its hash.
func (x *extraction) write(f File, dir *directory, content io.Reader) error {
	defer dir.release()
	file, err := x.create(f.Path, dir)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, sum), content)
	if err == nil {
		err = file.Chmod(fs.FileMode(f.Mode))
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	switch {
	case err != nil:
		return damaged(err)
	case n != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256:
		return &CorruptError{fmt.Sprintf("%q is not what its manifest says", f.Path)}
	}
	x.done(f.Size)
	return nil
}

func (x *extraction) create(at string, dir *directory) (*os.File, error) {
	name := path.Base(at)
	if x.replaces(at) {
		if err := dir.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	file, err := dir.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return file, inTheWay(at, err)
}

func (x *extraction) link(f File) error {
	if err := x.makeDir(path.Dir(f.Path)); err != nil {
		return err
	}
	return inTheWay(f.Path, x.root.Symlink(f.Link, f.Path))
}
