package cmd

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Work that takes longer than spinAfter shows that it goes on, anew each
// spinEvery.
const (
	spinAfter = 500 * time.Millisecond
	spinEvery = 100 * time.Millisecond
)

// spin shows, on a terminal and after half a second, that work goes on. The
// function that it returns takes the sign away; it may be called twice.
func (t *terminal) spin(what string) (stop func()) {
	if !isTerminal(t.stderr) {
		return func() {}
	}
	stopping, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-stopping:
			return
		case <-time.After(spinAfter):
		}
		bar := progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(t.stderr),
			progressbar.OptionSetDescription(what),
			progressbar.OptionSpinnerCustom([]string{"|", "/", "-", `\`}),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionSetRenderBlankState(true),
			progressbar.OptionClearOnFinish(),
		)
		next := time.NewTicker(spinEvery)
		defer next.Stop()
		for {
			select {
			case <-stopping:
				bar.Finish()
				return
			case <-next.C:
				bar.Add(1)
			}
		}
	}()
	var once sync.Once
	return func() {
		once.Do(func() { close(stopping) })
		<-stopped
	}
}
