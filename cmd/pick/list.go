package pick

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"
	"github.com/sahilm/fuzzy"
)

// A list is what the person sees and acts on.
type list struct {
	items  []Item
	texts  []string // of each item, all that can be seen
	names  []string
	o      Options
	query  []rune
	found  []match
	at     int // the place in found that is chosen by Enter
	top    int // the first one on the screen
	marked map[int]bool
	widest int                 // of the names
	widths []int               // of the notes
	seen   map[string][]string // previews, by the name
}

// A match is an item that fits the query.
type match struct {
	item int
	hits []int // the offsets in its name of what was typed
}

func newList(items []Item, o Options) *list {
	l := &list{widths: noteWidths(items), items: items, o: o, query: []rune(o.Query), marked: map[int]bool{}, seen: map[string][]string{}}
	for _, item := range items {
		l.names = append(l.names, item.Name)
		l.texts = append(l.texts, item.Name+" "+strings.Join(item.Notes, " "))
		l.widest = max(l.widest, displaywidth.String(partOf(item.Name)))
	}
	l.filter()
	return l
}

// filter finds what fits the query: names, the best ones first, or where none does,
// what stands beside them.
func (l *list) filter() {
	l.at, l.top = 0, 0
	l.found = l.found[:0]
	query := strings.TrimSpace(string(l.query))
	if query == "" {
		for i := range l.items {
			l.found = append(l.found, match{item: i})
		}
		return
	}
	for _, m := range fuzzy.Find(query, l.names) {
		l.found = append(l.found, match{m.Index, m.MatchedIndexes})
	}
	if len(l.found) > 0 {
		return
	}
	for i, text := range l.texts {
		if strings.Contains(strings.ToLower(text), strings.ToLower(query)) {
			l.found = append(l.found, match{item: i})
		}
	}
}

// act does what a key asks for, and reports whether the person is done; the error is
// ErrCancelled where they want nothing.
func (l *list) act(k key, rows int) (done bool, err error) {
	switch k.name {
	case text:
		l.edit(append(l.query, k.char))
	case erase:
		l.edit(l.query[:max(len(l.query)-1, 0)])
	case eraseWord:
		l.edit(withoutLastWord(l.query))
	case eraseAll:
		l.edit(nil)
	case up:
		l.move(-1)
	case down:
		l.move(1)
	case pageUp:
		l.move(-rows)
	case pageDown:
		l.move(rows)
	case first:
		l.move(-len(l.found))
	case last:
		l.move(len(l.found))
	case mark:
		l.mark()
	case enter:
		return len(l.chosen()) > 0, nil
	case cancel:
		return true, ErrCancelled
	}
	return false, nil
}

func (l *list) edit(query []rune) {
	l.query = query
	l.filter()
}

func withoutLastWord(query []rune) []rune {
	text := strings.TrimRightFunc(string(query), unicode.IsSpace)
	return []rune(text[:strings.LastIndexFunc(text, unicode.IsSpace)+1])
}

func (l *list) move(by int) { l.at = max(min(l.at+by, len(l.found)-1), 0) }

// mark marks what Enter would choose, or takes the mark off, and goes on.
func (l *list) mark() {
	if !l.o.Several || len(l.found) == 0 {
		return
	}
	item := l.found[l.at].item
	if l.marked[item] = !l.marked[item]; !l.marked[item] {
		delete(l.marked, item)
	}
	l.move(1)
}

// chosen returns the names that are marked, or else the one that the person is at.
func (l *list) chosen() []string {
	var names []string
	for i, item := range l.items {
		if l.marked[i] {
			names = append(names, item.Name)
		}
	}
	if len(names) == 0 && len(l.found) > 0 {
		names = []string{l.items[l.found[l.at].item].Name}
	}
	return names
}

// preview returns the lines about the item that the person is at.
func (l *list) preview() []string {
	if l.o.Preview == nil || len(l.found) == 0 {
		return nil
	}
	name := l.items[l.found[l.at].item].Name
	if _, ok := l.seen[name]; !ok {
		l.seen[name] = l.o.Preview(name)
	}
	return l.seen[name]
}
