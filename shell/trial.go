package shell

// A Trial is how a shell is asked about its own start-up files.
type Trial struct {
	// Parse are the arguments with which the shell parses standard input and
	// runs nothing.
	Parse []string
	// Ask are those with which a new interactive shell takes the Question after
	// its start-up files. A "" stands for the question; where there is none, the
	// shell reads a start-up file from file descriptor 3, in place of its own.
	Ask []string
	// AskLogin are those with which a login shell does, and LoginOnly the names
	// of the start-up files that no other shell reads.
	AskLogin, LoginOnly []string
	// Load returns code that evaluates a start-up file, if it is there. It is nil
	// where sh's is understood.
	Load func(file string) string
	// Question is code that writes AnswerMark to the terminal, then
	// "workon" if there is one, "words" if it is den's, and "completion" if Tab
	// completes it; HiddenMark and the name of each program that makes the prompt anew
	// and leaves out the environment, "other" among them; then a full stop.
	Question string
	// ShowPrompt is a line for the start-up file that puts the environment into a
	// prompt that other code there makes anew each time.
	ShowPrompt string
	// See is a command line by which a person sees for themself whether a new shell has
	// den's words. It is "" where that is an interactive shell with -c 'type workon'.
	See string
	// MendCompletion is a line for the start-up file that turns on the shell's
	// completion, where it may be off.
	MendCompletion string
}

// AnswerMark is in front of the answer to a Trial's question.
const AnswerMark = "den-answer:"

// HiddenMark is in front of a program that keeps the environment out of the prompt.
const HiddenMark = "hidden:"

// Start returns the arguments for a shell that asks itself, and what it may read
// from file descriptor 3. file is its start-up file; a login shell reads others.
func (t Trial) Start(file string, login bool) (args []string, input string) {
	load := "[ ! -r " + QuoteSingle(file) + " ] || . " + QuoteSingle(file)
	if t.Load != nil {
		load = t.Load(file)
	}
	input = load + "\n" + t.Question + "\nexit\n"
	ask := t.Ask
	if login {
		ask = t.AskLogin
	}
	for _, arg := range ask {
		if arg == "" {
			arg, input = t.Question, ""
		}
		args = append(args, arg)
	}
	return args, input
}
