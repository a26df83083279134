package cmd

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"

	"den/cmd/hint"
	"den/env"
	"den/env/store"
)

// createBy has another program make the environment, as virtualenvwrapper does: in
// WORKON_HOME, with the interpreter, the options and the name. If the program fails,
// createBy takes away what it has left.
func (a *app) createBy(ctx context.Context, home env.Home, m mkOptions) (none env.Environment, err error) {
	if err := a.furnish(home); err != nil {
		return none, err
	}
	program, err := exec.LookPath(m.program)
	if err != nil {
		for cause := err; cause != nil; cause = errors.Unwrap(cause) {
			err = cause // without the name, a second and a third time
		}
		err = fmt.Errorf("VIRTUALENVWRAPPER_VIRTUALENV names the program %s: %w", m.program, err)
		err = worded(err, "ERROR: virtualenvwrapper could not find %s in your path", m.program)
		return none, hint.With(err, "let den make it: unset VIRTUALENVWRAPPER_VIRTUALENV, or --backend native")
	}
	var interpreter []string
	if m.python != "" {
		interpreter = []string{"--python=" + m.python}
	}
	e, err := home.CreateInPlace(ctx, m.name, func(ctx context.Context) error {
		c := exec.CommandContext(ctx, program, slices.Concat(interpreter, m.options, []string{m.name})...)
		c.Dir = home.Dir()
		c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stdout, a.stderr
		if err := c.Run(); err != nil {
			return fmt.Errorf("%s failed: %w", m.program, err)
		}
		return nil
	})
	if err != nil {
		return none, err
	}
	return e, a.noteIn(e, m)
}

// noteIn writes den's own notes into a new environment.
func (a *app) noteIn(e env.Environment, m mkOptions) error {
	if m.project != "" {
		if err := a.link(e, m.project); err != nil {
			return err
		}
	}
	if m.temporary {
		return store.MarkTemporary(e.Path)
	}
	return nil
}
