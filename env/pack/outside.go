package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
	"den/env/packages"
)

// An Outside is something in an environment that leads out of it.
type Outside struct {
	// Path is where it is: a link, or a .pth file, below the environment.
	Path string
	// Target is where it leads.
	Target string
	// Package is the editable install that it belongs to, if it is one.
	Package string
}

func (o Outside) String() string {
	if o.Package != "" {
		return fmt.Sprintf("%s, an editable install of %s", o.Package, o.Target)
	}
	return o.Path + " -> " + o.Target
}

// findOutside returns what leads out of the environment: editable installs, lines of
// .pth files, and the links among the files.
func (c *collection) findOutside() error {
	for _, d := range c.distributions {
		if d.Editable == "" || c.isInside(d.Editable) {
			continue
		}
		note, err := filepath.Rel(c.dir, d.Entry)
		if err != nil {
			return err
		}
		c.outside = append(c.outside, Outside{Path: note, Target: filepath.Clean(d.Editable), Package: d.Name})
	}
	if err := c.findPaths(); err != nil {
		return err
	}
	for _, f := range c.manifest.Files {
		if f.IsLink() && !staysInside(f.Path, f.Link, c.manifest.Path) {
			c.outside = append(c.outside, Outside{Path: f.Path, Target: f.Link})
		}
	}
	return nil
}

// isInside reports whether an absolute path is in the environment.
func (c *collection) isInside(path string) bool {
	return slices.ContainsFunc(disk.GivenAndReal(c.dir), func(dir string) bool {
		return path == dir || strings.HasPrefix(path, dir+"/")
	})
}

// findPaths finds directories elsewhere that .pth files add to the path, as
// add2virtualenv has them do, and that no editable install accounts for.
func (c *collection) findPaths() error {
	files, _ := disk.Glob(c.site, "*.pth")
	for _, file := range files {
		text, err := disk.ReadSmall(file)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(c.dir, file)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			dir := strings.TrimSpace(line)
			if !filepath.IsAbs(dir) || c.isInside(dir) || c.isEditable(dir) {
				continue
			}
			if info, err := os.Stat(dir); err == nil && info.IsDir() {
				c.outside = append(c.outside, Outside{Path: below, Target: filepath.Clean(dir)})
			}
		}
	}
	return nil
}

// isEditable reports whether a directory is in the sources of an editable install.
func (c *collection) isEditable(dir string) bool {
	return slices.ContainsFunc(c.outside, func(o Outside) bool {
		return o.Package != "" && (dir == o.Target || strings.HasPrefix(dir, o.Target+"/"))
	})
}

// omit leaves out what leads out of the environment, and the files of editable
// installs with it.
func (c *collection) omit() error {
	out := make(map[string]bool)
	for _, o := range c.outside {
		out[o.Path] = true
		if o.Package == "" {
			continue
		}
		for _, file := range c.recorded(o.Path) {
			out[file] = true
		}
		c.manifest.Packages = slices.DeleteFunc(c.manifest.Packages, func(p Package) bool { return p.Name == o.Package })
	}
	c.manifest.Files = slices.DeleteFunc(c.manifest.Files, func(f File) bool {
		return out[f.Path] || out[filepath.Dir(f.Path)] && strings.HasSuffix(filepath.Dir(f.Path), "-info")
	})
	return c.dropLines(out)
}

// recorded are the files that the RECORD of a .dist-info names, below the
// environment. One that cannot be read names none.
func (c *collection) recorded(note string) []string {
	text, _ := disk.ReadSmall(filepath.Join(c.dir, note, "RECORD"))
	var files []string
	for path := range packages.Recorded(bytes.NewReader(text)) {
		if below, err := filepath.Rel(c.dir, filepath.Join(c.site, path)); err == nil && filepath.IsLocal(below) {
			files = append(files, below)
		}
	}
	return files
}

// dropLines takes out of the easy-install.pth the lines of what is left out.
func (c *collection) dropLines(out map[string]bool) error {
	path := filepath.Join(c.site, "easy-install.pth")
	below, err := filepath.Rel(c.dir, path)
	if err != nil {
		return err
	}
	text, err := disk.ReadSmall(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && out[below] {
		return nil
	}
	if err != nil {
		return err
	}
	var kept []byte
	for line := range strings.Lines(string(text)) {
		if !c.isEditable(strings.TrimSpace(line)) {
			kept = append(kept, line...)
		}
	}
	return c.putOverlay(below, kept, 0o644)
}

func (c *collection) putOverlay(below string, content []byte, mode fs.FileMode) error {
	path := filepath.Join(c.overlay, below)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return disk.Replace(path, content, mode)
}

// readPackages notes the distributions of the environment.
func (c *collection) readPackages() (err error) {
	if c.distributions, err = packages.Read(c.site); err != nil {
		return err
	}
	for _, d := range c.distributions {
		c.manifest.Packages = append(c.manifest.Packages, Package{d.Name, d.Version})
	}
	return nil
}
