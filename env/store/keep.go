package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"den/env/disk"
)

// keptDir, in .den, has the environments that were taken away and can come back, each at
// kept/WHEN.HOW.SINCE.COMMAND/NAME. The name of the directory has all facts about it, so
// one rename brings an environment there, and one brings it back.
const keptDir = "kept"

// The ways in which an environment is taken away, as the names in keptDir have them.
const (
	keptRemoved  = "removed"
	keptReplaced = "replaced" // another one has its place
)

// keptSize is the file beside a kept environment that says how large it is.
const keptSize = ".size"

// Keeping returns the store in which Remove and Replace keep what they take away,
// so that Restore can bring it back. The command is what a person has asked for, such
// as rm; it has no slash in it. Temporary environments are not kept.
func (s Store) Keeping(command string) Store {
	s.command, s.since = command, time.Now().UnixNano()
	return s
}

// OnUnkept returns the store in which Remove and Replace call tell with the name of an
// environment that there is no room to keep, and that they delete.
func (s Store) OnUnkept(tell func(name string)) Store {
	s.unkept = tell
	return s
}

// tellUnkept says that the environment called name is not kept.
func (s Store) tellUnkept(name string) {
	if s.command != "" && s.unkept != nil {
		s.unkept(name)
	}
}

// Keeps reports whether the store keeps what it takes away.
func (s Store) Keeps() bool { return s.command != "" }

// A Kept is an environment that was taken away and can come back.
type Kept struct {
	Name     string
	Command  string // what took it away: see Keeping
	When     time.Time
	Replaced bool // another one has taken its place, where that is not gone too
	// Since is one number for all that one call of Keeping has kept.
	Since int64

	entry string // the directory in keptDir that it is in
}

// Kept returns what Restore can bring back, what was taken away last first.
func (s Store) Kept() ([]Kept, error) {
	entries, err := s.keptDirs()
	if err != nil {
		return nil, err
	}
	var all []Kept
	for _, entry := range entries {
		if k, ok := s.readKept(entry); ok {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b Kept) int { return b.When.Compare(a.When) })
	return all, nil
}

// keptDirs lists the directories in keptDir that are this user's, as stages does;
// root's are all of them.
func (s Store) keptDirs() ([]string, error) {
	user := os.Geteuid()
	if user == 0 {
		user = -1
	}
	return s.dirsOf(keptDir, user)
}

// readKept reads what an entry of keptDir says. An entry without an environment is
// one that is being filled, or that is left over.
func (s Store) readKept(entry string) (k Kept, ok bool) {
	fields := strings.SplitN(entry, ".", 4)
	if len(fields) < 4 {
		return k, false
	}
	nanoseconds, err := strconv.ParseInt(fields[0], 10, 64)
	since, sinceErr := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || sinceErr != nil {
		return k, false
	}
	inside, err := os.ReadDir(filepath.Join(s.stateDir(keptDir), entry))
	if err != nil {
		return k, false
	}
	for _, file := range inside {
		if s.kind.CheckName(file.Name()) == nil {
			return Kept{file.Name(), fields[3], time.Unix(0, nanoseconds), fields[1] == keptReplaced, since, entry}, true
		}
	}
	return k, false
}

// KeptPath is where a kept environment is.
func (s Store) KeptPath(k Kept) string {
	return filepath.Join(s.stateDir(keptDir), k.entry, k.Name)
}

// keep moves path, an environment called name, to where it is kept.
func (s Store) keep(path, name, how string) (kept string, err error) {
	if err := s.makeStateDir(keptDir); err != nil {
		return "", err
	}
	for when := time.Now(); ; when = when.Add(1) {
		entry := filepath.Join(s.stateDir(keptDir), fmt.Sprintf("%d.%s.%d.%s", when.UnixNano(), how, s.since, s.command))
		err := disk.Mkdir(entry, 0o700)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("creating %s: %w", entry, disk.Cause(err))
		}
		kept = filepath.Join(entry, name)
		err = renameNew(path, kept)
		if err == nil {
			return kept, nil
		}
		if errors.Is(err, fs.ErrNotExist) && disk.IsGone(entry) {
			continue // a sweeper took the directory, not filled yet, for left over
		}
		os.Remove(entry)
		return "", fmt.Errorf("moving %s to %s: %w", path, entry, disk.Cause(err))
	}
}

// keepOrTrash keeps an environment where the store does, and moves it to the trash
// otherwise, also where there is no room to keep it. It returns where it is kept,
// "" for the trash.
func (s Store) keepOrTrash(path, name, how string) (kept string, err error) {
	if s.command != "" {
		if kept, err = s.keep(path, name, how); !isFull(err) {
			return kept, err
		}
	}
	if _, err = s.moveToTrash(path); err == nil {
		s.tellUnkept(name)
	}
	return "", err
}

// KeepCopy keeps a copy of the environment called name, for a change that is made in
// its place. It calls fill to make the copy in dir. The environment is locked
// meanwhile.
func (s Store) KeepCopy(ctx context.Context, name string, fill func(ctx context.Context, dir string) error) error {
	if err := s.Find(name); err != nil {
		return err
	}
	lock, err := s.lock(ctx, name)
	if err != nil {
		return err
	}
	defer lock.release()
	err = s.inStage(ctx, func(st *stage) error {
		dir, err := st.fill(ctx, name, func(dir string) error { return fill(ctx, dir) })
		if err == nil {
			_, err = s.keep(dir, name, keptReplaced)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keeping a copy of environment %s: %w", s.Path(name), err)
	}
	return nil
}

// HasKept reports whether an environment called name is kept since the call of
// Keeping that made this store.
func (s Store) HasKept(name string) bool {
	if !s.Keeps() {
		return false
	}
	entries, _ := s.keptDirs()
	return slices.ContainsFunc(entries, func(entry string) bool {
		if !strings.Contains(entry, fmt.Sprintf(".%d.", s.since)) {
			return false
		}
		k, ok := s.readKept(entry)
		return ok && k.Name == name
	})
}
