package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"den/cmd/activate"
	"den/cmd/hint"
	"den/env"
	"den/env/layout"
	"den/env/python"
	"den/hooks"
	"den/shell"
	"den/shell/added"
)

// create makes the whole environment, or nothing.
func (a *app) create(ctx context.Context, home env.Home, m mkOptions) (none env.Environment, err error) {
	if m.program != "" {
		return a.createBy(ctx, home, m)
	}
	builder, spec, err := a.builder(ctx, m)
	if err != nil {
		return none, err
	}
	var later bool
	if spec.Bytecode, later, err = a.bytecode(m.installs()); err != nil {
		return none, err
	}
	if err := a.furnish(home); err != nil {
		return none, err
	}
	if m.clear {
		a.warnCleared(home, m.name)
	}
	stop := a.spin(fmt.Sprintf("making %s with Python %s", printable(m.name), spec.Interpreter.Version))
	defer stop()
	e, err := a.createOrReplace(ctx, home, "mk", m.name, m.clear, func(ctx context.Context, dir, final string) error {
		if err := builder.Build(ctx, dir, final, spec); err != nil {
			return blameDisk(err, dir)
		}
		if err := a.noteIn(env.Environment{Name: m.name, Path: dir}, m); err != nil {
			return err
		}
		if err := activate.WriteScripts(dir, shell.Activation{Path: final, Prompt: promptOf(m)}, added.Lines{}); err != nil {
			return err
		}
		return writeHookTemplates(dir)
	})
	if err == nil && later {
		compileInBackground(home, m.name, spec)
	}
	return e, err
}

// blameDisk adds to the error of a tool that the disk under dir is full, if it is: the
// tool may not have said so.
func blameDisk(err error, dir string) error {
	const nothing = 1 << 20 // bytes; no environment fits into less
	var disk unix.Statfs_t
	if unix.Statfs(dir, &disk) == nil && int64(disk.Bavail)*int64(disk.Bsize) < nothing {
		return fmt.Errorf("%w: %w", syscall.ENOSPC, err)
	}
	return err
}

func promptOf(m mkOptions) string {
	if m.prompt != "" {
		return m.prompt
	}
	return m.name
}

// builder returns the builder of an environment, and the specification for it, with
// the interpreter.
func (a *app) builder(ctx context.Context, m mkOptions) (layout.Builder, layout.Spec, error) {
	var none layout.Spec
	backend, err := a.backend(m)
	if err != nil {
		return nil, none, err
	}
	request, err := a.settings.text(keyPython)
	if err != nil {
		return nil, none, err
	}
	a.noteIgnored(backend, m)
	builder, err := layout.New(backend, a.buildOptions())
	if err != nil {
		return nil, none, err
	}
	interpreter, err := a.findOrGet(ctx, request)
	if err == nil {
		interpreter, err = a.fitting(ctx, interpreter, request, m.declared)
	}
	if err != nil {
		return nil, none, err
	}
	return builder, layout.Spec{
		Interpreter:        interpreter,
		Pip:                !m.withoutPip,
		SystemSitePackages: m.systemSitePackages,
		Prompt:             m.prompt,
		Setuptools:         m.setuptools.wish(),
		Wheel:              m.wheel.wish(),
		Copies:             m.copies,
		NeverDownload:      m.neverDownload,
		Options:            m.options,
	}, nil
}

// backend returns the name of the backend: virtualenv, if the person has given options
// that only virtualenv has.
func (a *app) backend(m mkOptions) (string, error) {
	setting, err := a.settings.value(keyBackend)
	special := slices.IndexFunc(m.options, func(option string) bool { return !isIdle(option) })
	switch {
	case err != nil || special < 0 || setting.Value == "virtualenv":
		return setting.Value, err
	case setting.Origin == "--backend":
		return "", hint.With(usagef("%s is an option of virtualenv, and the backend %s does not have it", m.options[special], setting.Value), "--backend virtualenv")
	}
	a.notef("%s is an option of virtualenv, so virtualenv makes this environment", m.options[special])
	return "virtualenv", nil
}

// buildOptions returns the options that all builders share.
func (a *app) buildOptions() layout.Options {
	return layout.Options{Environ: os.Environ(), CacheDir: a.settings.cacheDir("wheels"), StartDir: a.settings.cacheDir("interpreters")}
}

// finder returns a finder of interpreters, with the cache in the person's cache
// directory. Without a request, the active environment does not count, so that the
// default interpreter does not depend on it.
func (a *app) finder(request string) python.Finder {
	environ := os.Environ()
	if active, ok := shell.Active(os.LookupEnv); ok && request == "" {
		environ = active.Leave(os.LookupEnv).Environ(environ)
	}
	return python.Finder{Environ: environ, CacheDir: a.settings.cacheDir("interpreters")}
}

// writeHookTemplates writes empty hooks for the new environment in dir.
func writeHookTemplates(dir string) error {
	return hooks.WriteLocal(filepath.Join(dir, "bin"), os.Getenv("SHELL"))
}
