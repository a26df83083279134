package auto

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"den/env/disk"
)

// Trust is the file in which the person's decisions are kept. It is in a directory of
// den's own, and nothing in a project leads to it.
type Trust struct{ Path string }

// A Decision is about one directory.
type Decision struct {
	Directory   string `json:"directory"` // with all links resolved
	Allowed     bool   `json:"allowed"`
	Bytes       []byte `json:"bytes,omitempty"`       // of a directory that is not UTF-8, which JSON cannot hold
	Environment string `json:"environment,omitempty"` // that it led to when it was allowed
	Digest      string `json:"digest,omitempty"`      // of what was allowed
}

// A DecisionsError says that the file is not what den has written.
type DecisionsError struct {
	Path string
	Err  error
}

func (e *DecisionsError) Error() string {
	return fmt.Sprintf("%s is not what den writes: %v", e.Path, e.Err)
}

func (e *DecisionsError) Unwrap() error { return e.Err }

// Read returns the decisions, in the order of their directories; none where there is no
// file. A file that others could have written is a *disk.UntrustedError, and one that
// holds no decisions a *DecisionsError.
func (t Trust) Read() ([]Decision, error) {
	content, err := disk.ReadTrusted(t.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if errors.Is(err, disk.ErrNotRegular) {
		return nil, &DecisionsError{t.Path, disk.Cause(err)}
	}
	if err != nil {
		return nil, err
	}
	var decisions []Decision
	if err := json.Unmarshal(content, &decisions); err != nil {
		return nil, &DecisionsError{t.Path, err}
	}
	for i, d := range decisions {
		if d.Bytes != nil {
			decisions[i].Directory = string(d.Bytes)
		}
	}
	return decisions, nil
}

// Of returns the decision about the directory, and whether there is one.
func (t Trust) Of(dir string) (d Decision, decided bool, err error) {
	decisions, err := t.Read()
	if err != nil {
		return d, false, err
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return d, false, err
	}
	i := slices.IndexFunc(decisions, func(d Decision) bool { return d.Directory == real })
	if i < 0 {
		return d, false, nil
	}
	return decisions[i], true, nil
}

// Allows reports whether the pin is allowed as it is now.
func (d Decision) Allows(p Pin) bool { return d.Allowed && d.Digest == p.digest }

// Allow notes that the pin may lead to its environment, for as long as it is as it is.
func (t Trust) Allow(p Pin) error {
	return t.decide(p.Dir, Decision{Allowed: true, Environment: p.Environment.Path, Digest: p.digest})
}

// Deny notes that a directory is to lead nowhere.
func (t Trust) Deny(dir string) error { return t.decide(dir, Decision{}) }

// decide puts a decision about the directory in the place of the one before.
func (t Trust) decide(dir string, d Decision) error {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	d.Directory = real
	if !utf8.ValidString(real) {
		d.Bytes = []byte(real)
	}
	if err := disk.MkdirAll(filepath.Dir(t.Path), 0o700); err != nil {
		return err
	}
	unlock, err := disk.LockDir(filepath.Dir(t.Path))
	if err != nil {
		return err
	}
	defer unlock()
	decisions, err := t.Read()
	if err != nil {
		return err
	}
	decisions = slices.DeleteFunc(decisions, func(old Decision) bool { return old.Directory == real })
	decisions = append(decisions, d)
	slices.SortFunc(decisions, func(a, b Decision) int { return strings.Compare(a.Directory, b.Directory) })
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(decisions); err != nil {
		return err
	}
	return disk.Replace(t.Path, text.Bytes(), 0o600, disk.Mode(0o600), disk.Sync)
}
