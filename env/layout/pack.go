package layout

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"den/env/disk"
)

// A pack is a package ready to be placed into environments: the files of its wheel and
// their bytecode, one after the other in one file. To read one large file costs a
// fraction of the time for a thousand small ones. An environment shares nothing with a
// pack, but for blocks on a file system that clones; it copies them before it writes to
// them.
//
// A pack is made whole and never changed. Its index carries a checksum, and
// each file has one in the index.
type pack struct {
	packIndex
	source  io.ReaderAt // the contents
	file    *os.File    // the pack's own; nil for one in memory
	content int64       // where in source the contents begin
}

type packIndex struct {
	compiled bool  // the bytecode is in it
	modified int64 // when the sources were modified, in seconds, as the bytecode has it
	distInfo string
	record   string // the rows of RECORD without the rows of scripts
	scripts  []script
	needs    []string  // the projects that it cannot do without
	dirs     []packDir // parents come first
}

type packDir struct {
	path  string // relative to site-packages
	files []packFile
}

type packFile struct {
	name       string
	executable bool
	size       int
	offset     int64 // in the contents
	sum        uint32
}

// cacheDir is where Python keeps the bytecode of a directory's modules (PEP 3147).
const cacheDir = "__pycache__"

// isBytecode reports whether the directory is one of bytecode.
func (d packDir) isBytecode() bool { return filepath.Base(d.path) == cacheDir }

// errCorrupt says that a pack is not as it was written, or that others than the
// person and root could have written it.
var errCorrupt = errors.New("the cache is corrupt")

// castagnoli is made when it is first needed: that takes as long as finding an
// environment.
var castagnoli = sync.OnceValue(func() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) })

const (
	// packMark begins a pack. It ends with the number of the format.
	packMark = "den pack 4\n"
	// packHead is the size of what precedes the index: the mark, and the
	// index's size and checksum.
	packHead = len(packMark) + 8
	// blockSize is the block size of file systems that clone.
	blockSize = 4096
	// cloneSize is the size from which on a file is cloned, and begins at a
	// block in the pack. For smaller ones a clone takes longer than a copy, and
	// saves next to nothing.
	cloneSize = 8 * blockSize
)

// A member is a file of a package, by its path in the directory of packages.
type member struct {
	path       string
	content    []byte
	executable bool
}

// packMembers makes a pack of files, in memory. Those of a directory stand one
// after the other in it.
func packMembers(index packIndex, members []member) *pack {
	p := &pack{packIndex: index}
	at := map[string]int{}
	var add func(dir string) int
	add = func(dir string) int {
		i, known := at[dir]
		if known {
			return i
		}
		if dir != "." {
			add(filepath.Dir(dir))
		}
		at[dir] = len(p.dirs)
		p.dirs = append(p.dirs, packDir{path: dir})
		return at[dir]
	}
	byDir := func(a, b member) int {
		return cmp.Or(cmp.Compare(filepath.Dir(a.path), filepath.Dir(b.path)), cmp.Compare(a.path, b.path))
	}
	var contents bytes.Buffer
	for _, m := range slices.SortedFunc(slices.Values(members), byDir) {
		if len(m.content) >= cloneSize {
			pad(&contents)
		}
		dir := &p.dirs[add(filepath.Dir(m.path))]
		dir.files = append(dir.files, packFile{
			name:       filepath.Base(m.path),
			executable: m.executable,
			size:       len(m.content),
			offset:     int64(contents.Len()),
			sum:        crc32.Checksum(m.content, castagnoli()),
		})
		contents.Write(m.content)
	}
	pad(&contents) // the last file can be cloned too
	p.source = bytes.NewReader(contents.Bytes())
	return p
}

// members returns the files of the pack but for the bytecode.
func (p *pack) members() ([]member, error) {
	var members []member
	for _, d := range p.dirs {
		if d.isBytecode() {
			continue
		}
		var buffer []byte // of each directory's own
		contents, err := p.read(d, &buffer)
		if err != nil {
			return nil, err
		}
		for i, f := range d.files {
			members = append(members, member{filepath.Join(d.path, f.name), contents[i], f.executable})
		}
	}
	return members, nil
}

// pad fills up to a whole number of blocks.
func pad(b *bytes.Buffer) {
	if over := b.Len() % blockSize; over > 0 {
		b.Write(make([]byte, blockSize-over))
	}
}

// write writes a pack that is in memory.
func (p *pack) write(w io.Writer) error {
	index := p.encode()
	var head bytes.Buffer
	head.WriteString(packMark)
	number := func(n uint32) { head.Write(binary.LittleEndian.AppendUint32(nil, n)) }
	number(uint32(len(index)))
	number(crc32.Checksum(index, castagnoli()))
	head.Write(index)
	pad(&head)
	if _, err := w.Write(head.Bytes()); err != nil {
		return err
	}
	_, err := io.Copy(w, p.source.(*bytes.Reader))
	return err
}

// openPack opens a pack. The error is errCorrupt, or one of the file system's.
func openPack(path string) (*pack, error) {
	file, err := disk.Open(path)
	if err != nil {
		return nil, err
	}
	p := &pack{source: file, file: file}
	info, err := file.Stat()
	if err == nil && disk.CheckTrust(path, info) != nil {
		err = errCorrupt // who could have written it could have written anything
	}
	if err == nil {
		err = p.readIndex()
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return p, nil
}

// remove removes the pack from the disk.
func (p *pack) remove() error {
	if p.file == nil {
		return nil
	}
	return os.Remove(p.file.Name())
}

func (p *pack) close() {
	if p.file != nil {
		p.file.Close()
	}
}

func (p *pack) readIndex() error {
	head := make([]byte, packHead)
	if n, err := p.file.ReadAt(head, 0); n < packHead {
		return notWhole(err)
	}
	size := binary.LittleEndian.Uint32(head[len(packMark):])
	if !bytes.HasPrefix(head, []byte(packMark)) || size > 1<<26 {
		return errCorrupt
	}
	index := make([]byte, size)
	if n, err := p.file.ReadAt(index, int64(packHead)); n < len(index) {
		return notWhole(err)
	}
	if crc32.Checksum(index, castagnoli()) != binary.LittleEndian.Uint32(head[len(packMark)+4:]) {
		return errCorrupt
	}
	p.content = (int64(packHead) + int64(size) + blockSize - 1) / blockSize * blockSize
	return p.decode(index)
}

// notWhole tells a file that ends early from one that cannot be read.
func notWhole(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return errCorrupt
	}
	return err
}

// read reads the files of a directory into the buffer, which it grows where
// needed, checks each, and returns their contents, which are parts of that.
func (p *pack) read(d packDir, buffer *[]byte) ([][]byte, error) {
	if len(d.files) == 0 {
		return nil, nil
	}
	first, last := d.files[0], d.files[len(d.files)-1]
	size := last.offset + int64(last.size) - first.offset
	if size < 0 || size > 1<<30 {
		return nil, errCorrupt
	}
	*buffer = slices.Grow((*buffer)[:0], int(size))[:size]
	if n, err := p.source.ReadAt(*buffer, p.content+first.offset); n < len(*buffer) {
		return nil, notWhole(err)
	}
	contents := make([][]byte, len(d.files))
	for i, f := range d.files {
		begin := f.offset - first.offset
		if begin < 0 || begin+int64(f.size) > size {
			return nil, errCorrupt
		}
		contents[i] = (*buffer)[begin : begin+int64(f.size)]
		if crc32.Checksum(contents[i], castagnoli()) != f.sum {
			return nil, errCorrupt
		}
	}
	return contents, nil
}

// encode writes the index: numbers in base 128, strings after their length.
func (x *packIndex) encode() []byte {
	var b []byte
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	text := func(s string) { number(len(s)); b = append(b, s...) }
	flag := func(set bool) {
		if set {
			number(1)
		} else {
			number(0)
		}
	}
	flag(x.compiled)
	number(int(x.modified))
	text(x.distInfo)
	text(x.record)
	number(len(x.scripts))
	for _, s := range x.scripts {
		text(s.name)
		text(s.module)
		text(s.function)
	}
	number(len(x.needs))
	for _, project := range x.needs {
		text(project)
	}
	number(len(x.dirs))
	for _, d := range x.dirs {
		text(d.path)
		number(len(d.files))
		for _, f := range d.files {
			text(f.name)
			flag(f.executable)
			number(f.size)
			number(int(f.offset))
			number(int(f.sum))
		}
	}
	return b
}

// decode reads what encode wrote. The checksum has told that it is that.
func (x *packIndex) decode(b []byte) error {
	broken := false
	number := func() int {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > 1<<40 {
			broken, b = true, nil
			return 0
		}
		b = b[size:]
		return int(n)
	}
	text := func() string {
		n := number()
		if n > len(b) {
			broken, b = true, nil
			return ""
		}
		s := string(b[:n])
		b = b[n:]
		return s
	}
	x.compiled = number() == 1
	x.modified = int64(number())
	x.distInfo = text()
	x.record = text()
	for range number() {
		x.scripts = append(x.scripts, script{text(), text(), text()})
	}
	for range number() {
		x.needs = append(x.needs, text())
	}
	x.dirs = make([]packDir, min(number(), len(b)))
	for i := range x.dirs {
		d := &x.dirs[i]
		d.path = text()
		d.files = make([]packFile, min(number(), len(b)))
		for j := range d.files {
			d.files[j] = packFile{text(), number() == 1, number(), int64(number()), uint32(number())}
		}
	}
	if broken {
		return errCorrupt
	}
	return nil
}
