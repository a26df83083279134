package cmd

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"den/env/tree"
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
	return t.showBar(-1, func(bar *progressbar.ProgressBar) { bar.Add(1) },
		progressbar.OptionSetDescription(what),
		progressbar.OptionSpinnerCustom([]string{"|", "/", "-", `\`}),
		progressbar.OptionSetElapsedTime(true),
	)
}

// showCopying is spin for copying, of which it can be told how far it is. The
// bar is not full when all is copied: the path in the files, and the way to the
// disk, take their time too.
func (t *terminal) showCopying(what string, progress *tree.Progress) (stop func()) {
	return t.showBar(1, func(bar *progressbar.ProgressBar) {
		if now := progress.Total.Load(); now > 0 {
			bar.ChangeMax64(now + now/10 + 1)
			bar.Set64(min(progress.Done.Load(), now))
		}
	},
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true),
	)
}

// showBar shows a bar, on a terminal and after half a second, and moves it on
// until stop is called.
func (t *terminal) showBar(total int64, move func(*progressbar.ProgressBar), options ...progressbar.Option) (stop func()) {
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
		bar := progressbar.NewOptions64(total, append(options,
			progressbar.OptionSetWriter(t.stderr),
			progressbar.OptionSetRenderBlankState(true),
			progressbar.OptionClearOnFinish(),
		)...)
		next := time.NewTicker(spinEvery)
		defer next.Stop()
		for {
			select {
			case <-stopping:
				bar.Finish()
				return
			case <-next.C:
				move(bar)
			}
		}
	}()
	var once sync.Once
	return func() {
		once.Do(func() { close(stopping) })
		<-stopped
	}
}
