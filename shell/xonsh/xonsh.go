// Package xonsh has the shell xonsh. Its language is Python with commands in it, so a
// Plan comes to it as a Python literal, in which nothing is run.
package xonsh

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"

	"den/shell"
)

//go:embed init.xsh
var initScript string

//go:embed plan.xsh
var planScript string

//go:embed check.xsh
var checkScript string

//go:embed activate.xsh
var activateScript string

// program stands in a script for den's path.
const program = "DEN_PROGRAM"

// Dialect is the language of xonsh.
type Dialect struct{}

// Quote implements shell.Dialect: a string of Python's in ASCII alone. A byte that is
// not UTF-8 is written as PEP 383 has it.
func (Dialect) Quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\udc%02x`, text[i])
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += size
	}
	b.WriteByte('"')
	return b.String()
}

// Render implements shell.Dialect. It returns a list of tuples, one for each Step,
// with the name of a method of plan.xsh first.
func (d Dialect) Render(p shell.Plan) string {
	r := &renderer{Dialect: d}
	p.RenderAll(r)
	return "[" + strings.Join(r.steps, ", ") + "]"
}

// Whole implements shell.Dialect: a list that was cut short is none.
func (Dialect) Whole(code string) string {
	if code == "" {
		return "[]\n"
	}
	return code + "\n"
}

// Init implements shell.Dialect.
func (d Dialect) Init(i shell.Integration, resume shell.Plan) string {
	return d.fill(i, "", "__den.take("+d.Render(resume)+")")
}

// InitFile implements shell.Dialect.
func (d Dialect) InitFile(i shell.Integration, file shell.InitFile) string {
	resume := "if not __den_needs_nothing():\n    __den.ask([\"resume\"])\ndel __den_needs_nothing"
	return file.Before + file.Fill(checkScript, d, "True", "False") + "\n\n" + d.fill(i, file.Mark(), resume)
}

func (d Dialect) fill(i shell.Integration, mark, resume string) string {
	define := func(w shell.Word) string {
		return fmt.Sprintf("        self.word(%s, %s)\n", d.Quote(w.Name), d.Quote(w.Command))
	}
	return shell.Fill(strings.Replace(initScript, shell.PlanLine, planScript, 1), mark, resume,
		program, d.Quote(i.Program),
		shell.CommandList, strings.Join(i.Commands, " "),
		"        "+shell.FunctionLines, i.Functions(define),
	)
}

// RCLine implements shell.Dialect. The code is plain Python, which Python parses twenty
// times as fast as xonsh does.
func (d Dialect) RCLine(program string) string { return "exec(" + d.asked(program) + ")" }

// InitFileLine implements shell.Dialect.
func (d Dialect) InitFileLine(file, program string) string {
	path := d.path(file)
	return fmt.Sprintf("exec(open(%s).read() if __import__('os').access(%s, 4) else %s)", path, path, d.asked(program))
}

// asked is what the program prints as its Init code. In $(...), xonsh loses the end of it
// where the machine is busy.
func (d Dialect) asked(program string) string {
	return "__import__('subprocess').check_output([" + d.path(program) + `, "init", "xonsh"], env=${...}.detype())`
}

// path is a path as a value. One that begins with "~/" is below HOME.
func (d Dialect) path(path string) string {
	if below, ok := strings.CutPrefix(path, "~/"); ok {
		return "$HOME + " + d.Quote("/"+below)
	}
	return d.Quote(path)
}

// Activate returns the script bin/activate.xsh.
func Activate(a shell.Activation) string {
	return a.FillFor(Dialect{}, activateScript, planScript)
}
