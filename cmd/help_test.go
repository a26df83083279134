package cmd

import "testing"

// The paragraphs of a help fit the terminal; lists stay as they are.
func TestFitted(t *testing.T) {
	const text = "One two three\nfour extraordinary five.\n\nList:\n  a longer line\n\n  another list\n\nEnd."
	const want = "One two\nthree four\nextraordinary\nfive.\n\nList:\n  a longer line\n\n  another list\n\nEnd."
	if got := fitted(text, 10); got != want {
		t.Errorf("%q", got)
	}
}
