// Package layout lays out virtual environments.
//
// A Builder makes a whole environment in a directory that is not yet its own:
// den makes environments aside and renames them into place, so their files
// (pyvenv.cfg, the first lines of scripts) have to name the final path. Other
// packages choose the interpreter, and make and name the directories.
package layout

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"den/env/disk"
	"den/env/python"
	"den/env/python/child"
)

// A Spec says what an environment shall be.
type Spec struct {
	Interpreter        python.Interpreter
	Pip                bool   // install pip into it
	SystemSitePackages bool   // let it see the packages of the interpreter
	Prompt             string // the text that stands for it in the prompt; "" for its name

	// These fields are for the native backend and virtualenv. venv knows only
	// Copies, uv only NeverDownload; for the rest they do as they always do.

	Setuptools    Wish
	Wheel         Wish
	Copies        bool // copy the interpreter rather than link to it
	NeverDownload bool // make do with what is on this machine
	Bytecode      Bytecode
	// Options are more of virtualenv's own; the others take no notice of them.
	Options []string
}

// A Wish is what was said about a thing that an environment may have.
type Wish int

// Unsaid leaves it to the backend.
const (
	Unsaid Wish = iota
	Wanted
	Unwanted
)

// A Builder makes environments in one way.
type Builder interface {
	// Name is the name that New takes.
	Name() string
	// Build makes the environment in dir, a directory that is empty or does
	// not exist, with final as the path that it says of itself. Both are
	// absolute. Once Build has returned nothing writes to dir any more, but
	// what is there after an error is for the caller to remove.
	//
	// The scripts bin/activate* say final too, quoted as the backend quotes,
	// which for unusual paths may be wrong.
	//
	// Errors are *TooOldError, *MissingError, *FailedError, and ctx's.
	Build(ctx context.Context, dir, final string, spec Spec) error
}

// Bytecode says what becomes of the modules of packages that are seeded: Python
// compiles each where it is imported first, or finds it compiled.
type Bytecode int

// These are the modules that are compiled when an environment is built.
const (
	Compiled   Bytecode = iota // all modules
	Cached                     // the modules of packages that were compiled before
	Uncompiled                 // none
)

// A Compiler is a Builder that can add to an environment, once it is built, the
// bytecode that Build left out.
type Compiler interface {
	// Compile puts the bytecode for what Build has seeded into the environment
	// at the path final into dir, at the same paths below it. It leaves out
	// that of modules which are others by now. fits reports for a file in dir,
	// by its path below, whether its source is still the one.
	Compile(ctx context.Context, dir, final string, spec Spec) (fits func(path string) bool, err error)
}

// Options are what builders need to know of the world.
type Options struct {
	// Environ is the environment, as os.Environ gives it, in which programs
	// are looked for and run. PYTHONHOME and the like are kept from them.
	Environ []string
	// Program is the program to build with, a path or a name on PATH; "" is
	// the backend's own. The native backend and venv have none.
	Program string
	// CacheDir is a directory in which the native backend keeps packages ready
	// to be placed. It is created when needed; if it cannot be written, or is
	// "", they are made ready each time.
	CacheDir string
	// StartDir is a directory in which is noted which Pythons have been seen to
	// start in an environment. It is created when needed; where it cannot be
	// written, or is "", each environment's Python is started once.
	StartDir string
}

// backends are the ways to build, in the order in which they are listed.
var backends = [...]struct {
	name string
	new  func(Options) (Builder, error)
}{
	{"native", newNative},
	{"venv", newVenv},
	{"virtualenv", newVirtualenv},
	{"uv", newUV},
}

// Backends lists the names that New takes.
func Backends() []string {
	var names []string
	for _, b := range backends {
		names = append(names, b.name)
	}
	return names
}

// New returns the builder of that name. Where the program that it needs is not
// installed, the error is a *MissingError, from New or, where that depends on
// the interpreter, from Build.
func New(backend string, options Options) (Builder, error) {
	for _, b := range backends {
		if b.name == backend {
			return b.new(options)
		}
	}
	return nil, fmt.Errorf("there is no backend %q: it is one of %s", backend, strings.Join(Backends(), ", "))
}

// Maker names the backend that makes an environment when b is told to: the native one leaves
// some Pythons to others.
func Maker(b Builder, spec Spec) string {
	if n, ok := b.(native); ok {
		return n.maker(spec)
	}
	return b.Name()
}

// lay runs a tool that makes an environment in dir, and makes it say final.
func (o Options) lay(ctx context.Context, dir, final string, spec Spec, program string, args ...string) error {
	output, err := child.Run(ctx, o.Environ, program, args...)
	if ctx.Err() != nil {
		return fmt.Errorf("running %s: %w", program, err)
	}
	if err != nil {
		return &FailedError{Program: program, Output: output, Err: err}
	}
	if _, err := os.Stat(filepath.Join(dir, "bin", "python")); err != nil {
		return &FailedError{Program: program, Output: output, Err: fmt.Errorf("it left no environment: %w", err)}
	}
	if err := Relocate(dir, final); err != nil {
		return err
	}
	return o.checkStart(ctx, dir, spec)
}

// checkStart starts the Python of the environment in dir, unless one that was
// made in the same way has started before.
func (o Options) checkStart(ctx context.Context, dir string, spec Spec) error {
	finder := python.Finder{Environ: o.Environ, CacheDir: o.StartDir}
	i := spec.Interpreter
	if !spec.Copies && finder.HasStarted(i) {
		return nil
	}
	err := finder.CheckStart(ctx, filepath.Join(dir, "bin", "python"), dir, i)
	switch {
	case ctx.Err() != nil:
		return err
	case err != nil:
		return &StartError{Spec: spec, Err: err}
	case !spec.Copies:
		finder.NoteStart(i)
	}
	return nil
}

// flags are the options that venv, virtualenv and uv have in common.
func (s Spec) flags(dir, final string) []string {
	var flags []string
	if s.SystemSitePackages {
		flags = append(flags, "--system-site-packages")
	}
	prompt := s.Prompt
	if prompt == "" && filepath.Base(dir) != filepath.Base(final) {
		// They take the name of dir for the environment's.
		prompt = filepath.Base(final)
	}
	if prompt != "" {
		flags = append(flags, "--prompt="+prompt)
	}
	return flags
}

// lookUp finds a program by its path, or by its name on PATH. Relative entries
// of PATH do not count.
func (o Options) lookUp(program string) (string, bool) {
	if strings.Contains(program, "/") {
		return program, disk.IsProgram(program)
	}
	for _, dir := range filepath.SplitList(child.Getenv(o.Environ, "PATH")) {
		if file := filepath.Join(dir, program); filepath.IsAbs(dir) && disk.IsProgram(file) {
			return file, true
		}
	}
	return "", false
}
