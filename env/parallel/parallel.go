// Package parallel does one kind of work on many things, several at a time.
package parallel

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
)

// Each calls work in several goroutines, at most as many as workers. They share the
// numbers from 0 up to count: each number is in one of the sequences that work gets. When
// work returns an error, or ctx ends, the sequences end, and so does the context that work
// gets. Each then returns the first error, or the cause of ctx.
func Each(ctx context.Context, workers, count int, work func(ctx context.Context, numbers iter.Seq[int]) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	numbers := func(yield func(int) bool) {
		for ctx.Err() == nil {
			if i := int(next.Add(1)) - 1; i >= count || !yield(i) {
				return
			}
		}
	}
	var running sync.WaitGroup
	for range min(workers, count) {
		running.Go(func() {
			if err := work(ctx, numbers); err != nil {
				stop(err)
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}
