package env

import (
	"cmp"
	"slices"
	"strings"
)

const (
	maxSimilar = 3 // suggestions, as many as are still read
	maxSlips   = 3 // slips of the finger in one name
)

// Similar returns the names in among that a person who typed name may have meant,
// best first, three at most and none when none is near. A name is near if it
// differs in case alone, starts with name, or is a few slips away: a
// letter too many, missing, wrong, or swapped with its neighbour, one in every
// three letters of the longer name. name itself is not similar to name.
func Similar(name string, among []string) []string {
	type candidate struct {
		name         string
		slips, exact int // ignoring case, minding it
	}
	var near []candidate
	for _, other := range among {
		if slips, ok := slipsBetween(strings.ToLower(name), strings.ToLower(other)); ok && other != name {
			near = append(near, candidate{other, slips, distance([]rune(name), []rune(other))})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.slips, b.slips), cmp.Compare(a.exact, b.exact), cmp.Compare(a.name, b.name))
	})
	var names []string
	for _, c := range near[:min(len(near), maxSimilar)] {
		names = append(names, c.name)
	}
	return names
}

// slipsBetween counts the slips from typed to meant, the start of a name being
// as good as one slip, and reports whether they are few enough.
func slipsBetween(typed, meant string) (slips int, near bool) {
	if typed == "" || typed == meant {
		return 0, typed != ""
	}
	if strings.HasPrefix(meant, typed) {
		return 1, true
	}
	a, b := []rune(typed), []rune(meant)
	longer := max(len(a), len(b))
	allowed := min(max(longer/3, 1), longer-1, maxSlips)
	// Each letter of difference in length is a slip.
	if longer-min(len(a), len(b)) > allowed {
		return 0, false
	}
	slips = distance(a, b)
	return slips, slips <= allowed
}

// distance is the optimal string alignment distance of a and b: the number of
// letters to insert, delete, replace, or swap with their neighbour. The plain
// Levenshtein distance counts a swap, the commonest slip, twice.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := last[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			row[j] = min(replaced, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
