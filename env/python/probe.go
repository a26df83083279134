package python

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"den/env/python/child"
)

//go:embed probe.py
var probeScript string

// mark begins the line that carries the answer. Others may come before it: a
// sitecustomize.py may print.
const mark = "den-probe: "

// An answer is what probe.py prints.
type answer struct {
	Version        versionInfo         `json:"version"`
	Implementation string              `json:"implementation"`
	FreeThreaded   bool                `json:"free_threaded"`
	PointerBits    int                 `json:"pointer_bits"`
	Executable     pathText            `json:"executable"`
	BaseExecutable pathText            `json:"base_executable"`
	Prefix         pathText            `json:"prefix"`
	BasePrefix     pathText            `json:"base_prefix"`
	Stdlib         pathText            `json:"stdlib"`
	Scheme         map[string]pathText `json:"scheme"`
	HasVenv        bool                `json:"has_venv"`
	HasEnsurepip   bool                `json:"has_ensurepip"`
	WheelDirs      []pathText          `json:"wheel_dirs"`
	Debian         bool                `json:"debian"`
}

// pathText is a path that travels with one character for each of its bytes.
type pathText string

func (p *pathText) UnmarshalJSON(text []byte) error {
	var characters string
	if err := json.Unmarshal(text, &characters); err != nil {
		return err
	}
	path := make([]byte, 0, len(characters))
	for _, c := range characters {
		path = append(path, byte(c))
	}
	*p = pathText(path)
	return nil
}

// versionInfo is a sys.version_info: [3, 12, 1, "final", 0].
type versionInfo Version

func (v *versionInfo) UnmarshalJSON(text []byte) error {
	var level string
	var serial int
	parts := []any{&v.Major, &v.Minor, &v.Micro, &level, &serial}
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	suffix, err := parseSuffix(fmt.Sprintf(".%s.%d", level, serial))
	v.Suffix = suffix
	return err
}

// probeLimit is how long an interpreter may take to answer. A cold one on a
// network disk takes seconds.
const probeLimit = 30 * time.Second

// probe asks the interpreter at path about itself, or the cache if it knows.
func (f Finder) probe(ctx context.Context, path string) (answer, error) {
	if known, ok := f.remembered(path); ok {
		return known, nil
	}
	before := observe(path)
	text, err := f.ask(ctx, path, probeScript)
	if err != nil {
		return answer{}, err
	}
	a, err := parseAnswer(text)
	if err != nil {
		return answer{}, &ProbeError{Path: path, Output: text}
	}
	f.remember(path, before, text, a)
	return a, nil
}

// ask has the interpreter run a script and returns the line of its answer.
func (f Finder) ask(ctx context.Context, path, script string) (string, error) {
	limit := f.Limit
	if limit == 0 {
		limit = probeLimit
	}
	slow := fmt.Errorf("no answer within %v", limit)
	limited, cancel := context.WithTimeoutCause(ctx, limit, slow)
	defer cancel()
	output, err := child.Run(limited, f.Environ, path, "-E", "-s", "-c", script)
	if ctx.Err() != nil {
		return "", fmt.Errorf("asking %s what it is: %w", path, context.Cause(ctx))
	}
	if at := strings.LastIndex(output, "\n"+mark); at >= 0 {
		line, _, complete := strings.Cut(output[at+1+len(mark):], "\n")
		if complete {
			return line, nil
		}
	}
	return "", &ProbeError{Path: path, Output: output, Err: whyNot(path, err)}
}

// whyNot tells a Python that fails from another program that, told to run a
// Python script, fails as it should.
func whyNot(path string, err error) error {
	var exit *exec.ExitError
	if _, named := fileHint(filepath.Base(path)); errors.As(err, &exit) && !named {
		return nil
	}
	if start, ok := errors.AsType[*fs.PathError](err); ok {
		return start.Err // without "fork/exec PATH", which the message says better
	}
	return err
}

// parseAnswer reads the line of an answer and checks that it is whole.
func parseAnswer(text string) (answer, error) {
	var a answer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return answer{}, err
	}
	if a.Version.Major == 0 || !filepath.IsAbs(string(a.Executable)) || !filepath.IsAbs(string(a.Prefix)) {
		return answer{}, errors.New("incomplete")
	}
	return a, nil
}

// inEnvironment tells whether a virtual environment's Python gave the answer.
func (a answer) inEnvironment() bool { return a.Prefix != a.BasePrefix }

// interpreter puts an answer into the form for callers.
func (a answer) interpreter(path, source string) Interpreter {
	i := Interpreter{
		Path:           path,
		Source:         source,
		Version:        Version(a.Version),
		Implementation: a.Implementation,
		FreeThreaded:   a.FreeThreaded,
		PointerBits:    a.PointerBits,
		Executable:     string(a.Executable),
		BaseExecutable: basePath(string(a.BaseExecutable), string(a.BasePrefix), Version(a.Version)),
		Prefix:         string(a.Prefix),
		BasePrefix:     string(a.BasePrefix),
		Stdlib:         string(a.Stdlib),
		Scheme:         make(map[string]string, len(a.Scheme)),
		HasVenv:        a.HasVenv,
		HasEnsurepip:   a.HasEnsurepip,
		Debian:         a.Debian,
	}
	for name, dir := range a.Scheme {
		i.Scheme[name] = string(dir)
	}
	for _, dir := range a.WheelDirs {
		i.WheelDirs = append(i.WheelDirs, string(dir))
	}
	return i
}
