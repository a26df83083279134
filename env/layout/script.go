package layout

import (
	"bytes"
	"path/filepath"
	"strings"
)

// ScriptPython returns the path of the Python that a script runs under by its
// first lines, as Shebang, distlib or uv write them. Of a script for something
// else, or one that looks for its Python (/usr/bin/env), it returns "".
func ScriptPython(script []byte) string {
	python := ""
	if rest, ok := bytes.CutPrefix(script, []byte(shLine)); ok {
		line, _, _ := bytes.Cut(rest[len(codingCookie(rest)):], []byte("\n"))
		command, ok := strings.CutPrefix(string(line), execCommand)
		if !ok {
			return ""
		}
		if python, _, ok = cutWord(command); !ok {
			return ""
		}
	} else if rest, ok := bytes.CutPrefix(script, []byte("#!")); ok {
		line := strings.TrimLeft(string(firstLine(rest)), " \t")
		if quoted, ok := strings.CutPrefix(line, `"`); ok {
			python, _, _ = strings.Cut(quoted, `"`)
		} else {
			python, _, _ = strings.Cut(strings.TrimRight(line, "\r"), " ")
		}
	}
	name := filepath.Base(python)
	if !filepath.IsAbs(python) || !strings.HasPrefix(name, "python") && !strings.HasPrefix(name, "pypy") {
		return ""
	}
	return python
}
