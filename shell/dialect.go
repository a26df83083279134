package shell

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A Dialect is one shell's language.
type Dialect interface {
	// Name is the shell's name, as in "den init NAME".
	Name() string
	// Quote returns code that the shell reads back as exactly the text: one
	// word, nothing in it expanded or executed.
	Quote(text string) string
	// Render returns code that takes the Plan's Steps. It is evaluated inside
	// a function, works whatever options are set there, and ends with status 0.
	Render(p Plan) string
	// Init returns the code that defines den's functions in the shell. They
	// call the program at the absolute path program; commands are the names
	// of the subcommands that act on the shell itself, and resume is taken
	// right away.
	Init(program string, commands []string, resume Plan) string
	// Keep returns the code that Init does, to be kept in a file. It starts den
	// only in shells in which there is something to resume, and what it takes
	// for granted besides is in kept.
	Keep(program string, commands []string, kept Kept) string
	// RCFile is the start-up file that the shell reads in every interactive
	// session of the person.
	RCFile(getenv func(string) string) string
	// RCLine is the line in it that loads the Init code of the program, which
	// is a name or a path.
	RCLine(program string) string
	// KeptLine is the line that sources the file with what Keep returns, or does
	// as RCLine where the file cannot be read. Both may begin with "~/".
	KeptLine(file, program string) string
	// Trial is how the shell is asked about its start-up file.
	Trial() Trial
}

// ProgramCall is how the init scripts, as they stand in the source, call den:
// by name. Init puts the absolute path of the program in its place, so that a
// changed PATH or a den installed in an environment does not matter.
const ProgramCall = "command den"

// CommandList stands in the init scripts for the commands that act on the shell.
const CommandList = "DEN_COMMANDS"

// LoadedMark stands in the init scripts for what tells those of one den from
// those of another, so that a person can be told that their shell has loaded
// others than it would now.
const LoadedMark = "DEN_LOADED"

// Fingerprint is put in the place of LoadedMark.
func Fingerprint(script, program string, commands []string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{script, program}, commands...), "\x00")))
	return hex.EncodeToString(sum[:4])
}

// ResumeLine stands in the init scripts for the Plan to take at once.
const ResumeLine = "# resume"
