package layout

import (
	"context"
	"fmt"

	"den/env/python"
)

// venv builds with the venv module of the interpreter.
type venv struct{ options Options }

func newVenv(options Options) (Builder, error) { return venv{options}, nil }

func (venv) Name() string { return "venv" }

func (b venv) Build(ctx context.Context, dir, final string, spec Spec) error {
	if err := b.check(spec); err != nil {
		return err
	}
	// -I keeps a venv.py in the working directory from being run instead.
	args := []string{"-I", "-m", "venv"}
	if !spec.Pip {
		args = append(args, "--without-pip")
	}
	if spec.Copies {
		args = append(args, "--copies")
	}
	args = append(args, spec.flags(dir, final)...)
	return b.options.lay(ctx, dir, final, spec, spec.Interpreter.BaseExecutable, append(args, dir)...)
}

// check refuses what would fail halfway.
func (b venv) check(spec Spec) error {
	i := spec.Interpreter
	switch {
	case i.Version.Less(python.Version{Major: 3, Minor: 8}):
		return &TooOldError{Backend: b.Name(), Interpreter: i, Oldest: "3.8"}
	case !i.HasVenv:
		return b.missing(i, "venv")
	case spec.Pip && !i.HasEnsurepip:
		return b.missing(i, "ensurepip")
	}
	return nil
}

// missing tells how to get a module of the standard library that a
// distribution has put into a package of its own.
func (b venv) missing(i python.Interpreter, module string) error {
	missing := &MissingError{
		Backend: b.Name(),
		Lack:    fmt.Sprintf("the module %s of %s", module, i.Path),
		Hint:    "choose a Python that is complete",
	}
	if i.Debian {
		missing.Package = debianPackage(i)
		missing.Hint = "apt install " + missing.Package
	}
	return missing
}
