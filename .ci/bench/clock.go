package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inShell is what is timed in a running shell, under the name that the loop
// gives it, and what WORKON_HOME's environment is active afterwards.
var inShell = []struct {
	name, what, active string
	predicted          prediction
}{
	{"switch", switching, "b", faster(50)},
	{"enter", "`workon`, none active", "a", faster(50)},
	{"leave", "`deactivate`", "", faster(50)},
}

const switching = "`workon`, from one to another"

// loop is the script that times each command of inShell by the shell's clock,
// in the language that bash and zsh share. Each command stands in a line of
// the output, with the moments before and after it and the environment that is
// then active.
const loop = `
%[1]s
[ -z "${ZSH_VERSION:-}" ] || zmodload zsh/datetime
[ -n "${EPOCHREALTIME:-}" ] || { echo "no clock"; exit 1; }
out='%[2]s'
round=0
while [ "$round" -lt %[3]d ]; do
	round=$((round + 1))
	t=$EPOCHREALTIME; workon a; u=$EPOCHREALTIME
	echo "enter $t $u $VIRTUAL_ENV" >>"$out"
	t=$EPOCHREALTIME; workon b; u=$EPOCHREALTIME
	echo "switch $t $u $VIRTUAL_ENV" >>"$out"
	t=$EPOCHREALTIME; deactivate; u=$EPOCHREALTIME
	echo "leave $t $u ${VIRTUAL_ENV:-none}" >>"$out"
done
`

// timeInShell starts a shell, has it run the code that loads the tool, and adds the seconds
// of each command of inShell, by name, to times. It fails unless the tool did what was
// timed, hooks included.
func (s *scene) timeInShell(ctx context.Context, shell, code string, rounds int, times map[string][]float64) error {
	script, out := filepath.Join(s.home, "loop"), filepath.Join(s.home, "times")
	for _, path := range []string{out, s.ranFile()} {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	if err := os.WriteFile(script, fmt.Appendf(nil, loop, code, out, rounds), 0o666); err != nil {
		return err
	}
	said, err := s.command(ctx, s.environ(), interactive(shell, source(script))...).CombinedOutput()
	if err == nil {
		err = s.readTimes(out, rounds, times)
	}
	if err == nil {
		err = s.checkHooks(2 * rounds)
	}
	if err != nil {
		return fmt.Errorf("timing in %s with %q: %w\n%s", shell, code, err, said)
	}
	return nil
}

// readTimes reads what the loop wrote. It fails unless all commands are there,
// each with the right environment active afterwards.
func (s *scene) readTimes(path string, rounds int, times map[string][]float64) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != rounds*len(inShell) {
		return fmt.Errorf("%d commands were timed, not %d", len(lines), rounds*len(inShell))
	}
	active := map[string]string{}
	for _, command := range inShell {
		active[command.name] = "none"
		if command.active != "" {
			active[command.name] = filepath.Join(s.workonHome(), command.active)
		}
	}
	for _, line := range lines {
		var name, env string
		var before, after float64
		if _, err := fmt.Sscan(line, &name, &before, &after, &env); err != nil {
			return fmt.Errorf("reading %q: %w", line, err)
		}
		if env != active[name] {
			return fmt.Errorf("after %q the active environment is %s, not %s", name, env, active[name])
		}
		times[name] = append(times[name], after-before)
	}
	return nil
}

// checkHooks fails unless the run hook and the sourced hook were called once
// for each activation.
func (s *scene) checkHooks(activations int) error {
	text, err := os.ReadFile(s.ranFile())
	if err != nil {
		return fmt.Errorf("no hook ran: %w", err)
	}
	for _, hook := range []string{"preactivate", "postactivate"} {
		if ran := strings.Count(string(text), hook); ran != activations {
			return fmt.Errorf("the hook %s ran %d times in %d activations", hook, ran, activations)
		}
	}
	return nil
}

// timeInFish returns the seconds of one switch in fish, which has no clock of
// its own: the time of a shell that switches to and fro, minus the time of a shell
// that does not.
func (s *scene) timeInFish(ctx context.Context, rounds int) (float64, error) {
	var commands [][]string
	for i, n := range []int{0, rounds} {
		script := filepath.Join(s.home, fmt.Sprintf("loop%d.fish", i))
		text := fmt.Sprintf("%s; workon a\nfor i in (seq 1 %d); workon b; workon a; end\n", evaluated("fish"), n)
		if err := os.WriteFile(script, []byte(text), 0o666); err != nil {
			return 0, err
		}
		commands = append(commands, interactive("fish", source(script)))
	}
	times, err := s.hyperfine(ctx, s.environ(), commands...)
	if err != nil {
		return 0, err
	}
	return (times[1] - times[0]) / float64(2*rounds), nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
