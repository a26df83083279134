// Package auto finds the environment that a directory asks for: the shell enters it
// when the person goes there. It takes plain values, and changes no shell.
package auto

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"den/env"
	"den/env/disk"
)

// ListName is the name of the file, in .den in the home, that lists the projects of all
// environments for shells. Its first line, the mark, is another one whenever the rest is.
// Each of the others is the name of an environment, a tab, and the project directory.
//
// Beside it is an empty file, with a dash and the mark behind that name: so a shell
// knows by a look at the disk whether it has read this list, and by the file's time
// whether the home has changed since it was written.
const ListName = "linked"

// Link is the project directory of an environment.
type Link struct{ Dir, Name string }

// A List has the links of a home, in the order of their directories.
type List []Link

// scan reads the links from the environments themselves: from the file in each that
// notes its project. If several environments have one directory as their project, it
// belongs to the environment with the directory's name, or else to the first.
func scan(home env.Home, projectFile string) (List, error) {
	projects, err := home.Projects(projectFile)
	if err != nil {
		return nil, err
	}
	var list List
	for name, project := range projects {
		if !filepath.IsAbs(project) || filepath.Clean(project) == "/" {
			continue
		}
		for _, dir := range disk.GivenAndReal(filepath.Clean(project)) {
			list = append(list, Link{dir, name})
		}
	}
	slices.SortFunc(list, func(a, b Link) int {
		return cmp.Or(strings.Compare(a.Dir, b.Dir), compareBase(a, b), strings.Compare(a.Name, b.Name))
	})
	return slices.CompactFunc(list, func(a, b Link) bool { return a.Dir == b.Dir }), nil
}

// compareBase puts the link first that has the name of its directory.
func compareBase(a, b Link) int {
	base := filepath.Base(a.Dir)
	switch {
	case a.Name == base:
		return -1
	case b.Name == base:
		return 1
	}
	return 0
}

// Read returns the list that Refresh has written; none where it cannot be read.
func Read(home env.Home) List {
	content, err := disk.ReadSmall(home.NotePath(ListName))
	if err != nil {
		return nil
	}
	var list List
	for line := range strings.Lines(string(content)) {
		if name, dir, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); found {
			list = append(list, Link{dir, name})
		}
	}
	return list
}

// IsCurrent reports whether the home is as it was when Refresh last wrote the list.
func IsCurrent(home env.Home) bool {
	content, err := disk.ReadSmall(home.NotePath(ListName))
	if err != nil {
		return false
	}
	mark, _, _ := strings.Cut(string(content), "\n")
	asOf, err := os.Stat(home.NotePath(ListName + "-" + mark))
	if err != nil {
		return false
	}
	now, err := os.Stat(home.Dir())
	return err == nil && now.ModTime().Equal(asOf.ModTime())
}

// Nearest returns the link of dir, or of the nearest directory above it that has one.
func (l List) Nearest(dir string) (Link, bool) {
	for ; dir != "/" && dir != "."; dir = filepath.Dir(dir) {
		if i, found := slices.BinarySearchFunc(l, dir, func(link Link, dir string) int { return strings.Compare(link.Dir, dir) }); found {
			return l[i], true
		}
	}
	return Link{}, false
}

// IsIn reports whether the environment in the home still has that project.
func (l Link) IsIn(home env.Home, projectFile string) bool {
	e, err := home.Find(l.Name)
	if err != nil {
		return false
	}
	project, err := e.Project(projectFile)
	return err == nil && filepath.IsAbs(project) && slices.Contains(disk.GivenAndReal(filepath.Clean(project)), l.Dir)
}

// Refresh reads the links anew, writes the list if it has changed, and returns it. For
// shells, the list is another one also where the person has decided of a pin.
func Refresh(home env.Home, projectFile string, trust Trust) (List, error) {
	if err := home.MakeNotes(); err != nil {
		return nil, err
	}
	asOf, err := changed(home)
	if err != nil {
		return nil, err
	}
	list, err := scan(home, projectFile)
	if err != nil {
		return nil, err
	}
	content := list.text(trust)
	path := home.NotePath(ListName)
	mark, _, _ := strings.Cut(string(content), "\n")
	marker := ListName + "-" + mark
	err = home.WriteNote(marker, nil)
	if err == nil {
		err = disk.Retry(func() error { return os.Chtimes(home.NotePath(marker), asOf, asOf) })
	}
	if old, readErr := disk.ReadSmall(path); err == nil && (readErr != nil || !bytes.Equal(old, content)) {
		err = home.WriteNote(ListName, content)
	}
	if err != nil {
		return list, fmt.Errorf("noting the projects of environments: %w", err)
	}
	return list, removeMarkers(filepath.Dir(path), marker)
}

// removeMarkers removes the empty files of other lists.
func removeMarkers(dir, keep string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if name := e.Name(); strings.HasPrefix(name, ListName+"-") && name != keep {
			err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
		}
	}
	return err
}

// tick is more than a file system's clock is behind.
const tick = 20 * time.Millisecond

// changed returns the time at which the home has last changed, so that any later change
// has another one. For shells, the list is as old as that.
func changed(home env.Home) (time.Time, error) {
	for {
		info, err := os.Stat(home.Dir())
		if err != nil {
			return time.Time{}, err
		}
		age := time.Since(info.ModTime())
		if age >= tick || age < 0 {
			return info.ModTime(), nil
		}
		time.Sleep(tick - age)
	}
}

func (l List) text(trust Trust) []byte {
	var b bytes.Buffer
	for _, link := range l {
		fmt.Fprintf(&b, "%s\t%s\n", link.Name, link.Dir)
	}
	decisions, _ := disk.ReadSmall(trust.Path)
	sum := sha256.Sum256(append(decisions, b.Bytes()...))
	return append([]byte(hex.EncodeToString(sum[:8])+"\n"), b.Bytes()...)
}
