package upgrade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/cmd/activate"
	"den/cmd/pip"
	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/packages"
	"den/env/python"
	"den/env/tree"
	"den/shell"
)

// Fill installs, into what Lay has made in dir, what the environment is to have.
// It returns the files that hold the path of dir and should not.
func (r Renewal) Fill(ctx context.Context, dir, final string, console pip.Console) (stuck []string, err error) {
	if err := r.carryEditables(ctx, dir); err != nil {
		return nil, err
	}
	fresh := env.Environment{Name: r.Old.Name, Path: dir}
	if err := r.reinstall(ctx, fresh, console); err != nil {
		if _, failed := errors.AsType[*pip.Error](err); failed {
			err = fmt.Errorf("installing its packages failed (%w)", err)
		}
		return nil, err
	}
	if err := r.carry(ctx, fresh); err != nil {
		return nil, err
	}
	// The files that pip has installed name dir.
	if stuck, err = layout.Move(ctx, dir, dir, final, dir); err != nil {
		return nil, err
	}
	activation := shell.Activation{Path: final, Prompt: fresh.Prompt(), Variables: activate.VariablesIn(dir)}
	return stuck, activate.WriteScripts(dir, activation, activate.AddedTo(r.Old))
}

// Lay makes the new environment in dir, for the path final. It has only the packages that
// install others.
func (r Renewal) Lay(ctx context.Context, dir, final string, bytecode layout.Bytecode) error {
	spec := r.spec()
	spec.Bytecode, spec.Pip = bytecode, r.hadPip() || r.installs(dir)
	return r.Builder.Build(ctx, dir, final, spec)
}

// spec says what the new environment is to be, but for pip in it.
func (r Renewal) spec() layout.Spec {
	return layout.Spec{
		Interpreter:        r.Interpreter,
		SystemSitePackages: r.systemSite,
		Copies:             r.Old.HasCopy() && !r.Interpreter.Version.Less(python.Version{Major: 3, Minor: 8}),
		Prompt:             r.prompt,
	}
}

// Maker names the backend that makes the new environment.
func (r Renewal) Maker() string { return layout.Maker(r.Builder, r.spec()) }

// hadPip reports whether pip is to be in the environment. Where only its program
// is left, it was.
func (r Renewal) hadPip() bool {
	_, err := os.Lstat(filepath.Join(r.Old.Bin(), "pip"))
	return err == nil || r.has("pip")
}

// carryEditables copies the sources that are in the environment, as those are
// that pip has fetched for an editable install.
func (r Renewal) carryEditables(ctx context.Context, dir string) error {
	for _, d := range r.distributions {
		below, ok := r.inside(d)
		if !ok {
			continue
		}
		to := filepath.Join(dir, below)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if _, err := tree.Copy(ctx, d.Editable, to, tree.Options{}); err != nil {
			return err
		}
	}
	return nil
}

// reinstall installs exactly the packages of the old environment, and then those that
// they need under the new Python alone.
func (r Renewal) reinstall(ctx context.Context, fresh env.Environment, console pip.Console) error {
	lines, expected := r.requirements(fresh.Path)
	seeds := r.keptSeeds()
	if len(lines)+len(seeds) > 0 || r.needsNoSeeds(fresh) {
		its, err := pip.Of(ctx, fresh, console)
		if err != nil {
			return err
		}
		if err := its.KeepSeeds(ctx, seeds); err != nil {
			return err
		}
		if err := its.InstallLines(ctx, lines); err != nil {
			return err
		}
		if err := r.dropSeeds(ctx, its); err != nil {
			return err
		}
		if err := its.Lacks(ctx, expected); err != nil {
			return err
		}
	}
	return layout.RepairScripts(fresh.Path)
}

// needsNoSeeds reports whether something came with the new environment that was
// not in the old one, with a pip to take it out.
func (r Renewal) needsNoSeeds(fresh env.Environment) bool {
	has, _ := packages.In(fresh)
	_, hasPip := packages.Find(has, "pip")
	return hasPip && len(r.extraSeeds(has)) > 0
}

// extraSeeds are the packages that came with the new environment, were not in the old
// one, and that no package needs.
func (r Renewal) extraSeeds(has []packages.Distribution) (extra []string) {
	for _, d := range has {
		name := packages.Normalize(d.Name)
		if slices.Contains(seeds, name) && !r.has(name) && (name != "pip" || !r.hadPip()) {
			extra = append(extra, d.Name)
		}
	}
	return extra
}

// dropSeeds takes out what came with the new environment and was not in the old.
func (r Renewal) dropSeeds(ctx context.Context, its pip.Pip) error {
	has, err := its.Installed()
	if err != nil {
		return err
	}
	extra := r.extraSeeds(has)
	if len(extra) == 0 {
		return nil
	}
	return its.Run(ctx, "uninstall", append([]string{"--yes", "--quiet"}, extra...)...)
}

// carry copies what a person has put into the environment: its project, hooks, programs
// and files of their own. It copies their files in the old site-packages into the new
// one.
func (r Renewal) carry(ctx context.Context, fresh env.Environment) error {
	site, inSite, elsewhere := "", []string(nil), []string(nil)
	for _, path := range r.paths {
		below, ok := strings.CutPrefix(filepath.Join(r.Old.Path, path), r.site+"/")
		switch {
		case r.isInEditable(path): // carryEditables has
		case r.site != "" && ok:
			inSite = append(inSite, below)
		default:
			elsewhere = append(elsewhere, path)
		}
	}
	if err := carryPaths(ctx, r.Old.Path, fresh.Path, elsewhere); err != nil {
		return err
	}
	if len(inSite) > 0 {
		var err error
		if site, err = fresh.SitePackages(); err != nil {
			return err
		}
	}
	if err := carryPaths(ctx, r.site, site, inSite); err != nil {
		return err
	}
	return r.carryConfig(fresh.Path)
}

// isInEditable reports whether a path is in the sources of a distribution that is
// editable inside of the environment.
func (r Renewal) isInEditable(path string) bool {
	return slices.ContainsFunc(r.distributions, func(d packages.Distribution) bool {
		below, ok := r.inside(d)
		return ok && (path == below || strings.HasPrefix(path, below+"/"))
	})
}

// A ConflictError says that the new environment has something of its own where
// the person has.
type ConflictError struct{ Path string }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s is yours, and the new environment has a file of its own in its place", e.Path)
}

// carryPaths copies what is at the paths below from to the same ones below to.
func carryPaths(ctx context.Context, from, to string, paths []string) error {
	wanted := make(map[string]bool)
	for _, path := range paths {
		if _, err := os.Lstat(filepath.Join(to, path)); err == nil {
			if !isSame(filepath.Join(from, path), filepath.Join(to, path)) {
				return &ConflictError{filepath.Join(from, path)}
			}
			continue
		}
		for at := path; at != "."; at = filepath.Dir(at) {
			wanted[at] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	_, err := tree.Copy(ctx, from, to, tree.Options{Skip: func(path string, _ fs.DirEntry) bool { return !wanted[path] }})
	return err
}

// isSame reports whether two files, links or directories are alike.
func isSame(one, other string) bool {
	a, err := os.Lstat(one)
	if err != nil {
		return false
	}
	b, err := os.Lstat(other)
	if err != nil || a.Mode().Type() != b.Mode().Type() {
		return false
	}
	switch {
	case a.IsDir():
		return true
	case a.Mode().Type() == fs.ModeSymlink:
		first, err := os.Readlink(one)
		second, err2 := os.Readlink(other)
		return err == nil && err2 == nil && first == second
	case a.Size() != b.Size():
		return false
	}
	first, err := disk.ReadSmall(one)
	second, err2 := disk.ReadSmall(other)
	return err == nil && err2 == nil && bytes.Equal(first, second)
}

// carryConfig adds the further keys of pyvenv.cfg to the new one.
func (r Renewal) carryConfig(dir string) error {
	old, err := env.ReadConfig(r.Old.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return env.AddFurther(dir, old.Further())
}
