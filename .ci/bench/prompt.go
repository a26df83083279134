package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The peers before a prompt, as the table calls them, and a shell with none of them.
const (
	direnv = "direnv"
	pyenv  = "pyenv-virtualenv"
	bare   = "nothing"
)

// atPrompt is what is timed of what a shell does before a prompt, under the name that the
// loop gives it.
var atPrompt = []struct {
	name, what string
	predicted  prediction
}{
	{"same", "a prompt in the same directory, added", faster(10)},
	{"deep", "the same, ten directories deep", faster(10)},
	{"inside", "the same, in the environment of a project", faster(10)},
	{"plain", "`cd` to a plain directory ten deep, added", faster(10)},
	{"enter", "`cd` that enters, added", faster(1)},
	{"leave", "`cd` that leaves, added", faster(1)},
}

// promptLoop is the script that times these by the shell's clock, in the language that
// bash and zsh share. Each line of the output has the moments before and after, and the
// environment that is then active.
const promptLoop = `
cd '%[4]s'
. '%[1]s'
[ -z "${ZSH_VERSION:-}" ] || zmodload zsh/datetime
[ -n "${EPOCHREALTIME:-}" ] || { echo "no clock"; exit 1; }
out='%[2]s'
prompt() {
	if [ -n "${ZSH_VERSION:-}" ]; then
		for hook in $precmd_functions; do $hook; done
	else
		for hook in "${PROMPT_COMMAND[@]}"; do eval "$hook"; done
	fi
}
timed() {
	t=$EPOCHREALTIME; "${@:2}"; prompt; u=$EPOCHREALTIME
	echo "$1 $t $u ${VIRTUAL_ENV:-none}" >>"$out"
}
prompt
round=0
while [ "$round" -lt %[3]d ]; do
	round=$((round + 1))
	timed same :
	timed plain cd '%[5]s'
	timed deep :
	timed enter cd '%[6]s'
	timed inside :
	timed leave cd '%[4]s'
done
`

// promptLoopOfFish is the same for fish, which has no clock: 0 is the moment before. A
// program that prints the time takes longer than most of what is timed, so that is done
// several times in a row, in one directory after the other.
const promptLoopOfFish = `
cd '%[4]s'
source '%[1]s'
function timed
	set -l t (date +%%s%%N)
	for i in (seq $argv[2]); for dir in $argv[3..-1]; test $dir = .; or cd $dir; emit fish_prompt; end; end
	set -l u (date +%%s%%N)
	set -l env none
	set -q VIRTUAL_ENV; and set env $VIRTUAL_ENV
	set -l runs (math $argv[2] '*' (count $argv[3..-1]))
	echo $argv[1] 0 (math -s 9 "($u - $t) / 1000000000 / $runs") $env >>'%[2]s'
end
emit fish_prompt
for round in (seq %[3]d)
	timed same 10 .
	timed plain 5 '%[5]s' '%[5]s/../beside'
	timed deep 10 .
	timed enter 1 '%[6]s'
	timed inside 10 .
	timed leave 1 '%[4]s'
end
`

// measurePrompts measures what entering by directory costs: at each prompt, and where
// something is entered.
func measurePrompts(ctx context.Context, s *scene) ([]row, error) {
	plain := filepath.Join(s.home, "1/2/3/4/5/6/7/8/9/10")
	beside := filepath.Join(filepath.Dir(plain), "beside")
	project := filepath.Join(s.home, "project")
	versions := filepath.Join(s.pyenvRoot(), "versions")
	for _, dir := range []string{plain, beside, project, versions} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
	}
	environment := filepath.Join(s.workonHome(), "a")
	envrc := fmt.Sprintf("export VIRTUAL_ENV='%s'\nPATH_add '%s/bin'\n", environment, environment)
	err := errors.Join(
		os.WriteFile(filepath.Join(project, ".envrc"), []byte(envrc), 0o666),
		os.WriteFile(filepath.Join(project, ".python-version"), []byte("a\n"), 0o666),
		os.Symlink(environment, filepath.Join(versions, "a")))
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"den", "project", "set", "a", project}, {direnv, "allow", project}} {
		cmd := s.command(ctx, s.environ(), append([]string{"env"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%q: %w\n%s", args, err, out)
		}
	}
	peers := []string{direnv}
	if out, err := exec.CommandContext(ctx, "pyenv", "commands").Output(); err == nil && strings.Contains(string(out), "virtualenv-init") {
		peers = append(peers, pyenv)
	} else {
		progress("no " + pyenv + " on this machine: no row beside it")
	}
	var rows []row
	for _, shell := range []string{"bash", "zsh", "fish"} {
		progress("prompts of " + shell)
		measured, err := s.promptsOf(ctx, shell, plain, project, peers)
		if err != nil {
			return nil, err
		}
		rows = append(rows, measured...)
	}
	return rows, nil
}

// pyenvRoot is where pyenv has its versions. Programs of it come from the machine's.
func (s *scene) pyenvRoot() string { return filepath.Join(s.home, "pyenv") }

// promptStart is a start-up file that loads one of those that act before a prompt.
func (s *scene) promptStart(shell, name string) string {
	line := func(command string) string {
		if shell == "fish" {
			return command + " | source\n"
		}
		return `eval "$(` + command + `)"` + "\n"
	}
	switch name {
	case "den":
		return "export DEN_AUTO=on\n" + line("den init "+shell)
	case direnv:
		return "export DIRENV_LOG_FORMAT=\n" + line("direnv hook "+shell)
	case pyenv:
		return "export PYENV_ROOT='" + s.pyenvRoot() + "'\n" + line("pyenv init - "+shell) + line("pyenv virtualenv-init - "+shell)
	default:
		return ""
	}
}

// promptsOf returns the rows of one shell: with auto on, with each of the peers, and bare.
func (s *scene) promptsOf(ctx context.Context, shell, plain, project string, peers []string) ([]row, error) {
	times := map[string]map[string][]float64{}
	for range passes {
		for _, name := range append([]string{bare, "den"}, peers...) {
			if times[name] == nil {
				times[name] = map[string][]float64{}
			}
			start := s.start("prompt-" + name)
			if err := os.WriteFile(start, []byte(s.promptStart(shell, name)), 0o666); err != nil {
				return nil, err
			}
			if err := s.timePrompts(ctx, shell, start, plain, project, times[name]); err != nil {
				return nil, fmt.Errorf("timing prompts of %s with %s: %w", shell, name, err)
			}
		}
	}
	var rows []row
	for _, p := range atPrompt {
		without := median(times[bare][p.name])
		for _, peer := range peers {
			rows = append(rows, row{
				what: shell + ": " + p.what, unit: microseconds, peerName: peer, predicted: p.predicted,
				den: max(median(times["den"][p.name])-without, 1e-6), peer: median(times[peer][p.name]) - without,
			})
		}
	}
	return rows, nil
}

// timePrompts adds the seconds of each of atPrompt, by name, to times. It fails unless
// the environment was active in its project, and there alone, where anything was loaded.
func (s *scene) timePrompts(ctx context.Context, shell, start, plain, project string, times map[string][]float64) error {
	script, out := filepath.Join(s.home, "prompts"), filepath.Join(s.home, "times")
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	loop, rounds := promptLoop, 20
	if shell == "fish" {
		loop, rounds = promptLoopOfFish, 4
	}
	if err := os.WriteFile(script, fmt.Appendf(nil, loop, start, out, rounds, s.home, plain, project), 0o666); err != nil {
		return err
	}
	said, err := s.command(ctx, s.environ(), interactive(shell, source(script))...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, said)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		var name, env string
		var before, after float64
		if _, err := fmt.Sscan(line, &name, &before, &after, &env); err != nil {
			return fmt.Errorf("reading %q: %w", line, err)
		}
		entered := (name == "enter" || name == "inside") && !strings.HasSuffix(start, bare)
		if (env != "none") != entered {
			return fmt.Errorf("after %q the active environment is %s\n%s", name, env, said)
		}
		times[name] = append(times[name], after-before)
	}
	return nil
}
