package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env"
	"den/env/disk"
	"den/env/layout"
	"den/env/packages"
	"den/env/python"
	"den/env/tree"
	"den/shell"
)

// renew makes, in dir, what the environment is to become. It returns the files
// that hold the path of dir and should not.
func (a *app) renew(ctx context.Context, r renewal, dir, final string) (stuck []string, err error) {
	if err := a.lay(ctx, r, dir, final); err != nil {
		return nil, err
	}
	if err := r.carryEditables(ctx, dir); err != nil {
		return nil, err
	}
	fresh := env.Environment{Name: r.old.Name, Path: dir}
	if err := a.reinstall(ctx, r, fresh); err != nil {
		if _, failed := errors.AsType[*pipError](err); failed {
			err = fmt.Errorf("installing its packages failed (%w)", err)
		}
		return nil, err
	}
	if err := r.carry(ctx, fresh); err != nil {
		return nil, err
	}
	// What pip has installed says dir.
	if stuck, err = layout.Move(ctx, dir, dir, final, dir); err != nil {
		return nil, err
	}
	return stuck, writeScripts(dir, shell.Activation{Path: final, Prompt: fresh.Prompt()}, addedTo(r.old))
}

// lay makes the new environment, with nothing in it but what its packages are
// installed by.
func (a *app) lay(ctx context.Context, r renewal, dir, final string) error {
	stop := a.spin(fmt.Sprintf("making %s with Python %s", printable(r.old.Name), r.interpreter.Version))
	defer stop()
	bytecode, _, err := a.bytecode(true)
	if err != nil {
		return err
	}
	return r.builder.Build(ctx, dir, final, layout.Spec{
		Bytecode:           bytecode,
		Interpreter:        r.interpreter,
		Pip:                r.hadPip() || r.installs(dir),
		SystemSitePackages: r.systemSite,
		Copies:             hasCopy(r.old) && !r.interpreter.Version.Less(python.Version{Major: 3, Minor: 8}),
		Prompt:             r.prompt,
	})
}

// hadPip reports whether pip is to be in the environment. Where only its program
// is left, it was.
func (r renewal) hadPip() bool {
	_, err := os.Lstat(filepath.Join(r.old.Bin(), "pip"))
	return err == nil || r.has("pip")
}

// carryEditables copies the sources that are in the environment, as those are
// that pip has fetched for an editable install.
func (r renewal) carryEditables(ctx context.Context, dir string) error {
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

// reinstall installs what the old environment has, exactly that, and then what
// that needs under the new Python and did not need under the old one.
func (a *app) reinstall(ctx context.Context, r renewal, fresh env.Environment) error {
	lines, expected := r.requirements(fresh.Path)
	seeds := r.keptSeeds()
	if len(lines)+len(seeds) > 0 || r.needsNoSeeds(fresh) {
		pip, err := a.pipOf(ctx, fresh)
		if err != nil {
			return err
		}
		if err := pip.keepSeeds(ctx, seeds); err != nil {
			return err
		}
		if err := pip.installLines(ctx, lines); err != nil {
			return err
		}
		if err := pip.dropSeeds(ctx, r); err != nil {
			return err
		}
		if err := pip.lacks(ctx, expected); err != nil {
			return err
		}
	}
	return layout.RepairScripts(fresh.Path)
}

// installLines installs what lines of a requirements file say, and what that
// needs beyond it.
func (p pip) installLines(ctx context.Context, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	file, err := linesFile(lines)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := p.runWith(ctx, file, "install", "--no-deps", "-r", "/dev/fd/3"); err != nil {
		return err
	}
	return p.completeDependencies(ctx)
}

// keepSeeds installs setuptools and wheel in the versions that the old
// environment has. That may need the network, for what comes with another build
// of the same Python; without it, those that came stay.
func (p pip) keepSeeds(ctx context.Context, seeds []wanted) error {
	has, err := p.installed()
	if err != nil {
		return err
	}
	for _, seed := range missingFrom(seeds, has) {
		err := p.run(ctx, "install", "--no-deps", "--", seed.name+"=="+seed.version)
		if _, failed := errors.AsType[*pipError](err); failed {
			p.notef("%s %s is not to be had: %q gets the one that comes with its Python", seed.name, seed.version, p.environment.Name)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// linesFile is a file of lines, for pip to read. It has no name, so that nothing is
// left of it, however this den ends.
func linesFile(lines []string) (*os.File, error) {
	file, err := os.CreateTemp("", "den-requirements-*.txt")
	if err != nil {
		return nil, err
	}
	err = os.Remove(file.Name())
	if err == nil {
		_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart) // where to open /dev/fd/3 is to duplicate it
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// completeDependencies installs what packages say they need and is not there. What
// else pip finds wrong was so before, and is told.
func (p pip) completeDependencies(ctx context.Context) error {
	said, err := p.check(ctx)
	if err != nil || said == "" {
		return err
	}
	var missing []string
	for line := range strings.Lines(said) {
		// "requests 2.31.0 requires idna, which is not installed."
		before, _, ok := strings.Cut(line, ", which is not installed")
		if _, name, found := strings.Cut(before, " requires "); ok && found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		if err := p.run(ctx, "install", append([]string{"--"}, missing...)...); err != nil {
			return err
		}
		if said, err = p.check(ctx); err != nil {
			return err
		}
	}
	if said != "" {
		p.warnf("packages of %q do not fit together:\n    %s", p.environment.Name, strings.ReplaceAll(strings.TrimSpace(said), "\n", "\n    "))
	}
	return nil
}

// needsNoSeeds reports whether something came with the new environment that was
// not in the old one, with a pip to take it out.
func (r renewal) needsNoSeeds(fresh env.Environment) bool {
	site, err := fresh.SitePackages()
	if err != nil {
		return false // nothing came with it
	}
	has, err := packages.Read(site)
	return err == nil && len(r.extraSeeds(has)) > 0 && slices.ContainsFunc(has, isPip)
}

func isPip(d packages.Distribution) bool { return packages.Normalize(d.Name) == "pip" }

// extraSeeds are those that came with the new environment, and neither were in
// the old one nor are needed by what is.
func (r renewal) extraSeeds(has []packages.Distribution) (extra []string) {
	for _, d := range has {
		name := packages.Normalize(d.Name)
		if slices.Contains(seeds, name) && !r.has(name) && (name != "pip" || !r.hadPip()) {
			extra = append(extra, d.Name)
		}
	}
	return extra
}

// dropSeeds takes out what came with the new environment and was not in the old.
func (p pip) dropSeeds(ctx context.Context, r renewal) error {
	site, err := p.environment.SitePackages()
	if err != nil {
		return err
	}
	has, err := packages.Read(site)
	if err != nil {
		return err
	}
	extra := r.extraSeeds(has)
	if len(extra) == 0 {
		return nil
	}
	return p.run(ctx, "uninstall", append([]string{"--yes", "--quiet"}, extra...)...)
}

// carry copies what a person has put into the environment: its project, hooks,
// programs and files of their own. What is in the site-packages of the old Python
// goes into that of the new one.
func (r renewal) carry(ctx context.Context, fresh env.Environment) error {
	site, inSite, elsewhere := "", []string(nil), []string(nil)
	for _, path := range r.persons.Paths {
		below, ok := strings.CutPrefix(filepath.Join(r.old.Path, path), r.site+"/")
		switch {
		case r.isInEditable(path): // carryEditables has
		case r.site != "" && ok:
			inSite = append(inSite, below)
		default:
			elsewhere = append(elsewhere, path)
		}
	}
	if err := carryPaths(ctx, r.old.Path, fresh.Path, elsewhere); err != nil {
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
func (r renewal) isInEditable(path string) bool {
	return slices.ContainsFunc(r.distributions, func(d packages.Distribution) bool {
		below, ok := r.inside(d)
		return ok && (path == below || strings.HasPrefix(path, below+"/"))
	})
}

// A conflictError says that the new environment has something of its own where
// the person has.
type conflictError struct{ path, other string }

func (e *conflictError) Error() string {
	return fmt.Sprintf("%s is yours, and the new environment has a file of its own in its place", e.path)
}

// carryPaths copies what is at the paths below from to the same ones below to.
func carryPaths(ctx context.Context, from, to string, paths []string) error {
	wanted := make(map[string]bool)
	for _, path := range paths {
		if _, err := os.Lstat(filepath.Join(to, path)); err == nil {
			if !isSame(filepath.Join(from, path), filepath.Join(to, path)) {
				return &conflictError{filepath.Join(from, path), filepath.Join(to, path)}
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

// makersKeys are the keys of pyvenv.cfg that venv, virtualenv and uv write.
var makersKeys = []string{
	"home", "include-system-site-packages", "version", "version_info", "prompt", "executable", "command", "implementation",
	"base-prefix", "base-exec-prefix", "base-executable", "virtualenv", "uv", "relocatable", "seed", "extends-environment",
}

// carryConfig adds the further keys of pyvenv.cfg to the new one.
func (r renewal) carryConfig(dir string) error {
	old, err := env.ReadConfig(r.old.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var lines []byte
	for _, key := range old.Keys() {
		if !slices.Contains(makersKeys, key) {
			lines = fmt.Appendf(lines, "%s = %s\n", key, old.Get(key))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	path := filepath.Join(dir, "pyvenv.cfg")
	text, err := disk.ReadSmall(path)
	if err != nil {
		return err
	}
	return disk.Replace(path, append(text, lines...), 0o666)
}
