package shell

import "strings"

// An InitFile is a file with the code of Init, which a start-up file sources, so that a
// new shell starts no process to load den. These are the facts that its code relies on.
type InitFile struct {
	Path      string
	Config    string // the file of settings
	HasConfig bool   // whether that was there
	Home      string // the directory of the environments, unless a variable says otherwise
	HookDir   string // the directory of the global hooks; "" if it is Home
	Before    string // code in front of it
	Auto      string // the Mode of Auto
	Keys      string // the setting of KeysCode
}

// These precede the fingerprint of the other code, in the fingerprint of an
// init file.
const (
	initFileMark = "+" // in what InitFile returned
	WrapperMark  = "=" // in what Wrapper.Script returned
)

// Mark is what the fingerprint of the script ends with.
func (f InitFile) Mark() string { return initFileMark + Fingerprint(f.Before) }

// Fill puts the settings of the script into its code. yes and no are the shell's words
// for true and false.
func (f InitFile) Fill(code string, d Dialect, yes, no string) string {
	hasConfig := no
	if f.HasConfig {
		hasConfig = yes
	}
	return strings.NewReplacer(
		"DEN_CONFIG", d.Quote(f.Config), "DEN_HAS_CONFIG", hasConfig,
		"DEN_FILE", d.Quote(f.Path), "DEN_HOME", d.Quote(f.Home), "DEN_HOOKS", d.Quote(f.HookDir),
	).Replace(code)
}

// A Wrapper is the record of the script that stands in for virtualenvwrapper.sh, in the
// shells that can source that.
type Wrapper struct {
	Script   func(Integration) string
	IsScript func(text string) bool // whether a text is the Script, of this den or an earlier one
	// Line is the line in a start-up file that evaluates the Script as the program
	// prints it. InitFileLine is the line that sources the file with the Script, or does as
	// Line if the file cannot be read.
	Line         func(program string) string
	InitFileLine func(file, program string) string
	// Word is a path as a line has it. A leading "~/" is left for the shell.
	Word func(path string) string
}

// An Origin is where a shell has its functions from.
type Origin int

const (
	FromInit              Origin = iota // what den printed for that shell
	FromInitFile                        // what InitFile returned
	FromVirtualenvwrapper               // what Wrapper.Script returned
)

// Loaded takes a fingerprint apart, as the functions of an init script hand it
// over: the fingerprint of the functions, and their origin.
func Loaded(loaded string) (functions string, from Origin) {
	if functions, _, found := strings.Cut(loaded, initFileMark); found {
		return functions, FromInitFile
	}
	if functions, _, found := strings.Cut(loaded, WrapperMark); found {
		return functions, FromVirtualenvwrapper
	}
	return loaded, FromInit
}

// IsFromInitFile reports whether the functions of an init file hand over that fingerprint.
func IsFromInitFile(script, loaded string) bool {
	return strings.Contains(script, "--loaded "+loaded+" ")
}
