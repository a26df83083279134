package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// direnv is what the table calls the peer before a prompt.
const direnv = "direnv"

// atPrompt is what is timed of what a shell does before a prompt, under the name that the
// loop gives it.
var atPrompt = []struct {
	name, what string
	predicted  prediction
}{
	{"same", "a prompt in the same directory, added", faster(10)},
	{"deep", "the same, ten directories deep", faster(10)},
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
	t=$EPOCHREALTIME; cd "$2"; prompt; u=$EPOCHREALTIME
	echo "$1 $t $u ${VIRTUAL_ENV:-none}" >>"$out"
}
prompt
round=0
while [ "$round" -lt %[3]d ]; do
	round=$((round + 1))
	timed same .
	timed plain '%[5]s'
	timed deep .
	timed enter '%[6]s'
	timed leave '%[4]s'
done
`

// measurePrompts measures what entering by directory costs: at each prompt, and where
// something is entered.
func measurePrompts(ctx context.Context, s *scene) ([]row, error) {
	plain := filepath.Join(s.home, "1/2/3/4/5/6/7/8/9/10")
	project := filepath.Join(s.home, "project")
	for _, dir := range []string{plain, project} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
	}
	environment := filepath.Join(s.workonHome(), "a")
	envrc := fmt.Sprintf("export VIRTUAL_ENV='%s'\nPATH_add '%s/bin'\n", environment, environment)
	if err := os.WriteFile(filepath.Join(project, ".envrc"), []byte(envrc), 0o666); err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"den", "project", "set", "a", project}, {"direnv", "allow", project}} {
		cmd := s.command(ctx, s.environ(), append([]string{"env"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%q: %w\n%s", args, err, out)
		}
	}
	var rows []row
	for _, shell := range shellNames(true) {
		progress("prompts of " + shell)
		measured, err := s.promptsOf(ctx, shell, plain, project)
		if err != nil {
			return nil, err
		}
		rows = append(rows, measured...)
	}
	return rows, nil
}

// promptsOf returns the rows of one shell: with auto on, with direnv, and bare.
func (s *scene) promptsOf(ctx context.Context, shell, plain, project string) ([]row, error) {
	starts := map[string]string{
		"nothing": "",
		"den":     "export DEN_AUTO=on\neval \"$(den init " + shell + ")\"\n",
		direnv:    "export DIRENV_LOG_FORMAT=\neval \"$(direnv hook " + shell + ")\"\n",
	}
	times := map[string]map[string][]float64{}
	for range passes {
		for name, text := range starts {
			if times[name] == nil {
				times[name] = map[string][]float64{}
			}
			start := s.start("prompt-" + name)
			if err := os.WriteFile(start, []byte(text), 0o666); err != nil {
				return nil, err
			}
			if err := s.timePrompts(ctx, shell, start, plain, project, times[name]); err != nil {
				return nil, fmt.Errorf("timing prompts of %s with %s: %w", shell, name, err)
			}
		}
	}
	var rows []row
	for _, p := range atPrompt {
		bare := median(times["nothing"][p.name])
		rows = append(rows, row{
			what: shell + ": " + p.what, unit: microseconds, peerName: direnv, predicted: p.predicted,
			den: median(times["den"][p.name]) - bare, peer: median(times[direnv][p.name]) - bare,
		})
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
	if err := os.WriteFile(script, fmt.Appendf(nil, promptLoop, start, out, 20, s.home, plain, project), 0o666); err != nil {
		return err
	}
	said, err := s.command(ctx, s.environ(), interactive(shell, script)...).CombinedOutput()
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
		entered := name == "enter" && !strings.HasSuffix(start, "nothing")
		if (env != "none") != entered {
			return fmt.Errorf("after %q the active environment is %s\n%s", name, env, said)
		}
		times[name] = append(times[name], after-before)
	}
	return nil
}

func microseconds(seconds float64) string { return fmt.Sprintf("%.0f µs", seconds*1e6) }
