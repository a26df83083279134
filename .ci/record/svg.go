package main

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"
)

// The size of a letter, and of the room around all of them.
const (
	cellWidth, cellHeight = 8.4, 18.0
	fontSize              = 14
	margin                = 12.0

	background, foreground = "#1d1f27", "#d8dae3"
)

// palette has the colours of a terminal, the plain ones and the bright ones.
var palette = [16]string{
	"#3b3e4a", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dae3",
	"#7a7f8f", "#ff8a93", "#b5e890", "#ffd68a", "#82c4ff", "#dc9cf0", "#7fd6e0", "#ffffff",
}

// draw returns an SVG of what a terminal of this size shows: a picture of the one
// frame, or all of them one after the other, again and again. A line that is in
// several frames is in the file once.
func draw(frames []frame, width, height int) string {
	w, h := float64(width)*cellWidth+2*margin, float64(height)*cellHeight+2*margin
	var lines, film, times strings.Builder
	ids := make(map[string]string)
	var total, at time.Duration
	for _, f := range frames {
		total += f.lasts
	}
	for i, f := range frames {
		fmt.Fprintf(&film, `<g transform="translate(%g %g)">`, margin, margin+float64(i)*h)
		if !f.hidden {
			fmt.Fprintf(&film, `<rect x="%.1f" y="%g" width="%g" height="%g" fill="%s" opacity=".5"/>`, float64(f.x)*cellWidth, float64(f.y)*cellHeight, cellWidth, cellHeight, foreground)
		}
		for row, line := range f.lines {
			drawn := drawLine(line)
			if drawn == "" {
				continue
			}
			if ids[drawn] == "" {
				ids[drawn] = "l" + strconv.Itoa(len(ids))
				fmt.Fprintf(&lines, "<g id=%q>%s</g>\n", ids[drawn], drawn)
			}
			fmt.Fprintf(&film, `<use href="#%s" y="%g"/>`, ids[drawn], float64(row)*cellHeight)
		}
		film.WriteString("</g>\n")
		if total > 0 {
			fmt.Fprintf(&times, "%.3f%%{transform:translateY(%gpx)}", 100*at.Seconds()/total.Seconds(), -float64(i)*h)
		}
		at += f.lasts
	}
	style := ""
	if len(frames) > 1 {
		style = fmt.Sprintf("@keyframes film{%s}.film{animation:film %.2fs steps(1,end) infinite}", times.String(), total.Seconds())
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g">
<style>text{font:%dpx ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre;fill:%s}%s</style>
<defs>
%s</defs>
<rect width="100%%" height="100%%" rx="8" fill="%s"/>
<g class="film">
%s</g>
</svg>
`, w, h, w, h, fontSize, foreground, style, lines.String(), background, film.String())
}

// A style is how letters look.
type style struct {
	fore, back                         string
	bold, dim, italic, under, reversed bool
}

// drawLine returns the letters of a line, each in its column.
func drawLine(line string) string {
	var drawn strings.Builder
	var s style
	column := 0
	for line != "" {
		if code := graphics.FindString(line); code != "" && strings.HasPrefix(line, code) {
			s.apply(code)
			line = line[len(code):]
			continue
		}
		text := line
		if next := graphics.FindStringIndex(line); next != nil {
			text = line[:next[0]]
		}
		line = line[len(text):]
		width := displaywidth.String(text)
		drawn.WriteString(s.draw(text, column, width))
		column += width
	}
	return drawn.String()
}

// draw returns a text from a column on.
func (s style) draw(text string, column, width int) string {
	x, w := float64(column)*cellWidth, float64(width)*cellWidth
	fore, back := s.fore, s.back
	if s.reversed {
		fore, back = cmp.Or(back, background), cmp.Or(fore, foreground)
	}
	var drawn strings.Builder
	if back != "" {
		fmt.Fprintf(&drawn, `<rect x="%.1f" width="%.1f" height="%g" fill="%s"/>`, x, w, cellHeight, back)
	}
	if strings.TrimSpace(text) == "" {
		return drawn.String()
	}
	fmt.Fprintf(&drawn, `<text x="%.1f" y="13.5" textLength="%.1f"`, x, w)
	for _, a := range []struct {
		is    bool
		value string
	}{
		{fore != "", fmt.Sprintf(` style="fill:%s"`, fore)},
		{s.bold, ` font-weight="bold"`}, {s.dim, ` opacity=".6"`}, {s.italic, ` font-style="italic"`}, {s.under, ` text-decoration="underline"`},
	} {
		if a.is {
			drawn.WriteString(a.value)
		}
	}
	drawn.WriteString(">")
	_ = xml.EscapeText(&drawn, []byte(text))
	drawn.WriteString("</text>")
	return drawn.String()
}

// apply changes the style as a control sequence says.
func (s *style) apply(code string) {
	numbers := strings.FieldsFunc(strings.Trim(code, "\x1b[m"), func(c rune) bool { return c == ';' || c == ':' })
	if len(numbers) == 0 {
		*s = style{}
	}
	for i := 0; i < len(numbers); i++ {
		n, _ := strconv.Atoi(numbers[i])
		switch {
		case n == 0:
			*s = style{}
		case n == 1:
			s.bold = true
		case n == 2:
			s.dim = true
		case n == 3:
			s.italic = true
		case n == 4:
			s.under = true
		case n == 7:
			s.reversed = true
		case n == 22:
			s.bold, s.dim = false, false
		case n == 23:
			s.italic = false
		case n == 24:
			s.under = false
		case n == 27:
			s.reversed = false
		case n >= 30 && n < 38:
			s.fore = palette[n-30]
		case n == 39:
			s.fore = ""
		case n >= 40 && n < 48:
			s.back = palette[n-40]
		case n == 49:
			s.back = ""
		case n >= 90 && n < 98:
			s.fore = palette[n-82]
		case n >= 100 && n < 108:
			s.back = palette[n-92]
		case n == 38 || n == 48:
			var color string
			color, i = extended(numbers, i)
			if n == 38 {
				s.fore = color
			} else {
				s.back = color
			}
		}
	}
}

// extended reads a colour of the 256, or one by red, green and blue, and returns where
// it ends.
func extended(numbers []string, at int) (color string, end int) {
	number := func(i int) int {
		if at+i >= len(numbers) {
			return 0
		}
		n, _ := strconv.Atoi(numbers[at+i])
		return n
	}
	if number(1) == 2 {
		return fmt.Sprintf("#%02x%02x%02x", number(2), number(3), number(4)), at + 4
	}
	switch n := number(2); {
	case n < 16:
		return palette[n], at + 2
	case n < 232:
		level := func(n int) int { return min(n, 1)*55 + n*40 }
		n -= 16
		return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6)), at + 2
	default:
		grey := 8 + (n-232)*10
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey), at + 2
	}
}
