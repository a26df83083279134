package exact

import (
	"context"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/pip"
	"den/env"
	"den/env/layout"
	"den/env/lockfile"
	"den/env/packages"
	"den/env/tree"
)

// A Change is what an environment needs to have exactly the packages of a list.
type Change struct {
	Environment env.Environment
	Options     []string // lines of a requirements file that say where packages come from
	Wanted      []lockfile.Package
	Differences []lockfile.Difference
}

// Means are what a change is made with.
type Means struct {
	// Pip returns a pip that runs in the copy of the environment.
	Pip      func(ctx context.Context, at env.Environment) (pip.Pip, error)
	Progress *tree.Progress // of the copy
	Copied   func()         // is called when the copy is there
}

// Of returns what is to change in an environment.
func Of(e env.Environment, wanted []lockfile.Package, options []string) (Change, error) {
	installed, err := packages.In(e)
	return Change{e, options, wanted, Differences(e, installed, wanted)}, err
}

// Make makes, in dir, the environment with the changes, as it is to be at final: a
// copy of all files, in which pip uninstalls and installs. It returns the files that
// hold the path of dir and should not.
func (c Change) Make(ctx context.Context, dir, final string, by Means) (stuck []string, err error) {
	if _, err := tree.Copy(ctx, c.Environment.Path, dir, tree.Options{Progress: by.Progress}); err != nil {
		return nil, err
	}
	by.Copied()
	fresh := env.Environment{Name: c.Environment.Name, Path: dir}
	// Somebody may have changed the environment since.
	if c, err = Of(fresh, c.Wanted, c.Options); err != nil {
		return nil, err
	}
	its, err := by.Pip(ctx, fresh)
	if err != nil {
		return nil, err
	}
	if err := c.install(ctx, its, fresh); err != nil {
		return nil, err
	}
	if err := layout.RepairScripts(dir); err != nil {
		return nil, err
	}
	if err := c.verify(fresh); err != nil {
		return nil, err
	}
	if err := its.WarnConflicts(ctx); err != nil {
		return nil, err
	}
	return layout.Move(ctx, dir, dir, final, dir)
}

// install lets pip uninstall the packages that go or change, and install those that
// come. pip itself is replaced last, and not uninstalled before that.
func (c Change) install(ctx context.Context, its pip.Pip, fresh env.Environment) error {
	var leaving []string
	var hashed, archives, others, pips []lockfile.Package
	for _, d := range c.Differences {
		if d.Left != nil && d.Name != "pip" {
			leaving = append(leaving, d.Left.Name)
		}
		switch p := d.Right; {
		case p == nil:
		case d.Name == "pip":
			pips = append(pips, *p)
		case p.Sdist != nil || len(p.Wheels) > 0:
			archives = append(archives, *p)
		case p.IsHashed():
			hashed = append(hashed, *p)
		default:
			others = append(others, *p)
		}
	}
	if len(leaving) > 0 {
		if err := its.Uninstall(ctx, leaving); err != nil {
			return err
		}
	}
	var options []string
	if system, err := fresh.SystemSitePackages(); err != nil {
		return err
	} else if system {
		// The packages of the base Python are not in the environment.
		options = append(options, "--ignore-installed")
	}
	if err := installArchives(ctx, its, fresh, archives, options...); err != nil {
		return err
	}
	for _, some := range [][]lockfile.Package{hashed, others} {
		if err := its.InstallExactly(ctx, c.lines(some), options...); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(pips, func(p lockfile.Package) bool { return p.Sdist != nil || len(p.Wheels) > 0 }) {
		return installArchives(ctx, its, fresh, pips)
	}
	return its.InstallExactly(ctx, c.lines(pips))
}

// lines returns the lines of a requirements file for some packages, with the options
// of the list.
func (c Change) lines(some []lockfile.Package) []string {
	if len(some) == 0 {
		return nil
	}
	lines := slices.Clone(c.Options)
	if !slices.ContainsFunc(some, lockfile.Package.IsHashed) {
		lines = slices.DeleteFunc(lines, func(line string) bool { return line == "--require-hashes" })
	}
	for _, p := range some {
		lines = append(lines, p.Line())
	}
	return lines
}

// installArchives installs the archives that a pylock.toml names, and no others: pip
// finds them on a page of links, and checks their hashes. That way it takes them for
// those of an index, by which the specification says how to record them. A source
// distribution may need an index for what it is built with.
func installArchives(ctx context.Context, its pip.Pip, fresh env.Environment, some []lockfile.Package, options ...string) error {
	if len(some) == 0 {
		return nil
	}
	page, isSource := strings.Builder{}, false
	var lines []string
	for _, p := range some {
		archives := p.Wheels
		if p.Sdist != nil {
			archives, isSource = []lockfile.Archive{*p.Sdist}, true
		}
		for _, a := range archives {
			algorithm, digest := a.Hash()
			fmt.Fprintf(&page, "<a href=\"%s#%s=%s\">%s</a>\n", html.EscapeString(a.Address()), algorithm, digest, html.EscapeString(a.FileName()))
		}
		lines = append(lines, p.Line())
	}
	// It is in the environment that is being made, and goes with it if den is killed.
	path := filepath.Join(fresh.Path, ".den-archives.html")
	if err := os.WriteFile(path, []byte("<!DOCTYPE html><html><body>\n"+page.String()+"</body></html>\n"), 0o600); err != nil {
		return err
	}
	defer os.Remove(path)
	options = append(options, "--find-links", path)
	if !isSource {
		options = append(options, "--no-index")
	}
	return its.InstallExactly(ctx, lines, options...)
}

// verify compares what is in the environment with the list.
func (c Change) verify(fresh env.Environment) error {
	installed, err := packages.In(fresh)
	if err != nil {
		return err
	}
	left := Differences(fresh, installed, c.Wanted)
	if len(left) == 0 {
		return nil
	}
	d := left[0]
	switch {
	case d.Left == nil:
		return fmt.Errorf("pip reports success, but %s is not there", d.Right)
	case d.Right == nil:
		return fmt.Errorf("pip reports success, but %s is still there", d.Left)
	}
	return fmt.Errorf("pip reports success, but %s is there instead of %s", d.Left, d.Right)
}
