package examine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"den/cmd/hint"
	"den/cmd/startup"
	"den/env"
	"den/env/disk"
	"den/shell"
	"den/shell/shells"
)

// An Installation is what den knows of itself and of the shell that asks.
type Installation struct {
	Program    string       // the path by which the shell calls den
	Word       string       // how a line that a person types calls it
	Asking     *shell.Shell // the shell from which den is called; nil where it speaks none
	AskingErr  error        // why it is nil
	OnTerminal bool         // whether a person asks
	Loaded     string       // the functions that the shell says it has loaded; "" for none
	Now        string       // those that this den would have it load
	IsByPath   bool         // whether a path was typed for den, which calls no function of this shell
	IsLoaded   bool         // whether the shell has any
	Load       string       // the line that loads those of this den
	InitFile   string       // the one for new shells
	Words      []string     // the names of the functions
}

// Examine looks at this shell, its start-up file, and PATH.
func (i Installation) Examine(ctx context.Context, home env.Home) (found []Finding) {
	report := ReportTo(&found, "")
	i.checkIntegration(report)
	i.checkStartupFile(ctx, report)
	i.checkProgramPath(report)
	checkActive(home, report)
	return found
}

// checkIntegration checks that this shell has loaded den's functions, and that this
// den made them.
func (i Installation) checkIntegration(report Reporter) {
	switch {
	case i.IsLoaded && shell.IsFromInitFile(i.Now, i.Loaded) && i.Loaded != "":
	case i.IsLoaded:
		mend := i.Load
		if saved := os.Getenv("VIRTUALENVWRAPPER_SCRIPT"); startup.SourcesOwnWrapper(". " + hint.Path(saved)) {
			mend = "den init virtualenvwrapper > " + hint.Path(saved)
		}
		report(Problem, "version", mend, "the functions in this shell are not those of this den: another den has made them, or this one before an update")
	case i.Asking == nil: // none that could load it
		report(Note, "integration", "", "its words are not in this shell: %s; it speaks %s", i.AskingErr, hint.Join(shells.Names(), " and "))
	case i.IsByPath && i.OnTerminal:
		report(Note, "integration", "den doctor", "it was called by its path, and so does not see whether this shell has its words")
	default:
		level := Note // a script has no use for it
		if i.OnTerminal {
			level = Problem
		}
		report(level, "integration", i.Asking.RCLine(i.Word), "its integration is not loaded in this shell")
	}
}

// takeWrappersPlace is the command that puts den in the place of virtualenvwrapper.
const takeWrappersPlace = "den setup --from virtualenvwrapper"

// checkStartupFile looks whether new shells load den, and what else they load.
func (i Installation) checkStartupFile(ctx context.Context, report Reporter) {
	if i.Asking == nil {
		return
	}
	path := i.Asking.RCFile(os.Getenv)
	text, err := disk.ReadSmall(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		mend := fmt.Sprintf("mv %s %s.old", hint.Path(path), hint.Path(path))
		report(Problem, "startup-file", mend, "the start-up file of %s cannot be read: %s", i.Asking.Name, err)
		return
	}
	lines := strings.Split(string(text), "\n")
	if slices.IndexFunc(lines, startup.Loads) < 0 {
		mend := "den setup " + i.Asking.Name
		if slices.ContainsFunc(lines, startup.LoadsWrapper) {
			mend = takeWrappersPlace
		}
		report(Problem, "startup-file", mend, "new shells do not load it: %s has no line that does", path)
	} else {
		checkNewShell(ctx, startup.Loader{Shell: i.Asking, Path: path}, report)
	}
	if untrusted, ok := errors.AsType[*disk.UntrustedError](disk.CheckTrustOf(i.InitFile)); ok {
		report(Problem, "startup-file", untrusted.Mend, "new shells source %s, and it is not to be trusted: %s", i.InitFile, untrusted.Reason)
	}
	shadowing := shadowing(i.Words)
	for at, line := range lines {
		if shadowing.MatchString(line) && !startup.Loads(line) {
			mend := fmt.Sprintf("sed -i.bak '%dd' %s", at+1, hint.Path(path))
			if startup.LoadsWrapper(line) {
				mend = takeWrappersPlace
			}
			report(Problem, "shadowed", mend, "line %d of %s gives workon, or other words of den's, another meaning: %s", at+1, path, strings.TrimSpace(line))
		}
	}
}

// checkNewShell starts a shell, with a start-up file that loads den, and asks it.
func checkNewShell(ctx context.Context, f startup.Loader, report Reporter) {
	answer, err := startup.Try(ctx, f.Shell, f.Path, false)
	if err == nil && answer.Words && answer.Hidden != "" {
		reportHidden(answer.Hidden, f, report)
	}
	switch mend := f.Shell.Trial.MendCompletion; {
	case err != nil:
		report(Note, "startup-file", "", "den could not start a new %s to see whether it has the words: %s", f.Shell.Name, err)
	case !answer.Words:
		err := answer.LacksWords(f)
		next, _ := hint.Of(err)
		report(Problem, "startup-file", next[0], "%s", err)
	case !answer.Completion && mend != "":
		report(Problem, "completion", fmt.Sprintf("echo '%s' >> %s", mend, hint.Path(f.Path)), "Tab completes nothing in a new %s: its completion system is not on", f.Shell.Name)
	}
}

// promptPrograms are the programs that make a prompt anew each time, and what has them
// show the environment.
var promptPrograms = map[string]string{
	"starship":      `add $python to the format in ~/.config/starship.toml: format = "$python$all"`,
	"oh-my-posh":    `add this to the segments in your theme: {"type": "python", "style": "plain", "template": "({{ .Venv }}) ", "properties": {"display_mode": "environment"}}`,
	"powerlevel10k": `echo 'POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(virtualenv $POWERLEVEL9K_LEFT_PROMPT_ELEMENTS)' >> ~/.p10k.zsh`,
}

// reportHidden reports a prompt that never shows the environment.
func reportHidden(program string, f startup.Loader, report Reporter) {
	mend, known := promptPrograms[program]
	if !known {
		program, mend = "a line of "+f.Path, fmt.Sprintf(`printf '%%s\n' %s >> %s`, hint.Word(f.Shell.Trial.ShowPrompt), hint.Path(f.Path))
	}
	report(Note, "prompt", mend, "the prompt of a new %s never shows the active environment: %s makes it anew each time", f.Shell.Name, program)
}

// shadowing returns a pattern for lines that define a word of den's otherwise: a line
// that loads virtualenvwrapper, an alias, a function.
func shadowing(words []string) *regexp.Regexp {
	word := "(" + strings.Join(words, "|") + ")"
	return regexp.MustCompile(`^[^#]*\bvirtualenvwrapper(_lazy)?\.sh\b|^\s*alias ` + word + `[= ]|^\s*(function )?\s*` + word + `\s*\(\)|^\s*function ` + word + `\b`)
}

// checkProgramPath looks whether "den" is this den.
func (i Installation) checkProgramPath(report Reporter) {
	this, err := os.Executable()
	if err != nil {
		return
	}
	first, err := exec.LookPath("den")
	switch {
	case err != nil:
		report(Note, "path", `export PATH=`+hint.Path(filepath.Dir(i.Program))+`:"$PATH"`, "it is not on PATH, so that scripts do not find it")
	case !disk.IsSame(first, this):
		report(Problem, "path", `export PATH=`+hint.Path(filepath.Dir(this))+`:"$PATH"`, "another den is first on PATH: %s; this is %s", first, this)
	}
	if other, err := exec.LookPath("workon"); err == nil {
		report(Note, "path", "ls -l "+hint.Path(other), "there is a program workon on PATH, %s, which scripts will get", other)
	}
}

// checkActive looks whether the active environment is what programs will see.
func checkActive(home env.Home, report Reporter) {
	active, ok := shell.Active(os.LookupEnv)
	checkOthersOnPath(home, active, report)
	if !ok {
		return
	}
	name := hint.Word(filepath.Base(active.Path))
	if _, err := env.Open(active.Path); err != nil {
		report(Problem, "active", "deactivate", "the active environment %s is not there any more", active.Path)
		return
	}
	if other := os.Getenv("VIRTUAL_ENV"); !active.Foreign && !shell.Entered(os.LookupEnv) {
		if other == "" {
			other = "none"
		}
		report(Problem, "active", "deactivate; workon "+name, "%s is active, but VIRTUAL_ENV says %s: a bin/activate was sourced on top of it", active.Path, other)
		return
	}
	dirs := filepath.SplitList(os.Getenv("PATH"))
	at := slices.Index(dirs, filepath.Join(active.Path, "bin"))
	if at < 0 {
		report(Problem, "path", "workon "+name, "%s is active, but its bin is not on PATH", active.Path)
		return
	}
	for _, dir := range dirs[:at] {
		for _, program := range []string{"python", "python3", "pip"} {
			path := filepath.Join(dir, program)
			if disk.IsProgram(path) {
				report(Problem, "path", "workon "+name, "%s is active, but %s comes before it on PATH", active.Path, path)
				return
			}
		}
	}
}

// checkOthersOnPath looks for environments of WORKON_HOME that are on PATH and not
// active, as direnv brings them back.
func checkOthersOnPath(home env.Home, active shell.Activation, report Reporter) {
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		path := filepath.Dir(dir)
		if filepath.Base(dir) != "bin" || filepath.Dir(path) != home.Dir() || path == active.Path {
			continue
		}
		if _, err := env.Open(path); err == nil {
			report(Note, "path", "workon "+hint.Word(filepath.Base(path)), "%s is on PATH, and its environment is not active: something else, such as direnv, has put it there", dir)
		}
	}
}
