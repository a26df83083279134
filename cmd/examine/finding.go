// Package examine finds what is wrong with environments, with the directory that
// they are in, and with how den is installed. It changes nothing.
package examine

import (
	"fmt"

	"den/hooks"
)

// The levels of findings.
const (
	Problem = "problem"
	Note    = "note"
)

// A Finding is one thing that is wrong, or worth knowing.
type Finding struct {
	Level       string `json:"level"`
	Environment string `json:"environment,omitempty"` // "" for den itself
	Check       string `json:"check"`                 // what was looked at: "python", "pip", "path" …
	Message     string `json:"message"`
	Mend        string `json:"mend"` // the command that mends it
}

// A Reporter adds a finding, as Printf formats it.
type Reporter = func(level, check, mend, format string, args ...any)

// ReportTo returns what adds the findings about one subject.
func ReportTo(found *[]Finding, environment string) Reporter {
	return func(level, check, mend, format string, args ...any) {
		*found = append(*found, Finding{level, environment, check, fmt.Sprintf(format, args...), mend})
	}
}

// Hooks reports the hooks that are there and cannot be used.
func Hooks(dirs hooks.Directories) (found []Finding) {
	checkHooks(dirs, ReportTo(&found, ""))
	return found
}
