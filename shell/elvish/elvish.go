// Package elvish has the shell elvish.
package elvish

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"

	"den/shell"
)

//go:embed init.elv
var initScript string

//go:embed plan.elv
var planScript string

//go:embed check.elv
var checkScript string

//go:embed activate.elv
var activateScript string

// Dialect is the language of elvish.
type Dialect struct{}

// Quote implements shell.Dialect: single quotes, in which nothing is special but
// the quote, which is doubled. elvish reads code as characters, so bytes that are not
// UTF-8 are written as escapes, which are read in double quotes alone.
func (Dialect) Quote(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch char := text[i : i+size]; {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `'"\x%02x"'`, text[i])
		case r == '\'':
			b.WriteString("''")
		default:
			b.WriteString(char)
		}
		i += size
	}
	b.WriteByte('\'')
	return b.String()
}

// Render implements shell.Dialect.
func (d Dialect) Render(p shell.Plan) string {
	r := &renderer{Dialect: d}
	p.RenderAll(r)
	return r.code.String()
}

// Whole implements shell.Dialect.
func (Dialect) Whole(code string) string { return code + "all-taken\n" }

// Init implements shell.Dialect.
func (d Dialect) Init(i shell.Integration, resume shell.Plan) string {
	return d.fill(i, "", d.Render(resume))
}

// InitFile implements shell.Dialect.
func (d Dialect) InitFile(i shell.Integration, file shell.InitFile) string {
	return file.Before + file.Fill(checkScript, d, "$true", "$false") + "\n" + d.fill(i, file.Mark(), "if (not (needs-nothing)) { ask resume }\n")
}

func (d Dialect) fill(i shell.Integration, mark, resume string) string {
	program := d.Quote(i.Program)
	define := func(w shell.Word) string {
		call := program
		if w.ActsOnShell {
			call = "ask"
		}
		return fmt.Sprintf("fn %s {|@args| %s %s $@args }\nset words[%s~] = $%s~\n", w.Name, call, w.Command, w.Name, w.Name)
	}
	return shell.Fill(strings.Replace(initScript, shell.PlanLine, planScript, 1), mark, resume,
		shell.ProgramCall, program,
		shell.CommandList, strings.Join(i.Commands, " "),
		// A script has deactivate always, and what is only there while an environment
		// is active is defined from this.
		shell.FunctionLines, i.AlwaysDefined().Functions(define),
	)
}

// RCLine implements shell.Dialect. The code is evaluated with nothing in sight that
// the person may have redefined.
func (d Dialect) RCLine(program string) string {
	return "eval &ns=(ns [&]) (" + shell.QuoteProgram(d.Quote, program) + " init elvish | slurp)"
}

// InitFileLine implements shell.Dialect.
func (d Dialect) InitFileLine(file, program string) string {
	file, program = shell.QuoteProgram(d.Quote, file), shell.QuoteProgram(d.Quote, program)
	return fmt.Sprintf("eval &ns=(ns [&]) (try { slurp < %s } catch _ { %s init elvish | slurp })", file, program)
}

// Activate returns the script bin/activate.elv.
func Activate(a shell.Activation) string {
	return a.FillFor(Dialect{}, activateScript, planScript)
}
