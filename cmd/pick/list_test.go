package pick

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
)

var five = []Item{
	{"api", []string{"3.12.1", "~/src/api"}},
	{"data-science", []string{"3.9", ""}},
	{"my env", []string{"3.12.1", "broken: gone"}},
	{"web", []string{"3.12.1", "~/src/shop"}},
	{"webapi", []string{"3.13.0", ""}},
}

// typeInto has a person type keys into the list, and returns what they choose.
func typeInto(l *list, keys string) (names []string, err error) {
	for typed := []byte(keys); len(typed) > 0; {
		k, size := next(typed, false)
		typed = typed[size:]
		if done, err := l.act(k, 10); done || err != nil {
			return l.chosen(), err
		}
	}
	return nil, nil
}

func TestChoose(t *testing.T) {
	const up, down, pageDown, end, home = "\x1b[A", "\x1bOB", "\x1b[6~", "\x1b[F", "\x1b[1~"
	for _, row := range []struct{ name, keys, want string }{
		{"the first", "\r", "api"},
		{"one below", down + down + "\r", "my env"},
		{"and up", down + down + up + "\r", "data-science"},
		{"not above", up + up + "\r", "api"},
		{"not below", strings.Repeat(down, 9) + "\r", "webapi"},
		{"a page", pageDown + "\r", "webapi"},
		{"the ends", end + home + end + "\r", "webapi"},
		{"the keys of a shell", "\x0e\x0e\x10\r", "data-science"},
		{"a name", "web\r", "web"},
		{"some letters", "dsc\r", "data-science"},
		{"in another case", "WEB\r", "web"},
		{"the best one first", "api\r", "api"},
		{"another of them", "api" + down + "\r", "webapi"},
		{"a blank in it", "my e\r", "my env"},
		{"what is beside it", "shop\r", "web"},
		{"nothing fits", "xyz\r", ""},
		{"a slip", "xyz\x7f\x7f\x7fweb\r", "web"},
		{"a word back", "no such\x17\x17api\r", "api"},
		{"anew", "nothing\x15my\r", "my env"},
		{"keys that mean nothing", "\x1b[15~\x1bx\x00w\x1b[200~eb\r", "web"},
		{"marked", "\t\t\r", "api,data-science"},
		{"marked in another order", end + "\t" + home + "\t\r", "api,webapi"},
		{"no longer marked", "\t" + up + "\t\r", "data-science"},
		{"marked and then filtered", "\tmy\r", "api"},
	} {
		t.Run(row.name, func(t *testing.T) {
			names, err := typeInto(newList(five, Options{Several: true}), row.keys)
			if got := strings.Join(names, ","); err != nil || got != row.want {
				t.Errorf("chosen is %q (%v), want %q", got, err, row.want)
			}
		})
	}
	t.Run("one only", func(t *testing.T) {
		if names, _ := typeInto(newList(five, Options{}), "\t\t\r"); strings.Join(names, ",") != "api" {
			t.Errorf("chosen is %q, want api", names)
		}
	})
	t.Run("typed already", func(t *testing.T) {
		if names, _ := typeInto(newList(five, Options{Query: "we"}), "b\r"); strings.Join(names, ",") != "web" {
			t.Errorf("chosen is %q, want web", names)
		}
	})
	for _, key := range []string{"\x1b", "\x03", "\x07", "\x04"} {
		if _, err := typeInto(newList(five, Options{}), "we"+key); !errors.Is(err, ErrCancelled) {
			t.Errorf("%q: the error is %v, want ErrCancelled", key, err)
		}
	}
}

// A key that comes in pieces is read when it is whole, and ESC alone when nothing
// follows.
func TestNext(t *testing.T) {
	for _, row := range []struct {
		typed string
		more  bool
		want  key
		size  int
	}{
		{"\x1b", true, key{}, 0},
		{"\x1b", false, key{name: cancel}, 1},
		{"\x1b[", true, key{}, 0},
		{"\x1b[5", true, key{}, 0},
		{"\x1b[5~x", true, key{name: pageUp}, 4},
		{"\x1b[1;5Ax", true, key{}, 6},
		{"\x1bOA", true, key{name: up}, 3},
		{"\xc3", true, key{}, 0},
		{"\xc3", false, key{}, 1},
		{"é", true, key{text, 'é'}, 2},
		{"\xff", true, key{}, 1},
	} {
		if k, size := next([]byte(row.typed), row.more); k != row.want || size != row.size {
			t.Errorf("%q: %v of %d bytes, want %v of %d", row.typed, k, size, row.want, row.size)
		}
	}
}

var control = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]")

// shown is what a frame has on the terminal.
func shown(frame string) []string {
	var lines []string
	for line := range strings.SplitSeq(control.ReplaceAllString(frame, ""), "\r\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

func TestDraw(t *testing.T) {
	l := newList(five, Options{Several: true})
	_, _ = typeInto(l, "\tap")
	frame, rows := l.draw(40, 7)
	want := []string{
		"> ap                       1 marked, 2/5",
		"* api           3.12.1  ~/src/api",
		"  webapi        3.13.0",
		"", "", "",
		"Enter takes the marked ones, or this on…",
	}
	want[0] = "> ap                      1 marked, 2/5"
	if got := shown(frame); strings.Join(got, "\n") != strings.Join(want, "\n") || rows != 5 {
		t.Errorf("%d rows:\n%s\nwant\n%s", rows, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !strings.Contains(frame, reverse+"* "+bold+"a"+plain+reverse+bold+"p") {
		t.Errorf("the letters that were typed are not bold in %q", frame)
	}
	_, _ = typeInto(l, "xyz")
	frame, _ = l.draw(40, 7)
	if got := shown(frame); got[1] != "  nothing matches" || got[6] != NoMatchHelp {
		t.Errorf("where nothing matches:\n%s", strings.Join(got, "\n"))
	}
}

// Whatever the size of the terminal, and the names, no line is wider than it, there
// are no more of them, and the one that Enter takes is among them.
func TestDrawFits(t *testing.T) {
	items := []Item{{"a\x1b[2J\tname", []string{"3.12.1", "\n"}}, {strings.Repeat("ü漢", 40), []string{"3.12.1", strings.Repeat("long ", 60)}}}
	for i := range 30 {
		items = append(items, Item{fmt.Sprintf("item%02d", i), []string{"", ""}})
	}
	preview := func(string) []string { return []string{strings.Repeat("wide ", 50), "\x1b[H", ""} }
	for _, width := range []int{1, 2, 10, 40, 80, 200} {
		for _, height := range []int{1, 2, 5, 24, 60} {
			l := newList(items, Options{Preview: preview})
			for range len(items) {
				frame, rows := l.draw(width, height)
				lines := shown(frame)
				if len(lines) > max(height, 2) {
					t.Fatalf("%d×%d: there are %d lines", width, height, len(lines))
				}
				for _, line := range lines {
					if w := displaywidth.String(line); w > width {
						t.Fatalf("%d×%d: a line is %d wide: %q", width, height, w, line)
					}
				}
				if l.at < l.top || l.at >= l.top+rows {
					t.Fatalf("%d×%d: item %d is not among the %d from %d on", width, height, l.at, rows, l.top)
				}
				l.move(1)
			}
		}
	}
}
