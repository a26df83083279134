// Package lazy has what is made when it is first needed.
package lazy

import (
	"regexp"
	"sync"
)

// Pattern returns a function that returns the compiled expression, which it compiles when
// it is first called: few commands need one, and to compile all of them at the start
// would cost each command a tenth of its time.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
