package env

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// Config is what an environment's pyvenv.cfg says: keys in the order of their
// first appearance, each with its value. Keys are in lower case. The zero
// Config has none.
type Config struct {
	keys   []string
	values map[string]string
}

// ReadConfig reads pyvenv.cfg in the directory of an environment, by the rules
// of CPython's site module: a line with an equals sign is a key and a value,
// both without the white space around them, the key in lower case; other lines
// mean nothing; of two lines with one key the last counts. A byte order mark
// and the line ends of Windows are put up with. When there is no pyvenv.cfg
// the error is fs.ErrNotExist.
func ReadConfig(dir string) (Config, error) {
	return readConfigAt(unix.AT_FDCWD, dir, dir)
}

// readConfigAt is ReadConfig for a path that starts at the open directory dir.
// Errors name the directory of the environment as whole.
func readConfigAt(dir int, path, whole string) (Config, error) {
	text, err := disk.ReadSmallAt(dir, path+"/pyvenv.cfg")
	if err != nil {
		return Config{}, fmt.Errorf("reading %s: %w", filepath.Join(whole, "pyvenv.cfg"), disk.Cause(err))
	}
	return parseConfig(string(text)), nil
}

func parseConfig(text string) Config {
	config := Config{values: make(map[string]string)}
	text = strings.TrimPrefix(text, "\uFEFF")
	// Python, in text mode, ends a line at \n, \r\n and \r.
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		key = strings.ToLower(strings.TrimSpace(key))
		if _, again := config.values[key]; !again {
			config.keys = append(config.keys, key)
		}
		config.values[key] = strings.TrimSpace(value)
	}
	return config
}

// Get returns the value of key, which is in lower case; "" when it has none.
func (c Config) Get(key string) string {
	return c.values[key]
}

// Home is the directory of the Python that the environment was made with, where
// CPython looks for its standard library; "" when there is no absolute path.
func (c Config) Home() string {
	if home := c.Get("home"); filepath.IsAbs(home) {
		return home
	}
	return ""
}

// SystemSitePackages reports whether the environment sees the packages of the
// Python that it was made with. CPython's site module lets it, unless the value is
// another than "true", in whatever case. It does so also where the key is missing,
// though PEP 405 says otherwise
// (https://github.com/python/cpython/blob/v3.13.0/Lib/site.py#L602).
func (c Config) SystemSitePackages() bool {
	value, isSaid := c.values[systemKey]
	return !isSaid || strings.ToLower(value) == "true"
}

// makersKeys are the keys of pyvenv.cfg that venv, virtualenv and uv write.
var makersKeys = []string{
	"home", "include-system-site-packages", "version", "version_info", "prompt", "executable", "command", "implementation",
	"base-prefix", "base-exec-prefix", "base-executable", "virtualenv", "uv", "relocatable", "seed", "extends-environment",
}

// Further returns the lines with the keys that no maker of environments writes.
func (c Config) Further() []string {
	var lines []string
	for _, key := range c.keys {
		if !slices.Contains(makersKeys, key) {
			lines = append(lines, key+" = "+c.values[key])
		}
	}
	return lines
}

// AddFurther adds lines, as Further returns them, to the pyvenv.cfg in the directory of an
// environment.
func AddFurther(dir string, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	path := filepath.Join(dir, "pyvenv.cfg")
	text, err := disk.ReadSmall(path)
	if err != nil {
		return err
	}
	return disk.Replace(path, append(text, strings.Join(lines, "\n")+"\n"...), 0o666)
}

// CheckFurther returns an error unless each of the lines is one that Further can
// return.
func CheckFurther(lines []string) error {
	for _, line := range lines {
		if further := parseConfig(line).Further(); len(further) != 1 || further[0] != line {
			return fmt.Errorf("pyvenv.cfg cannot have the further line %q", line)
		}
	}
	return nil
}
