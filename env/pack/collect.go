package pack

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"den/env/digest"
	"den/env/disk"
	"den/env/inventory"
	"den/env/layout"
	"den/env/packages"
	"den/env/parallel"
	"den/env/tree"
	"den/env/variables"
)

// A Policy says what becomes of what leads out of the environment.
type Policy int

// Refuse returns an *OutsideError, Omit leaves it out, and Follow packs what it
// leads to.
const (
	Refuse Policy = iota
	Omit
	Follow
)

// A Source is an environment to be packed.
type Source struct {
	Dir  string // where it is
	Site string // its site-packages
	// Overlay is a directory with files that take the place of those at the same
	// paths in the environment: they say Manifest.Path. The caller removes it.
	Overlay string
	// Manifest is the part that is known: all but the packages and the files.
	Manifest Manifest
	Outside  Policy
	// Memory has what is known of the files already; nil for nothing.
	Memory *digest.Memory
	// ProjectFile is the file that notes the project, which is not packed: on
	// another machine it is elsewhere.
	ProjectFile string
}

// Contents are the files of a packed environment, and where they are.
type Contents struct {
	Manifest Manifest
	Skipped  []string // what is no file: sockets, pipes, devices
	origins  map[string]string
	memory   *digest.Memory
	known    map[string]digest.File // by the path, as it was when it was hashed
}

// Collect finds the files of an environment and hashes them.
func Collect(ctx context.Context, s Source) (*Contents, error) {
	c := collection{dir: filepath.Clean(s.Dir), site: s.Site, overlay: s.Overlay, projectFile: s.ProjectFile, memory: s.Memory, manifest: s.Manifest, origins: make(map[string]string)}
	if c.memory == nil {
		c.memory = digest.New()
	}
	c.manifest.Format = Format
	if err := c.readPackages(); err != nil {
		return nil, err
	}
	var err error
	if c.overlaid, err = tree.Files(c.overlay); err != nil {
		return nil, err
	}
	if err := c.addTree(ctx, c.dir, "", c.leavesOut); err != nil {
		return nil, err
	}
	if err := c.settleOutside(ctx, s.Outside); err != nil {
		return nil, err
	}
	slices.SortFunc(c.manifest.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	if err := c.hash(ctx); err != nil {
		return nil, err
	}
	if c.manifest.Compiled {
		c.manifest.Python.LibcVersion = libcNeeded(c.distributions, s.Manifest.Python.LibcVersion)
	}
	contents := c.contents()
	changed, err := contents.Manifest.changedSince(func(f File) (string, error) {
		text, err := disk.ReadSmall(contents.origins[f.Path])
		return string(text), err
	})
	contents.Manifest.Changed = changed
	if err == nil {
		err = contents.Manifest.check()
	}
	return contents, err
}

// CollectWheels finds the wheels in the directory, and hashes them.
func CollectWheels(ctx context.Context, dir string, m Manifest) (*Contents, error) {
	c := collection{dir: dir, manifest: m, memory: digest.New(), origins: make(map[string]string)}
	c.manifest.Format = Format
	if err := c.addTree(ctx, dir, "", func(string, fs.DirEntry) bool { return false }); err != nil {
		return nil, err
	}
	if err := c.hash(ctx); err != nil {
		return nil, err
	}
	return c.contents(), c.manifest.check()
}

// A collection finds the files of an environment.
type collection struct {
	dir, site, overlay, projectFile string
	memory                          *digest.Memory

	manifest      Manifest
	distributions []packages.Distribution
	overlaid      map[string]bool   // the files in the overlay
	origins       map[string]string // where files are
	known         []digest.File     // of each of the files
	outside       []Outside
	skipped       []string
}

func (c *collection) settleOutside(ctx context.Context, policy Policy) error {
	if err := c.findOutside(); err != nil || len(c.outside) == 0 {
		return err
	}
	switch policy {
	case Omit:
		return c.omit()
	case Follow:
		return c.follow(ctx)
	}
	return &OutsideError{c.outside}
}

// leavesOut reports whether something in the environment is for whoever unpacks to
// make anew: the interpreter, pyvenv.cfg, bytecode.
func (c *collection) leavesOut(below string, entry fs.DirEntry) bool {
	dir, name := filepath.Split(below)
	switch {
	case entry.IsDir():
		return name == "__pycache__"
	case dir == "":
		return slices.Contains([]string{"pyvenv.cfg", "lib64", ".lock", "README.tmpenv", variables.DraftName, c.projectFile}, name) || strings.HasPrefix(name, disk.NewPrefix)
	case dir == "bin/":
		return inventory.IsInterpreter(name)
	case dir == "lib/":
		return inventory.IsInterpreterLibrary(name)
	}
	return strings.HasSuffix(name, ".pyc") && exists(filepath.Join(c.dir, strings.TrimSuffix(below, "c")))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// addTree adds the files in the directory dir, at paths below the one of the
// environment.
func (c *collection) addTree(ctx context.Context, dir, at string, skip func(below string, entry fs.DirEntry) bool) error {
	return filepath.WalkDir(dir+"/", func(path string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		below, err := filepath.Rel(dir, path)
		if err != nil || below == "." {
			return err
		}
		if skip(below, entry) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		return c.add(path, filepath.Join(at, below), entry)
	})
}

// add adds what is at the path origin.
func (c *collection) add(origin, below string, entry fs.DirEntry) error {
	f := File{Path: below, SaysPath: c.overlaid[below]}
	switch {
	case f.SaysPath && entry.IsDir():
		return fmt.Errorf("%s is a directory, and environments have a file there", origin)
	case f.SaysPath:
		origin = filepath.Join(c.overlay, below)
	}
	info, err := os.Lstat(origin)
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		entries, err := os.ReadDir(origin)
		if err != nil || slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() != "__pycache__" }) {
			return err
		}
		f.Mode = uint32(info.Mode().Perm())
	case info.Mode().Type() == fs.ModeSymlink:
		if f.Link, err = os.Readlink(origin); err != nil {
			return err
		}
	case info.Mode().IsRegular():
		f.Mode, f.Size = uint32(info.Mode().Perm()), info.Size()
		c.origins[below] = origin
	default:
		c.skipped = append(c.skipped, below)
		return nil
	}
	c.manifest.Files = append(c.manifest.Files, f)
	if name := filepath.Base(below); strings.HasSuffix(name, ".so") || strings.Contains(name, ".so.") || strings.HasSuffix(name, ".dylib") {
		c.manifest.Compiled = true
	}
	return nil
}

// hash hashes the files, several at a time.
func (c *collection) hash(ctx context.Context) error {
	c.known = make([]digest.File, len(c.manifest.Files))
	return parallel.Each(ctx, runtime.GOMAXPROCS(0), len(c.known), func(_ context.Context, numbers iter.Seq[int]) error {
		buffer := make([]byte, 1<<18)
		for i := range numbers {
			if err := c.hashFile(i, buffer); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *collection) hashFile(i int, buffer []byte) (err error) {
	f := &c.manifest.Files[i]
	if c.origins[f.Path] == "" {
		return nil
	}
	c.known[i], err = c.memory.Hash(c.origins[f.Path], buffer)
	f.Size, f.SHA256 = c.known[i].Size, c.known[i].SHA256
	return err
}

// contents are what has been collected.
func (c *collection) contents() *Contents {
	known := make(map[string]digest.File, len(c.known))
	for i, f := range c.manifest.Files {
		known[f.Path] = c.known[i]
	}
	return &Contents{c.manifest, c.skipped, c.origins, c.memory, known}
}

// follow packs what leads out: the targets of links in their place, and directories
// of sources in src, with their path there in the files that name them.
func (c *collection) follow(ctx context.Context) error {
	sources := make(map[string]string) // by the directory, where it is in the environment
	for _, o := range c.outside {
		if o.Package == "" && !strings.HasSuffix(o.Path, ".pth") {
			if err := c.followLink(ctx, o); err != nil {
				return err
			}
			continue
		}
		at, known := sources[o.Target]
		if !known {
			at = c.freeSource(filepath.Base(o.Target))
			if err := c.addTree(ctx, o.Target, at, isNoSource); err != nil {
				return err
			}
			sources[o.Target] = at
		}
		if err := c.sayElsewhere(ctx, o, at); err != nil {
			return err
		}
	}
	return nil
}

// isNoSource reports whether something among sources is not packed.
func isNoSource(below string, entry fs.DirEntry) bool {
	name := filepath.Base(below)
	return entry.IsDir() && slices.Contains([]string{".git", ".hg", ".svn", "__pycache__"}, name) || strings.HasSuffix(name, ".pyc")
}

// freeSource is a directory of src that the environment does not have.
func (c *collection) freeSource(name string) string {
	at := filepath.Join("src", name)
	for i := 2; slices.ContainsFunc(c.manifest.Files, func(f File) bool { return f.Path == at || strings.HasPrefix(f.Path, at+"/") }); i++ {
		at = filepath.Join("src", fmt.Sprintf("%s-%d", name, i))
	}
	return at
}

func (c *collection) followLink(ctx context.Context, o Outside) error {
	path := filepath.Join(c.dir, o.Path)
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return fmt.Errorf("following %s: %w", path, err)
	}
	c.manifest.Files = slices.DeleteFunc(c.manifest.Files, func(f File) bool { return f.Path == o.Path })
	info, err := os.Stat(real)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return c.add(real, o.Path, fs.FileInfoToDirEntry(info))
	}
	if c.isInside(filepath.Join(real, filepath.Base(c.dir))) || strings.HasPrefix(c.dir, real+"/") {
		return fmt.Errorf("following %s: it leads to %s, and the environment is in that directory", path, real)
	}
	return c.addTree(ctx, real, o.Path, isNoSource)
}

// sayElsewhere changes, in the files that name the directory of sources, its path to
// the one in the packed environment.
func (c *collection) sayElsewhere(ctx context.Context, o Outside, at string) error {
	aside, err := os.MkdirTemp(c.overlay, ".sources-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	for _, f := range c.namesOf(o) {
		text, err := disk.ReadSmall(f.origin)
		if err != nil {
			return err
		}
		to := filepath.Join(aside, f.below)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(to, text, f.mode); err != nil {
			return err
		}
	}
	if _, err := layout.Move(ctx, aside, o.Target, filepath.Join(c.manifest.Path, at), aside); err != nil {
		return err
	}
	return c.takeOver(aside)
}

// A named is a file that may name a directory of sources.
type named struct {
	below, origin string
	mode          fs.FileMode
}

// namesOf are the files that may name the directory of an Outside: those of its
// package, and the .pth files.
func (c *collection) namesOf(o Outside) (files []named) {
	may := map[string]bool{o.Path: true}
	for _, file := range c.recorded(o.Path) {
		may[file] = true
	}
	for _, f := range c.manifest.Files {
		origin := c.origins[f.Path]
		inSite := filepath.Join(c.dir, filepath.Dir(f.Path)) == c.site
		if origin != "" && (may[f.Path] || inSite && (strings.HasSuffix(f.Path, ".pth") || strings.HasSuffix(f.Path, ".egg-link"))) {
			files = append(files, named{f.Path, origin, fs.FileMode(f.Mode)})
		}
	}
	return files
}

// takeOver moves the files in the directory aside into the overlay.
func (c *collection) takeOver(aside string) error {
	return filepath.WalkDir(aside, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(aside, path)
		if err != nil {
			return err
		}
		over := filepath.Join(c.overlay, below)
		if err := os.MkdirAll(filepath.Dir(over), 0o700); err != nil {
			return err
		}
		c.origins[below] = over
		i := slices.IndexFunc(c.manifest.Files, func(f File) bool { return f.Path == below })
		c.manifest.Files[i].SaysPath = true
		return os.Rename(path, over)
	})
}
