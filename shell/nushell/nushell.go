// Package nushell has the shell nushell. Its program is nu. It evaluates no text while it
// runs, so it gets a Plan as data.
package nushell

import (
	_ "embed"
	"fmt"
	"strings"

	"den/shell"
)

//go:embed init.nu
var initScript string

//go:embed plan.nu
var planScript string

//go:embed check.nu
var checkScript string

//go:embed activate.nu
var activateScript string

// Dialect is the language of nushell.
type Dialect struct{}

// Quote implements shell.Dialect: double quotes, in which nothing is expanded. A
// text that is not UTF-8 cannot be written in nushell; see shell.File.
func (Dialect) Quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, part := range strings.SplitAfter(text, "") {
		switch {
		case part == `"` || part == `\`:
			b.WriteString(`\` + part)
		case len(part) == 1 && (part[0] < ' ' || part[0] == 0x7f):
			fmt.Fprintf(&b, `\u{%x}`, part[0])
		default:
			b.WriteString(part)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Render implements shell.Dialect. It returns a list of records, one for each Step, in
// nushell's own form of data. JSON and the code of a script read each text in it alike.
func (d Dialect) Render(p shell.Plan) string {
	r := &renderer{Dialect: d}
	p.RenderAll(r)
	return "[" + strings.Join(r.records, ", ") + "]"
}

// Whole implements shell.Dialect: a list that was cut short is none.
func (Dialect) Whole(code string) string { return code + "\n" }

// Init implements shell.Dialect. A module is loaded later, in another shell, so den
// is asked then for the Plan.
func (d Dialect) Init(i shell.Integration, _ shell.Plan) string {
	return d.fill(i, "", "take-plan (ask resume)")
}

// InitFile implements shell.Dialect.
func (d Dialect) InitFile(i shell.Integration, file shell.InitFile) string {
	return file.Before + file.Fill(checkScript, d, "true", "false") + "\n" + d.fill(i, file.Mark(), "if not (needs-nothing) { take-plan (ask resume) }")
}

func (d Dialect) fill(i shell.Integration, mark, resume string) string {
	program := "^" + d.Quote(i.Program)
	define := func(w shell.Word) string { return fmt.Sprintf("export alias %s = den %s\n", w.Name, w.Command) }
	return shell.Fill(strings.Replace(initScript, shell.PlanLine, planScript, 1), mark, resume,
		"^"+shell.ProgramCall, program,
		shell.CommandList, strings.Join(i.Commands, " "),
		// nushell defines no command while it runs.
		shell.FunctionLines, i.AlwaysDefined().Functions(define),
	)
}

// RCLine implements shell.Dialect. It is no line for a start-up file, in which it
// would come too late: it makes one that nushell reads whole.
func (d Dialect) RCLine(program string) string {
	return command(program) + " init nushell | save --force ($nu.user-autoload-dirs.0 | path join den-init.nu)"
}

// InitFileLine implements shell.Dialect. Where there is no file it is made, for the next
// shell: what is loaded has to be there before this one runs.
func (d Dialect) InitFileLine(file, program string) string {
	file = d.Quote(file)
	return fmt.Sprintf("const den_init = if (%s | path expand | path exists) { %s }; use $den_init *; if $den_init == null { mkdir (%s | path expand | path dirname); %s init nushell | save --force (%s | path expand) }",
		file, file, file, command(program), file)
}

// command is a program, by a name, a path, or a path below "~/", which nushell
// expands in backquotes too.
func command(program string) string {
	if quoted := shell.QuoteProgram(func(string) string { return "" }, program); quoted == program {
		return "^" + program
	}
	return "^`" + program + "`"
}

// Activate returns the script bin/activate.nu.
func Activate(a shell.Activation) string {
	return a.FillFor(Dialect{}, activateScript, planScript)
}
