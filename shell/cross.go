package shell

import (
	"bytes"
	_ "embed"
	"errors"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"den/lazy"
)

//go:embed cross.bash
var crossScript string

// These stand in crossScript for the lines that source the files, and for the code
// to start from.
const (
	sourceLines = "# DEN_FILES"
	carriedCode = `"DEN_CARRIED"`
)

// CrossProgram returns the program that is to run a CrossScript: bash, or sh where
// there is none.
func CrossProgram() string {
	if path, err := exec.LookPath("bash"); err == nil {
		return path
	}
	return "/bin/sh"
}

// CrossScript returns code for bash, or sh, that sources the files and writes the result
// to file descriptor 9. carried is what an earlier CrossResult has left, program the path of
// den.
func CrossScript(program, carried string, files []string) string {
	var lines strings.Builder
	for _, file := range files {
		lines.WriteString("command . " + QuoteSingle(file) + "\n__den_sourced\n")
	}
	return strings.NewReplacer(
		ProgramCall, QuoteSingle(program),
		carriedCode, QuoteSingle(carried),
		sourceLines, lines.String(),
	).Replace(crossScript)
}

// A CrossResult is what has come of files that a sh has sourced for another shell.
type CrossResult struct {
	// Passed counts the files that were sourced to their end.
	Passed int
	// Defined has, for each of these, the functions and aliases that it has
	// defined.
	Defined [][]string
	// Calls are the commands that den is to be called with, in their order.
	Calls [][]string
	// Carried is code for the CrossScript of files that are sourced later.
	Carried string
	// Surroundings are those in the end; nil if the shell could not tell.
	Surroundings *Surroundings
}

// Surroundings are what one program hands to those that it starts.
type Surroundings struct {
	Dir     string   // the working directory; "" if it is gone
	Environ []string // as os.Environ gives it
}

// ReadCrossResult reads what a CrossScript has told.
func ReadCrossResult(told []byte) (CrossResult, error) {
	var c CrossResult
	if len(told) == 0 {
		return c, nil
	}
	var known []string
	fields := strings.Split(string(bytes.TrimSuffix(told, []byte{0})), "\x00")
	next := func(n int) []string {
		n = max(0, min(n, len(fields)))
		taken := fields[:n:n]
		fields = fields[n:]
		return taken
	}
	for first := true; len(fields) > 0; {
		switch kind := next(1)[0]; kind {
		case "defined":
			names := strings.Fields(strings.Join(next(1), ""))
			if !first {
				c.Passed++
				c.Defined = append(c.Defined, slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(known, name) }))
			}
			known, first = names, false
		case "call":
			count, err := strconv.Atoi(strings.Join(next(1), ""))
			if err != nil {
				return c, errors.New("reading what the hooks' shell told: it is garbled")
			}
			c.Calls = append(c.Calls, next(count+1))
		case "carried":
			c.Carried = strings.Join(next(1), "")
		case "surroundings":
			c.Surroundings = &Surroundings{strings.Join(next(1), ""), next(len(fields))}
		default:
			return c, errors.New("reading what the hooks' shell told: it is garbled")
		}
	}
	return c, nil
}

// Tell returns the surroundings in the form that ReadCrossResult reads.
func (s Surroundings) Tell() []byte {
	return []byte("surroundings\x00" + strings.Join(append([]string{s.Dir}, s.Environ...), "\x00") + "\x00")
}

// Difference is the Plan that takes a shell from the surroundings s to those in
// now. The shell's own variables, and what den notes there, stay.
func (s Surroundings) Difference(now Surroundings, own ...string) Plan {
	var plan Plan
	before, after := variablesOf(s.Environ, own), variablesOf(now.Environ, own)
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, there := after[name]; !there {
			plan = append(plan, Unset{name})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if old, there := before[name]; !there || old != after[name] {
			plan = append(plan, Set{name, after[name]})
		}
	}
	if now.Dir != s.Dir && now.Dir != "" {
		plan = append(plan, Cd{now.Dir})
	}
	return plan
}

// identifier is a name that every shell takes for a variable.
var identifier = lazy.Pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

// notTaken are set by the sh that has sourced a hook, or are notes of den's.
var notTaken = []string{
	"_", "PWD", "OLDPWD", "SHLVL", "BASHOPTS", "SHELLOPTS", "BASH_ENV", "ENV",
	VarActive, VarActivePrompt, VarVariables,
}

// variablesOf returns the variables in environ that a person or a hook may set in
// a shell that has some of its own.
func variablesOf(environ, own []string) map[string]string {
	variables := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		isNote := strings.HasPrefix(name, SavedName("")) || strings.HasPrefix(name, EnteredName("")) || strings.HasPrefix(name, "__den_")
		if identifier().MatchString(name) && !isNote && !slices.Contains(notTaken, name) && !slices.Contains(own, name) {
			variables[name] = value
		}
	}
	return variables
}
