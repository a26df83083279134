package env

import (
	"fmt"
	"slices"
	"testing"
)

func TestSimilar(t *testing.T) {
	fleet := []string{"web", "web-old", "api", "django", "flask", "data-pipeline", "workshop", "Größe", "db", "x"}
	for _, test := range []struct {
		typed string
		among []string
		want  []string
	}{
		{"wbe", fleet, []string{"web"}},
		{"wev", fleet, []string{"web"}},
		{"we", fleet, []string{"web", "web-old"}},
		{"WEB", fleet, []string{"web", "web-old"}},
		{"web2", fleet, []string{"web"}},
		{"djnago", fleet, []string{"django"}},
		{"djago", fleet, []string{"django"}},
		{"jdangoo", fleet, []string{"django"}},
		{"dja", fleet, []string{"django"}},
		{"falsk", fleet, []string{"flask"}},
		{"data-pipelnie", fleet, []string{"data-pipeline"}},
		{"data", fleet, []string{"data-pipeline"}},
		{"grösse", fleet, []string{"Größe"}},
		{"grosse", fleet, nil},
		{"größe", fleet, []string{"Größe"}},
		{"bd", fleet, []string{"db"}},
		{"y", fleet, nil},
		{"", fleet, nil},
		{"mobile", fleet, nil},
		{"pipeline", fleet, nil},
		{"web", fleet, []string{"web-old"}},
		{"web", nil, nil},
		// The nearest come first, then the shortest, then the alphabet.
		{"app", []string{"application", "apps", "APP", "apq", "app-one"}, []string{"APP", "apps", "apq"}},
		{"t", []string{"tc", "tb", "ta", "td"}, []string{"ta", "tb", "tc"}},
	} {
		if got := Similar(test.typed, test.among); !slices.Equal(got, test.want) {
			t.Errorf("Similar(%q): %q, want %q", test.typed, got, test.want)
		}
	}
}

func ExampleSimilar() {
	fmt.Println(Similar("djnago", []string{"api", "django", "web"}))
	// Output: [django]
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"abc", "acb", 1}, {"abc", "bc", 1}, {"abc", "abcd", 1}, {"abc", "abd", 1},
		{"abcdef", "badcfe", 3}, {"kitten", "sitting", 3}, {"größe", "grösse", 2},
	} {
		for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			if got := distance([]rune(pair[0]), []rune(pair[1])); got != test.want {
				t.Errorf("distance(%q, %q): %d, want %d", pair[0], pair[1], got, test.want)
			}
		}
	}
}
