package env

import (
	"os"
	"path/filepath"
	"strings"
)

// PythonVersion is the version of the environment's Python, as in "3.12.1" or
// "3.14.0rc2": the version in pyvenv.cfg, or else in the name of its directory in
// lib, "3.12"; "" when it is not known.
func (e Environment) PythonVersion() string {
	config, _ := ReadConfig(e.Path) // an environment of the old virtualenv has none
	return e.versionIn(config)
}

// versionIn is PythonVersion, with what pyvenv.cfg says.
func (e Environment) versionIn(config Config) string {
	if version := configuredVersion(config); version != "" {
		return version
	}
	if libraries := e.libraries(); len(libraries) == 1 {
		return libraryVersion(libraries[0])
	}
	return ""
}

// configuredVersion is the version in pyvenv.cfg. venv writes
// "version = 3.12.1", uv "version_info = 3.12.1", and virtualenv
// "version_info = 3.12.1.final.0", sometimes with the former as well.
func configuredVersion(config Config) string {
	for _, key := range []string{"version", "version_info"} {
		if version := config.Get(key); MinorVersion(version) != "" {
			return joinVersionInfo(version)
		}
	}
	return ""
}

// releaseLevels maps the release levels of sys.version_info to PEP 440.
var releaseLevels = map[string]string{"alpha": "a", "beta": "b", "candidate": "rc"}

// joinVersionInfo turns the five fields of sys.version_info, as in
// "3.14.0.candidate.2", into the version they stand for, "3.14.0rc2". Other
// versions stay as they are.
func joinVersionInfo(version string) string {
	fields := strings.Split(version, ".")
	if len(fields) != 5 {
		return version
	}
	joined := strings.Join(fields[:3], ".")
	if level, ok := releaseLevels[fields[3]]; ok {
		joined += level + fields[4]
	}
	return joined
}

// MinorVersion is the "3.12" of "3.12.1", "" when version does not start with
// two numbers.
func MinorVersion(version string) string {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	if !isNumber(major) || !isNumber(minor) {
		return ""
	}
	return major + "." + minor
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// libraries returns the names of the directories in lib that belong to a
// Python: python3.12, python3.13t, pypy3.10.
func (e Environment) libraries() []string {
	entries, err := os.ReadDir(filepath.Join(e.Path, "lib"))
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if libraryVersion(entry.Name()) != "" {
			names = append(names, entry.Name())
		}
	}
	return names
}

// libraryVersion is the "3.13" of a directory in lib called python3.13,
// python3.13t (a free-threaded build) or pypy3.13; "" for others.
func libraryVersion(name string) string {
	for _, implementation := range []string{"python", "pypy"} {
		if version, ok := strings.CutPrefix(name, implementation); ok {
			version = strings.TrimSuffix(version, "t")
			if MinorVersion(version) == version {
				return version
			}
		}
	}
	return ""
}
