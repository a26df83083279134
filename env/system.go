package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"den/env/disk"
)

// systemKey is the key of pyvenv.cfg (PEP 405) that says whether the
// environment sees the packages of the Python that it was made with.
const systemKey = "include-system-site-packages"

// isolatedNote is what tells the same of an environment of virtualenv's, up to
// version 19: there is such a file in lib/pythonX.Y when it does not see them.
const isolatedNote = "no-global-site-packages.txt"

// SystemSitePackages reports whether the environment sees the packages of the
// Python that it was made with.
func (e Environment) SystemSitePackages() (bool, error) {
	note, err := e.isolatedNote()
	if err != nil {
		return false, err
	}
	if note != "" {
		found, err := disk.Exists(note)
		return !found, err
	}
	config, err := ReadConfig(e.Path)
	return err == nil && config.SystemSitePackages(), err
}

// SetSystemSitePackages lets it see them, or not.
func (e Environment) SetSystemSitePackages(visible bool) error {
	note, err := e.isolatedNote()
	switch {
	case err != nil:
		return err
	case note == "":
		return e.setConfig(e.Path, systemKey, fmt.Sprint(visible))
	case !visible:
		err = disk.Replace(note, nil, 0o666, disk.Sync)
	default:
		if err = os.Remove(note); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("changing %s: %w", note, disk.Cause(err))
	}
	return nil
}

// isolatedNote is the path of the note in an environment that goes by it, one
// without a pyvenv.cfg; "" for others.
func (e Environment) isolatedNote() (string, error) {
	if found, err := disk.Exists(filepath.Join(e.Path, "pyvenv.cfg")); found || err != nil {
		return "", err
	}
	site, err := e.SitePackages()
	return filepath.Join(filepath.Dir(site), isolatedNote), err
}

// setConfig gives a key of pyvenv.cfg its value, and leaves the other lines as
// they are. It reads the one in the environment's directory and writes into the
// directory into, which is the same or another; where that has one already,
// that is changed.
func (e Environment) setConfig(into, key, value string) error {
	path := filepath.Join(into, "pyvenv.cfg")
	text, err := disk.ReadSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = disk.ReadSmall(filepath.Join(e.Path, "pyvenv.cfg"))
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, disk.Cause(err))
	}
	var changed strings.Builder
	line, found := key+" = "+value+"\n", false
	// Python ends a line at \r too.
	lines := strings.NewReplacer("\r\n", "\r\n", "\r", "\n").Replace(string(text))
	for old := range strings.Lines(lines) {
		if name, _, ok := strings.Cut(old, "="); ok && strings.ToLower(strings.TrimSpace(name)) == key {
			old, found = line, true
		}
		changed.WriteString(old)
	}
	if !found {
		if !strings.HasSuffix(changed.String(), "\n") && changed.Len() > 0 {
			changed.WriteByte('\n')
		}
		changed.WriteString(line)
	}
	if err := disk.Replace(path, []byte(changed.String()), 0o666, disk.Sync); err != nil {
		return fmt.Errorf("writing %s: %w", path, disk.Cause(err))
	}
	return nil
}
