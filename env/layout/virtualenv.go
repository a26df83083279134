package layout

import (
	"context"
	"errors"
	"strings"

	"den/env/python/child"
)

// virtualenv builds with the program of that name, or where there is none, the
// module of the interpreter.
type virtualenv struct {
	options Options
	program string // "" for the module
}

func newVirtualenv(options Options) (Builder, error) {
	if options.Program == "" {
		program, _ := options.lookUp("virtualenv")
		return virtualenv{options, program}, nil
	}
	program, ok := options.lookUp(options.Program)
	if !ok {
		return nil, missingVirtualenv("the program " + options.Program)
	}
	return virtualenv{options, program}, nil
}

func missingVirtualenv(lack string) error {
	return &MissingError{
		Backend: "virtualenv",
		Lack:    lack,
		Hint:    "pipx install virtualenv, or on Debian, apt install virtualenv",
	}
}

func (virtualenv) Name() string { return "virtualenv" }

func (b virtualenv) Build(ctx context.Context, dir, final string, spec Spec) error {
	interpreter := spec.Interpreter.BaseExecutable
	args := []string{"--python=" + interpreter}
	args = append(args, spec.seeds()...)
	if spec.Copies {
		args = append(args, "--copies")
	}
	if spec.NeverDownload {
		args = append(args, "--no-download")
	}
	args = append(args, spec.flags(dir, final)...)
	args = append(append(args, spec.Options...), dir)
	// A variable or its configuration file may name another Python, and come
	// before the option; the variable comes before the file.
	b.options.Environ = append(child.Environ(b.options.Environ), "VIRTUALENV_PYTHON="+interpreter)
	if b.program != "" {
		return b.options.lay(ctx, dir, final, spec, b.program, args...)
	}
	err := b.options.lay(ctx, dir, final, spec, interpreter, append(child.Module("virtualenv"), args...)...)
	if failed, ok := errors.AsType[*FailedError](err); ok && strings.Contains(failed.Output, "No module named virtualenv") {
		return missingVirtualenv("the program virtualenv, or the module of " + interpreter)
	}
	return err
}

// seeds are virtualenv's options for what to install.
func (s Spec) seeds() []string {
	var args []string
	for _, seed := range []struct {
		name string
		wish Wish
	}{{"setuptools", s.Setuptools}, {"wheel", s.Wheel}} {
		switch seed.wish {
		case Wanted:
			args = append(args, "--"+seed.name+"=bundle")
		case Unwanted:
			args = append(args, "--no-"+seed.name)
		}
	}
	if s.Pip {
		return args
	}
	if s.Setuptools != Wanted && s.Wheel != Wanted {
		return []string{"--no-seed"}
	}
	return append(args, "--no-pip")
}
