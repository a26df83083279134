package store

import "context"

// watchKey is the key of a context under which a test may put a func(string).
type watchKey struct{}

// reached says to a test that watches, and to nobody else, that the work has come
// to a point at which it may be interrupted like at any other.
func reached(ctx context.Context, reached string) {
	if watch, ok := ctx.Value(watchKey{}).(func(string)); ok {
		watch(reached)
	}
}
