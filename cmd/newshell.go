package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/cmd/lazy"
	"den/cmd/startup"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

// tryNew starts the shell once and says what is true of new ones. The exit status
// that it returns is for one that has not got den's words, of which it warns.
func (a *app) tryNew(ctx context.Context, f startup.Loader) error {
	name := f.Shell.Name
	stop := a.spin("starting a new " + name)
	answer, err := startup.Try(ctx, f.Shell, f.Path, false)
	stop()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		a.notef("whether a new %s has den's words could not be tried: %s", name, err)
		if !errors.Is(err, startup.ErrNoShell) {
			a.hintf("to see for yourself: %s -i -c 'type workon'", name)
		}
	case !answer.Words:
		a.warnOf(withoutWords(f, answer))
		return exitStatus(statusFailed)
	default:
		a.printf("\nIt works in new shells; %s\nThen make your first environment: mkvenv NAME\n", a.goOn(f.Shell))
		if mend := f.Shell.Trial.MendCompletion; !answer.Completion && mend != "" {
			a.notef("Tab completes nothing in a new %s: its completion system is not on", name)
			a.hintf("to have it: echo '%s' >> %s", mend, hint.Path(f.Path))
		}
	}
	return nil
}

// goOn tells how to have the words at once.
func (a *app) goOn(d *shell.Shell) string {
	if asking, err := a.askingShell(); err == nil && asking.Name == d.Name {
		return "for this one: exec " + d.Name
	}
	return "to start one: " + d.Name
}

// withoutWords is the error for a start-up file that has the line, and a shell that
// does not have den's words for all that.
func withoutWords(f startup.Loader, answer startup.Answer) error {
	name := f.Shell.Name
	lacks := "a new " + name + " does not have den's words: "
	number, line, becomes := leavesEarly(f.Path, answer)
	if number == 0 {
		cause := "it does not come to the line that loads den, or something after that defines them anew"
		if !answer.Came {
			cause = "it ends, or becomes another program, before it can be asked"
		}
		return hint.With(errors.New(lacks+cause), "to see how far it comes: %s -i -x -c true", name)
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
func leavesEarly(path string, answer startup.Answer) (number int, line, becomes string) {
	content, _ := disk.ReadSmall(path)
	lines := strings.Split(string(content), "\n")
	end := slices.IndexFunc(lines, startup.Loads)
	for i := end - 1; i >= 0; i-- {
		match := leaves().FindStringSubmatch(lines[i])
		if match != nil && (match[1] == "return") == answer.Came {
			return i + 1, strings.TrimSpace(lines[i]), match[2]
		}
	}
	return 0, "", ""
}
