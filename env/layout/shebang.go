package layout

import (
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"
)

// Shebang returns the first line or lines of a Python script, which make it
// run under the interpreter at python, an absolute path, with the given
// options.
//
// Where the kernel can, it is the interpreter's line: "#!" and the path. The
// kernel ends the path at the first white space, passes all that follows as
// one argument, and cuts a long line off. Otherwise it is the lines
//
//	#!/bin/sh
//	'''exec' '/the path/python' "$0" "$@"
//	' '''
//
// which sh reads as a command that never returns, and Python as a string. Both read any
// path right: each byte reaches exec unchanged, and Python finds no end of the string in
// it and no escape sequence to warn about. They are ASCII, and so the same in every
// encoding that Python source has.
func Shebang(python string, options ...string) []byte {
	line := "#!" + strings.Join(append([]string{python}, options...), " ") + "\n"
	if len(options) <= 1 && len(line) <= longestShebang() && fitsKernel(python) {
		return []byte(line)
	}
	script := trampolineStart + quoteTwice(python)
	for _, option := range options {
		script += " " + quoteTwice(option)
	}
	return []byte(script + trampolineArguments + trampolineEnd)
}

// The constant parts of the lines for sh. A comment that tells the encoding of
// the script may follow the first.
const (
	shLine              = "#!/bin/sh\n"
	execCommand         = "'''exec' "
	trampolineStart     = shLine + execCommand
	trampolineArguments = ` "$0" "$@"`
	trampolineEnd       = "\n' '''\n"
)

// longestShebang is how many bytes of a file's first line, its end included,
// the kernel reads. (Linux takes 255 since 5.1; an environment may be used
// under more than one kernel.)
func longestShebang() int {
	if runtime.GOOS == "darwin" {
		return 512
	}
	return 127
}

// fitsKernel tells whether the kernel takes a path for one word, and Python
// for a comment: source that is not UTF-8 is refused even there, and a
// carriage return ends a comment.
func fitsKernel(path string) bool {
	return utf8.ValidString(path) && strings.IndexFunc(path, func(r rune) bool { return r <= ' ' || r == 0x7f }) < 0
}

// quoteTwice quotes a word for sh in such a way that Python may read the result between
// three single quotes. sh takes all but two characters as they are between single quotes.
// A single quote is put between double ones, and so is a backslash, which both languages
// want doubled there. Other characters than printable ASCII are printed from octal
// numbers, which both read alike.
func quoteTwice(word string) string {
	var quoted strings.Builder
	quoted.WriteByte('\'')
	for word != "" {
		end := len(word) - len(strings.TrimLeftFunc(word, needsOctal))
		switch {
		case end > 0:
			quoted.WriteString(`'"$(printf '`)
			for _, b := range []byte(word[:end]) {
				fmt.Fprintf(&quoted, `\%03o`, b)
			}
			quoted.WriteString(`')"'`)
		case word[0] == '\'':
			quoted.WriteString(`'"'"'`)
		case word[0] == '\\':
			quoted.WriteString(`'"\\"'`)
		default:
			quoted.WriteByte(word[0])
		}
		word = word[max(end, 1):]
	}
	quoted.WriteByte('\'')
	return quoted.String()
}

// needsOctal tells the characters that are not printable ASCII. A line feed is
// not among them: $(…) drops it at the end, and both languages let it stand
// between their quotes.
func needsOctal(r rune) bool { return r != '\n' && (r < ' ' || r >= 0x7f) }
