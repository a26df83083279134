package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestLockIsOnes: of many who lock, release, and so delete and make the file
// again and again, one at a time has it.
func TestLockIsOnes(t *testing.T) {
	home := newHome(t)
	var holders, most, turns int // not atomic: the lock is what guards them
	var mutex sync.Mutex
	enter := func(step int) {
		mutex.Lock()
		defer mutex.Unlock()
		holders += step
		most = max(most, holders)
		if step > 0 {
			turns++
		}
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				l, err := home.lock(context.Background(), "web")
				if err != nil {
					t.Error(err)
					return
				}
				enter(1)
				enter(-1)
				l.release()
			}
		})
	}
	all.Wait()
	if most != 1 || turns != 400 {
		t.Errorf("%d at a time, %d times, want 1 and 400", most, turns)
	}
	nothingLeft(t, home)
}

func TestLocksOfTwoNames(t *testing.T) {
	home := newHome(t)
	web, err := home.lock(context.Background(), "web")
	if err != nil {
		t.Fatal(err)
	}
	defer web.release()
	api, err := home.lock(context.Background(), "api")
	if err != nil {
		t.Fatal(err)
	}
	api.release()
}

func TestTryLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := tryLock(path)
	if first == nil || err != nil {
		t.Fatalf("free: %v, %v", first, err)
	}
	if second, err := tryLock(path); second != nil || err != nil {
		t.Errorf("held: %v, %v", second, err)
	}
	first.release()
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("released, the file is still there: %v", err)
	}
	if _, err := tryLock(filepath.Join(path, "below")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nowhere: %v", err)
	}
}

// TestLockReplaced: one whose file has gone from its path holds nothing that
// keeps others out, knows it, and does not take away theirs.
func TestLockReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	old, err := tryLock(path)
	if old == nil || err != nil {
		t.Fatalf("%v, %v", old, err)
	}
	remove(t, path)
	if old.current() {
		t.Error("current, without a file at the path")
	}
	new, err := tryLock(path)
	if new == nil || err != nil {
		t.Fatalf("%v, %v", new, err)
	}
	if old.current() {
		t.Error("current, with another file at the path")
	}
	old.release()
	if !new.current() {
		t.Error("the old one's release took the new one's file")
	}
	new.release()
}

func TestLockFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	symlink(t, "elsewhere", dir+"/lock")
	if l, err := tryLock(dir + "/lock"); l != nil || err == nil {
		t.Errorf("%v, %v", l, err)
	}
	if _, err := os.Lstat(dir + "/elsewhere"); err == nil {
		t.Error("made what the link leads to")
	}
}

// locked returns the names that somebody has locked, without the notes that may
// be beside them.
func locked(t *testing.T, home Store) []string {
	return slices.DeleteFunc(in(t, home.stateDir(locksDir)), func(name string) bool { return strings.HasPrefix(name, ".note-") })
}

// TestLockInAPersonsHome: a person can have the lock that root's den had when it was killed.
func TestLockInAPersonsHome(t *testing.T) {
	home := newHome(t)
	if err := home.prepare(); err != nil {
		t.Fatal(err)
	}
	owner := os.Geteuid()
	if owner == 0 {
		owner = 65534
		if err := os.Chown(home.stateDir(locksDir), owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	l, err := home.lock(context.Background(), "web")
	if err != nil {
		t.Fatal(err)
	}
	defer l.release()
	info, err := l.file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if stat := info.Sys().(*syscall.Stat_t); int(stat.Uid) != owner {
		t.Errorf("the lock is of the user %d", stat.Uid)
	}
}
