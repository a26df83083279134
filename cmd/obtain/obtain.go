// Package obtain knows how a person gets a Python that is not there: by the tools that
// install Pythons, by the system's packages, or from its source. It runs nothing.
package obtain

import (
	"strings"

	"den/cmd/hint"
)

// A Tool installs Pythons for the person alone.
type Tool struct {
	Name string
	Args []string
}

// Command is the command as a person would type it.
func (t Tool) Command() string { return t.Name + " " + hint.Line(t.Args) }

// Tools returns the tools that can install what a person has asked for: a version, or for
// uv a range too. There are none for a path, or for the name of a command.
func Tools(request string) []Tool {
	version := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(request, "cpython"), "python"), "-@")
	if version == "" || strings.Trim(version, "0123456789.<>=!~, *t") != "" {
		return nil
	}
	tools := []Tool{{"uv", []string{"python", "install", version}}}
	if isPlain(version) {
		tools = append(tools, Tool{"pyenv", []string{"install", version}})
	}
	return tools
}

// isPlain reports whether it is one version, and no range.
func isPlain(version string) bool { return strings.Trim(version, "0123456789.") == "" }

// Package returns the command that installs a version as a package of the system, where
// the system has packages of several versions: system is the ID in os-release(5), or the
// name that Go has for it.
func Package(system, version string) string {
	parts := strings.Split(version, ".")
	if !isPlain(version) || len(parts) < 2 {
		return ""
	}
	series := parts[0] + "." + parts[1]
	switch system {
	case "darwin":
		return "brew install python@" + series
	case "fedora":
		return "sudo dnf install python" + series
	case "opensuse-tumbleweed":
		return "sudo zypper install python" + parts[0] + parts[1]
	case "freebsd":
		return "sudo pkg install python" + parts[0] + parts[1]
	}
	return ""
}

// ID returns the ID in the text of an os-release.
func ID(release string) string {
	for line := range strings.Lines(release) {
		if id, found := strings.CutPrefix(strings.TrimSpace(line), "ID="); found {
			return strings.Trim(id, `"'`)
		}
	}
	return ""
}
