package cmd

import (
	"context"
	"errors"
	"syscall"

	"den/cmd/quantity"
	"den/env"
	"den/env/store"
)

// retention is how long, and how much, den keeps of what it takes away.
func (a *app) retention() (r store.Retention, err error) {
	span, err := a.settings.text(keyKeepRemoved)
	if err == nil {
		r.For, err = quantity.ParseSpan(span)
	}
	if err != nil {
		return r, err
	}
	size, err := a.settings.text(keyKeepRemovedSize)
	if err == nil {
		r.Size, err = quantity.ParseSize(size)
	}
	return r, err
}

// keeping returns the home in which the command keeps what it takes away, where the
// person wants that.
func (a *app) keeping(home env.Home, command string) (env.Home, error) {
	r, err := a.retention()
	if err != nil || r.For == 0 || r.Size == 0 {
		return home, err
	}
	unkept := func(name string) {
		a.warnf("there is no room to keep %q for den undo: it is deleted", name)
	}
	return home.Keeping(command).OnUnkept(unkept), nil
}

// undoable ends the sentence that says what den has done to the environment called
// name, if undo can take that back.
func (a *app) undoable(home env.Home, name string) string {
	if !isTerminal(a.stderr) || !home.HasKept(name) { // nobody else reads it
		return ""
	}
	return "; den undo brings it back"
}

// withRoom calls create. If the disk is full, it deletes the oldest kept environment and
// calls create once more.
func (a *app) withRoom(ctx context.Context, home env.Home, create func() (env.Environment, error)) (env.Environment, error) {
	e, err := create()
	if !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EDQUOT) {
		return e, err
	}
	dropped, dropErr := home.DropOldest(ctx)
	if dropped == nil || dropErr != nil {
		return e, err
	}
	a.notef("the disk is full: den has deleted %q, which was kept since %q, and tries again", dropped.Name, dropped.Command)
	return create()
}
