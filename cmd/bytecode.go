package cmd

import (
	"context"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"den/env"
	"den/env/layout"
)

// bytecode returns how a new environment gets the bytecode of pip and the other seeded
// packages, and whether a den in the background adds it later. Without a setting, it is
// added later if a person waits at a terminal. If pip runs at once, it gets the bytecode
// that is there already.
func (a *app) bytecode(runsPip bool) (now layout.Bytecode, later bool, err error) {
	setting, err := a.settings.text(keyBytecode)
	switch {
	case setting == "always":
		return layout.Compiled, false, err
	case setting == "never":
		return layout.Uncompiled, false, err
	case runsPip:
		return layout.Cached, isTerminal(a.stderr), err
	}
	return layout.Uncompiled, isTerminal(a.stderr), err
}

// compileInBackground starts a den that adds to the environment the bytecode of
// what was seeded, and does not wait for it. Should that fail, Python compiles.
func compileInBackground(home env.Home, name string, spec layout.Spec) {
	if !spec.Pip && spec.Setuptools != layout.Wanted && spec.Wheel != layout.Wanted {
		return
	}
	args := []string{"compile", "--workon-home", home.Dir(), "--python", spec.Interpreter.BaseExecutable}
	if !spec.Pip {
		args = append(args, "--without-pip")
	}
	for flag, wish := range map[string]layout.Wish{"setuptools": spec.Setuptools, "wheel": spec.Wheel} {
		switch wish {
		case layout.Wanted:
			args = append(args, "--"+flag)
		case layout.Unwanted:
			args = append(args, "--no-"+flag)
		}
	}
	_ = startInBackground(append(args, "--", name)...)
}

// compileCommand adds the bytecode of what was seeded to an environment. It is
// what mk starts in the background.
func (a *app) compileCommand() *cobra.Command {
	var m mkOptions
	c := &cobra.Command{
		Use:    "compile NAME",
		Short:  "Compile the packages that an environment was made with",
		Hidden: true,
		Args:   exactlyOne("environment"),
		RunE: func(cmd *cobra.Command, args []string) error {
			m.name = args[0]
			return a.compile(cmd.Context(), m)
		},
	}
	f := c.Flags()
	f.StringVar(&m.python, "python", "", "the `interpreter`")
	f.BoolVar(&m.withoutPip, "without-pip", false, "without pip")
	f.BoolVar(&m.setuptools.yes, "setuptools", false, "with setuptools")
	f.BoolVar(&m.setuptools.no, "no-setuptools", false, "without setuptools")
	f.BoolVar(&m.wheel.yes, "wheel", false, "with wheel")
	f.BoolVar(&m.wheel.no, "no-wheel", false, "without wheel")
	return c
}

func (a *app) compile(ctx context.Context, m mkOptions) error {
	// A person works beside it.
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 10)
	home, err := a.home()
	if err != nil {
		return err
	}
	builder, spec, err := a.builder(ctx, m)
	if err != nil {
		return err
	}
	compiler, ok := builder.(layout.Compiler)
	if !ok {
		return nil
	}
	return home.Supplement(ctx, m.name, func(ctx context.Context, dir, final string) (func(string) bool, error) {
		return compiler.Compile(ctx, dir, final, spec)
	})
}
