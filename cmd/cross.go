package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"den/cmd/hint"
	"den/env/disk"
	"den/shell"
)

// crossCommand is what a shell that cannot read hooks for sh calls to have them
// sourced. The plan it gets back is what they have changed.
func (a *app) crossCommand() *cobra.Command {
	var carried string
	c := &cobra.Command{
		Use:         "cross FILE...",
		Short:       "Source hooks for sh in another shell",
		Hidden:      true,
		Args:        cobra.MinimumNArgs(1),
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := a.requireShell("cross"); err != nil {
				return err
			}
			return a.cross(cmd.Context(), files, carried)
		},
	}
	c.Flags().StringVar(&carried, "carried", "", "what earlier hooks have left")
	return c
}

// environCommand tells cross what has become of the surroundings: of all
// programs, only this one is sure to be there.
func (a *app) environCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "environ",
		Short:       "Tell the working directory and the variables",
		Hidden:      true,
		Args:        noArguments,
		Annotations: map[string]string{readOnly: "yes"},
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(surroundings().Tell())
			return err
		},
	}
}

func surroundings() shell.Surroundings {
	dir, _ := os.Getwd()
	return shell.Surroundings{Dir: dir, Environ: os.Environ()}
}

// cross has the files sourced. One of them that exits ends the sh, so those
// behind it get another.
func (a *app) cross(ctx context.Context, files []string, carried string) error {
	before := surroundings()
	now, old := before, carried
	var calls shell.Plan
	for len(files) > 0 {
		c, err := a.sourceInSh(ctx, files, carried, now)
		if err != nil {
			return err
		}
		for i, names := range c.Defined {
			a.noteDefined(files[i], names)
		}
		for _, words := range c.Calls {
			calls = append(calls, shell.Again{Args: words})
		}
		if c.Surroundings != nil {
			now, carried = *c.Surroundings, c.Carried
		} else if c.Passed < len(files) {
			a.warnf("the hook %s has ended its shell, and what it has changed is lost", files[c.Passed])
		}
		files = files[min(c.Passed+1, len(files)):]
	}
	a.plan = before.Difference(now, a.shell.OwnVariables...)
	if carried != old {
		a.plan = append(a.plan, shell.Carry{Code: carried})
	}
	a.plan = append(a.plan, calls...)
	return nil
}

// crossFD is the file descriptor on which a CrossScript tells what has come of it.
const crossFD = 9

// mostCarried is how many bytes of code one call hands to the next. It has to
// go into one argument of a program, quoted twice.
const mostCarried = 24 << 10

// sourceInSh has a shell source the files.
func (a *app) sourceInSh(ctx context.Context, files []string, carried string, in shell.Surroundings) (shell.CrossResult, error) {
	// Not a pipe: a program that a hook leaves in the background could hold it
	// open for ever.
	told, err := os.CreateTemp("", "den-hook")
	if err != nil {
		return shell.CrossResult{}, err
	}
	defer told.Close()
	if err := os.Remove(told.Name()); err != nil {
		return shell.CrossResult{}, err
	}
	sh := shell.CrossProgram()
	c := exec.CommandContext(ctx, sh, "-c", shell.CrossScript(programPath(), carried, files), filepath.Base(sh))
	c.Dir = in.Dir
	c.Env = withoutStartUp(in.Environ)
	c.Stdin, c.Stdout, c.Stderr = a.stdin, a.stdout, a.stderr
	c.ExtraFiles = make([]*os.File, crossFD-2)
	c.ExtraFiles[crossFD-3] = told
	if err := c.Run(); err != nil && !as[*exec.ExitError](err) {
		return shell.CrossResult{}, err
	}
	if err := ctx.Err(); err != nil {
		return shell.CrossResult{}, err
	}
	if _, err := told.Seek(0, io.SeekStart); err != nil {
		return shell.CrossResult{}, err
	}
	content, err := io.ReadAll(told)
	if err != nil {
		return shell.CrossResult{}, err
	}
	result, err := shell.ReadCrossResult(content)
	if len(result.Carried) > mostCarried {
		result.Carried = ""
	}
	return result, err
}

// withoutStartUp is environ without what makes bash or sh read a file first.
func withoutStartUp(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "BASH_ENV=") && !strings.HasPrefix(entry, "ENV=") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// noteDefined reports the functions and aliases of a hook that this shell cannot take
// over, once for each change of the file.
func (a *app) noteDefined(file string, names []string) {
	if len(names) == 0 || !a.isNews(file) {
		return
	}
	a.notef("the hook %s is written for sh: what it defines (%s) is not there in %s", file, hint.Join(names, " and "), a.shell.Name)
	a.hintf("write one for this shell, and den uses it instead: %s%s", file, a.shell.HookSuffix)
}

// isNews reports whether den has not yet printed a message about the file as it is.
func (a *app) isNews(file string) bool {
	content, err := disk.ReadSmall(file)
	return err == nil && a.isFirst(file+"\x00"+string(content))
}

// isFirst reports whether it has not been asked for this text before. Where it cannot
// remember that, it says so each time.
func (a *app) isFirst(text string) bool {
	sum := sha256.Sum256([]byte(text))
	dir := a.settings.cacheDir("said")
	if dir == "" || disk.MkdirAll(dir, 0o700) != nil {
		return true
	}
	mark, err := disk.MakeFile(filepath.Join(dir, hex.EncodeToString(sum[:8])), os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		mark.Close()
		bound(dir, marksKept)
	}
	return !errors.Is(err, os.ErrExist)
}

// marksKept is how many texts den remembers at most to have said. It says an older one
// again.
const marksKept = 500

// bound removes the older half of a directory's files if there are more than that. One
// that it cannot remove stays.
func bound(dir string, most int) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) <= most {
		return
	}
	changed := func(e os.DirEntry) time.Time {
		info, err := e.Info()
		if err != nil {
			return time.Time{} // another den has removed it
		}
		return info.ModTime()
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return changed(a).Compare(changed(b)) })
	for _, e := range entries[:len(entries)/2] {
		_ = os.Remove(filepath.Join(dir, e.Name()))
	}
}
