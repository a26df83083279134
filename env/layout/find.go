package layout

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
	"den/env/python"
	"den/env/python/child"
)

// debianWheels is where Debian keeps the wheels that its Pythons seed.
const debianWheels = "/usr/share/python-wheels"

// findWheel finds the wheel of a project: the one that the interpreter brings
// along, else one that was downloaded before, else the distribution's, else it
// downloads one.
func (s seeder) findWheel(ctx context.Context, project string) (wheel, error) {
	i := s.spec.Interpreter
	for _, dir := range i.WheelDirs {
		if wheels := wheelsIn(dir, project); len(wheels) > 0 {
			return newest(wheels), nil
		}
	}
	if w, found := s.suiting(project, s.wheelDirs()...); found {
		return w, nil
	}
	return s.download(ctx, project)
}

// suiting returns the newest wheel of a project for the interpreter, from the first of the
// directories that has one.
func (s seeder) suiting(project string, dirs ...string) (w wheel, found bool) {
	for _, dir := range dirs {
		wheels := slices.DeleteFunc(wheelsIn(dir, project), func(w wheel) bool { return !w.isTrusted() || !w.suits(s.spec.Interpreter) })
		if len(wheels) > 0 {
			return newest(wheels), true
		}
	}
	return w, false
}

// wheelDirs are the directories with wheels that are not made for a certain
// interpreter.
func (s seeder) wheelDirs() []string {
	if s.options.CacheDir == "" {
		return []string{debianWheels}
	}
	return []string{s.downloads(), debianWheels}
}

// downloads is where downloaded wheels are kept.
func (s seeder) downloads() string { return filepath.Join(s.options.CacheDir, "downloaded") }

// newest returns the wheel with the highest version.
func newest(wheels []wheel) wheel {
	return slices.MaxFunc(wheels, func(a, b wheel) int { return compareReleases(a.version, b.version) })
}

// download has the interpreter's pip, or uv, fetch a wheel from the index.
func (s seeder) download(ctx context.Context, project string) (wheel, error) {
	if s.spec.NeverDownload {
		return wheel{}, s.missing(project)
	}
	if err := s.step("download " + project); err != nil {
		return wheel{}, err
	}
	dir, err := s.makeAside()
	if err != nil {
		return wheel{}, err
	}
	var failed error
	for _, command := range s.downloaders() {
		args := slices.Concat(command[1:], []string{"download", "--quiet", "--disable-pip-version-check",
			"--no-deps", "--only-binary=:all:", "--dest=" + dir, "--", project})
		environ := child.PipEnviron(s.options.Environ, s.spec.Interpreter.BasePrefix, "download")
		output, err := child.Run(ctx, environ, command[0], args...)
		if ctx.Err() != nil {
			return wheel{}, fmt.Errorf("downloading %s: %w", project, err)
		}
		if wheels := wheelsIn(dir, project); err == nil && len(wheels) > 0 {
			return s.keepWheel(wheels[0]), nil
		}
		if err != nil && !strings.Contains(output, "No module named pip") {
			failed = errors.Join(failed, &FailedError{Program: strings.Join(command, " ") + " download " + project, Output: output, Err: err})
		}
	}
	if failed != nil {
		return wheel{}, failed
	}
	return wheel{}, s.missing(project)
}

// downloaders are the commands that may be able to do what pip does.
func (s seeder) downloaders() [][]string {
	i := s.spec.Interpreter
	commands := [][]string{{i.BaseExecutable, "-I", "-m", "pip"}}
	if file := s.pipWheel(); file != "" {
		commands[0] = []string{i.BaseExecutable, "-I", filepath.Join(file, "pip")}
	}
	if uv, ok := s.options.lookUp("uv"); ok {
		commands = append(commands, []string{uv, "tool", "run", "--python=" + i.BaseExecutable, "pip"})
	}
	return commands
}

// pipWheel returns the path of a wheel of pip on this machine: a Python can run pip
// from within it. "" if there is none.
func (s seeder) pipWheel() string {
	w, _ := s.suiting("pip", append(slices.Clone(s.spec.Interpreter.WheelDirs), s.wheelDirs()...)...)
	return w.file
}

// PipWheel returns the path of a wheel of pip that an interpreter can run, "" if there
// is none on this machine.
func PipWheel(i python.Interpreter, options Options) string {
	return seeder{spec: Spec{Interpreter: i}, options: options}.pipWheel()
}

// keepWheel moves a downloaded wheel into the cache, if that can be written.
func (s seeder) keepWheel(w wheel) wheel {
	if s.options.CacheDir == "" || disk.MkdirAll(s.downloads(), 0o700) != nil {
		return w
	}
	kept := filepath.Join(s.downloads(), filepath.Base(w.file))
	content, err := os.ReadFile(w.file)
	if err != nil || disk.Replace(kept, content, 0o600) != nil {
		return w
	}
	w.file = kept
	return w
}

// missing says what to install where there is no wheel.
func (s seeder) missing(project string) error {
	i := s.spec.Interpreter
	missing := &MissingError{
		Backend: "native",
		Lack:    fmt.Sprintf("a wheel of %s for %s", project, i.Path),
		Hint:    "choose a Python with ensurepip, install uv (pipx install uv), or do without: --without-pip",
	}
	if project != "pip" {
		missing.Hint = "let it be downloaded: leave out --never-download"
	}
	if i.Debian {
		missing.Package = debianPackage(i)
		if project != "pip" {
			missing.Package = "python3-" + project + "-whl"
		}
		missing.Hint = "apt install " + missing.Package
	}
	return missing
}

// debianPackage is the package with the parts of an interpreter that Debian
// has taken out of it.
func debianPackage(i python.Interpreter) string {
	if i.Implementation == "pypy" {
		return fmt.Sprintf("pypy%d-venv", i.Version.Major)
	}
	return "python" + i.Version.Series() + "-venv"
}
