package cmd

import (
	"context"
	"os"
	"strconv"
	"strings"

	"den/cmd/upgrade"
	"den/env"
)

// previewAll shows, as one table, what upgrade --all would do. The table also has the
// environments that den cannot upgrade, with the cause.
func (a *app) previewAll(ctx context.Context, environments []env.Environment, u upgradeOptions) error {
	rows := [][]string{{"name", "has", "gets", "packages", "note"}}
	same, failed := 0, 0
	for _, e := range environments {
		if _, err := os.Readlink(e.Path); err == nil {
			rows = append(rows, []string{printable(e.Name), e.PythonVersion(), "-", "-", "a symbolic link, left alone"})
			continue
		}
		r, err := a.renewalOf(ctx, e, u.chosen)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			rows = append(rows, []string{printable(e.Name), pythonBefore(e), "-", "-", printable(err.Error())})
			failed++
		case r.IsUpToDate():
			same++
		default:
			rows = append(rows, previewRow(r))
		}
	}
	a.printRows(rows, "packages")
	if same > 0 {
		a.donef("%s already", plural(same, "1 environment has that Python", strconv.Itoa(same)+" environments have that Python"))
	}
	if failed > 0 {
		return exitStatus(statusFailed)
	}
	return nil
}

// previewRow is what the table has of an environment that would be upgraded.
func previewRow(r upgrade.Renewal) []string {
	var notes []string
	if err := r.Check(); err != nil {
		notes = append(notes, err.Error())
	}
	if lost := len(r.FromIndex()); lost > 0 {
		notes = append(notes, plural(lost, "1 package comes", strconv.Itoa(lost)+" packages come")+" from the index, for the source is gone")
	}
	if len(r.Uncopied) > 0 {
		notes = append(notes, "not a file, and lost: "+strings.Join(r.Uncopied, ", "))
	}
	return []string{printable(r.Old.Name), pythonBefore(r.Old), r.Interpreter.Name(), strconv.Itoa(len(r.Lines())), printable(strings.Join(notes, "; "))}
}
