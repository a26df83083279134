// Package lazy has what is made when it is first needed.
package lazy

import (
	"regexp"
	"sync"
)

// Pattern returns a function that returns the compiled expression, which it
// compiles when it is first called: to compile them all at the start would take
// every command, of which few need one, a tenth of its time.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
