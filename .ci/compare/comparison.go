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
	reference, den time.Duration // of all plays in shells that both know
	wrong          int
}

// What is said of a scenario in a shell.
const (
	same      = "same"
	listed    = "differs, listed"
	different = "**different**"
	stale     = "**recorded otherwise**"
)

// scenario plays one in all the shells that it is for, and adds its row.
func (c *comparison) scenario(ctx context.Context, sc scenario, shells []string) error {
	row := map[string]string{"bash": "", "zsh": "", "fish": ""}
	var reference, den time.Duration
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
				den += took
			} else if tool == "reference" {
				reference += took
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
	c.reference += reference
	c.den += den
	c.rows = append(c.rows, []string{sc.name, row["bash"], row["zsh"], row["fish"], seconds(reference), seconds(den)})
	fmt.Fprintf(os.Stderr, "compare: %s: %s\n", sc.name, row)
	return nil
}

// judge says how an outcome compares: that of the reference with what was
// recorded, that of den with the reference's. Nothing is said of a reference
// that is as it was.
func (c *comparison) judge(sc scenario, tool, shell, outcome string) string {
	if c.write && (tool == "reference" || sc.why() != "") {
		name := tool
		if sc.section(name) != "" && shell != "bash" {
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
	ratio := c.reference.Seconds() / c.den.Seconds()
	outcome := "missed"
	if ratio >= aim {
		outcome = "holds"
	}
	fmt.Printf("\nIn bash and zsh, all together: virtualenvwrapper %s, den %s, %.1f × as fast (≥ %d ×: %s).\n", seconds(c.reference), seconds(c.den), ratio, aim, outcome)
	if c.wrong > 0 {
		return fmt.Errorf("%d outcomes are not those expected", c.wrong)
	}
	return nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
