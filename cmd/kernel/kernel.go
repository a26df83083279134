// Package kernel writes the files by which Jupyter starts the Python of an environment:
// a directory for each kernel, with a kernel.json, in the person's own data directory.
// It changes none but its own.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html
package kernel

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"unicode/utf8"

	"den/env"
	"den/env/disk"
	"den/env/store"
	"den/env/variables"
)

// A Kernel is one that den has made.
type Kernel struct {
	Name        string `json:"kernel"` // by which Jupyter and notebooks call it
	DisplayName string `json:"display_name"`
	Environment string `json:"environment"` // the path
	Path        string `json:"path"`        // of the kernel's directory
	identity    string
}

// spec is a kernel.json.
type spec struct {
	Argv        []string          `json:"argv"`
	DisplayName string            `json:"display_name"`
	Language    string            `json:"language"`
	Interrupt   string            `json:"interrupt_mode"`
	Env         map[string]string `json:"env"`
	Metadata    metadata          `json:"metadata"`
}

type metadata struct {
	Debugger bool  `json:"debugger"`
	Den      *mark `json:"den,omitempty"`
}

// A mark makes a kernel den's. By the identity, an environment is known that somebody
// has moved.
type mark struct {
	Environment string `json:"environment"`
	Identity    string `json:"identity,omitempty"`
}

const specName = "kernel.json"

// Dir returns the directory of the person's kernels; "" where there is no home
// directory. https://docs.jupyter.org/en/stable/use/jupyter-directories.html
func Dir(getenv func(string) string, home string) string {
	dir := getenv("JUPYTER_DATA_DIR")
	data := getenv("XDG_DATA_HOME")
	switch {
	case filepath.IsAbs(dir):
	case !filepath.IsAbs(home):
		return ""
	case runtime.GOOS == "darwin":
		dir = filepath.Join(home, "Library", "Jupyter")
	case filepath.IsAbs(data):
		dir = filepath.Join(data, "jupyter")
	default:
		dir = filepath.Join(home, ".local", "share", "jupyter")
	}
	return filepath.Join(dir, "kernels")
}

// List returns the kernels in dir that are den's, by their names.
func List(dir string) ([]Kernel, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the kernels of Jupyter: %w", err)
	}
	var all []Kernel
	for _, entry := range entries {
		if k, ok := read(filepath.Join(dir, entry.Name())); ok {
			all = append(all, k)
		}
	}
	return all, nil
}

// read returns the kernel in a directory, if it is den's.
func read(path string) (k Kernel, ok bool) {
	text, err := disk.ReadSmall(filepath.Join(path, specName))
	if err != nil {
		return k, false
	}
	var s spec
	if json.Unmarshal(text, &s) != nil || s.Metadata.Den == nil || s.Metadata.Den.Environment == "" {
		return k, false
	}
	return Kernel{filepath.Base(path), s.DisplayName, s.Metadata.Den.Environment, path, s.Metadata.Den.Identity}, true
}

// Of returns the kernels among all that are of the environment at the path.
func Of(all []Kernel, path string) (its []Kernel) {
	for _, k := range all {
		if k.Environment == path {
			its = append(its, k)
		}
	}
	return its
}

// MovedTo returns the environment that the kernel's has become, if it is among those.
func (k Kernel) MovedTo(environments []env.Environment) (e env.Environment, ok bool) {
	for _, e := range environments {
		if k.identity != "" && store.Identity(e.Path) == k.identity {
			return e, true
		}
	}
	return e, false
}

// Add makes the kernel of an environment in dir, or makes the one anew that it has. It
// takes over the kernel of an environment that has been moved and is this one now.
func Add(dir string, e env.Environment, displayName string) (Kernel, error) {
	all, err := List(dir)
	if err != nil {
		return Kernel{}, err
	}
	for _, k := range all {
		_, moved := k.MovedTo([]env.Environment{e})
		if k.Environment == e.Path || moved && disk.IsGone(k.Environment) {
			return k.write(e, cmp.Or(displayName, k.shownFor(e)))
		}
	}
	if err := disk.MkdirAll(dir, 0o700); err != nil {
		return Kernel{}, fmt.Errorf("making the directory of Jupyter's kernels: %w", err)
	}
	for _, name := range names(e) {
		k := Kernel{Name: name, Path: filepath.Join(dir, name)}
		if free, err := k.claim(); err != nil {
			return Kernel{}, err
		} else if free {
			return k.write(e, cmp.Or(displayName, e.Name))
		}
	}
	return Kernel{}, fmt.Errorf("%s is in the way, and is not den's", filepath.Join(dir, names(e)[1]))
}

// claim makes the kernel's directory. One that is empty was left by a den that was
// killed, and is free as well.
func (k Kernel) claim() (free bool, err error) {
	err = disk.Mkdir(k.Path, 0o777)
	if err == nil || !errors.Is(err, fs.ErrExist) {
		return err == nil, err
	}
	entries, err := os.ReadDir(k.Path)
	return err == nil && len(entries) == 0, nil
}

// names are what the kernel of an environment can be called: Jupyter admits few
// characters, and makes small letters of capital ones.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
func names(e env.Environment) [2]string {
	sum := sha256.Sum256([]byte(e.Path))
	plain := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.ContainsRune("._-", c) {
			return c
		}
		return '-'
	}, strings.ToLower(e.Name))
	special := "den-" + plain + "-" + hex.EncodeToString(sum[:4])
	if plain != e.Name {
		return [2]string{special, special}
	}
	return [2]string{"den-" + plain, special}
}

// write writes the kernel's file. Nobody else can read it: the environment's variables
// are in it.
func (k Kernel) write(e env.Environment, displayName string) (Kernel, error) {
	if !utf8.ValidString(e.Path) {
		return k, fmt.Errorf("the path of a kernel must be UTF-8, and %q is not", e.Path)
	}
	its, err := environ(e)
	if err != nil {
		return k, err
	}
	s := spec{
		Argv:        []string{e.Python(), "-m", "ipykernel_launcher", "-f", "{connection_file}"},
		DisplayName: displayName, Language: "python", Interrupt: "signal", Env: its,
		Metadata: metadata{Debugger: true, Den: &mark{e.Path, store.Identity(e.Path)}},
	}
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return k, err
	}
	path := filepath.Join(k.Path, specName)
	if err := disk.Replace(path, append(text, '\n'), 0o600, disk.Mode(0o600), disk.Sync); err != nil {
		return k, fmt.Errorf("writing %s: %w", path, err)
	}
	k.DisplayName, k.Environment, k.identity = displayName, e.Path, s.Metadata.Den.Identity
	return k, nil
}

// environ is what a kernel's programs have: Jupyter expands $NAME in it.
func environ(e env.Environment) (map[string]string, error) {
	file, err := variables.Read(e.Path)
	if err != nil {
		return nil, err
	}
	literally := strings.NewReplacer("$", "$$")
	its := map[string]string{
		"VIRTUAL_ENV":        literally.Replace(e.Path),
		"VIRTUAL_ENV_PROMPT": literally.Replace(e.Prompt()),
		"PATH":               literally.Replace(e.Bin()) + ":${PATH}",
	}
	for _, v := range file.Variables() {
		its[v.Name] = literally.Replace(v.Value)
	}
	return its, nil
}

// Renew writes the kernels in dir anew that are of the environment, which was at the old
// path before.
func Renew(dir string, e env.Environment, old string) error {
	all, err := List(dir)
	if err != nil {
		return err
	}
	for _, k := range Of(all, old) {
		if _, err := k.write(e, k.shownFor(e)); err != nil {
			return err
		}
	}
	return nil
}

// shownFor returns the name that Jupyter shows for the kernel of the environment. A name
// that the person has chosen stays.
func (k Kernel) shownFor(e env.Environment) string {
	if k.DisplayName == filepath.Base(k.Environment) {
		return e.Name
	}
	return k.DisplayName
}

// Remove takes a kernel away. Other files beside its own, such as a picture, stay.
func (k Kernel) Remove() error {
	if err := os.Remove(filepath.Join(k.Path, specName)); err != nil {
		return err
	}
	err := os.Remove(k.Path)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) {
		return nil
	}
	return err
}
