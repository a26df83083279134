package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/shell/shells"
)

// eachAutoShell runs a row in every column that enters environments by itself, with the
// setting auto, and a den that notes when it is started.
func eachAutoShell(t *testing.T, mode string, row func(w *world)) {
	t.Helper()
	eachShell(t, func(w *world) {
		if s, err := shells.ByName(w.name()); err != nil || s.Auto == nil {
			t.Logf("%s does not enter environments by itself", w.name())
			return
		}
		w.write(filepath.Join(w.home, ".config/den/config.toml"), "auto = \""+mode+"\"\n", 0o644)
		w.keep()
		os.Remove(filepath.Join(w.home, w.rc()))
		row(w)
	})
}

// goes types a change of directory, and fails the row unless the prompt then is the one
// given.
func (t *terminal) goes(cd, prompt string) {
	t.Helper()
	t.enter(cd)
	t.shows(prompt)
}

// deletes is goes for a command that deletes the directory where the shell is. A shell that
// starts no program there prints no mark: what it types next shows that it goes on.
func (t *terminal) deletes(command, prompt string) {
	t.Helper()
	if _, startsNone := t.shell.(interface{ startsNoProgramWhereGone() }); startsNone {
		t.press(t.own(command) + "\r")
		return
	}
	t.goes(command, prompt)
}

// openKept is open where the start-up file loads the kept integration, and after that
// has more.
func (w *world) openKept(more ...string) *terminal {
	w.Helper()
	w.mkdir("home/.local/share/fish/generated_completions")
	w.write(filepath.Join(w.home, w.rc()), w.own(lines(w.setPrompt(base), w.line, lines(more...), "printf '%s\\n' '"+ready+"'")), 0o644)
	return w.open()
}

// A directory below a project is in its environment, the nearest one, and others are in
// none. The shell is as before in the end.
func TestAutoEntersAndLeaves(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		web, api := w.lay("web"), w.lay("it's $HOME")
		project := w.link(web, "home/src/web")
		deep := w.link(api, "home/src/web/deep/it's $(touch pwned)")
		w.mkdir("home/src/web/sub/dir")
		term := w.openKept()
		there, back := "cd "+w.quote(deep), "cd .."
		if w.lacks()["TestDirectoryStackStays"] == "" {
			there, back = "pushd "+w.quote(deep), "popd"
			term.enter("pushd /", "popd")
		}
		term.look("before")
		term.goes("cd src/web/sub/dir", "(web) base> ")
		term.look("web")
		term.goes("cd "+w.quote(deep), "(it's $HOME) base> ")
		term.look("nested")
		term.goes("cd ..", "(web) base> ")
		term.goes(there, "(it's $HOME) base> ")
		term.goes(back, "(web) base> ")
		term.goes("cd "+w.quote(w.home), base)
		term.look("after")
		w.inside("web", web)
		w.insideAs("nested", api, "it's $HOME", base)
		if got := w.snap("web").Env["DEN_DIRECTORY"]; got != project {
			w.Errorf("the directory that asked for web is %q, want %q", got, project)
		}
		if got, want := w.snap("web").Dir, project+"/sub/dir"; got != want {
			w.Errorf("the shell is in %s, want %s", got, want)
		}
		w.same("before", "after")
		if w.exists(filepath.Join(deep, "pwned")) || w.exists(filepath.Join(w.home, "pwned")) {
			w.Errorf("the name of a directory was executed")
		}
	})
}

// A workon or deactivate by hand holds until the person goes elsewhere. What they have
// entered is not left for a directory that asks for nothing.
func TestAutoByHand(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		w.link(w.lay("web"), "home/src/web")
		w.lay("tools")
		w.mkdir("home/src/web/sub")
		term := w.openKept()
		term.goes("cd src/web", "(web) base> ")
		term.goes("workon tools", "(tools) base> ")
		term.goes("cd sub", "(tools) base> ")
		term.goes("cd ~", "(tools) base> ")
		term.goes("cd src/web", "(web) base> ")
		term.goes("deactivate", base)
		term.goes("cd sub", base)
		term.goes("cd ~", base)
		term.goes("cd src/web/sub", "(web) base> ")
		term.goes("cd ~", base)

		// What is entered where nothing asks for an environment stays everywhere.
		term.goes("workon tools", "(tools) base> ")
		term.goes("cd src/web", "(tools) base> ")
		term.goes("cd ~", "(tools) base> ")
		term.goes("deactivate", base)
		term.goes("cd src/web", "(web) base> ")
	})
}

// Nothing is started by a prompt, by going to directories that ask for nothing, or from
// one to another in a project, also under errexit and nounset.
func TestAutoStartsNothing(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		w.link(w.lay("web"), "home/src/web")
		w.mkdir("home/src/web/a/b/c")
		plain := w.mkdir("home/1/2/3/4/5/6/7/8/9/10")
		strict := "true"
		if w.name() == "bash" || w.name() == "zsh" {
			strict = "set -eu"
		}
		term := w.openKept(strict)
		term.enter("cd " + w.quote(plain))
		w.started()
		for range 3 {
			term.enter("cd ..", "cd ~", "cd "+w.quote(plain), "cd "+w.quote(plain))
		}
		around := "cd ~; cd " + w.quote(plain) + "; cd .."
		loop := map[string]string{
			"fish":    "for i in 1 2 3 4 5 6 7 8 9 10; " + around + "; cd -; end",
			"nushell": "for i in 1..10 { " + around + "; cd - }",
			"elvish":  "for i [(range 10)] { " + around + " }",
			"xonsh":   around,
		}[w.name()]
		if loop == "" {
			loop = "for i in 1 2 3 4 5 6 7 8 9 10; do " + around + "; cd -; done >/dev/null"
		}
		for range 5 {
			term.enter(loop)
		}
		if starts := w.started(); len(starts) > 0 {
			w.Errorf("den was started: %q", starts)
		}
		term.goes("cd ~/src/web", "(web) base> ")
		for range 3 {
			term.enter("cd a/b/c", "cd ../..", "cd ..")
		}
		term.goes("cd ~", base)
		if starts := w.started(); len(starts) != 2 {
			w.Errorf("to enter and to leave, den was started so: %q", starts)
		}
	})
}

// A shell that is started in an environment which was entered by itself stays in it, or
// leaves it where it is started elsewhere; one that was entered by hand stays.
func TestAutoInsideAnotherShell(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		web := w.lay("web")
		w.link(web, "home/src/web")
		w.lay("tools")
		term := w.openKept()
		term.goes("cd src/web", "(web) base> ")
		term.nest(program(w.shell))
		term.shows("(web) base> ")
		term.look("child")
		term.goes("cd ~", base)
		term.exit()
		term.shows("(web) base> ")
		w.inside("child", web)
	})
}

// A directory that is gone asks for nothing, and stops nothing.
func TestAutoInADirectoryThatIsGone(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		w.link(w.lay("web"), "home/src/web")
		gone := w.mkdir("home/src/web/gone")
		term := w.openKept()
		term.goes("cd src/web/gone", "(web) base> ")
		term.deletes("command rmdir "+w.quote(gone), "(web) base> ")
		term.goes("cd ~", base)
		term.goes("cd src/web", "(web) base> ")
	})
}

// A link that is made or changed is noticed at the next prompt, whoever made it. An
// environment that is gone is left; there is nothing more to say of it.
func TestAutoNoticesLinks(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		project := w.mkdir("home/src/new")
		web := w.lay("web")
		term := w.openKept()
		term.goes("cd src/new", base)
		term.goes("command den project set web .", "(web) base> ")
		term.goes("cd ~", base)
		w.write(filepath.Join(w.lay("api"), ".project"), project+"/sub\n", 0o644)
		w.mkdir("home/src/new/sub")
		term.goes("cd src/new/sub", "(api) base> ")
		term.goes("rmvenv -f api", base) // by hand
		term.enter("cd ~")
		term.goes("cd src/new/sub", "(web) base> ")
		if err := os.Rename(web, filepath.Join(w.home, "taken")); err != nil {
			t.Fatal(err)
		}
		term.goes("printf '%s\\n' one", base)
		if n := term.times("not there any more"); n != 0 {
			w.Errorf("what was left is said to be gone:\n%s", term.text())
		}
	})
}

// A broken environment is reported once, and not entered; the one before is left.
func TestAutoOfABrokenEnvironment(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		w.link(w.lay("web"), "home/src/web")
		broken := w.lay("broken")
		w.link(broken, "home/src/web/broken")
		w.breakPython(broken)
		term := w.openKept()
		term.goes("cd src/web", "(web) base> ")
		term.goes("cd broken", base)
		term.goes("cd ~", base)
		term.goes("cd src/web/broken", base)
		if n := strings.Count(term.text(), "den upgrade broken"); n != 1 {
			w.Errorf("it was reported %d times", n)
		}
	})
}

// firstArgument is the expression for the first argument of a function.
func (w *world) firstArgument() string {
	if w.name() == "fish" {
		return "$argv[1]"
	}
	return `"$1"`
}

// A person's own cd, and their own prompt, made anew each time, are theirs.
func TestAutoBesideOnesOwn(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		web := w.lay("web")
		w.link(web, "home/src/web")
		own := w.function("cd", "builtin cd "+w.firstArgument()+"; builtin printf '<%s>\\n' mine")
		term := w.openKept(own, w.promptHook("own> "+base))
		term.enter("cd src/web", w.take("inside"))
		if got := w.snap("inside").Env["VIRTUAL_ENV"]; got != web {
			w.Errorf("VIRTUAL_ENV is %q, want %q", got, web)
		}
		term.enter("cd /", w.take("after"))
		if got := w.snap("after").Env["VIRTUAL_ENV"]; got != "" {
			w.Errorf("VIRTUAL_ENV is still %q", got)
		}
		if !strings.Contains(term.text(), "<mine>") {
			w.Errorf("the person's own cd was not called")
		}
	})
}

// A script enters nothing.
func TestAutoNotInScripts(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		w.link(w.lay("web"), "home/src/web")
		w.run("cd src/web", w.take("inside"))
		w.outside("inside")
	})
}

// However a person or their prompt program sets PROMPT_COMMAND later, the shell looks
// before each prompt, and their own commands see the status of the last one.
func TestAutoWithPromptCommand(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		if w.name() != "bash" {
			return
		}
		web := w.lay("web")
		w.link(web, "home/src/web")
		own := `own() { local status=$?; PS1="[$status] base> "; }`
		for name, later := range map[string]string{
			"text":             `PROMPT_COMMAND=own`,
			"in front":         `PROMPT_COMMAND="own; ${PROMPT_COMMAND-}"`,
			"behind":           `PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND; }own"`,
			"array":            `PROMPT_COMMAND+=(own)`,
			"array of its own": `PROMPT_COMMAND=(own "${PROMPT_COMMAND[@]}")`,
			"saved":            `saved=$PROMPT_COMMAND; PROMPT_COMMAND='own; eval "$saved"'`,
			"bash-preexec":     `installed=$PROMPT_COMMAND; PROMPT_COMMAND='own'$'\n'"$installed"; PROMPT_COMMAND+=(true)`,
		} {
			term := w.openKept(own, later)
			term.goes("cd src/web", "[0] base> ")
			term.enter(w.take("inside"))
			if got := w.snap("inside").Env["VIRTUAL_ENV"]; got != web {
				w.Errorf("%s: VIRTUAL_ENV is %q, want %q", name, got, web)
			}
			term.press("(exit 3)\r")
			term.wait("the status", func() bool { return term.stops("[3] base> ") })
			term.close()
		}
	})
}

// The way of bash-preexec: a line in PROMPT_COMMAND takes itself out at the first prompt,
// where it stands first, and from then on calls functions of an array.
const preexec = `__bp_imported=defined
install() { installs=x$installs; PROMPT_COMMAND=${PROMPT_COMMAND//install/invoke}; invoke; }
invoke() { local f; for f in "${precmd_functions[@]}"; do "$f"; done; }
own() { PS1="[${VIRTUAL_ENV##*/}] base> "; }
precmd_functions=(own) PROMPT_COMMAND=install`

// Loaded behind bash-preexec, den leaves PROMPT_COMMAND to that, and looks before all of
// its functions, which may make the prompt.
func TestAutoBehindBashPreexec(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		if w.name() != "bash" {
			return
		}
		w.link(w.lay("web"), "home/src/web")
		w.line = lines(preexec, w.line)
		term := w.openKept()
		term.goes("cd src/web", "[web] base> ")
		term.goes("cd ~", "[] base> ")
		term.enter("export KIND=$installs$(declare -p PROMPT_COMMAND)", w.take("after"))
		if got := w.snap("after").Env["KIND"]; !strings.HasPrefix(got, "xdeclare -- PROMPT_COMMAND=") {
			w.Errorf("its line did its work so often, and PROMPT_COMMAND is: %s", got)
		}
	})
}

// A bash before 5.1 knows PROMPT_COMMAND as a string alone, and it stays one. Where a later
// line sets it to something else, den is to be loaded after that.
func TestAutoWithoutAnArrayOfPromptCommands(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		if w.name() != "bash" {
			return
		}
		web := w.lay("web")
		w.link(web, "home/src/web")
		own := `own() { local status=$?; PS1="[$status] base> "; }`
		line := w.line
		for name, rc := range map[string]struct{ before, after string }{
			"none":     {"", ""},
			"set":      {"PROMPT_COMMAND=own", ""},
			"two":      {"PROMPT_COMMAND='own; true'", `PROMPT_COMMAND="$PROMPT_COMMAND; true"`},
			"replaced": {"PROMPT_COMMAND=true", "PROMPT_COMMAND=own\n" + line},
		} {
			w.line = lines(own, "BASH_VERSION='5.0.17(1)-release'", rc.before, line)
			term := w.openKept(rc.after)
			term.enter("cd src/web", "export KIND=$(declare -p PROMPT_COMMAND)", w.take("inside"), "cd ~", w.take("after"))
			term.close()
			inside, after := w.snap("inside").Env, w.snap("after").Env["VIRTUAL_ENV"]
			if inside["VIRTUAL_ENV"] != web || after != "" {
				w.Errorf("%s: VIRTUAL_ENV is %q in the project, want %q, and %q after it", name, inside["VIRTUAL_ENV"], web, after)
			}
			if got := inside["KIND"]; !strings.HasPrefix(got, "declare -- PROMPT_COMMAND=") {
				w.Errorf("%s: it is no string: %s", name, got)
			}
		}
	})
}

// direnv puts an old copy of PATH back when a directory is left. den does not let its own
// directory come back that way.
func TestAutoBesideDirenv(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		w.link(w.lay("web"), "home/src/web")
		direnv := map[string]string{
			"bash": `_direnv_hook() {
	local last=$?
	case $PWD:${old_path-} in
	*/src/web*:) old_path=$PATH; PATH=/mine:$PATH ;;
	*/src/web*) ;;
	*:?*) PATH=$old_path old_path= ;;
	esac
	return $last
}
`,
			"fish": `function __direnv_export_eval --on-event fish_prompt
	if string match -q '*/src/web*' $PWD
		set -q old_path; or begin; set -g old_path $PATH; set -gx PATH /mine $PATH; end
	else if set -q old_path
		set -gx PATH $old_path
		set -e old_path
	end
end
`,
		}
		direnv["zsh"] = direnv["bash"] + "typeset -ga precmd_functions chpwd_functions; precmd_functions=(_direnv_hook $precmd_functions); chpwd_functions=(_direnv_hook $chpwd_functions)\n"
		direnv["bash"] += `PROMPT_COMMAND="_direnv_hook${PROMPT_COMMAND:+;$PROMPT_COMMAND}"` + "\n"
		w.line = direnv[w.name()] + w.line
		term := w.openKept()
		term.look("before")
		term.goes("cd src/web", "(web) base> ")
		term.goes("cd ~", base)
		term.look("after")
		if before, after := w.snap("before").Env["PATH"], w.snap("after").Env["PATH"]; before != after {
			w.Errorf("PATH is\n%s, want\n%s", after, before)
		}
	})
}

// With virtualenvwrapper's functions loaded, by the setting or the variable.
func TestAutoWithVirtualenvwrapper(t *testing.T) {
	eachWrapped(t, func(w *world) {
		web := w.lay("web")
		w.link(web, "home/src/web")
		config := filepath.Join(w.home, ".config/den/config.toml")
		w.write(config, "auto = \"linked\"\n", 0o644)
		w.line = "source " + w.quote(w.wrapperScript())
		for range 2 {
			term := w.openKept()
			term.goes("cd src/web", "(web) base> ")
			term.goes("cd ~", base)
			term.close()
			if err := os.RemoveAll(config); err != nil {
				w.Fatal(err)
			}
			w.env["DEN_AUTO"] = "linked"
		}
	})
}

// What nushell does before each prompt, called by the row.
func TestAutoBeforeThePromptsOfNushell(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nushell{})
	w.entersByItself("do --env ($env.config.hooks.pre_prompt | last)", "^den allow", func() string {
		w.keep()
		return w.line
	})
}

// What xonsh does after each command, called by the row.
func TestAutoAfterTheCommandsOfXonsh(t *testing.T) {
	t.Parallel()
	w := newWorld(t, xonsh{})
	w.entersByItself("events.on_postcommand.fire(cmd='', rtn=0, out=None, ts=[0, 0])", "den allow", func() string {
		return "$XONSH_INTERACTIVE = True\n" + w.init()
	})
}

// entersByItself fails the row unless a script enters and leaves linked environments and
// those that the person has allowed. prompt is what the shell does by itself at a prompt,
// and load returns what loads den, with the setting that is there then.
func (w *world) entersByItself(prompt, allow string, load func() string) {
	w.Helper()
	web := w.lay("web")
	w.link(web, "home/src/web")
	w.lay("api")
	theirs := w.layAt(filepath.Join(w.mkdir("home/git/x"), ".venv"))
	canary := w.canary(theirs)
	w.write(filepath.Join(w.mkdir("home/git/odd"), ".venv"), "$(touch pwned)\n", 0o644)
	w.write(filepath.Join(w.home, ".config/den/config.toml"), "auto = \"on\"\n", 0o644)
	line := load()
	w.started()
	r := w.try(w.setPrompt(base), line, prompt, w.take("before"),
		"cd src/web", prompt, prompt, w.take("web"),
		"workon -n api", prompt, "cd ..", prompt, "cd web", prompt, w.take("again"),
		"deactivate", prompt, prompt, w.take("by hand"),
		"cd ../../git/odd", prompt, "cd ../x", prompt, "cd ..", prompt, "cd x", prompt, w.take("asked"),
		allow, prompt, w.take("allowed"), "cd "+w.quote(w.home), prompt, w.take("after"))
	if r.status != 0 {
		w.Fatalf("%+v", r)
	}
	w.inside("web", web)
	w.inside("again", web)
	w.outside("by hand")
	w.outside("asked")
	w.insideAs("allowed", theirs, "x", base)
	w.outside("after")
	if n := strings.Count(r.stderr, "which is not entered"); n != 1 || w.exists(canary) || w.exists(filepath.Join(w.home, "git/odd/pwned")) {
		w.Errorf("the person was asked %d times: %s", n, r.stderr)
	}
	w.same("before", "after")
}

// In a project that is entered by itself, uv acts on its environment, and on no other
// afterwards.
func TestAutoServesUv(t *testing.T) {
	eachAutoShell(t, "linked", func(w *world) {
		w.installs()
		web := w.lay("web")
		project := w.link(web, "home/src/web")
		w.write(filepath.Join(project, "pyproject.toml"), "", 0o644)
		w.mkdir("home/src/web/sub")
		term := w.openKept()
		term.enter("uv before", "cd src/web/sub")
		term.enter("uv project", "cd ~")
		term.enter("uv after")
		w.acts(web, "project")
		w.acts("none", "before", "after")
	})
}
