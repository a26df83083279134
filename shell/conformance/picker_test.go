package conformance

import "testing"

// A person chooses from a list in every shell: Enter enters what they chose, Ctrl-C
// and Esc change nothing.
func TestPicker(t *testing.T) {
	eachShell(t, func(w *world) {
		w.env["DEN_PICKER"] = "den"
		web := w.lay("web")
		w.lay("api")
		term := w.open()
		lists := 0
		choose := func(command, keys string) {
			t.Helper()
			lists++
			term.press(command + "\r")
			term.wait("the list", func() bool { return term.count("\x1b[?1049h") == lists && term.count("2/2") >= lists })
			term.press(keys)
			term.wait("the list to go", func() bool { return term.count("\x1b[?1049l") == lists })
			term.prompt()
			term.enter("builtin true")
		}
		term.look("before")
		choose("workon -i", "\x03")
		term.shows(base)
		term.look("nothing chosen")
		choose("workon -i", "wb\r")
		term.shows("(web) base> ")
		term.look("web")
		choose("den workon -i", "\x1b")
		term.shows("(web) base> ")
		term.look("still")

		w.same("before", "nothing chosen")
		w.inside("web", web)
		w.same("web", "still")
	})
}
