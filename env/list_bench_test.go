package env

import (
	"fmt"
	"testing"
)

// The two sizes are there to be compared: ten times as many should take ten
// times as long.
var benchmarkSizes = []int{1000, 10000}

func BenchmarkNames(b *testing.B) {
	for _, size := range benchmarkSizes {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			home := homeOf(b, size)
			for b.Loop() {
				if names, err := home.Names(); err != nil || len(names) != size {
					b.Fatal(len(names), err)
				}
			}
		})
	}
}

func BenchmarkList(b *testing.B) {
	for _, size := range benchmarkSizes {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			home := homeOf(b, size)
			for b.Loop() {
				if list, err := home.List(); err != nil || len(list) != size {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}

// BenchmarkFindMistyped is the price of a suggestion.
func BenchmarkFindMistyped(b *testing.B) {
	home := homeOf(b, 1000)
	for b.Loop() {
		if _, err := home.Find("environemnt-17"); err == nil {
			b.Fatal("found what is not there")
		}
	}
}

func homeOf(b *testing.B, size int) Home {
	b.Helper()
	home := newHome(b)
	for i := range size {
		plant(b, home.Path(fmt.Sprintf("environment-%d", i)))
	}
	return home
}
