package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTableJudgesPredictions(t *testing.T) {
	tests := []struct {
		name string
		row  row
		want string
	}{
		{"no peer", row{what: "x", den: 0.001}, "| x | 1.0 ms |  |  |  |  |  |\n"},
		{
			"fast enough", row{what: "x", den: 0.001, peer: 0.05, peerName: "p", predicted: faster(50)},
			"| x | 1.0 ms | p | 50.0 ms | 50 × as fast | ≥ 50 × | holds |\n",
		},
		{
			"too slow", row{what: "x", den: 0.002, peer: 0.05, peerName: "p", predicted: faster(50)},
			"| x | 2.0 ms | p | 50.0 ms | 25 × as fast | ≥ 50 × | **missed** |\n",
		},
		{
			"slower than the peer", row{what: "x", den: 0.004, peer: 0.001, peerName: "p", predicted: faster(1)},
			"| x | 4.0 ms | p | 1.0 ms | 0.25 × as fast | ≥ 1 × | **missed** |\n",
		},
		{
			"near the floor", row{what: "x", den: 0.0025, peer: 0.002, peerName: "floor", predicted: within(1.5)},
			"| x | 2.5 ms | floor | 2.0 ms | 1.25 × the time | ≤ 1.5 × | holds |\n",
		},
		{
			"far above the floor", row{what: "x", den: 0.004, peer: 0.002, peerName: "floor", predicted: within(1.5)},
			"| x | 4.0 ms | floor | 2.0 ms | 2.00 × the time | ≤ 1.5 × | **missed** |\n",
		},
		{
			"in microseconds", row{what: "x", unit: microseconds, den: 0.0001, peer: 0.005, peerName: "p", predicted: faster(10)},
			"| x | 100 µs | p | 5000 µs | 50 × as fast | ≥ 10 × | holds |\n",
		},
		{
			"a size", row{what: "x", unit: megabytes, den: 2e6, peer: 1e6, peerName: "p"},
			"| x | 2.0 MB | p | 1.0 MB | 2.00 × the size |  |  |\n",
		},
		{
			"nothing predicted", row{what: "x", den: 0.004, peer: 0.002, peerName: "floor"},
			"| x | 4.0 ms | floor | 2.0 ms | 2.00 × the time |  |  |\n",
		},
	}
	head := table(nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := table([]row{test.row}); got != head+test.want {
				t.Errorf("got %q, want %q", got[len(head):], test.want)
			}
		})
	}
}

func TestInsert(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + markStart + "old\n" + markEnd + "after\n")
	for range 2 { // a second time replaces the first
		if err := insert(file, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := "before\n" + markStart + "\nnew\n\n" + markEnd + "after\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	write("no markers\n")
	if err := insert(file, "new\n"); err == nil {
		t.Error("no error for a file without markers")
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3},
		{[]float64{9, 1, 2}, 2},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		if got := median(test.values); got != test.want {
			t.Errorf("median(%v) = %v, want %v", test.values, got, test.want)
		}
	}
}

func TestQuoteWords(t *testing.T) {
	if got, want := quoteWords([]string{"a b", "it's"}), `'a b' 'it'\''s'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
