package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inShell is what is timed in a running shell.
var inShell = []struct {
	what      string
	predicted prediction
}{
	{switching, faster(50)},
	{"`workon`, none active", faster(50)},
	{"`deactivate`", faster(50)},
}

const switching = "`workon`, from one to another"

// loop is the script that times each command of inShell by the shell's clock,
// in the language that bash and zsh share. Each command stands in a line of
// the output with the moments before and after it. The last line says how it
// ended: with none active.
const loop = `
. '%[1]s'
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

// timeInShell returns the median seconds of each command of inShell. It fails
// unless the tool did what was timed, hooks included.
func (s *scene) timeInShell(ctx context.Context, shell, start string, rounds int) (map[string]float64, error) {
	script, out := filepath.Join(s.home, "loop"), filepath.Join(s.home, "times")
	for _, path := range []string{out, s.ranFile()} {
		if err := os.RemoveAll(path); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(script, fmt.Appendf(nil, loop, start, out, rounds), 0o666); err != nil {
		return nil, err
	}
	said, err := s.command(ctx, s.environ(), interactive(shell, script)...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("timing in %s: %w\n%s", shell, err, said)
	}
	times, err := s.readTimes(out, rounds)
	if err != nil {
		return nil, fmt.Errorf("timing in %s with %s: %w\n%s", shell, filepath.Base(start), err, said)
	}
	return times, s.checkHooks(2 * rounds)
}

func (s *scene) readTimes(path string, rounds int) (map[string]float64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	names := map[string]string{"enter": inShell[1].what, "switch": inShell[0].what, "leave": inShell[2].what}
	ends := map[string]string{"enter": s.workonHome() + "/a", "switch": s.workonHome() + "/b", "leave": "none"}
	times := map[string][]float64{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kind, env string
		var before, after float64
		if _, err := fmt.Sscan(lines.Text(), &kind, &before, &after, &env); err != nil {
			return nil, fmt.Errorf("reading %q: %w", lines.Text(), err)
		}
		if env != ends[kind] {
			return nil, fmt.Errorf("after %q the active environment is %s, not %s", names[kind], env, ends[kind])
		}
		times[names[kind]] = append(times[names[kind]], after-before)
	}
	medians := map[string]float64{}
	for _, name := range names {
		if len(times[name]) != rounds {
			return nil, fmt.Errorf("%s was timed %d times, not %d", name, len(times[name]), rounds)
		}
		medians[name] = median(times[name])
	}
	return medians, nil
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
// its own: the time of a shell that switches to and fro, less that of one that
// does not.
func (s *scene) timeInFish(ctx context.Context, rounds int) (float64, error) {
	var commands [][]string
	for i, n := range []int{0, rounds} {
		script := filepath.Join(s.home, fmt.Sprintf("loop%d.fish", i))
		text := fmt.Sprintf(". '%s'; workon a\nfor i in (seq 1 %d); workon b; workon a; end\n", s.start("den-fish"), n)
		if err := os.WriteFile(script, []byte(text), 0o666); err != nil {
			return 0, err
		}
		commands = append(commands, interactive("fish", script))
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
