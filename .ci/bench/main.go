// Command bench measures den beside its peers, in one run on one machine, and
// prints what it saw as a table: virtualenvwrapper for what happens in a shell,
// and for single commands the least Go program that links the same libraries.
//
//	bench [-write FILE] [-base DEN]
//
// With -base it measures den beside another den alone, and prints what has lost
// more than a tenth.
//
// It works in a home of its own, with hooks in place as virtualenvwrapper
// makes them. Whole processes are timed by hyperfine, single commands in a
// running shell by that shell's clock.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	write := flag.String("write", "", "put the result between the markers of this `file` too")
	base := flag.String("base", "", "measure beside this `den` alone")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *write, *base); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file, base string) error {
	s, err := newScene(ctx)
	if err != nil {
		return err
	}
	defer s.remove()
	if base != "" {
		return compareWith(ctx, s, base)
	}

	var rows []row
	for _, measure := range []func(context.Context, *scene) ([]row, error){
		measureStart, measureSwitch, measurePrompts, measureCommands, measureLooking, measureCompletion, measureMaking, measureMoving, measureLargeCopy, measureRunning, measureServing, measureDeploying,
	} {
		measured, err := measure(ctx, s)
		if err != nil {
			return err
		}
		rows = append(rows, measured...)
	}
	report := table(rows) + "\n" + s.machine(ctx) + "\n"
	fmt.Println()
	fmt.Print(report)
	if file == "" {
		return nil
	}
	return insert(file, report)
}

// progress says what is being measured; it takes minutes.
func progress(what string) { fmt.Fprintf(os.Stderr, "bench: %s\n", what) }
