package store

import "testing"

func TestUnescapeOctal(t *testing.T) {
	for text, want := range map[string]string{`/a`: "/a", `/a\040b\134c`: `/a b\c`, `\1`: `\1`, `\999`: `\999`, `x\`: `x\`} {
		if got := unescapeOctal(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
