package cmd

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
	"sync"

	"github.com/spf13/cobra"

	"den/cmd/examine"
	"den/cmd/hint"
	"den/cmd/paths"
	"den/cmd/startup"
	"den/env"
	"den/env/disk"
	"den/shell"
	"den/shell/bourne"
	"den/shell/shells"
)

// examineInstallation looks at den itself: this shell, its start-up file, PATH.
func (a *app) examineInstallation(ctx context.Context, root *cobra.Command) (found []examine.Finding) {
	report := examine.ReportTo(&found, "")
	a.checkIntegration(root, report)
	a.checkStartupFile(ctx, report)
	checkProgramPath(report)
	a.checkActive(report)
	return found
}

// checkIntegration looks whether this shell has loaded den's functions, and
// whether they are those of this den.
func (a *app) checkIntegration(root *cobra.Command, report examine.Reporter) {
	if a.shell == nil {
		level := examine.Note // a script has no use for it
		if isTerminal(a.stdin) {
			level = examine.Problem
		}
		asking, err := a.askingShell()
		if err != nil { // none that could load it
			report(examine.Note, "integration", "", "its words are not in this shell: %s; it speaks %s", err, joinWords(shells.Names(), " and "))
			return
		}
		report(level, "integration", asking.RCLine(denWord()), "its integration is not loaded in this shell")
		return
	}
	loaded, from := shell.Loaded(a.loaded)
	now := a.shell.Init(integration(root), nil)
	mend := a.shell.RCLine(hint.Path(programPath()))
	if from == shell.FromVirtualenvwrapper {
		loaded, now = a.loaded, wrapperScript(root)
		mend = bourne.VirtualenvwrapperLine(paths.Short(programPath()))
	}
	if loaded == "" || !shell.IsKept(now, loaded) {
		if saved := os.Getenv("VIRTUALENVWRAPPER_SCRIPT"); startup.SourcesOwnWrapper(". " + hint.Path(saved)) {
			mend = "den init virtualenvwrapper > " + hint.Path(saved)
		}
		report(examine.Problem, "version", mend, "the functions in this shell are not those of this den: it was loaded from another, or before an update")
	}
}

// checkStartupFile looks whether new shells load den, and what else they load.
func (a *app) checkStartupFile(ctx context.Context, report examine.Reporter) {
	dialect, err := a.askingShell()
	if err != nil {
		return
	}
	path := dialect.RCFile(os.Getenv)
	text, err := disk.ReadSmall(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		report(examine.Problem, "startup-file", "", "the start-up file of %s cannot be read: %s", dialect.Name, err)
	}
	lines := strings.Split(string(text), "\n")
	if slices.IndexFunc(lines, startup.Loads) < 0 {
		report(examine.Problem, "startup-file", "den setup "+dialect.Name, "new shells do not load it: %s has no line that does", path)
	} else {
		checkNewShell(ctx, startup.Loader{Shell: dialect, Path: path}, report)
	}
	kept := a.keptFile(dialect.Name)
	if untrusted, ok := errors.AsType[*disk.UntrustedError](disk.CheckTrustOf(kept)); ok {
		report(examine.Problem, "startup-file", untrusted.Mend, "new shells source %s, and it is not to be trusted: %s", kept, untrusted.Reason)
	}
	for i, line := range lines {
		if shadowing().MatchString(line) && !startup.Loads(line) {
			report(examine.Problem, "shadowed", fmt.Sprintf("sed -i.bak '%dd' %s", i+1, hint.Path(path)),
				"line %d of %s defines workon, or others of its words, anew: %s", i+1, path, strings.TrimSpace(line))
		}
	}
}

// checkNewShell starts a shell, with a start-up file that loads den, and asks it.
func checkNewShell(ctx context.Context, f startup.Loader, report examine.Reporter) {
	answer, err := startup.Try(ctx, f.Shell, f.Path, false)
	switch mend := f.Shell.Trial.MendCompletion; {
	case err != nil:
		report(examine.Note, "startup-file", "", "whether a new %s has its words could not be tried: %s", f.Shell.Name, err)
	case !answer.Words:
		err := withoutWords(f, answer)
		report(examine.Problem, "startup-file", hints(err)[0], "%s", err)
	case !answer.Completion && mend != "":
		report(examine.Problem, "completion", fmt.Sprintf("echo '%s' >> %s", mend, hint.Path(f.Path)), "Tab completes nothing in a new %s: its completion system is not on", f.Shell.Name)
	}
}

// shadowing returns what matches a line that defines what den's integration does:
// the one that loads virtualenvwrapper, an alias, a function.
var shadowing = sync.OnceValue(func() *regexp.Regexp {
	word := "(" + strings.Join(shell.Integration{Words: wordTable}.Names(), "|") + ")"
	return regexp.MustCompile(`^[^#]*\bvirtualenvwrapper(_lazy)?\.sh\b|^\s*alias ` + word + `[= ]|^\s*(function )?\s*` + word + `\s*\(\)|^\s*function ` + word + `\b`)
})

// checkProgramPath looks whether "den" is this den.
func checkProgramPath(report examine.Reporter) {
	this, err := os.Executable()
	if err != nil {
		return
	}
	first, err := exec.LookPath("den")
	switch {
	case err != nil:
		report(examine.Note, "path", `export PATH=`+hint.Path(filepath.Dir(programPath()))+`:"$PATH"`, "it is not on PATH, so that scripts do not find it")
	case !disk.IsSame(first, this):
		report(examine.Problem, "path", `export PATH=`+hint.Path(filepath.Dir(this))+`:"$PATH"`, "another den is first on PATH: %s; this is %s", first, this)
	}
	if other, err := exec.LookPath("workon"); err == nil {
		report(examine.Note, "path", "ls -l "+hint.Path(other), "there is a program workon on PATH, %s, which scripts will get", other)
	}
}

// checkActive looks whether the active environment is what programs will see.
func (a *app) checkActive(report examine.Reporter) {
	active, ok := shell.Active(os.LookupEnv)
	a.checkOthersOnPath(active, report)
	if !ok {
		return
	}
	name := hint.Word(filepath.Base(active.Path))
	if _, err := env.Open(active.Path); err != nil {
		report(examine.Problem, "active", "deactivate", "the active environment %s is not there any more", active.Path)
		return
	}
	if other := os.Getenv("VIRTUAL_ENV"); !active.Foreign && !shell.Entered(os.LookupEnv) {
		if other == "" {
			other = "none"
		}
		report(examine.Problem, "active", "deactivate; workon "+name, "%s is active, but VIRTUAL_ENV says %s: a bin/activate was sourced on top of it", active.Path, other)
		return
	}
	dirs := filepath.SplitList(os.Getenv("PATH"))
	at := slices.Index(dirs, filepath.Join(active.Path, "bin"))
	if at < 0 {
		report(examine.Problem, "path", "workon "+name, "%s is active, but its bin is not on PATH", active.Path)
		return
	}
	for _, dir := range dirs[:at] {
		for _, program := range []string{"python", "python3", "pip"} {
			path := filepath.Join(dir, program)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
				report(examine.Problem, "path", "workon "+name, "%s is active, but %s comes before it on PATH", active.Path, path)
				return
			}
		}
	}
}

// checkOthersOnPath looks for environments of WORKON_HOME that are on PATH and not
// active, as direnv brings them back.
func (a *app) checkOthersOnPath(active shell.Activation, report examine.Reporter) {
	home, err := a.home()
	if err != nil {
		return
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		path := filepath.Dir(dir)
		if filepath.Base(dir) != "bin" || filepath.Dir(path) != home.Dir() || path == active.Path {
			continue
		}
		if _, err := env.Open(path); err == nil {
			report(examine.Note, "path", "workon "+hint.Word(filepath.Base(path)), "%s is on PATH, and its environment is not active: something else, such as direnv, has put it there", dir)
		}
	}
}
