package layout

import (
	"context"
	_ "embed"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"den/env/python"
	"den/env/python/child"
)

//go:embed compile.py
var compileScript string

// modulesAtOnce is how many modules a Python that compiles is given at most: a
// command line has room for about ten times as many.
const modulesAtOnce = 1000

// CompileAll compiles the modules in the library of the environment in dir. The
// bytecode does not say dir: modules are compiled by their paths below it, and the
// import system puts the present path in.
func CompileAll(ctx context.Context, environ []string, i python.Interpreter, dir string) error {
	library := filepath.Join(dir, "lib")
	var names []string
	err := filepath.WalkDir(library, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.HasSuffix(path, ".py") {
			names = append(names, strings.TrimPrefix(path, library+"/"))
		}
		return err
	})
	if err != nil {
		return err
	}
	return compileModules(ctx, environ, i, library, names)
}

// compileModules compiles the modules in dir, with as many interpreters as there are
// processors.
func compileModules(ctx context.Context, environ []string, i python.Interpreter, dir string, names []string) error {
	workers := min(runtime.GOMAXPROCS(0), 8)
	size := min(modulesAtOnce, len(names)/workers+1)
	groups := make(chan []string, len(names)/size+1)
	for start := 0; start < len(names); start += size {
		groups <- names[start:min(start+size, len(names))]
	}
	close(groups)
	var compilers sync.WaitGroup
	failed := make([]error, workers)
	for w := range failed {
		compilers.Go(func() {
			for group := range groups {
				program := i.BaseExecutable
				args := append([]string{"-I", "-S", "-c", compileScript, dir}, group...)
				output, err := child.Run(ctx, environ, program, args...)
				if err != nil && ctx.Err() == nil {
					err = &FailedError{Program: program, Output: output, Err: err}
				}
				failed[w] = errors.Join(failed[w], err)
			}
		})
	}
	compilers.Wait()
	return errors.Join(failed...)
}
