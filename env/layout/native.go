package layout

import (
	"context"
	"fmt"

	"den/env/python"
)

// native builds by itself, and starts no Python where the cache has all that
// goes into the environment.
type native struct {
	options Options
	// step is called as the work comes to each step, and may stop it. Tests
	// have the process killed there.
	step func(name string) error
}

func newNative(options Options) (Builder, error) {
	return native{options: options, step: func(string) error { return nil }}, nil
}

func (native) Name() string { return "native" }

// oldestNative is the first version that is built upon without help. Those
// before it want other files in other places.
var oldestNative = python.Version{Major: 3, Minor: 8}

func (b native) Build(ctx context.Context, dir, final string, spec Spec) error {
	i := spec.Interpreter
	switch {
	case i.Version.Less(oldestNative):
		return b.buildOld(ctx, dir, final, spec)
	case spec.Copies && i.Implementation != "cpython":
		// PyPy's program is small and needs libraries beside it, in places
		// that only its own venv knows.
		return venv{b.options}.Build(ctx, dir, final, spec)
	}
	t := tree{dir: dir, final: final, spec: spec, step: b.step}
	if err := t.lay(ctx); err != nil {
		return fmt.Errorf("laying out an environment in %s: %w", dir, err)
	}
	s := b.seeding(dir, final, spec)
	if err := s.seed(ctx); err != nil {
		return fmt.Errorf("installing pip in %s: %w", dir, err)
	}
	if err := b.options.checkStart(ctx, dir, spec); err != nil {
		return err
	}
	return b.step("done")
}

func (b native) seeding(dir, final string, spec Spec) seeding {
	return seeding{options: b.options, dir: dir, final: final, spec: spec, step: b.step}
}

// buildOld leaves a Python that is too old to virtualenv.
func (b native) buildOld(ctx context.Context, dir, final string, spec Spec) error {
	i := spec.Interpreter
	options := b.options
	options.Program = ""
	builder, err := newVirtualenv(options)
	if err == nil {
		err = builder.Build(ctx, dir, final, spec)
	}
	if err != nil {
		return fmt.Errorf("%s is Python %s, and what is older than %s is left to virtualenv: %w",
			i.Path, i.Version, oldestNative.Series(), err)
	}
	return nil
}
