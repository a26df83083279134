package layout

import (
	"cmp"
	"context"
)

// uv builds with uv's `venv` command.
type uv struct {
	options Options
	program string
}

func newUV(options Options) (Builder, error) {
	name := cmp.Or(options.Program, "uv")
	program, ok := options.lookUp(name)
	if !ok {
		return nil, &MissingError{Backend: "uv", Lack: "the program " + name, Hint: "pipx install uv"}
	}
	return uv{options, program}, nil
}

func (uv) Name() string { return "uv" }

func (b uv) Build(ctx context.Context, dir, final string, spec Spec) error {
	// The environment is not that of the project which happens to be in the
	// working directory.
	args := []string{"venv", "--no-project", "--python=" + spec.Interpreter.BaseExecutable}
	if spec.Pip {
		args = append(args, "--seed")
	}
	if spec.NeverDownload {
		args = append(args, "--offline")
	}
	args = append(args, spec.flags(dir, final)...)
	return b.options.lay(ctx, dir, final, spec, b.program, append(args, dir)...)
}
