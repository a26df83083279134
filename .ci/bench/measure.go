package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"den/shell"
	"den/shell/shells"
)

// record returns the record of one of den's shells.
func record(name string) *shell.Shell {
	s, err := shells.ByName(name)
	if err != nil {
		panic(err)
	}
	return s
}

// evaluated is the line of a start-up file that has den print the code for the shell.
func evaluated(name string) string { return record(name).RCLine("den") }

// kept is the line of a start-up file that reads the code which den setup has kept.
func (s *scene) kept(name string) string {
	return record(name).InitFileLine(filepath.Join(s.home, ".local", "share", "den", "init."+name), "den")
}

// interactive starts a shell as a terminal does, but without the person's
// start-up files, and has it run some code.
func interactive(name, code string) []string {
	return slices.Concat([]string{name}, record(name).Bare, []string{"-i", "-c", code})
}

// source is the code that has a shell of virtualenvwrapper's, or fish, read a file.
func source(file string) string { return ". '" + file + "'" }

// shellNames returns the names of the shells that can source virtualenvwrapper.sh, or of
// those that cannot, of the shells that evaluate code.
func shellNames(withPeer bool) (names []string) {
	for _, s := range shells.All() {
		if _, evaluates := s.Channel.(shell.Descriptor); evaluates && len(s.WrapperFiles) > 0 == withPeer {
			names = append(names, s.Name)
		}
	}
	return names
}

// measureStart measures what loading each tool adds to the start of a shell.
func measureStart(ctx context.Context, s *scene) ([]row, error) {
	var rows []row
	for _, shell := range shellNames(true) {
		progress("start of " + shell)
		times, err := s.hyperfine(ctx, s.environ(),
			interactive(shell, ""),
			interactive(shell, evaluated(shell)),
			interactive(shell, s.kept(shell)),
			interactive(shell, source(s.start("moved"))),
			interactive(shell, source(s.start("virtualenvwrapper-lazy"))),
			interactive(shell, source(s.start("virtualenvwrapper"))))
		if err != nil {
			return nil, err
		}
		bare, den, kept, moved, lazy, full := times[0], times[1], times[2], times[3], times[4], times[5]
		rows = append(rows,
			row{what: shell + ": start, bare", den: bare},
			row{what: shell + ": added to the start by `den setup`", den: kept - bare, peer: full - bare, peerName: wrapper, predicted: faster(100)},
			row{what: shell + ": added to the start by `den setup`", den: kept - bare, peer: lazy - bare, peerName: wrapper + ", lazy", predicted: faster(1)},
			row{what: shell + ": added to the start by `den setup --from virtualenvwrapper`", den: moved - bare, peer: lazy - bare, peerName: wrapper + ", lazy", predicted: faster(1)},
			row{what: shell + ": added to the start by `eval`", den: den - bare, peer: full - bare, peerName: wrapper, predicted: faster(15)},
		)
	}
	for _, shell := range shellNames(false) {
		progress("start of " + shell)
		times, err := s.hyperfine(ctx, s.environ(),
			interactive(shell, ""), interactive(shell, evaluated(shell)), interactive(shell, s.kept(shell)))
		if err != nil {
			return nil, err
		}
		rows = append(rows,
			row{what: shell + ": start, bare", den: times[0]},
			row{what: shell + ": added to the start by `den setup`", den: times[2] - times[0]},
			row{what: shell + ": added to the start by `den init`", den: times[1] - times[0]},
		)
	}
	return rows, nil
}

// measureSwitch measures single commands in a running shell.
func measureSwitch(ctx context.Context, s *scene) ([]row, error) {
	var rows []row
	for _, shell := range shellNames(true) {
		progress("workon and deactivate in " + shell)
		den, peer := map[string][]float64{}, map[string][]float64{}
		for range passes {
			if err := s.timeInShell(ctx, shell, evaluated(shell), 20, den); err != nil {
				return nil, err
			}
			if err := s.timeInShell(ctx, shell, source(s.start("virtualenvwrapper")), 2, peer); err != nil {
				return nil, err
			}
		}
		for _, command := range inShell {
			rows = append(rows, row{
				what: shell + ": " + command.what, den: median(den[command.name]), peer: median(peer[command.name]),
				peerName: wrapper, predicted: command.predicted,
			})
		}
	}
	progress("workon in fish")
	inFish, err := s.timeInFish(ctx, 100)
	if err != nil {
		return nil, err
	}
	return append(rows, row{what: "fish: " + switching, den: inFish}), nil
}

// measureCommands measures commands of den as processes of their own, beside
// the floor.
func measureCommands(ctx context.Context, s *scene) ([]row, error) {
	progress("single commands")
	den, floor := filepath.Join(s.home, "bin", "den"), filepath.Join(s.home, "bin", "floor")
	few, err := s.hyperfine(ctx, s.environ(), []string{floor}, []string{den, "path", "a"}, []string{den, "list"})
	if err != nil {
		return nil, err
	}
	large, err := s.hyperfine(ctx, s.environ("WORKON_HOME="+s.many),
		[]string{floor}, []string{den, "path", "project-0500"}, []string{den, "list"}, []string{den, "list", "--json"}, []string{den, "list", "-l"}, sizes(s.many))
	if err != nil {
		return nil, err
	}
	return []row{
		{what: "`den path`, 2 environments", den: few[1], peer: few[0], peerName: "floor", predicted: within(1.5)},
		{what: "`den list`, 2 environments", den: few[2], peer: few[0], peerName: "floor", predicted: within(1.5)},
		{what: "`den path`, 1000 environments", den: large[1], peer: large[0], peerName: "floor", predicted: within(1.5)},
		{what: "`den list`, 1000 environments", den: large[2], peer: large[0], peerName: "floor", predicted: within(4)},
		{what: "`den list --json`, 1000 environments", den: large[3], peer: large[0], peerName: "floor", predicted: within(8)},
		{what: "`den list -l`, 1000 environments", den: large[4], peer: large[5], peerName: "`du -sk *`", predicted: within(2)},
	}, nil
}

// sizes is the command that tells the size of all environments of a home.
func sizes(home string) []string { return []string{"sh", "-c", `du -sk "$1"/*`, "sh", home} }

// measureLooking measures commands that look at many things, and for the largest
// home the most memory that they take.
func measureLooking(ctx context.Context, s *scene) ([]row, error) {
	progress("commands that look at many things")
	den, floor := filepath.Join(s.home, "bin", "den"), filepath.Join(s.home, "bin", "floor")
	times, err := s.hyperfine(ctx, s.environ(), []string{floor}, []string{den, "pythons"}, []string{den, "show", "a"},
		[]string{filepath.Join(s.workonHome(), "a", "bin", "python"), "-c", ""}, []string{den, "doctor", "a"})
	if err != nil {
		return nil, err
	}
	large, err := s.hyperfine(ctx, s.environ("WORKON_HOME="+s.most), []string{floor}, []string{den, "list"}, []string{den, "list", "--json"}, []string{den, "list", "-l"}, sizes(s.most))
	if err != nil {
		return nil, err
	}
	rows := []row{
		{what: "`den pythons`", den: times[1], peer: times[0], peerName: "floor", predicted: within(8)},
		{what: "`den show`", den: times[2], peer: times[0], peerName: "floor", predicted: within(1.5)},
		{what: "`den doctor` of one environment", den: times[4], peer: times[3], peerName: "its Python, started once", predicted: within(3)},
		{what: "`den list`, 10000 environments", den: large[1], peer: large[0], peerName: "floor", predicted: within(40)},
		{what: "`den list --json`, 10000 environments", den: large[2], peer: large[0], peerName: "floor", predicted: within(80)},
		{what: "`den list -l`, 10000 environments", den: large[3], peer: large[4], peerName: "`du -sk *`", predicted: within(2)},
	}
	least, err := s.memory(ctx, floor)
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"path", "project-0500"}, {"list"}, {"list", "--json"}} {
		most, err := s.memory(ctx, append([]string{den, "--workon-home", s.most}, args...)...)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{what: "memory of `den " + strings.Join(args, " ") + "`, 10000 environments", unit: megabytes,
			den: most, peer: least, peerName: "floor", predicted: within(4)})
	}
	return rows, nil
}
