package serve

import (
	"fmt"
	"slices"
	"strings"
)

// around is how many equal lines stand around a difference.
const around = 3

// Diff returns the difference of the texts, as diff -u prints it without its header.
func (c Change) Diff() string {
	old, fresh := slices.Collect(strings.Lines(c.Old)), slices.Collect(strings.Lines(c.New))
	edits := compare(old, fresh)
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", c.Path, c.Path+" (den)")
	for i := 0; i < len(edits); {
		if edits[i].mark == ' ' {
			i++
			continue
		}
		from, to := max(0, i-around), i
		for last := i; to < len(edits) && to-last <= 2*around; to++ {
			if edits[to].mark != ' ' {
				last = to
			}
		}
		for to > i && edits[to-1].mark == ' ' && trailing(edits[:to]) > around {
			to--
		}
		writeHunk(&b, edits, from, to)
		i = to
	}
	return b.String()
}

// An edit is a line that is in both texts (' '), in the old one ('-') or in the new
// one ('+').
type edit struct {
	mark byte
	line string
}

// compare finds the longest common sequence of lines.
func compare(old, fresh []string) (edits []edit) {
	common := make([][]int, len(old)+1)
	for i := range common {
		common[i] = make([]int, len(fresh)+1)
	}
	for i, o := range slices.Backward(old) {
		for j := len(fresh) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if o == fresh[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(old) || j < len(fresh) {
		switch {
		case i < len(old) && j < len(fresh) && old[i] == fresh[j]:
			edits = append(edits, edit{' ', old[i]})
			i, j = i+1, j+1
		case j == len(fresh) || i < len(old) && common[i+1][j] >= common[i][j+1]:
			edits = append(edits, edit{'-', old[i]})
			i++
		default:
			edits = append(edits, edit{'+', fresh[j]})
			j++
		}
	}
	return edits
}

// trailing is how many equal lines the edits end with.
func trailing(edits []edit) (n int) {
	for n < len(edits) && edits[len(edits)-1-n].mark == ' ' {
		n++
	}
	return n
}

// writeHunk writes some of the edits, with the lines at which they are.
func writeHunk(b *strings.Builder, edits []edit, from, to int) {
	var before, after, old, fresh int
	for i, e := range edits[:to] {
		inOld, inNew := 1, 1
		if e.mark == '+' {
			inOld = 0
		}
		if e.mark == '-' {
			inNew = 0
		}
		if i < from {
			before, after = before+inOld, after+inNew
		} else {
			old, fresh = old+inOld, fresh+inNew
		}
	}
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", before+1, old, after+1, fresh)
	for _, e := range edits[from:to] {
		fmt.Fprintf(b, "%c%s\n", e.mark, strings.TrimSuffix(e.line, "\n"))
	}
}
