package layout

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"den/env/disk"
	"den/env/python"
)

// A tree is an environment without packages, as PEP 405 defines it and as the
// venv module of its interpreter lays it out.
type tree struct {
	dir, final string
	spec       Spec
	step       func(name string) error
}

// lay makes the directories and files.
func (t tree) lay(ctx context.Context) error {
	for _, part := range []struct {
		name string
		make func() error
	}{
		{"directories", t.makeDirectories},
		{"interpreter", t.putInterpreter},
		{"scripts", t.writeScripts},
		{"marks", t.writeMarks},
		// Last, as it is what makes the directory an environment.
		{"pyvenv.cfg", t.writeConfig},
	} {
		if err := t.step(part.name); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := part.make(); err != nil {
			return err
		}
	}
	return nil
}

func (t tree) makeDirectories() error {
	i := t.spec.Interpreter
	for _, dir := range []string{"bin", includeDir(i), purelib(i)} {
		if err := os.MkdirAll(filepath.Join(t.dir, dir), 0o777); err != nil {
			return err
		}
	}
	// https://github.com/python/cpython/issues/65396: some distributions have
	// compiled packages in lib64. A file system without links can do without.
	if i.PointerBits == 64 && runtime.GOOS != "darwin" {
		_ = os.Symlink("lib", filepath.Join(t.dir, "lib64"))
	}
	return nil
}

// purelib is the directory of packages, relative to an environment.
func purelib(i python.Interpreter) string {
	if dir := i.Scheme["purelib"]; dir != "" && filepath.IsLocal(dir) {
		return dir
	}
	return filepath.Join("lib", "python"+i.Version.Series(), "site-packages")
}

// includeDir is the directory of headers, relative to an environment. From
// 3.11 on it is where the install scheme has it, with the environment in place
// of the base installation.
func includeDir(i python.Interpreter) string {
	inside, err := filepath.Rel(i.BasePrefix, i.Scheme["include"])
	if i.Version.Less(python.Version{Major: 3, Minor: 11}) || err != nil || !filepath.IsLocal(inside) {
		return "include"
	}
	return inside
}

// putInterpreter puts the interpreter into bin under its own name, and its
// other names beside it.
func (t tree) putInterpreter() error {
	i := t.spec.Interpreter
	own := filepath.Base(i.BaseExecutable)
	bin := filepath.Join(t.dir, "bin")
	if err := t.put(i.BaseExecutable, filepath.Join(bin, own), i.BaseExecutable); err != nil {
		return err
	}
	for _, name := range executableNames(i) {
		if name == own {
			continue
		}
		if err := t.put(i.BaseExecutable, filepath.Join(bin, name), own); err != nil {
			return err
		}
	}
	if t.spec.Copies {
		return copyLibraries(i.BaseExecutable, bin)
	}
	return nil
}

// put makes path a link to target, or a copy of the program.
func (t tree) put(program, path, target string) error {
	if t.spec.Copies {
		return copyProgram(program, path)
	}
	err := os.Symlink(target, path)
	if err != nil && !canLink(filepath.Dir(path)) {
		return &NoLinksError{Dir: filepath.Dir(t.final)}
	}
	return err
}

// canLink reports whether a symbolic link can be made where a file can be.
func canLink(dir string) bool {
	file, err := os.CreateTemp(dir, "")
	if err != nil {
		return true // which is not the cause
	}
	file.Close()
	defer os.Remove(file.Name())
	link := file.Name() + ".link"
	defer os.Remove(link)
	return os.Symlink("there", link) == nil
}

func copyProgram(from, to string) error {
	source, err := disk.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	program, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = program.ReadFrom(source) // clones or copies within the kernel where that can
	return errors.Join(err, program.Chmod(0o755), program.Close())
}

// executableNames are the names by which the interpreter is called in an
// environment, besides its own.
func executableNames(i python.Interpreter) []string {
	names := []string{"python", "python3", "python" + i.Version.Series()}
	switch {
	case i.Implementation == "pypy":
		names = append(names, "pypy3", "pypy")
	case i.Version.Series() == "3.14":
		names = append(names, "𝜋thon")
	}
	return names
}

// activateThis is written as bin/activate_this.py.
//
//go:embed activate_this.py
var activateThis string

// writeScripts writes what can be had without a Dialect: the interpreter's own
// script for PowerShell, and the one for Python.
func (t tree) writeScripts() error {
	bin := filepath.Join(t.dir, "bin")
	for _, dir := range []string{"common", "posix"} {
		script, err := os.ReadFile(filepath.Join(t.spec.Interpreter.Stdlib, "venv", "scripts", dir, "Activate.ps1"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		// Since 3.8 it finds out by itself where it is.
		if err := os.WriteFile(filepath.Join(bin, "Activate.ps1"), script, 0o666); err != nil {
			return err
		}
		break
	}
	back, err := filepath.Rel("bin", purelib(t.spec.Interpreter))
	if err != nil {
		return err
	}
	script := strings.Replace(activateThis, "@PACKAGES@", back, 1)
	return os.WriteFile(filepath.Join(bin, "activate_this.py"), []byte(script), 0o666)
}

// cachedirTag has backup programs leave the directory out
// (https://bford.info/cachedir/).
const cachedirTag = "Signature: 8a477f597d28d172789f06886806bc55\n" +
	"# This Python environment can be made anew; what it was made of is elsewhere.\n"

// gitIgnore keeps the directory out of a repository, should it be in one.
const gitIgnore = "# An environment belongs to a machine, not into a repository.\n*\n"

// writeMarks writes what other programs look for.
func (t tree) writeMarks() error {
	if err := os.WriteFile(filepath.Join(t.dir, "CACHEDIR.TAG"), []byte(cachedirTag), 0o666); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(t.dir, ".gitignore"), []byte(gitIgnore), 0o666)
}

func (t tree) writeConfig() error {
	return os.WriteFile(filepath.Join(t.dir, "pyvenv.cfg"), []byte(t.config()), 0o666)
}

// config is the content of pyvenv.cfg: the keys that venv writes, in its
// order, then those that others look for as well: implementation and
// version_info, which virtualenv and uv write.
func (t tree) config() string {
	i := t.spec.Interpreter
	var b strings.Builder
	set := func(key, value string) {
		// Python reads the file as UTF-8, line by line, and does without it
		// when it cannot.
		if utf8.ValidString(value) && strings.IndexFunc(value, unicode.IsControl) < 0 {
			fmt.Fprintf(&b, "%s = %s\n", key, value)
		}
	}
	fmt.Fprintf(&b, "home = %s\n", filepath.Dir(i.BaseExecutable)) // without it there is no environment
	set("include-system-site-packages", strconv.FormatBool(t.spec.SystemSitePackages))
	set("version", fmt.Sprintf("%d.%d.%d", i.Version.Major, i.Version.Minor, i.Version.Micro))
	if t.spec.Prompt != "" {
		set("prompt", pythonRepr(t.spec.Prompt))
	}
	set("executable", realPath(i.BaseExecutable))
	set("command", t.command())
	set("implementation", implementationName(i))
	set("version_info", i.Version.String())
	return b.String()
}

// command is the one that makes such an environment with the venv module.
func (t tree) command() string {
	words := []string{t.spec.Interpreter.BaseExecutable, "-m", "venv"}
	if t.spec.Copies {
		words = append(words, "--copies")
	}
	if !t.spec.Pip {
		words = append(words, "--without-pip")
	}
	if t.spec.SystemSitePackages {
		words = append(words, "--system-site-packages")
	}
	if t.spec.Prompt != "" {
		words = append(words, `--prompt="`+t.spec.Prompt+`"`)
	}
	return strings.Join(append(words, t.final), " ")
}

func implementationName(i python.Interpreter) string {
	switch i.Implementation {
	case "cpython":
		return "CPython"
	case "pypy":
		return "PyPy"
	}
	return i.Implementation
}

func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// pythonRepr is the string literal that Python's repr gives for text.
func pythonRepr(text string) string {
	quote := '\''
	if strings.ContainsRune(text, '\'') && !strings.ContainsRune(text, '"') {
		quote = '"'
	}
	var b strings.Builder
	b.WriteRune(quote)
	for _, r := range text {
		switch {
		case r == quote || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case slices.Contains([]rune("\n\r\t"), r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteRune(quote)
	return b.String()
}
