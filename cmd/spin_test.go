package cmd

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"den/shell/screen"
)

// A line that says that work goes on is no longer than the terminal is wide, with
// room for what an interrupt shows; nothing of it is left when the work is
// interrupted.
func TestInterruptedLine(t *testing.T) {
	for _, columns := range []int{20, 40, 41, 42, 200} {
		ours, theirs, err := pty.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer ours.Close()
		defer theirs.Close()
		if err := pty.Setsize(ours, &pty.Winsize{Rows: 10, Cols: uint16(columns)}); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		shown := screen.Screen{Width: columns}
		var stream strings.Builder // what was shown, and taken away again, too
		go func() {
			for chunk := make([]byte, 4096); ; {
				n, err := ours.Read(chunk)
				mu.Lock()
				shown.Write(chunk[:n])
				stream.Write(chunk[:n])
				mu.Unlock()
				if err != nil {
					return
				}
			}
		}()
		await := func(what string, holds func(text string) bool) {
			t.Helper()
			var text string
			for give := time.Now().Add(time.Minute); time.Now().Before(give); time.Sleep(time.Millisecond) {
				mu.Lock()
				text = strings.TrimSpace(shown.String())
				held := holds(text)
				mu.Unlock()
				if held {
					return
				}
			}
			t.Fatalf("%d columns: no %s:\n%s", columns, what, text)
		}
		terminal := terminal{stderr: theirs}
		stop := terminal.spin("making it with Py 3.1")
		await("line", func(text string) bool { return strings.Contains(text, "making") })
		if _, err := ours.WriteString("\x03"); err != nil {
			t.Fatal(err)
		}
		await("^C", func(string) bool { return strings.Contains(stream.String(), "^C") })
		stop()
		terminal.report(context.Canceled)
		await("error alone", func(text string) bool {
			return strings.ReplaceAll(text, "\n", "") == "den: error: interrupted"
		})
	}
}
