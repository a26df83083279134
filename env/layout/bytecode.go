package layout

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"

	"den/env/disk"
)

// Compile implements Compiler. Where the cache lacks the bytecode, it compiles
// and keeps it there.
func (b native) Compile(ctx context.Context, dir, final string, spec Spec) (fits func(path string) bool, err error) {
	if spec.Interpreter.Version.Less(oldestNative) {
		return func(string) bool { return false }, nil
	}
	spec.Bytecode, spec.NeverDownload = Compiled, true
	s := b.seeder(dir, final, spec)
	defer os.RemoveAll(s.aside())
	packs, err := s.packs(ctx, s.pack)
	defer closeAll(packs)
	if err != nil {
		return nil, err
	}
	added := map[string]stamp{}
	for _, p := range packs {
		for _, d := range p.dirs {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := s.addBytecode(p, d, added); err != nil {
				return nil, err
			}
		}
	}
	return func(path string) bool {
		now, err := stampOf(filepath.Join(final, sourceOf(path)))
		return err == nil && now == added[path]
	}, nil
}

// A stamp is what bytecode says of the source that it was compiled from.
type stamp struct{ modified, size uint32 }

func stampOf(source string) (stamp, error) {
	info, err := os.Lstat(source)
	if err != nil {
		return stamp{}, err
	}
	return stamp{uint32(info.ModTime().Unix()), uint32(info.Size())}, nil
}

// sourceOf is the module that a file of bytecode is of: of
// x/__pycache__/y.cpython-312.pyc it is x/y.py.
func sourceOf(bytecode string) string {
	name := strings.TrimSuffix(filepath.Base(bytecode), ".pyc")
	if dot := strings.LastIndex(name, "."); dot >= 0 {
		name = name[:dot]
	}
	return filepath.Join(filepath.Dir(filepath.Dir(bytecode)), name+".py")
}

// Bytecode begins with a magic number, flags, and the stamp of its source, four
// bytes each (PEP 552).
const (
	stampAt      = 8
	bytecodeHead = 16
)

// addBytecode puts the bytecode of one directory of a pack into the place aside,
// and its stamps into added: the stamp of the source in the environment, if that is
// the source in the pack.
func (s seeder) addBytecode(p *pack, d packDir, added map[string]stamp) error {
	if !d.isBytecode() {
		return nil
	}
	var buffer []byte
	contents, err := p.read(d, &buffer)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(s.packages(), d.path), 0o777); err != nil {
		return err
	}
	for i, f := range d.files {
		inside := filepath.Join(d.path, f.name)
		path := filepath.Join(purelib(s.spec.Interpreter), inside)
		source := filepath.Join(s.final, sourceOf(path))
		// The stamp first: a change that comes later makes it another.
		stamp, err := stampOf(source)
		if err != nil || len(contents[i]) < bytecodeHead || !p.has(sourceOf(inside), source) {
			continue
		}
		binary.LittleEndian.PutUint32(contents[i][stampAt:], stamp.modified)
		binary.LittleEndian.PutUint32(contents[i][stampAt+4:], stamp.size)
		if err := os.WriteFile(filepath.Join(s.dir, path), contents[i], 0o666); err != nil {
			return err
		}
		added[path] = stamp
	}
	return nil
}

// has reports whether the file at the path is the one that has that path in the
// pack.
func (p *pack) has(inside, path string) bool {
	for _, d := range p.dirs {
		if d.path != filepath.Dir(inside) {
			continue
		}
		for _, f := range d.files {
			if f.name == filepath.Base(inside) {
				content, err := disk.ReadSmall(path)
				return err == nil && len(content) == f.size && crc32.Checksum(content, castagnoli()) == f.sum
			}
		}
	}
	return false
}
