// Package paths has paths as people write them: with ~ and with variables.
package paths

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"den/lazy"
)

// Short returns the path with ~ for the home directory. In a start-up file that
// stays right where the home directory is another.
func Short(path string) string {
	home := os.Getenv("HOME")
	if below, ok := strings.CutPrefix(path, home+"/"); ok && home != "" {
		return "~/" + below
	}
	return path
}

// Expand returns the path with ~ and variables resolved, as Python's os.path does.
func Expand(path string) string { return expandUser(expandVariables(path)) }

var variable = lazy.Pattern(`\$(?:(\w+)|\{([^}]*)\})`)

// expandVariables replaces $NAME and ${NAME} of variables that are set; others
// stay as they are.
func expandVariables(path string) string {
	return variable().ReplaceAllStringFunc(path, func(match string) string {
		if value, ok := os.LookupEnv(strings.Trim(match, "${}")); ok {
			return value
		}
		return match
	})
}

// expandUser replaces a leading ~ or ~NAME by that person's home directory, if
// there is one.
func expandUser(path string) string {
	if !strings.HasPrefix(path, "~") {
		return path
	}
	name, rest, _ := strings.Cut(path[1:], "/")
	home := os.Getenv("HOME")
	if name != "" || home == "" {
		person, err := user.Current()
		if name != "" {
			person, err = user.Lookup(name)
		}
		if err != nil {
			return path
		}
		home = person.HomeDir
	}
	return filepath.Join(home, rest)
}
