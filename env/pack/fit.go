package pack

import (
	"fmt"
	"strconv"
	"strings"

	"den/env/python"
)

// Fits returns a *MisfitError unless the environment runs with the interpreter,
// which has that platform.
func (m Manifest) Fits(i python.Interpreter, p python.Platform) error {
	need := m.Python
	if i.Implementation != need.Implementation || i.Version.Series() != need.Version.Series() || i.FreeThreaded != need.FreeThreaded {
		return misfit("%s is Python %s, and it needs %s", i.Path, i.Name(), need.Interpreter())
	}
	return m.RunsOn(p)
}

// RunsOn returns a *MisfitError unless its compiled modules, if it has any, run on the
// platform.
func (m Manifest) RunsOn(p python.Platform) error {
	need := m.Python
	switch {
	case !m.Compiled:
		return nil
	case p.System != need.System || p.Machine != need.Machine:
		return misfit("it has compiled modules for %s on %s, and this is %s on %s", need.System, need.Machine, p.System, p.Machine)
	case p.Libc != need.Libc:
		return misfit("its compiled modules need the C library %s, and here is %s", known(need.Libc), known(p.Libc))
	case p.ABI != need.ABI:
		return misfit("its compiled modules need the ABI %s, and the Python has %s", need.ABI, p.ABI)
	case older(p.LibcVersion, need.LibcVersion):
		return misfit("its compiled modules need %s %s or newer, and here is %s", need.Libc, need.LibcVersion, p.LibcVersion)
	}
	return nil
}

func misfit(format string, args ...any) error { return &MisfitError{fmt.Sprintf(format, args...)} }

func known(text string) string {
	if text == "" {
		return "an unknown one"
	}
	return text
}

// older reports whether a version of two numbers is before another. One that is not
// known is not.
func older(version, than string) bool {
	major, minor, ok := parseTwo(version)
	thanMajor, thanMinor, known := parseTwo(than)
	return ok && known && (major < thanMajor || major == thanMajor && minor < thanMinor)
}

func parseTwo(version string) (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err := strconv.Atoi(first)
	minor, minorErr := strconv.Atoi(second)
	return major, minor, err == nil && minorErr == nil
}
