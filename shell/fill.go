package shell

import (
	"slices"
	"strings"

	"den/lazy"
)

// fillMark stands in an activate script, alone on a line, for a Plan.
var fillMark = lazy.Pattern(`(?m)^( *)# (enter|resume|leave)\n`)

// Fill fills in the text of an activate script: the path of the environment, quoted, and
// the Plans that enter, resume and leave it, as render writes them.
func (a Activation) Fill(script, path string, render func(Plan) string) string {
	// den cannot know here which variables are exported; most saved ones are.
	exported := func(string) (string, bool) { return "", true }
	nothing := func(string) (string, bool) { return "", false }
	plans := map[string]Plan{"enter": a.Enter(exported), "resume": a.Resume(nothing), "leave": a.Leave(exported)}
	return fillMark().ReplaceAllStringFunc(strings.ReplaceAll(script, "DEN_PATH", path), func(line string) string {
		mark := fillMark().FindStringSubmatch(line)
		return indent(render(slices.DeleteFunc(plans[mark[2]], areScripts)), mark[1])
	})
}

// FillFor is Fill for a script with a PlanLine, in the language d.
func (a Activation) FillFor(d Dialect, script, planCode string) string {
	return strings.Replace(a.Fill(script, d.Quote(a.Path), d.Render), PlanLine, planCode, 1)
}

// PlanLine stands in a script for the code that takes a Plan.
const PlanLine = "# DEN_PLAN\n"

// areScripts reports whether the activate scripts see to a Step themselves.
func areScripts(s Step) bool {
	switch s.(type) {
	case DefineDeactivate, LeaveOther:
		return true
	}
	return false
}

func indent(code, by string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(code, "\n"), "\n", "\n"+by) + "\n"
}
