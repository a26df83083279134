package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A comparison plays scenarios and keeps what came of them.
type comparison struct {
	stage
	write          bool
	rows           [][]string
	reference, den duration // of all plays in shells that both know
	wrong          int
}

// These are the results of a scenario in a shell.
const (
	same      = "same"
	listed    = "differs, listed"
	different = "**different**"
	stale     = "**recorded otherwise**"
)

// scenario plays one in all the shells that it is for, and adds its row.
func (c *comparison) scenario(ctx context.Context, sc scenario, shells []string) error {
	row := map[string]string{"bash": "", "zsh": "", "fish": ""}
	var reference, den duration
	for _, shell := range sc.shells() {
		if !slices.Contains(shells, shell) {
			continue
		}
		tools := []string{"reference", "den"}
		if shell == "fish" {
			tools = tools[1:]
		}
		for _, tool := range tools {
			outcome, took, said, err := c.play(ctx, sc, tool, shell)
			if err != nil {
				return fmt.Errorf("%w\n%s", err, said)
			}
			if shell != "fish" && tool == "den" {
				den.add(took)
			} else if tool == "reference" {
				reference.add(took)
			}
			if verdict := c.judge(sc, tool, shell, outcome); verdict != "" {
				row[shell] = verdict
			}
		}
	}
	if c.write {
		if err := sc.write(); err != nil {
			return err
		}
	}
	c.reference.add(reference)
	c.den.add(den)
	c.rows = append(c.rows, []string{sc.name, row["bash"], row["zsh"], row["fish"], seconds(reference.wall), seconds(den.wall)})
	fmt.Fprintf(os.Stderr, "compare: %s: %s\n", sc.name, row)
	return nil
}

// judge compares the outcome of the reference with the recorded one, and the outcome
// of den with the reference's. It returns "" for a reference that has not changed.
func (c *comparison) judge(sc scenario, tool, shell, outcome string) string {
	if c.write && (tool == "reference" || sc.why() != "") {
		name := tool
		if shell != "bash" {
			name += " " + shell
		}
		sc.record(name, tool, shell, outcome)
	}
	diff := cmp.Diff(sc.expected(tool, shell), outcome)
	switch {
	case tool == "reference" && diff == "":
		return ""
	case diff != "":
		c.wrong++
		fmt.Fprintf(os.Stderr, "compare: %s, %s in %s: expected (-), seen (+)\n%s\n", sc.name, tool, shell, diff)
		if tool == "reference" {
			return stale
		}
		return different
	case sc.expected("reference", shell) != outcome:
		return listed
	}
	return same
}

// report prints the table, and what it comes to.
func (c *comparison) report() error {
	fmt.Println("| scenario | bash | zsh | fish | virtualenvwrapper | den |")
	fmt.Println("| --- | --- | --- | --- | ---: | ---: |")
	for _, row := range c.rows {
		fmt.Printf("| %s | %s | %s | %s | %s | %s |\n", row[0], row[1], row[2], row[3], row[4], row[5])
	}
	fmt.Println("\nbash and zsh, all together:")
	fmt.Println(compared("on the clock", c.reference.wall, c.den.wall))
	fmt.Println(compared("of the processors' time", c.reference.processor, c.den.processor))
	if c.wrong > 0 {
		return fmt.Errorf("%d outcomes are not those expected", c.wrong)
	}
	return nil
}

// compared says how many times as fast den was, and whether that is what it
// should be.
func compared(measured string, reference, den time.Duration) string {
	ratio, outcome := reference.Seconds()/den.Seconds(), "missed"
	if ratio >= aim {
		outcome = "holds"
	}
	return fmt.Sprintf("%s, virtualenvwrapper %s, den %s: %.1f × as fast (≥ %d ×: %s)", measured, seconds(reference), seconds(den), ratio, aim, outcome)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
