package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"den/env"
	"den/env/build"
	"den/env/packages"
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
		return nil, err
	}
	if err := r.carry(ctx, fresh); err != nil {
		return nil, err
	}
	// What pip has installed says dir.
	if stuck, err = build.Move(ctx, dir, dir, final, dir); err != nil {
		return nil, err
	}
	return stuck, writeScripts(dir, shell.Activation{Path: final, Prompt: fresh.Prompt()}, addedTo(r.old))
}

// lay makes the new environment, with nothing in it but what its packages are
// installed by.
func (a *app) lay(ctx context.Context, r renewal, dir, final string) error {
	stop := a.spin(fmt.Sprintf("making %s with Python %s", printable(r.old.Name), r.interpreter.Version))
	defer stop()
	return r.builder.Build(ctx, dir, final, build.Spec{
		Interpreter:        r.interpreter,
		Pip:                r.hadPip() || len(r.requirements(dir)) > 0,
		SystemSitePackages: r.systemSite,
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

// A pipError says that pip failed.
type pipError struct{ err error }

func (e *pipError) Error() string {
	return fmt.Sprintf("installing its packages failed (pip: %s)", e.err)
}
func (e *pipError) Unwrap() error { return e.err }

// reinstall installs what the old environment has, exactly that, and then what
// that needs under the new Python and did not need under the old one.
func (a *app) reinstall(ctx context.Context, r renewal, fresh env.Environment) error {
	lines := r.requirements(fresh.Path)
	if len(lines) > 0 {
		file, err := writeLines(lines)
		if err != nil {
			return err
		}
		defer os.Remove(file)
		if err := a.pip(ctx, fresh, "install", "--no-deps", "-r", file); err != nil {
			return err
		}
		if err := a.completeDependencies(ctx, fresh); err != nil {
			return err
		}
	}
	if err := a.dropSeeds(ctx, r, fresh); err != nil {
		return err
	}
	return build.RepairScripts(fresh.Path)
}

// writeLines writes a file of lines, for pip to read.
func writeLines(lines []string) (path string, err error) {
	file, err := os.CreateTemp("", "den-requirements-*.txt")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return file.Name(), err
}

// completeDependencies installs what packages say they need and is not there. What
// else pip finds wrong was so before, and is told.
func (a *app) completeDependencies(ctx context.Context, fresh env.Environment) error {
	said, err := a.pipCheck(ctx, fresh)
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
		if err := a.pip(ctx, fresh, append([]string{"install", "--"}, missing...)...); err != nil {
			return err
		}
		if said, err = a.pipCheck(ctx, fresh); err != nil {
			return err
		}
	}
	if said != "" {
		a.warnf("packages of %q do not fit together:\n    %s", fresh.Name, strings.ReplaceAll(strings.TrimSpace(said), "\n", "\n    "))
	}
	return nil
}

// pipCheck returns what "pip check" complains of.
func (a *app) pipCheck(ctx context.Context, fresh env.Environment) (string, error) {
	c := pipCommand(ctx, fresh, "check")
	out, err := c.Output()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err == nil {
		return "", nil
	}
	if c.ProcessState == nil || c.ProcessState.ExitCode() != 1 {
		return "", &pipError{err}
	}
	return string(bytes.TrimSpace(out)), nil
}

// dropSeeds takes out what came with the new environment and was not in the old.
func (a *app) dropSeeds(ctx context.Context, r renewal, fresh env.Environment) error {
	site, err := fresh.SitePackages()
	if err != nil {
		return nil // nothing came with it
	}
	has, err := packages.Read(site)
	if err != nil {
		return err
	}
	var extra []string
	for _, d := range has {
		name := packages.Normalize(d.Name)
		kept := r.has(name) || name == "pip" && r.hadPip()
		if slices.Contains(seeds, name) && !kept {
			extra = append(extra, d.Name)
		}
	}
	if len(extra) == 0 || !slices.ContainsFunc(has, func(d packages.Distribution) bool { return packages.Normalize(d.Name) == "pip" }) {
		return nil
	}
	return a.pip(ctx, fresh, append([]string{"uninstall", "--yes", "--quiet"}, extra...)...)
}

// pip runs the pip of the new environment, with its own words on the terminal.
func (a *app) pip(ctx context.Context, fresh env.Environment, args ...string) error {
	c := pipCommand(ctx, fresh, args...)
	c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stdout, a.stderr
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &pipError{err}
	}
	return nil
}

// pipCommand is a call of the environment's pip, as from inside.
func pipCommand(ctx context.Context, e env.Environment, args ...string) *exec.Cmd {
	// -I keeps a pip.py in the current directory from being taken for pip.
	c := exec.CommandContext(ctx, e.Python(), append([]string{"-I", "-m", "pip", "--disable-pip-version-check"}, args...)...)
	c.Env = environIn(e)
	// pip gets the terminal's Ctrl-C itself, and may finish what it must.
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGINT) }
	return c
}

// carry copies what a person has put into the environment: its project, hooks,
// programs and files of their own, all that belongs to no package and to no
// Python, and is not in the new one already.
func (r renewal) carry(ctx context.Context, fresh env.Environment) error {
	skip := func(root, path string) bool {
		_, err := os.Lstat(filepath.Join(fresh.Path, path))
		return r.owned[filepath.Join(root, path)] || err == nil
	}
	_, err := tree.Copy(ctx, r.old.Path, fresh.Path, tree.Options{Skip: func(path string, entry fs.DirEntry) bool {
		return isPythons(path) || !entry.IsDir() && skip(r.old.Path, path)
	}})
	if err != nil || r.site == "" {
		return err
	}
	site, err := fresh.SitePackages()
	if err != nil {
		return err
	}
	_, err = tree.Copy(ctx, r.site, site, tree.Options{Skip: func(path string, entry fs.DirEntry) bool {
		_, err := os.Lstat(filepath.Join(site, path))
		return entry.IsDir() || r.owned[filepath.Join(r.site, path)] || err == nil || !isPersons(path)
	}})
	return err
}

// isPythons reports whether a path in an environment is of what comes with it.
func isPythons(path string) bool {
	dir, name := filepath.Split(path)
	switch dir {
	case "":
		return name == "pyvenv.cfg" || name == "lib64"
	case "lib/":
		return strings.HasPrefix(name, "python") || strings.HasPrefix(name, "pypy")
	case "include/":
		return strings.HasPrefix(name, "python") || strings.HasPrefix(name, "pypy") || name == "site"
	case "bin/":
		for _, prefix := range []string{"python", "pypy", "pip", "easy_install", "activate", "Activate", "deactivate", "wheel", "__pycache__"} {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
	}
	return false
}

// isPersons reports whether a file in site-packages that belongs to no package
// is one that a person, or virtualenvwrapper's add2virtualenv, has put there.
func isPersons(name string) bool {
	for _, prefix := range []string{"__editable__", "easy-install.pth", "distutils-precedence.pth", "_virtualenv."} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return strings.HasSuffix(name, ".pth") || strings.HasSuffix(name, ".py")
}
