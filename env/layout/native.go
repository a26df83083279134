package layout

import (
	"context"
	"fmt"

	"den/env/python"
)

// native is den's own builder. It starts no Python if the cache has all files of the
// environment.
type native struct {
	options Options
	// step is called before each step. An error from it ends the work. Tests kill
	// the process here.
	step func(name string) error
}

func newNative(options Options) (Builder, error) {
	return native{options: options, step: func(string) error { return nil }}, nil
}

func (native) Name() string { return "native" }

// oldestNative is the oldest version of Python that native can build for. Older ones
// need other files in other places.
var oldestNative = python.Version{Major: 3, Minor: 8}

// maker names the backend that native leaves an environment to; "native" for none.
func (native) maker(spec Spec) string {
	i := spec.Interpreter
	switch {
	case i.Version.Less(oldestNative):
		return "virtualenv"
	case spec.Copies && i.Implementation != "cpython":
		// The program of PyPy is small and needs libraries beside it. Only its own
		// venv knows their places.
		return "venv"
	}
	return "native"
}

func (b native) Build(ctx context.Context, dir, final string, spec Spec) error {
	switch b.maker(spec) {
	case "virtualenv":
		return b.buildOld(ctx, dir, final, spec)
	case "venv":
		return venv{b.options}.Build(ctx, dir, final, spec)
	}
	t := tree{dir: dir, final: final, spec: spec, step: b.step}
	if err := t.lay(ctx); err != nil {
		return fmt.Errorf("laying out an environment in %s: %w", dir, err)
	}
	s := b.seeder(dir, final, spec)
	if err := s.seed(ctx); err != nil {
		return fmt.Errorf("installing pip in %s: %w", dir, err)
	}
	if err := b.options.checkStart(ctx, dir, spec); err != nil {
		return err
	}
	return b.step("done")
}

func (b native) seeder(dir, final string, spec Spec) seeder {
	return seeder{options: b.options, dir: dir, final: final, spec: spec, step: b.step}
}

// buildOld lets virtualenv build an environment for an older Python.
func (b native) buildOld(ctx context.Context, dir, final string, spec Spec) error {
	i := spec.Interpreter
	options := b.options
	options.Program = ""
	builder, err := newVirtualenv(options)
	if err == nil {
		err = builder.Build(ctx, dir, final, spec)
	}
	if err != nil {
		return fmt.Errorf("%s is Python %s, and only virtualenv makes environments for a Python older than %s: %w",
			i.Path, i.Version, oldestNative.Series(), err)
	}
	return nil
}
