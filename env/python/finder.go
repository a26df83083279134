package python

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"den/env/disk"
	"den/env/python/child"
)

// A Finder knows where to look for interpreters. It is a plain value; the zero
// Finder finds only what is installed outside of PATH and of any home.
type Finder struct {
	// Environ is the environment, as os.Environ gives it, in which interpreters
	// are looked for (PATH, HOME, PYENV_ROOT …) and run.
	Environ []string
	// Root is put before the absolute paths of the known places: "" is the
	// machine itself. PATH and HOME are taken as they are.
	Root string
	// CacheDir is a directory of den's own for what interpreters answered. It
	// is created when needed; if it cannot be written, or is "", interpreters
	// are asked each time.
	CacheDir string
	// Limit is how long an interpreter may take to answer; 0 means 30 seconds.
	Limit time.Duration

	goos string // runtime.GOOS, where a test does not say otherwise
}

// Find returns the interpreter that request asks for:
//
//   - "": the python3 on PATH, then python, then any other, newest first
//   - a path (with a "/"; "~/" is the home directory): that file, or the
//     interpreter in that installation or environment
//   - a version ("3", "3.12", "3.12.1", "3.13t", "pypy3.10") or a range
//     (">=3.10,<3.13", PEP 440's comparisons): the newest one that matches,
//     CPython before others and final before pre-releases; of equals, the
//     first on PATH
//   - another name: the command of that name on PATH, then in the known places
//
// Files that do not run are passed over where there is another candidate. An
// environment's Python stands for its base interpreter.
//
// Errors are *NotFoundError, *ProbeError, *RequestError, and ctx's.
func (f Finder) Find(ctx context.Context, request string) (Interpreter, error) {
	switch {
	case request == "":
		return f.findDefault(ctx)
	case strings.Contains(request, "/") || request == "~":
		return f.findPath(ctx, request)
	case looksLikeVersion(request):
		r, err := parseRequest(request)
		if err != nil {
			return Interpreter{}, err
		}
		return f.findMatch(ctx, request, r)
	}
	return f.findCommand(ctx, request)
}

// All returns every interpreter that is found, each once, in the order in
// which Find would choose among them. Files that do not run are left out; the
// error is ctx's.
func (f Finder) All(ctx context.Context) ([]Interpreter, error) {
	return f.matches(ctx, request{})
}

func (f Finder) findDefault(ctx context.Context) (Interpreter, error) {
	candidates := append(f.onPath("python3"), f.onPath("python")...)
	found, broken := f.first(ctx, candidates, func(i Interpreter) bool { return i.Version.Major >= 3 })
	if broken == nil {
		return found, nil
	}
	found, err := f.findMatch(ctx, "", request{})
	return found, moreTelling(broken, err)
}

func (f Finder) findCommand(ctx context.Context, name string) (Interpreter, error) {
	found, broken := f.first(ctx, f.onPath(name), anyInterpreter)
	if broken == nil {
		return found, nil
	}
	// A name such as python3.10 tells a version: the newest 3.10 anywhere.
	if r, err := parseRequest(name); err == nil {
		found, err := f.findMatch(ctx, name, r)
		return found, moreTelling(broken, err)
	}
	found, err := f.first(ctx, f.named(name, f.known()), anyInterpreter)
	if isNotFound(err) {
		err = f.notFound(ctx, name)
	}
	return found, moreTelling(broken, err)
}

// moreTelling chooses the error to report: the first interpreter failed, and so did the
// search for another. If a command is there and does not run, the person has to mend it,
// so its error is reported.
func moreTelling(broken, err error) error {
	if isNotFound(err) && !isNotFound(broken) {
		return broken
	}
	return err
}

func isNotFound(err error) bool {
	_, ok := errors.AsType[*NotFoundError](err)
	return ok
}

// findPath finds the interpreter at a path, or in the directory at a path.
func (f Finder) findPath(ctx context.Context, request string) (Interpreter, error) {
	path := request
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || rest[0] == '/') {
		path = f.getenv("HOME") + rest
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return Interpreter{}, fmt.Errorf("finding %s: %w", request, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		if target, err := os.Readlink(path); err == nil {
			return Interpreter{}, &ProbeError{Path: path, Err: fmt.Errorf("it links to %s, which is not there", target)}
		}
		return Interpreter{}, &NotFoundError{Request: request}
	}
	if !info.IsDir() {
		return f.identify(ctx, path, f.sourceOf(path))
	}
	bin := []place{{f.sourceOf(filepath.Join(path, "bin", "python")), []string{filepath.Join(path, "bin")}}}
	candidates := append(f.named("python3", bin), f.named("python", bin)...)
	found, err := f.first(ctx, candidates, anyInterpreter)
	if isNotFound(err) {
		err = &NotFoundError{Request: request}
	}
	return found, err
}

// findMatch returns the best interpreter that r admits.
func (f Finder) findMatch(ctx context.Context, text string, r request) (Interpreter, error) {
	found, err := f.matches(ctx, r)
	if err != nil {
		return Interpreter{}, err
	}
	if len(found) == 0 {
		return Interpreter{}, f.notFound(ctx, text)
	}
	return found[0], nil
}

// notFound makes the error that names what there is instead.
func (f Finder) notFound(ctx context.Context, text string) error {
	all, err := f.All(ctx)
	if err != nil {
		return err
	}
	missing := &NotFoundError{Request: text}
	for _, i := range all {
		if name := i.Name(); !slices.Contains(missing.Available, name) {
			missing.Available = append(missing.Available, name)
		}
	}
	return missing
}

// matches returns the interpreters that r admits, the best first.
func (f Finder) matches(ctx context.Context, r request) ([]Interpreter, error) {
	all, err := f.identifyAll(ctx, f.scan(r))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(i Interpreter) bool { return !r.admits(i) })
	slices.SortStableFunc(all, preference)
	return all, nil
}

// preference orders interpreters so that what most people mean comes first.
func preference(a, b Interpreter) int { return hintPreference(a.facts(), b.facts()) }

// hintPreference is preference for hints.
func hintPreference(a, b hint) int {
	return cmp.Or(
		falseFirst(a.isOther(), b.isOther()),
		falseFirst(a.freeThreaded, b.freeThreaded),
		falseFirst(a.version.Suffix != "", b.version.Suffix != ""),
		b.version.Compare(a.version),
	)
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// first returns the first candidate that runs and is accepted. Its error is
// ctx's, or the error of the first candidate that exists and does not run, or a
// *NotFoundError.
func (f Finder) first(ctx context.Context, candidates []candidate, accept func(Interpreter) bool) (Interpreter, error) {
	var broken error
	for _, c := range candidates {
		found, err := f.identify(ctx, c.path, c.source)
		switch {
		case err == nil && accept(found):
			return found, nil
		case ctx.Err() != nil:
			return Interpreter{}, err
		case err != nil && broken == nil && !c.shim:
			// A shim fails whenever the version that is chosen at the moment
			// has no such command: as if it were not there.
			broken = err
		}
	}
	if broken == nil {
		broken = &NotFoundError{}
	}
	return Interpreter{}, broken
}

func anyInterpreter(Interpreter) bool { return true }

// identifyAll identifies candidates, several at a time. Each interpreter is in
// the result once, where the first candidate is that leads to it.
func (f Finder) identifyAll(ctx context.Context, candidates []candidate) ([]Interpreter, error) {
	answers := make([]*Interpreter, len(candidates))
	turns := make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	var probes sync.WaitGroup
	for i, c := range candidates {
		probes.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			if found, err := f.identify(ctx, c.path, c.source); err == nil {
				answers[i] = &found
			}
		})
	}
	probes.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("looking for interpreters: %w", context.Cause(ctx))
	}
	var distinct []Interpreter
	for _, found := range answers {
		if found != nil && !slices.ContainsFunc(distinct, func(i Interpreter) bool { return IsSame(i, *found) }) {
			distinct = append(distinct, *found)
		}
	}
	return distinct, nil
}

// IsSame reports whether a and b are the same interpreter.
func IsSame(a, b Interpreter) bool {
	return a.Prefix == b.Prefix && a.Version == b.Version && disk.IsSame(a.Executable, b.Executable)
}

// identify runs the program at path for the facts about it. If it is the Python of
// an environment, identify returns the base interpreter.
func (f Finder) identify(ctx context.Context, path, source string) (Interpreter, error) {
	return f.follow(path, source, func(path string) (answer, error) { return f.probe(ctx, path) })
}

// follow goes by what ask says of programs.
func (f Finder) follow(path, source string, ask func(path string) (answer, error)) (Interpreter, error) {
	if program, ok := f.behindShim(path); ok {
		path, source = program, f.sourceOf(program)
	}
	asked := map[string]bool{}
	at := path
	for {
		asked[at] = true
		a, err := ask(at)
		if err != nil {
			return Interpreter{}, err
		}
		if !a.inEnvironment() {
			return a.interpreter(at, source), nil
		}
		at = string(a.BaseExecutable)
		if at == "" || asked[at] {
			return Interpreter{}, &ProbeError{Path: path, Err: errors.New("den cannot find the interpreter that made its environment")}
		}
		source = f.sourceOf(at)
	}
}

// sourceOf says which place a path is in.
func (f Finder) sourceOf(path string) string {
	dir := filepath.Dir(path)
	for _, p := range f.places() {
		if slices.Contains(p.dirs, dir) {
			return p.source
		}
	}
	return "path"
}

func (f Finder) getenv(name string) string { return child.Getenv(f.Environ, name) }

func (f Finder) system() string { return cmp.Or(f.goos, runtime.GOOS) }
