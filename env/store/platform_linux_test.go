package store

import (
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// TestStartOf compares what tells a process from others of its number with the
// clock: of the fields that the kernel shows, several stay as they are.
func TestStartOf(t *testing.T) {
	before := sinceBoot(t)
	process := longLived(t)
	after := sinceBoot(t)
	start, err := startOf(process.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	// In hundredths of a second, on every architecture (times(2)).
	ticks, err := strconv.ParseInt(start, 10, 64)
	if err != nil || ticks < before || ticks > after {
		t.Errorf("a process that was started between %d and %d says %q, %v", before, after, start, err)
	}
}

// sinceBoot is the time since the boot in hundredths of a second.
func sinceBoot(t *testing.T) int64 {
	t.Helper()
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); err != nil {
		t.Fatal(err)
	}
	return now.Nano() / 1e7
}

// TestPlaceIsKnown: without these, nothing could be said of any process.
func TestPlaceIsKnown(t *testing.T) {
	o, err := identifyProcess(1)
	if err != nil || o.boot == "" || o.space == "" {
		t.Errorf("%+v, %v", o, err)
	}
	if again, _ := identifyProcess(1); again != o {
		t.Errorf("%+v, and then %+v", o, again)
	}
}
