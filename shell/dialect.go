package shell

// A Dialect is one shell's language.
type Dialect interface {
	// Quote returns code that the shell reads back as exactly the text: one
	// word, nothing in it expanded or executed.
	Quote(text string) string
	// Render returns what takes the Plan's Steps, for the shell's Channel: code
	// that is evaluated inside a function, works whatever options are set there,
	// and ends with status 0; or data, where the shell cannot evaluate code.
	Render(p Plan) string
	// Whole returns the code, which may be none, as the integration evaluates it: so
	// that it can tell whether all of it came through and was taken.
	Whole(code string) string
	// Init returns the code that defines the functions of the integration. The
	// Plan resume is taken right away.
	Init(i Integration, resume Plan) string
	// InitFile returns the code that Init does, for an init file. It starts den only in
	// shells in which there is something to resume.
	InitFile(i Integration, file InitFile) string
	// RCLine is the line in a start-up file that loads the Init code of the
	// program, which is a name or a path.
	RCLine(program string) string
	// InitFileLine is the line that sources the file with what InitFile returns, or does
	// as RCLine where the file cannot be read. Both may begin with "~/".
	InitFileLine(file, program string) string
}
