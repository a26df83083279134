// Package fsnotify watches nothing: den reads its settings once.
package fsnotify

import "errors"

// An Op is something that happens to a file.
type Op uint32

// The events that viper asks for.
const (
	Create Op = 1 << iota
	Write
	Remove
)

// An Event tells what happened to a file.
type Event struct {
	Name string
	Op   Op
}

// Has reports whether the event is the one given.
func (e Event) Has(op Op) bool { return e.Op&op != 0 }

// A Watcher would tell of events.
type Watcher struct {
	Events chan Event
	Errors chan error
}

// NewWatcher returns errors.ErrUnsupported.
func NewWatcher() (*Watcher, error) { return nil, errors.ErrUnsupported }

// Add returns errors.ErrUnsupported.
func (*Watcher) Add(string) error { return errors.ErrUnsupported }

// Close does nothing.
func (*Watcher) Close() error { return nil }
