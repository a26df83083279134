package parallel_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"

	"den/env/parallel"
)

func TestEach(t *testing.T) {
	seen := make([]atomic.Int32, 1000)
	err := parallel.Each(t.Context(), 8, len(seen), func(_ context.Context, numbers iter.Seq[int]) error {
		for i := range numbers {
			seen[i].Add(1)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for i := range seen {
		if times := seen[i].Load(); times != 1 {
			t.Errorf("%d was done %d times", i, times)
		}
	}
}

func TestEachStops(t *testing.T) {
	failure := errors.New("failure")
	err := parallel.Each(t.Context(), 8, 1<<62, func(_ context.Context, numbers iter.Seq[int]) error {
		for i := range numbers {
			if i == 100 {
				return failure
			}
		}
		return nil
	})
	if err != failure {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(failure)
	err = parallel.Each(ctx, 8, 10, func(context.Context, iter.Seq[int]) error { return nil })
	if err != failure {
		t.Errorf("with a context that has ended: got %v", err)
	}
}
