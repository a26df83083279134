package env

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ExistsError says that the name of Environment is taken.
type ExistsError struct {
	Environment Environment
	Found       string // what stands there, "" for an environment: "a directory", "a file"
}

func (e *ExistsError) Error() string {
	if e.Found == "" {
		return fmt.Sprintf("environment %q exists already", e.Environment.Name)
	}
	return fmt.Sprintf("the name %q is taken: %s is %s, not an environment",
		e.Environment.Name, e.Environment.Path, e.Found)
}

// Create makes the environment called name. It calls fill to lay it out in
// dir, an empty directory called name, as it is to be at final, its path once
// Create has moved it there; by then it is on the disk. Whatever happens, be it
// a power cut, the environment is at final whole or not at all, and on an
// error, or when fill panics, nothing of it is left. What makers that died have
// left behind goes as well.
//
// The home is made where it is missing. When someone else is making or removing
// an environment of that name, Create waits for them. It returns a *NameError
// when no environment can be called name, an *ExistsError when anything at all
// is there, a *NotEnvironmentError when fill made none, the error of ctx when
// that is done before the environment is in place, and what fill returns.
func (h Home) Create(ctx context.Context, name string, fill func(ctx context.Context, dir, final string) error) (Environment, error) {
	if err := CheckName(name); err != nil {
		return Environment{}, err
	}
	e := Environment{Name: name, Path: h.Path(name)}
	err := h.create(ctx, e, fill)
	if _, taken := errors.AsType[*ExistsError](err); taken {
		return Environment{}, err
	}
	if err != nil {
		return Environment{}, fmt.Errorf("making environment %s: %w", e.Path, err)
	}
	return e, nil
}

// CreateInPlace is Create for what can be made only at its path. fill makes it
// there, so that it is not whole at once; if it fails, what it has left is moved
// to the trash.
func (h Home) CreateInPlace(ctx context.Context, name string, fill func(ctx context.Context) error) (Environment, error) {
	if err := CheckName(name); err != nil {
		return Environment{}, err
	}
	if _, err := h.Ensure(); err != nil {
		return Environment{}, err
	}
	e := Environment{Name: name, Path: h.Path(name)}
	lock, err := h.lock(ctx, name)
	if err != nil {
		return Environment{}, err
	}
	defer lock.release()
	if err := e.vacant(); err != nil {
		return Environment{}, err
	}
	if err = fill(ctx); err != nil {
		err = explain(ctx, err)
	} else {
		_, err = Open(e.Path)
	}
	if err != nil {
		h.bury(e.Path) // it may have left nothing
		return Environment{}, fmt.Errorf("making environment %s: %w", e.Path, err)
	}
	return e, nil
}

func (h Home) create(ctx context.Context, e Environment, fill func(ctx context.Context, dir, final string) error) error {
	// Looked at before locking, which writes, so that a name is said to be
	// taken even where nothing can be written, and after, when it counts.
	if err := e.vacant(); err != nil {
		return err
	}
	if _, err := h.Ensure(); err != nil {
		return err
	}
	lock, err := h.lock(ctx, e.Name)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := e.vacant(); err != nil {
		return err
	}
	h.clearStaging(ctx)

	stage, err := h.newStage()
	if err != nil {
		return err
	}
	defer stage.discard()
	dir := filepath.Join(stage.dir, e.Name)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return fmt.Errorf("creating %s: %w", dir, reason(err))
	}
	if err := fill(ctx, dir, e.Path); err != nil {
		return explain(ctx, err)
	}
	if err := secure(dir); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return e.publish(dir)
}

// vacant returns an *ExistsError when something is at the environment's path.
func (e Environment) vacant() error {
	found, err := there(e.Path)
	if err != nil {
		return err
	}
	if !found {
		return nil
	}
	if lacks, err := lacking(e.Path); err == nil && lacks == "" {
		return &ExistsError{Environment: e}
	}
	return &ExistsError{Environment: e, Found: describe(e.Path)}
}

// explain says that fill failed because it was told to stop, if it was: of
// itself it may only know that a program it had started was killed.
func explain(ctx context.Context, err error) error {
	if stopped := ctx.Err(); stopped != nil && !errors.Is(err, stopped) {
		return fmt.Errorf("%w: %w", stopped, err)
	}
	return err
}

// secure returns when the environment laid out in dir is all on the disk. That
// has to come before it gets its name there, or a power cut could leave the
// one without the other.
func secure(dir string) error {
	lacks, err := lacking(dir)
	if err != nil {
		return err
	}
	if lacks != "" {
		return &NotEnvironmentError{Path: dir, Reason: "has no " + lacks}
	}
	return flush(dir)
}

// publish moves the environment from dir to its path.
func (e Environment) publish(dir string) error {
	if err := renameNew(dir, e.Path); err != nil {
		// Someone who does not know of the lock may have been quicker.
		if taken := e.vacant(); taken != nil {
			return taken
		}
		return fmt.Errorf("moving %s to %s: %w", dir, e.Path, reason(err))
	}
	if err := syncDir(filepath.Dir(e.Path)); err != nil {
		// What cannot be promised to last is taken back.
		os.Rename(e.Path, dir)
		return err
	}
	return nil
}
