package conformance

import (
	"testing"

	"den/shell/shells"
)

// Alt-J, once it is asked for, shows the list to choose from; what is being typed is
// there again after it.
func TestKeys(t *testing.T) {
	eachShell(t, func(w *world) {
		record, err := shells.ByName(w.name())
		if err != nil {
			w.Fatal(err)
		}
		if record.Keys == "" {
			return
		}
		w.env["DEN_PICKER"], w.env["DEN_KEYS"] = "den", "on"
		web := w.lay("web")
		term := w.open()
		for round, row := range []struct{ keys, begun, rest string }{{"web\r", "ty", "ped"}, {"\x03", "aga", "in"}} {
			line := "builtin printf '<%s>' " + row.begun
			term.press(line)
			term.wait("the line", func() bool { return term.stops(line) })
			term.press("\x1bj")
			term.wait("the list", func() bool { return term.count("\x1b[?1049h") == round+1 && term.count("1/1") > round })
			term.press(row.keys)
			term.wait("the line again", func() bool {
				return term.count("\x1b[?1049l") == round+1 && term.stops("(web) base> "+line)
			})
			term.press(row.rest + "\r")
			term.wait("what the line prints", func() bool { return term.count("<"+row.begun+row.rest+">") > 0 })
		}
		term.look("web")
		w.inside("web", web)
	})
}
