package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// lost is the part of its time that a command has to lose for it to be said, by
// the median and by the quickest tenth alike: one of them alone may be chance.
const lost = 1.1

// A contest is a command that two dens run in turn.
type contest struct {
	what  string
	times [2][]float64 // the base's, and this den's
}

// compareWith measures this den beside another one, the base, in turn, and prints
// all rows, and then those that have lost.
func compareWith(ctx context.Context, s *scene, base string) error {
	dens, err := s.installBase(base)
	if err != nil {
		return err
	}
	var contests []contest
	for _, measure := range []func(context.Context, *scene, [2]string) ([]contest, error){contestCommands, contestShells, contestMaking} {
		measured, err := measure(ctx, s, dens)
		if err != nil {
			return err
		}
		contests = append(contests, measured...)
	}
	fmt.Print("\n| what | base | den | ratio |\n| --- | ---: | ---: | ---: |\n")
	var losers []string
	for _, c := range contests {
		before, now := median(c.times[0]), median(c.times[1])
		fmt.Printf("| %s | %s | %s | %.2f |\n", c.what, milliseconds.write(before), milliseconds.write(now), now/before)
		if now > lost*before && tenth(c.times[1]) > lost*tenth(c.times[0]) {
			losers = append(losers, fmt.Sprintf("%s takes %.2f times as long", c.what, now/before))
		}
	}
	fmt.Println()
	for _, line := range losers {
		fmt.Println(line)
	}
	if len(losers) == 0 {
		fmt.Println("nothing takes a tenth longer")
	}
	return nil
}

// tenth returns the value that a tenth of the values are below.
func tenth(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/10] }

// installBase puts the other den into a directory of its own, and returns the
// paths of both.
func (s *scene) installBase(base string) (dens [2]string, err error) {
	dens = [2]string{filepath.Join(s.home, "base", "den"), filepath.Join(s.home, "bin", "den")}
	content, err := os.ReadFile(base)
	if err != nil {
		return dens, err
	}
	if err := os.MkdirAll(filepath.Dir(dens[0]), 0o777); err != nil {
		return dens, err
	}
	return dens, os.WriteFile(dens[0], content, 0o777)
}

// caches are settings with which two dens do not take each other's caches.
func (s *scene) caches(which int) []string {
	return []string{"XDG_CACHE_HOME=" + filepath.Join(s.home, fmt.Sprint("cache-", which))}
}

// contestCommands measures processes of den's own.
func contestCommands(ctx context.Context, s *scene, dens [2]string) ([]contest, error) {
	progress("single commands, of both")
	var contests []contest
	for _, one := range []struct {
		what, home string
		args       []string
	}{
		{"`den path`", s.workonHome(), []string{"path", "a"}},
		{"`den run`", s.workonHome(), []string{"run", "a", "true"}},
		{"`den show`", s.workonHome(), []string{"show", "a"}},
		{"`den pythons`", s.workonHome(), []string{"pythons"}},
		{"`den list`, 1000 environments", s.many, []string{"list"}},
		{"`den list --json`, 1000 environments", s.many, []string{"list", "--json"}},
		{"a name completed, 1000 environments", s.many, []string{"complete", "zsh", "workon", ""}},
	} {
		c := contest{what: one.what}
		commands := [][]string{append([]string{dens[0]}, one.args...), append([]string{dens[1]}, one.args...)}
		for range passes {
			measured, err := s.hyperfineOnce(ctx, s.environ("WORKON_HOME="+one.home), commands)
			if err != nil {
				return nil, err
			}
			for i := range dens {
				c.times[i] = append(c.times[i], measured[i]...)
			}
		}
		contests = append(contests, c)
	}
	return contests, nil
}

// contestShells measures commands in a running shell.
func contestShells(ctx context.Context, s *scene, dens [2]string) ([]contest, error) {
	var contests []contest
	for _, shell := range []string{"bash", "zsh"} {
		progress("workon and deactivate in " + shell + ", of both")
		times := [2]map[string][]float64{{}, {}}
		for range passes {
			for i, den := range dens {
				code := fmt.Sprintf(`eval "$('%s' init %s)"`, den, shell)
				if err := s.timeInShell(ctx, shell, code, 20, times[i]); err != nil {
					return nil, err
				}
			}
		}
		for _, command := range inShell {
			contests = append(contests, contest{shell + ": " + command.what, [2][]float64{times[0][command.name], times[1][command.name]}})
		}
	}
	return contests, nil
}

// contestMaking measures making, copying and removing.
func contestMaking(ctx context.Context, s *scene, dens [2]string) ([]contest, error) {
	progress("making, copying and removing, of both")
	w := workshop{scene: s}
	contests := []contest{{what: "`den mk`"}, {what: "`den mk --without-pip`"}, {what: "`den cp`"}, {what: "`den rm`"}}
	for round := range makings + 1 {
		for i, den := range dens {
			home := filepath.Join(s.home, fmt.Sprint("contest-home-", i))
			name := fmt.Sprint("env-", round)
			for j, args := range [][]string{{"mk", name}, {"mk", "--without-pip", name + "-bare"}, {"cp", name, name + "-copy"}, {"rm", name + "-copy"}} {
				took, err := w.clock(ctx, s.caches(i), append([]string{den, args[0], "--workon-home", home}, args[1:]...)...)
				if err != nil {
					return nil, err
				}
				if round > 0 {
					contests[j].times[i] = append(contests[j].times[i], took)
				}
			}
		}
	}
	return contests, nil
}
