package python

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"den/env/disk"
)

//go:embed start.py
var startScript string

// A Started is what a Python says of itself when it is started.
type Started struct {
	Version Version
	// Prefix is the environment that it says it is in, BasePrefix the
	// installation with its library.
	Prefix, BasePrefix string
	// Lacks are modules of the standard library that it cannot import, each with
	// the reason.
	Lacks []Lack
}

// A Lack is a module that cannot be imported.
type Lack struct{ Module, Reason string }

func (l Lack) String() string { return fmt.Sprintf("import %s: %s", l.Module, l.Reason) }

// Start starts the Python at path, which may be an environment's, and returns its
// answer. The error is a *ProbeError, or ctx's.
func (f Finder) Start(ctx context.Context, path string) (Started, error) {
	text, err := f.ask(ctx, path, startScript)
	if err != nil {
		return Started{}, err
	}
	var answer struct {
		Version    versionInfo `json:"version"`
		Prefix     pathText    `json:"prefix"`
		BasePrefix pathText    `json:"base_prefix"`
		Lacks      [][2]string `json:"lacks"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return Started{}, &ProbeError{Path: path, Output: text}
	}
	s := Started{Version: Version(answer.Version), Prefix: string(answer.Prefix), BasePrefix: string(answer.BasePrefix)}
	for _, lack := range answer.Lacks {
		s.Lacks = append(s.Lacks, Lack{lack[0], lack[1]})
	}
	return s, nil
}

// IsIn reports whether it says that it is in the environment at dir.
func (s Started) IsIn(dir string) bool { return disk.IsSame(s.Prefix, dir) }

// CheckStart starts the Python at path in the environment at dir, and returns
// why it is not one that was made from i and works: a *ProbeError, another
// error, or ctx's. A module that i cannot import either is no reason.
func (f Finder) CheckStart(ctx context.Context, path, dir string, i Interpreter) error {
	started, err := f.Start(ctx, path)
	switch {
	case err != nil:
		return err
	case !started.IsIn(dir):
		return fmt.Errorf("it says that it is in %s", started.Prefix)
	case !disk.IsSame(started.BasePrefix, i.BasePrefix):
		return fmt.Errorf("it uses the library in %s, not the one in %s", started.BasePrefix, i.BasePrefix)
	case started.Version != i.Version:
		return fmt.Errorf("it is Python %s, and not %s", started.Version, i.Version)
	case len(started.Lacks) == 0:
		return nil
	}
	base, err := f.Start(ctx, i.BaseExecutable)
	if err != nil {
		return err
	}
	for _, lack := range started.Lacks {
		if !slices.ContainsFunc(base.Lacks, func(l Lack) bool { return l.Module == lack.Module }) {
			return fmt.Errorf("%s", lack)
		}
	}
	return nil
}

// HasStarted reports whether an environment that was made from i has been seen
// to start, and nothing has changed since that could keep the next from it.
func (f Finder) HasStarted(i Interpreter) bool {
	if f.CacheDir == "" {
		return false
	}
	text, err := disk.ReadTrusted(f.startFile(i))
	var m memory
	return err == nil && json.Unmarshal(text, &m) == nil && m.Script == hashOf(startScript) &&
		m.Subject == observe(i.BaseExecutable) && m.Stdlib == stateOf(os.Stat(i.Stdlib))
}

// NoteStart notes that an environment that was made from i has started.
func (f Finder) NoteStart(i Interpreter) {
	if f.CacheDir == "" {
		return
	}
	content, err := json.Marshal(memory{
		Script:  hashOf(startScript),
		Subject: observe(i.BaseExecutable),
		Stdlib:  stateOf(os.Stat(i.Stdlib)),
	})
	if err == nil && disk.MkdirAll(f.CacheDir, 0o700) == nil {
		_ = disk.Replace(f.startFile(i), content, 0o600) // or start the next one too
	}
}

func (f Finder) startFile(i Interpreter) string { return f.memoryFile(i.BaseExecutable) + ".start" }
