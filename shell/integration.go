package shell

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// An Integration is what den brings into every shell: functions that call it.
type Integration struct {
	Program string // den's absolute path, so that neither PATH nor a den in an environment matters
	Flags   string // that it is called with, on top of others
	Words   []Word
	// Commands are the subcommands of den that act on the shell itself.
	Commands []string
	// Variables are those that den reads. A person may have set them for den and
	// not exported them.
	Variables []string
}

// A Word is a function that stands for a command of den's.
type Word struct {
	Name    string
	Command string // with its subcommand, such as "project new"
	// ActsOnShell is set where the command changes the shell: a Plan comes back.
	ActsOnShell bool
	// WhileActive is set for the function that DefineDeactivate makes.
	WhileActive bool
	// OfWrapper is set for the words of virtualenvwrapper, the others are den's own.
	OfWrapper bool
}

// Names returns den and all words: what a shell completes.
func (i Integration) Names() []string {
	names := []string{"den"}
	for _, w := range i.Words {
		names = append(names, w.Name)
	}
	return names
}

// Functions returns the words that are defined when the integration is loaded,
// each as define says it.
func (i Integration) Functions(define func(Word) string) string {
	var code strings.Builder
	for _, w := range i.Words {
		if !w.WhileActive {
			code.WriteString(define(w))
		}
	}
	return strings.TrimSuffix(code.String(), "\n")
}

// AlwaysDefined returns the integration for a shell that defines all words when it is
// loaded, also those that other shells have only while an environment is active.
func (i Integration) AlwaysDefined() Integration {
	i.Words = slices.Clone(i.Words)
	for n := range i.Words {
		i.Words[n].WhileActive = false
	}
	return i
}

// These stand in the init scripts, as they are in the source, for what Fill puts
// there.
const (
	ProgramCall   = "command den"     // for the program, by its absolute path
	ProgramFile   = "DEN_FILE"        // for that path alone
	CommandList   = "DEN_COMMANDS"    // for the commands that act on the shell
	FunctionLines = "# DEN_FUNCTIONS" // for the words
	loadedMark    = "DEN_LOADED"      // for the fingerprint of the functions
	resumeLine    = "# DEN_RESUME"    // for what is to be done at once
)

// TellGone returns the code with the two lines that a shell prints once its environment
// has been removed or renamed elsewhere: DEN_GONE, before the path of the environment, and
// DEN_LEAVE. Neither has a character that a shell reads in a special way in quotes.
func TellGone(code string) string {
	return strings.NewReplacer(
		"DEN_GONE", "den: warning: the active environment is not there any more, removed or renamed elsewhere:",
		"DEN_LEAVE", "den: hint: leave it: deactivate",
	).Replace(code)
}

// tellLacked returns the code with the two lines that a shell prints when a word is typed
// and the program is not there: DEN_LACKED, before its path, and DEN_UNLOAD. Neither has a
// character that a shell reads in a special way in quotes.
func tellLacked(code string) string {
	return strings.NewReplacer(
		"DEN_LACKED", "den: error: this shell has the words of den, but its program is not there any more:",
		"DEN_UNLOAD", "den: hint: to be rid of them, take the line that loads den out of your start-up file and start a new shell",
	).Replace(code)
}

// Fill returns the text of an init script with the pairs filled in, each a text
// and its replacement; a fingerprint of these functions, with a mark behind it;
// and the code to resume with.
func Fill(script, mark, resume string, pairs ...string) string {
	print := Fingerprint(script + strings.Join(pairs, "\x00"))
	return strings.NewReplacer(append(pairs, loadedMark, print+mark, resumeLine, resume)...).Replace(tellLacked(TellGone(script)))
}

// Fingerprint returns a short text that is another for another code.
func Fingerprint(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:4])
}
