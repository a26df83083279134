package startup

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/env/disk"
	"den/lazy"
	"den/shell/shells"
)

// LacksWords returns the error for a start-up file that has the line, and a shell that
// does not have den's words for all that.
func (answer Answer) LacksWords(f Loader) error {
	name := f.Shell.Name
	lacks := "a new " + name + " does not have den's words: "
	number, line, becomes := leavesEarly(f.Path, answer)
	if number == 0 {
		cause := "it does not reach the line that loads den, or a later line gives the words another meaning"
		if !answer.Came {
			cause = "it ends, or becomes another program, before it can be asked"
		}
		return hint.With(errors.New(lacks+cause), "to see where it stops: %s -i -x -c true", name)
	}
	err := fmt.Errorf("%sline %d of %s comes before the one that loads den: %s", lacks, number, f.Path, line)
	if other, no := shells.ByName(becomes); no == nil && other.Name != name {
		return hint.With(err, "for the shell that it becomes: den setup %s", other.Name)
	}
	return hint.With(err, "move the line that loads den above that one")
}

// leaves matches a line at which a shell may stop to read its start-up file.
var leaves = lazy.Pattern(`^[^#]*?(?:^|[\s;&|{])(return|exit|exec\s+(?:-\S+\s+)*([^\s<>0-9&;-][^\s;]*))`)

// leavesEarly returns the last line in front of the one that loads den at which a
// shell that answered so may have left the file, and the program that it becomes;
// 0 if there is none.
func leavesEarly(path string, answer Answer) (number int, line, becomes string) {
	content, _ := disk.ReadSmall(path)
	lines := strings.Split(string(content), "\n")
	end := slices.IndexFunc(lines, Loads)
	for i := end - 1; i >= 0; i-- {
		match := leaves().FindStringSubmatch(lines[i])
		if match != nil && (match[1] == "return") == answer.Came {
			return i + 1, strings.TrimSpace(lines[i]), match[2]
		}
	}
	return 0, "", ""
}
