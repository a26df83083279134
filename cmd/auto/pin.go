package auto

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"den/env"
	"den/env/disk"
	"den/env/variables"
)

// PinName is the name of what leads from a directory to its environment: a file with a
// path or a name in its first line, or the environment itself.
const PinName = ".venv"

// EnvName is the name of the file beside that with variables of the project.
const EnvName = ".env"

// pinSize bounds the file. It has one line.
const pinSize = 4096

// A Pin is what a directory brings of its own. Whoever has made the directory has made
// that, so it counts for nothing before the person has allowed it.
type Pin struct {
	Dir         string
	Says        string          // the first line of the file; "" for an environment
	Environment env.Environment // to which it leads
	IsOwn       bool            // whether that is in the person's home
	Variables   []variables.Variable
	NotSet      []error // of the lines of the file of variables that set nothing
	digest      string  // of what is allowed
}

// Path is the path of the file, or of the environment.
func (p Pin) Path() string { return filepath.Join(p.Dir, PinName) }

// HasPin reports whether there is anything to read for ReadPin.
func HasPin(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, PinName))
	return err == nil
}

// ErrNoEnvironment is in the error of ReadPin where a pin leads to no environment.
var ErrNoEnvironment = errors.New("it leads to no environment")

// ReadPin returns the pin of dir. It returns a *disk.UntrustedError where somebody other
// than the person and root could have made it, or can change the environment.
func ReadPin(dir string, home env.Home) (Pin, error) {
	p := Pin{Dir: dir}
	info, err := os.Stat(p.Path())
	if err != nil {
		return p, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return p, fmt.Errorf("%s: %w", p.Path(), disk.ErrNotRegular)
	}
	if err := disk.CheckTrust(p.Path(), info); err != nil {
		return p, err
	}
	var content []byte
	if info.IsDir() {
		p.Environment, err = env.Open(p.Path())
	} else if content, err = disk.ReadSmall(p.Path()); err == nil {
		err = p.lead(content, home)
	}
	if err == nil {
		err = p.resolve(home)
	}
	if err != nil {
		return p, fmt.Errorf("%s: %w", p.Path(), err)
	}
	if home.Path(p.Environment.Name) == p.Environment.Path {
		p.IsOwn = true
	} else if err := p.checkEnvironment(); err != nil {
		return p, err
	}
	text, err := variables.ReadText(filepath.Join(dir, EnvName))
	if err != nil {
		return p, err
	}
	p.readVariables(text)
	p.digest, err = p.sum(content, text)
	return p, err
}

// readVariables takes what is to be set from the text of a .env. A project may not say
// where den finds the person's decisions.
func (p *Pin) readVariables(text []byte) {
	file := variables.Parse(text)
	p.NotSet = file.Errors()
	for _, v := range file.Variables() {
		if strings.HasPrefix(v.Name, "XDG_") {
			p.NotSet = append(p.NotSet, &variables.NameError{Name: v.Name, Reason: "programs find your settings by it"})
			continue
		}
		p.Variables = append(p.Variables, v)
	}
}

// lead finds the environment that the content of a file leads to: by a path, or else by
// its name.
func (p *Pin) lead(content []byte, home env.Home) (err error) {
	line, _, _ := strings.Cut(string(content), "\n")
	p.Says = strings.TrimSpace(line)
	switch {
	case len(content) > pinSize:
		return errors.New("it is larger than a path or a name")
	case p.Says == "":
		return fmt.Errorf("%w: its first line is empty", ErrNoEnvironment)
	}
	path := p.Says
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.Dir, path)
	}
	if p.Environment, err = env.Open(path); err == nil {
		return nil
	}
	if env.CheckName(p.Says) != nil {
		return fmt.Errorf("%w: there is none at %q", ErrNoEnvironment, path)
	}
	if p.Environment, err = home.Find(p.Says); err != nil {
		return fmt.Errorf("%w: none has the path or the name %q", ErrNoEnvironment, p.Says)
	}
	return nil
}

// resolve puts the target of a link in the place of the environment: a link that gets
// another target later must not take the shell there. An environment in the home, or in the
// directory itself, keeps the path by which the person knows it.
func (p *Pin) resolve(home env.Home) error {
	if home.Path(p.Environment.Name) == p.Environment.Path {
		return nil
	}
	dir, err := filepath.EvalSymlinks(p.Dir)
	if err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(p.Environment.Path)
	if err != nil || real == filepath.Join(dir, PinName) {
		return err
	}
	if own, err := filepath.EvalSymlinks(home.Dir()); err == nil && own == filepath.Dir(real) {
		real = home.Path(filepath.Base(real))
	}
	p.Environment, err = env.Open(real)
	return err
}

// checkEnvironment checks an environment outside the home. If it has one of the usual names
// (.venv, venv, env), it gets the name of its project.
func (p *Pin) checkEnvironment() error {
	path := p.Environment.Path
	if _, err := env.NewHome(filepath.Dir(path)); err != nil {
		return err
	}
	for _, each := range []string{path, filepath.Join(path, "pyvenv.cfg"), filepath.Join(path, "bin")} {
		if err := disk.CheckTrustOf(each); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	switch p.Environment.Name {
	case PinName, "venv", "env":
		p.Environment.Name = filepath.Base(filepath.Dir(path))
	}
	if env.CheckPrompt(p.Environment.Name) != nil { // it shows in the prompt
		p.Environment.Name = "venv"
	}
	return nil
}

// sum is of what the person allows: what the directory says, and the environment that
// it leads to.
func (p Pin) sum(content, text []byte) (string, error) {
	real, err := filepath.EvalSymlinks(p.Environment.Path)
	if err != nil {
		return "", err
	}
	var config []byte
	if !p.IsOwn {
		config, _ = disk.ReadSmall(filepath.Join(real, "pyvenv.cfg"))
	}
	h := sha256.New()
	for _, part := range []string{string(content), real, string(config), string(text)} {
		fmt.Fprintf(h, "%d:", len(part))
		_, _ = io.WriteString(h, part)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// WritePin has the directory lead to the environment of that name. It refuses to replace
// what is no such file.
func WritePin(dir, name string) error {
	path := filepath.Join(dir, PinName)
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s exists, and is not a file with the name of an environment", path)
	}
	if err := disk.Replace(path, []byte(name+"\n"), 0o666); err != nil {
		return fmt.Errorf("writing %s: %w", path, disk.Cause(err))
	}
	return nil
}
