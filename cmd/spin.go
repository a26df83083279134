package cmd

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"den/cmd/quantity"
	"den/env/tree"
)

// Work that takes longer than spinAfter shows that it goes on, anew each
// spinEvery.
const (
	spinAfter = 500 * time.Millisecond
	spinEvery = 100 * time.Millisecond
)

// barWidth is how many columns a bar is wide.
const barWidth = 30

// eraseLine has a terminal clear the line from the cursor on.
const eraseLine = "\x1b[K"

// spin shows, on a terminal and after half a second, that work goes on. The
// function that it returns takes the sign away; it may be called twice.
func (t *terminal) spin(what string) (stop func()) {
	turn := 0
	return t.showLine(func(taken time.Duration) string {
		turn++
		return fmt.Sprintf("%c %s [%s]", `|/-\`[turn%4], what, taken.Truncate(time.Second))
	})
}

// showCopying is spin for a copy, and shows its progress. The bar is not full when
// all files are copied: to change the path in them, and to write them to the disk,
// takes time too.
func (t *terminal) showCopying(what string, copying *tree.Progress) (stop func()) {
	return t.showLine(func(taken time.Duration) string {
		total, done := copying.Total.Load(), copying.Done.Load()
		all := total + total/10 + 1
		full := int(min(done, total) * barWidth / all)
		line := fmt.Sprintf("%s %3d%% [%s%s] (%s/%s)", what, 100*min(done, total)/all,
			strings.Repeat("#", full), strings.Repeat("-", barWidth-full),
			quantity.Size(done), quantity.Size(total))
		if done > 0 && done < all {
			left := time.Duration(float64(taken) * float64(all-done) / float64(done))
			line += fmt.Sprintf(" [%s left]", left.Round(time.Second))
		}
		return line
	})
}

// showLine shows a line, on a terminal and after half a second, and shows it
// anew until stop is called. It has fewer columns than the terminal, by those that
// the "^C" of an interrupt takes: what wraps could not be taken away again.
func (t *terminal) showLine(line func(taken time.Duration) string) (stop func()) {
	if !isTerminal(t.stderr) {
		return func() {}
	}
	started := time.Now()
	stopping, stopped := make(chan struct{}), make(chan struct{})
	show := func() {
		fmt.Fprintf(t.stderr, "\r%s%s", columns.TruncateString(line(time.Since(started)), max(0, widthOf(t.stderr)-1-len("^C")), ""), eraseLine)
	}
	go func() {
		defer close(stopped)
		next := time.NewTimer(spinAfter)
		defer next.Stop()
		for shown := false; ; shown = true {
			select {
			case <-stopping:
				if shown {
					fmt.Fprintf(t.stderr, "\r%s", eraseLine)
				}
				return
			case <-next.C:
				show()
				next.Reset(spinEvery)
			}
		}
	}()
	var once sync.Once
	return func() {
		once.Do(func() { close(stopping) })
		<-stopped
	}
}
