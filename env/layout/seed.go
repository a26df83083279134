package layout

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"den/env/disk"
	"den/env/python"
	"den/lazy"
)

// A seeder installs pip, and what else was asked for, into a new environment
// as pip would install it.
type seeder struct {
	options    Options
	dir, final string
	spec       Spec
	step       func(name string) error
}

// projects are the names of the packages to seed.
func (s seeder) projects() []string {
	bundled := s.spec.Pip && s.spec.Interpreter.Version.Less(python.Version{Major: 3, Minor: 12})
	var projects []string
	if s.spec.Pip {
		projects = append(projects, "pip")
	}
	// Up to 3.11, ensurepip installs setuptools as well.
	if s.spec.Setuptools == Wanted || s.spec.Setuptools == Unsaid && bundled {
		projects = append(projects, "setuptools")
	}
	if s.spec.Wheel == Wanted {
		projects = append(projects, "wheel")
	}
	return projects
}

func (s seeder) seed(ctx context.Context) error {
	if len(s.projects()) == 0 {
		return nil
	}
	err := s.seedOnce(ctx)
	if errors.Is(err, errCorrupt) {
		// That shows only when a file is placed. seedOnce has seen to it that
		// what was corrupt is not found again; what was placed of it goes.
		if err := os.RemoveAll(s.packages()); err != nil {
			return err
		}
		if err := os.Mkdir(s.packages(), 0o777); err != nil {
			return err
		}
		err = s.seedOnce(ctx)
	}
	return errors.Join(err, os.RemoveAll(s.aside()))
}

// packages is the directory that packages go into.
func (s seeder) packages() string { return filepath.Join(s.dir, purelib(s.spec.Interpreter)) }

// aside is a directory for what is in the way while the environment is made.
func (s seeder) aside() string { return filepath.Join(s.dir, ".seeds") }

// makeAside makes a directory aside.
func (s seeder) makeAside() (string, error) {
	if err := os.MkdirAll(s.aside(), 0o777); err != nil {
		return "", err
	}
	return os.MkdirTemp(s.aside(), "")
}

func (s seeder) seedOnce(ctx context.Context) error {
	packs, err := s.packs(ctx, s.pack)
	defer closeAll(packs)
	if err != nil {
		return err
	}
	err = place(ctx, s.packages(), packs, s.parts(), s.step)
	if errors.Is(err, errCorrupt) {
		for _, p := range packs {
			if removed := p.remove(); removed != nil {
				return fmt.Errorf("%s cannot be removed: %w", errCorrupt, removed)
			}
		}
	}
	if err != nil {
		return err
	}
	for _, p := range packs {
		if err := s.finish(p); err != nil {
			return err
		}
	}
	return nil
}

// packs returns all that is to be placed: the packs that get returns for the
// projects, and for those that these need. They are to be closed, also after an
// error.
func (s seeder) packs(ctx context.Context, get func(ctx context.Context, project string) (*pack, error)) ([]*pack, error) {
	var packs []*pack
	projects := s.projects()
	for i := 0; i < len(projects); i++ {
		p, err := get(ctx, projects[i])
		if err != nil {
			return packs, err
		}
		packs = append(packs, p)
		for _, needed := range p.needs {
			if !slices.Contains(projects, needed) {
				projects = append(projects, needed)
			}
		}
	}
	return packs, nil
}

func closeAll(packs []*pack) {
	for _, p := range packs {
		p.close()
	}
}

// parts are what is placed of the packs.
func (s seeder) parts() parts {
	if s.spec.Bytecode == Uncompiled {
		return plain
	}
	return all
}

// finish writes what differs from one environment to another: scripts, and
// RECORD, which has their hashes.
func (s seeder) finish(p *pack) error {
	if err := s.step("scripts of " + p.distInfo); err != nil {
		return err
	}
	back, err := filepath.Rel(purelib(s.spec.Interpreter), "bin")
	if err != nil {
		return err
	}
	header := Shebang(filepath.Join(s.final, "bin", filepath.Base(s.spec.Interpreter.BaseExecutable)))
	var record strings.Builder
	for _, script := range p.scripts {
		content := slices.Concat(header, []byte(script.body()))
		path := filepath.Join(s.dir, "bin", script.name)
		if err := os.WriteFile(path, content, 0o777); err != nil {
			return err
		}
		record.WriteString(recordLine(filepath.Join(back, script.name), content))
	}
	for row := range strings.Lines(p.record) {
		if s.parts() == all || !strings.HasSuffix(row, bytecodeRow) {
			record.WriteString(row)
		}
	}
	if err := s.step("RECORD of " + p.distInfo); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.packages(), p.distInfo, "RECORD"), []byte(record.String()), 0o666)
}

// recordEnd ends a row of RECORD, as it does where pip writes it (RFC 4180).
const recordEnd = "\r\n"

// bytecodeRow ends the row of a file of bytecode, without a hash: Python may
// write it anew.
const bytecodeRow = ".pyc,," + recordEnd

func recordLine(path string, content []byte) string {
	return joinFields([]string{path, recordHash(content), fmt.Sprint(len(content))}) + recordEnd
}

// body is a script after its first line.
func (s script) body() string {
	object, _, _ := strings.Cut(s.function, ".")
	return "import sys\n" +
		"from " + s.module + " import " + object + "\n" +
		"if __name__ == '__main__':\n" +
		"    sys.exit(" + s.function + "())\n"
}

// pack returns a package ready to be placed, with its bytecode where that is
// wanted: from the cache, or made now and, if that can be written, kept there.
func (s seeder) pack(ctx context.Context, project string) (*pack, error) {
	w, err := s.findWheel(ctx, project)
	if err != nil {
		return nil, err
	}
	if s.options.CacheDir == "" {
		return s.makePack(ctx, w, nil)
	}
	path := s.packPath(w)
	if p := s.openSuiting(path); p != nil {
		return p, nil
	}
	// One makes it, the others wait for that. Where nobody can lock, each
	// makes its own: what is put into the cache is put there whole.
	if err := disk.MkdirAll(filepath.Dir(path), 0o700); err == nil {
		lock := flock.New(path + ".lock")
		if locked, _ := lock.TryLockContext(ctx, 20*time.Millisecond); locked {
			defer lock.Close()
			if p := s.openSuiting(path); p != nil {
				return p, nil
			}
		}
	}
	uncompiled, err := openPack(path)
	if err == nil {
		defer uncompiled.close()
	}
	p, err := s.makePack(ctx, w, uncompiled)
	if err != nil {
		return nil, err
	}
	if err := s.step("keep " + w.project); err != nil {
		return nil, err
	}
	s.keep(path, p)
	return p, nil
}

// openSuiting opens a pack of the cache; nil where there is none, or one without
// the bytecode that is wanted.
func (s seeder) openSuiting(path string) *pack {
	p, err := openPack(path)
	if err != nil {
		return nil
	}
	if s.spec.Bytecode == Compiled && !p.compiled {
		p.close()
		return nil
	}
	return p
}

// packPath is where a wheel's pack is in the cache. It is the pack of this
// file, as it is now, for this version of the interpreter.
func (s seeder) packPath(w wheel) string {
	i := s.spec.Interpreter
	identity := w.file
	if info, err := os.Stat(w.file); err == nil {
		identity += fmt.Sprintf("\x00%d\x00%d", info.Size(), info.ModTime().UnixNano())
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			identity += fmt.Sprintf("\x00%d\x00%d", stat.Dev, stat.Ino)
		}
	}
	sum := sha256.Sum256([]byte(identity))
	name := fmt.Sprintf("%s-%s-%s-%s.pack", w.project, w.version, i.Name(), hex.EncodeToString(sum[:8]))
	return filepath.Join(s.options.CacheDir, name)
}

// keep puts a pack into the cache, whole, or leaves the cache as it was.
func (s seeder) keep(path string, p *pack) {
	dropAbandoned(filepath.Dir(path))
	// After a power cut the file may lack what was written; the checksums
	// tell. So nothing waits here for the disk.
	_ = disk.Replace(path, nil, 0o600, func(f *os.File) error { return p.write(f) })
}

// dropAbandoned removes what those that were killed while they wrote to the
// cache have left.
func dropAbandoned(cache string) {
	entries, _ := os.ReadDir(cache)
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && strings.HasPrefix(entry.Name(), disk.NewPrefix) && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(filepath.Join(cache, entry.Name()))
		}
	}
}

// makePack makes a package ready: from its wheel or, where that is not nil, from
// a pack without bytecode.
func (s seeder) makePack(ctx context.Context, w wheel, uncompiled *pack) (p *pack, err error) {
	if uncompiled != nil {
		// Should it turn out to be corrupt, the wheel is still there.
		if p, err = s.compilePack(ctx, w, uncompiled); !errors.Is(err, errCorrupt) {
			return p, err
		}
	}
	if err := s.step("unpack " + w.project); err != nil {
		return nil, err
	}
	if p, err = s.unpack(ctx, w); err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", w.file, err)
	}
	if s.spec.Bytecode != Compiled {
		return p, nil
	}
	return s.compilePack(ctx, w, p)
}

// unpack makes a pack of a wheel, without bytecode, in memory.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
func (s seeder) unpack(ctx context.Context, w wheel) (*pack, error) {
	c, file, err := w.open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	members, err := c.unpack(ctx)
	if err != nil {
		return nil, err
	}
	members = append(members,
		member{path: filepath.Join(c.distInfo, "INSTALLER"), content: []byte("pip\n")},
		member{path: filepath.Join(c.distInfo, "REQUESTED")})
	index := packIndex{modified: time.Now().Unix(), distInfo: c.distInfo, scripts: s.scripts(c.scripts), needs: c.needs}
	index.record = record(c.distInfo, members)
	return packMembers(index, members), nil
}

// record returns the rows of RECORD for files that are installed, sorted as pip
// does.
func record(distInfo string, members []member) string {
	rows := []string{filepath.Join(distInfo, "RECORD") + ",," + recordEnd}
	for _, m := range members {
		if strings.HasSuffix(m.path, ".pyc") {
			rows = append(rows, joinFields([]string{m.path, "", ""})+recordEnd)
		} else {
			rows = append(rows, recordLine(m.path, m.content))
		}
	}
	slices.Sort(rows)
	return strings.Join(rows, "")
}

// compilePack adds the bytecode to a pack: it places it aside and has it
// compiled there.
func (s seeder) compilePack(ctx context.Context, w wheel, p *pack) (*pack, error) {
	if err := s.step("compile " + w.project); err != nil {
		return nil, err
	}
	dir, err := s.makeAside()
	if err != nil {
		return nil, err
	}
	silent := func(string) error { return nil }
	if err := place(ctx, dir, []*pack{p}, sources, silent); err != nil {
		return nil, err
	}
	members, err := p.members()
	if err != nil {
		return nil, err
	}
	if err := s.compile(ctx, dir, members); err != nil {
		return nil, err
	}
	if err := s.step("pack " + w.project); err != nil {
		return nil, err
	}
	bytecode, err := bytecodeIn(dir)
	if err != nil {
		return nil, err
	}
	members = append(members, bytecode...)
	index := p.packIndex
	index.compiled, index.dirs, index.record = true, nil, record(p.distInfo, members)
	return packMembers(index, members), nil
}

// bytecodeIn returns the files of bytecode in a directory of packages.
func bytecodeIn(dir string) (members []member, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".pyc") {
			return err
		}
		inside, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		members = append(members, member{path: inside, content: content})
		return err
	})
	return members, err
}

// compile compiles the modules in dir, with as many interpreters as there are
// processors.
func (s seeder) compile(ctx context.Context, dir string, members []member) error {
	var names []string
	for _, m := range members {
		if strings.HasSuffix(m.path, ".py") {
			names = append(names, m.path)
		}
	}
	return compileModules(ctx, s.options.Environ, s.spec.Interpreter, dir, names)
}

// versionedScript tells the scripts that a wheel has for the version of the
// interpreter that it was made with, and pip for the one that it installs for.
var versionedScript = lazy.Pattern(`^(pip|easy_install)(-?[0-9]+(\.[0-9]+)?)$`)

// scripts are the programs that pip would install of a package.
func (s seeder) scripts(declared []script) []script {
	v := s.spec.Interpreter.Version
	var scripts []script
	for _, one := range declared {
		if versionedScript().MatchString(one.name) {
			continue
		}
		scripts = append(scripts, one)
		if one.name == "pip" {
			scripts = append(scripts,
				script{fmt.Sprintf("pip%d", v.Major), one.module, one.function},
				script{"pip" + v.Series(), one.module, one.function})
		}
	}
	return scripts
}
