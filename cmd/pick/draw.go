package pick

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// NoMatchHelp says what a person can do where nothing matches.
const NoMatchHelp = "Backspace, or Esc to leave"

const (
	prompt = "> "
	// A preview needs so much room, or is left out.
	widthWithPreview, rowsWithPreview = 72, 7
	// So many rows there have to be before one is given to a line of help.
	rowsWithHelp = 6

	reverse, bold, plain = "\x1b[7m", "\x1b[1m", "\x1b[0m"
)

// draw returns the text that draws the list on a terminal of this size, and the number of
// rows with items.
func (l *list) draw(width, height int) (frame string, rows int) {
	rows = max(height-1, 1)
	if height >= rowsWithHelp {
		rows--
	}
	l.top = max(min(l.top, l.at), l.at-rows+1)
	listed := width
	var preview []string
	if width >= widthWithPreview && rows >= rowsWithPreview {
		if preview = l.preview(); preview != nil {
			listed = width * 3 / 5
		}
	}
	var lines []string
	for i := range rows {
		line := ""
		switch {
		case l.top+i < len(l.found):
			line = l.row(l.top+i, listed)
		case i == 0:
			line = fit("  nothing matches", listed)
		}
		if i < len(preview) {
			line = pad(line, listed) + "| " + fit(preview[i], width-listed-2)
		}
		lines = append(lines, line)
	}
	lines = append([]string{l.head(width)}, lines...)
	if height >= rowsWithHelp {
		lines = append(lines, fit(l.help(), width))
	}
	cursor := min(displaywidth.String(prompt+string(l.query)), width-1) + 1
	return "\x1b[?25l\x1b[H" + strings.Join(lines, "\x1b[K\r\n") + "\x1b[K\x1b[J" + fmt.Sprintf("\x1b[1;%dH\x1b[?25h", cursor), rows
}

// head is the line with what is typed, and how much of the list fits it.
func (l *list) head(width int) string {
	count := fmt.Sprintf("%d/%d", len(l.found), len(l.items))
	if len(l.marked) > 0 {
		count = fmt.Sprintf("%d marked, %s", len(l.marked), count)
	}
	typed := prompt + partOf(string(l.query))
	room := width - displaywidth.String(typed) - 1
	if room < len(count)+1 {
		return fit(typed, max(width-1, 1))
	}
	return pad(typed, width-1-len(count)) + count
}

func (l *list) help() string {
	switch {
	case len(l.found) == 0:
		return NoMatchHelp
	case l.o.Several:
		return "Enter takes the marked ones, or this one; Tab marks; Esc leaves"
	}
	return "Enter takes it; Esc leaves"
}

// row is the line of the item at a place in the list of matches. The typed part of its
// name is bold.
func (l *list) row(at, width int) string {
	m := l.found[at]
	item := l.items[m.item]
	mark := "  "
	if l.marked[m.item] {
		mark = "* "
	}
	mark = fit(mark, width-1)
	column := min(l.widest, max(width/2, width-30))
	name := fit(item.Name, min(column, width-3))
	rest := strings.Repeat(" ", max(column-displaywidth.String(name), 0)) + "  " + notesOf(item, l.widths)
	rest = fit(strings.TrimRight(rest, " "), width-3-displaywidth.String(name))
	if at != l.at {
		return mark + embolden(name, m.hits, plain) + rest
	}
	blanks := strings.Repeat(" ", max(width-1-displaywidth.String(mark+name+rest), 0))
	return reverse + mark + embolden(name, m.hits, plain+reverse) + rest + blanks + plain
}

// noteWidths are the columns that the notes of the items need.
func noteWidths(items []Item) (widths []int) {
	for _, item := range items {
		for i, note := range item.Notes {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], displaywidth.String(note))
		}
	}
	return widths
}

// notesOf are the notes of an item, each in its column.
func notesOf(item Item, widths []int) string {
	var padded []string
	for i, note := range item.Notes {
		padded = append(padded, pad(partOf(note), widths[i]))
	}
	return strings.Join(padded, "  ")
}

// embolden makes the characters at the offsets bold; after is what ends that.
func embolden(name string, hits []int, after string) string {
	var line strings.Builder
	for i, c := range name {
		if slices.Contains(hits, i) {
			line.WriteString(bold + string(c) + after)
		} else {
			line.WriteRune(c)
		}
	}
	return line.String()
}

// fit returns as much of a text as a terminal shows in so many columns.
func fit(text string, width int) string {
	if width < 1 {
		return ""
	}
	return displaywidth.TruncateString(partOf(text), width, "…")
}

// pad returns the text, which may have control sequences in it, with blanks up to the
// width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-styled.String(text), 0))
}

// styled measures text with control sequences in it.
var styled = displaywidth.Options{ControlSequences: true}
