package shell

import "strings"

// Kept is what a script that is kept in a file takes for granted.
type Kept struct {
	File      string // the file that it is kept in
	Config    string // the file of settings
	HasConfig bool   // whether that was there
	Home      string // the directory of the environments, unless a variable says otherwise
	HookDir   string // the directory of the global hooks; "" if it is Home
	Before    string // code that is kept in front of it
	Auto      string // the Mode of Auto
	Keys      string // the setting of KeysCode
}

// These precede the fingerprint of the other code, in the fingerprint of a script
// that is kept in a file.
const (
	keptMark    = "+" // in what Keep returned
	WrapperMark = "=" // in what Wrapper.Script returned
)

// Mark is what the fingerprint of the script ends with.
func (k Kept) Mark() string { return keptMark + Fingerprint(k.Before) }

// Fill puts the settings of the script into its code. yes and no are the shell's words
// for true and false.
func (k Kept) Fill(code string, d Dialect, yes, no string) string {
	hasConfig := no
	if k.HasConfig {
		hasConfig = yes
	}
	return strings.NewReplacer(
		"DEN_CONFIG", d.Quote(k.Config), "DEN_HAS_CONFIG", hasConfig,
		"DEN_FILE", d.Quote(k.File), "DEN_HOME", d.Quote(k.Home), "DEN_HOOKS", d.Quote(k.HookDir),
	).Replace(code)
}

// A Wrapper is the record of the script that stands in for virtualenvwrapper.sh, in the
// shells that can source that.
type Wrapper struct {
	Script   func(Integration) string
	IsScript func(text string) bool // whether a text is the Script, of this den or an earlier one
	// Line is the line in a start-up file that evaluates the Script as the program
	// prints it. KeptLine is the line that sources the file with the Script, or does as
	// Line if the file cannot be read.
	Line     func(program string) string
	KeptLine func(file, program string) string
	// Word is a path as a line has it. A leading "~/" is left for the shell.
	Word func(path string) string
}

// An Origin is where a shell has its functions from.
type Origin int

const (
	FromInit              Origin = iota // what den printed for that shell
	FromKept                            // what Keep returned
	FromVirtualenvwrapper               // what Wrapper.Script returned
)

// Loaded takes a fingerprint apart, as the functions of an init script hand it
// over: the fingerprint of the functions, and their origin.
func Loaded(loaded string) (functions string, from Origin) {
	if functions, _, found := strings.Cut(loaded, keptMark); found {
		return functions, FromKept
	}
	if functions, _, found := strings.Cut(loaded, WrapperMark); found {
		return functions, FromVirtualenvwrapper
	}
	return loaded, FromInit
}

// IsKept reports whether the functions of a kept script hand over that fingerprint.
func IsKept(script, loaded string) bool { return strings.Contains(script, "--loaded "+loaded+" ") }
