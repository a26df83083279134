package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

func (a *app) setupCommand() *cobra.Command {
	var undo, dryRun bool
	var from string
	c := &cobra.Command{
		Use:   "setup [bash|zsh|fish]...",
		Short: "Add den's integration to your shell",
		Long: `Adds the line that loads den's integration to the start-up file of your shell
($SHELL, or those named), once, at the end. The file as it was is kept beside it.
With --undo, takes that line out again.

  bash    ~/.bashrc
  zsh     ~/.zshrc (in $ZDOTDIR if that is set)
  fish    ~/.config/fish/config.fish (in $XDG_CONFIG_HOME)

What "den init" prints is kept in ~/.local/share/den (in $XDG_DATA_HOME), which
that line reads, so that a new shell starts no process to load it. den writes it
anew after an update and when the settings change. Where it cannot be read, as on
another machine with the same start-up file, the line has den print it.

With --from virtualenvwrapper, den takes virtualenvwrapper's place: in all
start-up files of bash and zsh (or of those named, or in files named by a path), lines
that source virtualenvwrapper.sh or virtualenvwrapper_lazy.sh load den instead,
with virtualenvwrapper's functions, from a file that is kept likewise. Each is
shown as it was and as it is, and can be put back, exactly, with --undo. Settings,
environments and hooks stay as they are.`,
		Example: `  den setup
  den setup bash zsh fish
  den setup --undo
  den setup --from virtualenvwrapper --dry-run
  den setup --from virtualenvwrapper ~/dotfiles/python.sh`,
		ValidArgs: shells.Names(),
		Args:      cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch from {
			case "":
			case wrapper:
				return a.moveOver(cmd.Root(), args, undo, dryRun)
			default:
				return withHint(usagef("den cannot take the place of %q", from), "only that of virtualenvwrapper: den setup --from virtualenvwrapper")
			}
			files, err := a.startupFiles(args)
			if err != nil {
				return err
			}
			for _, f := range files {
				if err := a.setUp(cmd.Root(), f, undo, dryRun); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "", "take the place of this `tool`: virtualenvwrapper")
	c.Flags().BoolVar(&undo, "undo", false, "take the line out again")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be done and do nothing")
	return c
}

// A startupFile is the file that a shell reads when it starts, and the line in
// it that is den's.
type startupFile struct {
	dialect shell.Dialect
	path    string
	line    string
	kept    string // the file that the line reads
}

// setupMark ends each line that setup has added.
const setupMark = " # added by den setup"

// startupFiles returns those of the named shells, or else of the person's own.
func (a *app) startupFiles(names []string) ([]startupFile, error) {
	if len(names) == 0 {
		login := os.Getenv("SHELL")
		if _, err := shells.ByName(login); err != nil {
			err = fmt.Errorf("your shell ($SHELL) is %q, which den does not speak", login)
			return nil, withHint(usageError{err}, "name the shell: den setup %s", strings.Join(shells.Names(), "|"))
		}
		names = []string{login}
	}
	var files []startupFile
	for _, name := range names {
		dialect, err := shells.ByName(name)
		if err != nil {
			return nil, usageError{err}
		}
		path := dialect.RCFile(os.Getenv)
		if !filepath.IsAbs(path) {
			return nil, fmt.Errorf("HOME is not set, so there is no start-up file of %s", dialect.Name())
		}
		kept := a.keptFile(dialect.Name())
		line := dialect.KeptLine(inLine(kept), inLine(programPath()))
		files = append(files, startupFile{dialect, path, line + setupMark, kept})
	}
	return files, nil
}

// inLine is how the start-up file names a path. It calls den by one too, because
// what puts its directory on PATH may come later, or not at all in a login shell.
func inLine(path string) string {
	if below, ok := strings.CutPrefix(path, os.Getenv("HOME")+"/"); ok {
		return "~/" + below
	}
	return path
}

// loads reports whether a line loads the integration, whoever wrote it.
func loads(line string) bool { return loadsDen().MatchString(line) || sourcesOwnWrapper(line) }

var loadsDen = pattern(`^[^#]*\bden['"]? init (bash|zsh|fish|virtualenvwrapper)\b`)

func (a *app) setUp(root *cobra.Command, f startupFile, undo, dryRun bool) error {
	content, err := os.ReadFile(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading your start-up file: %w", err)
	}
	lines := strings.SplitAfter(string(content), "\n")
	isOurs := func(line string) bool { return strings.HasSuffix(strings.TrimRight(line, "\r\n"), setupMark) }
	i := slices.IndexFunc(lines, loads)
	var changed, done string
	switch ours := slices.IndexFunc(lines, isOurs); {
	case undo && ours < 0 && i >= 0 && strings.Contains(lines[i], movedMark):
		return a.moveOver(root, []string{f.path}, undo, dryRun)
	case undo && ours < 0 && i >= 0:
		err := fmt.Errorf("%s loads den in line %d, but not by a line that \"den setup\" added", f.path, i+1)
		return withHint(err, "take out this line yourself: %s", strings.TrimSpace(lines[i]))
	case undo && ours < 0:
		a.printf("%s has no line of den's: nothing to undo\n", f.path)
		return nil
	case undo:
		changed, done = strings.Join(slices.DeleteFunc(lines, isOurs), ""), "taken out of"
	case ours >= 0 && strings.TrimRight(lines[ours], "\r\n") != f.line:
		lines[ours] = f.line + "\n"
		changed, done = strings.Join(lines, ""), "changed in"
	case i >= 0 && ours >= 0 && !dryRun:
		if err := a.keep(root, f.dialect); err != nil {
			return err
		}
		fallthrough
	case i >= 0:
		a.printf("%s loads den already, in line %d:\n    %s\n", f.path, i+1, strings.TrimSpace(lines[i]))
		return nil
	default:
		changed, done = string(content), "added to"
		if changed != "" && !strings.HasSuffix(changed, "\n") {
			changed += "\n"
		}
		changed += f.line + "\n"
	}
	if dryRun {
		a.printf("would be %s %s:\n    %s\n", done, f.path, f.line)
		return nil
	}
	_, err = os.Stat(f.kept)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err = nil; !undo { // before the line, for a shell may start at any moment
		err = a.keep(root, f.dialect)
	}
	var backup string
	if err == nil {
		backup, err = replaceFile(f.path, content, changed)
	}
	if err != nil && isNew {
		err = errors.Join(err, removeKept(f.kept))
	}
	if err != nil {
		return withHint(fmt.Errorf("changing your start-up file: %w", err), "if something else writes that file for you, give it this line: %s", strings.TrimSuffix(f.line, setupMark))
	}
	a.printf("%s %s:\n    %s\n", done, f.path, f.line)
	if backup != "" {
		a.printf("the file as it was: %s\n", backup)
	}
	if undo {
		return removeKept(f.kept)
	}
	a.afterSetup(f)
	return nil
}

// removeKept removes what setup has kept in a file. Shells that have loaded it
// need it no more.
func removeKept(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_ = os.Remove(filepath.Dir(path)) // unless something else is in it
	return nil
}

// afterSetup tells the person how to go on.
func (a *app) afterSetup(f startupFile) {
	name := f.dialect.Name()
	a.printf("\nIt works in new shells; for this one: exec %s\nThen make your first environment: mkvenv NAME\n", name)
	if name != "bash" {
		return
	}
	// A login shell of bash reads the first of these, and not .bashrc.
	for _, login := range []string{".bash_profile", ".bash_login", ".profile"} {
		path := filepath.Join(filepath.Dir(f.path), login)
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if !strings.Contains(string(content), "bashrc") {
			a.notef("login shells read %s, which does not load %s", path, f.path)
			a.hintf(`add to %s: . ~/.bashrc`, path)
		}
		return
	}
	login := filepath.Join(filepath.Dir(f.path), ".bash_profile")
	a.notef("login shells read %s, which is not there", login)
	a.hintf("if you use them (macOS terminals, ssh): echo '. ~/.bashrc' > %s", login)
}

// replaceFile puts the changed content in the place of the file's, which it
// first saves beside it, unless there was no file. It returns where. The file
// that a symbolic link leads to is replaced, not the link.
func replaceFile(path string, content []byte, changed string) (backup string, err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := fs.FileMode(0o644)
	info, err := os.Stat(path)
	switch {
	case err == nil:
		mode = info.Mode().Perm()
		if mode&0o200 == 0 {
			return "", &fs.PathError{Op: "writing", Path: path, Err: errors.New("the file is read-only")}
		}
		if backup, err = saveBeside(path, content, mode); err != nil {
			return "", err
		}
		saved := backup
		defer func() {
			if err != nil { // the file is as it was
				os.Remove(saved)
			}
		}()
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	default:
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return "", err
		}
	}
	return backup, replaceContent(path, changed, mode, info)
}

// replaceContent writes a file aside and renames it into place, with the owner
// of like, if there is one.
func replaceContent(path, content string, mode fs.FileMode, like fs.FileInfo) error {
	return disk.Replace(path, []byte(content), 0o600, disk.Mode(mode), func(f *os.File) error {
		if like == nil {
			return nil
		}
		return keepOwner(f, like)
	}, disk.Sync)
}

// saveBeside writes the content to a new file next to path.
func saveBeside(path string, content []byte, mode fs.FileMode) (string, error) {
	for n := 1; ; n++ {
		backup := path + ".den-backup"
		if n > 1 {
			backup = fmt.Sprintf("%s.%d", backup, n)
		}
		err := disk.Create(backup, content, 0o600, disk.Mode(mode), disk.Sync)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return backup, err
	}
}
