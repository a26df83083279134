package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"strings"
)

// wrapper is what the table calls the peer in the shell.
const wrapper = "virtualenvwrapper"

// row is one measurement: medians in seconds, or in bytes where the unit says so.
// A row without a peer has no ratio.
type row struct {
	what      string
	unit      *unit // nil: milliseconds
	den       float64
	peer      float64
	peerName  string
	predicted prediction
}

// unit writes the values of a row, which are times or sizes.
type unit struct {
	write func(float64) string
	noun  string
}

var (
	milliseconds = &unit{func(seconds float64) string { return fmt.Sprintf("%.1f ms", seconds*1000) }, "time"}
	microseconds = &unit{func(seconds float64) string { return fmt.Sprintf("%.0f µs", seconds*1e6) }, "time"}
	megabytes    = &unit{func(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/1e6) }, "size"}
)

// prediction is a ratio that was foretold. The zero prediction says nothing.
type prediction struct {
	ratio  float64
	within bool // den takes at most ratio times as long; else the peer takes at least that
}

// faster predicts that den takes at most a ratio-th of the peer's time.
func faster(ratio float64) prediction { return prediction{ratio: ratio} }

// within predicts that den takes at most ratio times the peer's time.
func within(ratio float64) prediction { return prediction{ratio: ratio, within: true} }

// ratio says how den compares, in the direction in which it was predicted.
func (r row) ratio() (text string, holds bool) {
	noun := cmp.Or(r.unit, milliseconds).noun
	if r.predicted.within || r.peerName == "floor" || noun == "size" {
		ratio := r.den / r.peer
		return fmt.Sprintf("%.2f × the %s", ratio, noun), ratio <= r.predicted.ratio
	}
	ratio := r.peer / r.den
	return fmt.Sprintf("%.*f × as fast", decimals(ratio), ratio), ratio >= r.predicted.ratio
}

// decimals is how many of them a ratio is worth.
func decimals(ratio float64) int {
	switch {
	case ratio < 1:
		return 2
	case ratio < 10:
		return 1
	default:
		return 0
	}
}

func (p prediction) String() string {
	switch {
	case p.ratio == 0:
		return ""
	case p.within:
		return fmt.Sprintf("≤ %g ×", p.ratio)
	default:
		return fmt.Sprintf("≥ %g ×", p.ratio)
	}
}

// table renders the rows as a table in Markdown.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString("| what | den | beside | its time | den | predicted | outcome |\n")
	b.WriteString("| --- | ---: | --- | ---: | ---: | ---: | --- |\n")
	for _, r := range rows {
		var peer, ratio, outcome string
		if r.peerName != "" {
			peer = r.value(r.peer)
			text, holds := r.ratio()
			ratio = text
			switch {
			case r.predicted.ratio == 0:
			case holds:
				outcome = "holds"
			default:
				outcome = "**missed**"
			}
		}
		cells := []string{r.what, r.value(r.den), r.peerName, peer, ratio, r.predicted.String(), outcome}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String()
}

// value writes one value of the row.
func (r row) value(v float64) string { return cmp.Or(r.unit, milliseconds).write(v) }

const (
	markStart = "<!-- bench:start -->\n"
	markEnd   = "<!-- bench:end -->\n"
)

// insert puts the report between the markers of the file, in place of what was
// there.
func insert(file, report string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := bytes.Cut(text, []byte(markStart))
	_, after, foundEnd := bytes.Cut(rest, []byte(markEnd))
	if !found || !foundEnd {
		return fmt.Errorf("%s lacks the markers %q and %q", file, strings.TrimSpace(markStart), strings.TrimSpace(markEnd))
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString(markStart + "\n" + report + "\n" + markEnd)
	b.Write(after)
	return os.WriteFile(file, b.Bytes(), 0o666)
}
