package shell

import (
	"cmp"
	"path/filepath"
	"strings"
)

// A Shell is the record of one shell: all that the rest of den may ask about
// it. Package shells has the table of them.
type Shell struct {
	// Name is the name of its program, and the word in "den init NAME".
	Name string
	// OtherNames are those by which its program may be called too.
	OtherNames []string
	// Program is the name of its program where that is not Name.
	Program string
	Dialect

	// Channel is how a Plan gets into the shell.
	Channel Channel

	// RCFile returns the start-up file that the shell reads in every interactive
	// session of the person. RCFileShown is how help names it, and RCFileElsewhere
	// the variable that moves it, if there is one.
	RCFile                       func(getenv func(string) string) string
	RCFileShown, RCFileElsewhere string
	// LoginFiles are those beside RCFile that a login shell reads in its place: the
	// first of them that is there. There are none where it reads RCFile too.
	LoginFiles []string
	// WrapperFiles are those beside RCFile, and itself, in which people source
	// virtualenvwrapper.sh. There are none where the shell cannot.
	WrapperFiles []string

	// Bare are the arguments with which the shell reads no start-up file.
	Bare []string
	// Trial is how the shell is asked about its own start-up files.
	Trial Trial

	// HookSuffix ends the names of hooks in the shell's own language. It is ""
	// where the shell sources hooks for sh itself.
	HookSuffix string
	// OwnVariables are those that the shell sets itself, or that cannot be set in
	// it: a hook that another shell has sourced does not change them here.
	OwnVariables []string

	// ActivateName and Activate are the file in an environment's bin that the
	// person sources, and its content.
	ActivateName string
	Activate     func(Activation) string

	Completion Completion

	// Auto returns the code, behind that of Init, with which an interactive shell enters
	// and leaves environments as the person goes from directory to directory. It is nil
	// where the shell has nothing to hang that on.
	Auto func(Auto) string
	// Keys is code, behind that of Init, that binds Alt-J to the list to choose from. It
	// is "" where the shell has no key for that.
	Keys string
}

// ActivateName is the file name of the activate script for sh and the shells that read
// the same.
const ActivateName = "activate"

// Auto is what a shell has to know to enter environments by itself.
type Auto struct {
	Mode string // "linked" or "on", unless the variable DEN_AUTO says otherwise
	Home string // the directory of the environments, unless WORKON_HOME says otherwise
}

// Fill puts what the shell has to know into its code.
func (a Auto) Fill(code string, d Dialect) string {
	return strings.NewReplacer("DEN_HOME", d.Quote(a.Home), "DEN_MODE", a.Mode).Replace(code)
}

// AutoOff is the Mode in which nothing is entered.
const AutoOff = "off"

// AutoCode returns the code of Auto; none where it is off.
func (s *Shell) AutoCode(auto Auto) string {
	if s.Auto == nil || auto.Mode == "" || auto.Mode == AutoOff {
		return ""
	}
	return "\n" + s.Auto(auto)
}

// KeysOn is the setting with which KeysCode returns code.
const KeysOn = "on"

// KeysCode returns the code of Keys; none where they are off.
func (s *Shell) KeysCode(setting string) string {
	if setting != KeysOn || s.Keys == "" {
		return ""
	}
	return "\n" + s.Keys
}

// InConfig returns an RCFile: a path below XDG_CONFIG_HOME, or else below ~/.config.
func InConfig(path string) func(getenv func(string) string) string {
	return func(getenv func(string) string) string {
		dir := getenv("XDG_CONFIG_HOME")
		if dir == "" {
			dir = filepath.Join(getenv("HOME"), ".config")
		}
		return filepath.Join(dir, path)
	}
}

// Executable returns the name of the shell's program.
func (s *Shell) Executable() string { return cmp.Or(s.Program, s.Name) }

// A Channel is how a Plan, as the Dialect renders it, gets into the shell that
// called den.
type Channel interface {
	// Reserve keeps the channel from the programs that den starts.
	Reserve()
	// Send hands over what Render returned. It is called once, at the end.
	Send(rendered string) error
}

// A Completion is how a shell completes den.
type Completion struct {
	// Script returns the code that has the shell complete den and the words of the
	// integration, by asking the program. It belongs to the code that defines the
	// functions, and may be loaded more than once.
	Script func(Integration) string
	// File returns the completion of den as a file that the shell loads by itself when
	// it is to complete den, from Place below PREFIX. It calls the den on PATH, knows
	// no words, and is in the way of nothing that Script defines.
	File  func() string
	Place string
	Needs string // what else has to be installed for File to be found
	// Missing says why there is none.
	Missing string
	// Form is how the shell asks, and in which form it is answered.
	Form CompletionForm
}

// NoCompletion returns the Completion of a shell that has none, and says why.
func NoCompletion(why string) Completion {
	return Completion{Missing: why, Script: func(Integration) string { return "" }, File: func() string { return "" }}
}

// NameList stands in the completion scripts for the names of the commands that
// complete.
const NameList = "DEN_NAMES"

// A CompletionForm is how a shell hands over a half-typed line, and takes the
// answer.
type CompletionForm int

const (
	// CompletionOfLine has the line as text, and is answered with the texts to put
	// in place, matched and quoted.
	CompletionOfLine CompletionForm = iota + 1
	// CompletionOfWords has words. It is answered with candidates and their
	// descriptions; to match and to quote is for the shell.
	CompletionOfWords
	// CompletionOfWordsRooted is CompletionOfWords for a shell that lists the paths
	// in any directory itself.
	CompletionOfWordsRooted
	// CompletionOfWordsListed is CompletionOfWords for a shell that lists no paths:
	// they are among the candidates.
	CompletionOfWordsListed
)
