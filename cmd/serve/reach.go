package serve

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"den/cmd/hint"
	"den/env/disk"
)

// An account is a user of the system with all of its groups.
type account struct {
	name   string
	id     uint32
	groups []uint32 // its first group comes first
}

// accountOf looks a user up.
func accountOf(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, err
	}
	ids, err := u.GroupIds()
	if err != nil {
		return account{}, err
	}
	a := account{name: name, id: number(u.Uid), groups: []uint32{number(u.Gid)}}
	for _, id := range ids {
		if n := number(id); !slices.Contains(a.groups, n) {
			a.groups = append(a.groups, n)
		}
	}
	return a, nil
}

func number(id string) uint32 {
	n, _ := strconv.ParseUint(id, 10, 32)
	return uint32(n)
}

// NginxUser is the user that nginx's workers have: the one that its configuration names,
// or else the one that it was built with; "" where there is neither.
func NginxUser() string {
	text, _ := disk.ReadSmall(nginxConfig)
	for _, directive := range parseNginx(string(text)) {
		if directive[0] == "user" && len(directive) > 1 {
			return directive[1]
		}
	}
	for _, name := range []string{"www-data", "nginx", "www", "http", "nobody"} {
		if _, err := user.Lookup(name); err == nil {
			return name
		}
	}
	return ""
}

// NginxGroup is the first group of nginx's user; "" where it has none.
func NginxGroup() string {
	u, err := user.Lookup(NginxUser())
	if err != nil {
		return ""
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return ""
	}
	return g.Name
}

// A right is an act that needs a permission bit of a file: the bit for others, the verb
// for messages, and the letter for chmod.
type right struct {
	bit          fs.FileMode
	verb, letter string
}

var (
	passing    = right{0o1, "pass", "x"}
	connecting = right{0o2, "connect to", "w"}
)

// A barrier is what keeps an account from a file, and the command that takes it away:
// by a right, or by the group that has it.
type barrier struct {
	reason, mend string
	isByGroup    bool
}

// barrierTo returns the first directory on the way to a file that the account may not
// pass, or the file, if the account lacks that right. A file that does not exist yet is no
// barrier.
func barrierTo(path string, a account, last right) *barrier {
	if a.id == 0 {
		return nil
	}
	at := "/"
	for name := range strings.SplitSeq(strings.Trim(filepath.Dir(path), "/"), "/") {
		at = filepath.Join(at, name)
		info, err := os.Stat(at)
		if err != nil {
			return nil
		}
		if b := barrierAt(at, info, a, passing); b != nil {
			return b
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	return barrierAt(path, info, a, last)
}

// barrierAt reports whether the account lacks a right.
func barrierAt(path string, info fs.FileInfo, a account, lacks right) *barrier {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	class, bits := "o", lacks.bit
	switch {
	case stat.Uid == a.id:
		class, bits = "u", lacks.bit<<6
	case slices.Contains(a.groups, stat.Gid):
		class, bits = "g", lacks.bit<<3
	}
	if info.Mode().Perm()&bits != 0 {
		return nil
	}
	b := &barrier{reason: fmt.Sprintf("%s, may not %s %s (%s)", a.name, lacks.verb, path, info.Mode())}
	b.mend = fmt.Sprintf("chmod %s+%s %s", class, lacks.letter, hint.Path(path))
	if group, err := user.LookupGroupId(strconv.FormatUint(uint64(stat.Gid), 10)); err == nil && class == "o" && info.Mode().Perm()&(lacks.bit<<3) != 0 && stat.Gid != 0 {
		b.mend, b.isByGroup = fmt.Sprintf("sudo usermod -aG %s %s", group.Name, a.name), true
	}
	return b
}

// A BarredError says that the user of a service cannot come to what it needs.
type BarredError struct {
	Reason string
	Mend   string // the command
}

func (e *BarredError) Error() string { return e.Reason }

// checkUser returns a *BarredError where the user of the service does not come to the
// Python of the environment, to the application or to the configuration.
func (s Site) checkUser() error {
	a, err := accountOf(s.User)
	if err != nil {
		return err
	}
	python := s.Python()
	real, err := filepath.EvalSymlinks(python)
	if err != nil {
		return err
	}
	for _, needed := range []string{python, real, s.Directory + "/.", s.Dir() + "/."} {
		if b := barrierTo(needed, a, passing); b != nil {
			return &BarredError{fmt.Sprintf("its user, %s, and it needs %s", b.reason, filepath.Clean(needed)), b.mend}
		}
	}
	return nil
}

// nginxConfig is the main configuration of the system's nginx.
const nginxConfig = "/etc/nginx/nginx.conf"

// parseNginx returns the directives of a configuration, each as its words. It reads no
// included file. Of a block, it returns the words before the brace.
func parseNginx(text string) (directives [][]string) {
	token := regexp.MustCompile(`#[^\n]*|[;{}]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^\s;{}"'\\])(?:\\.|[^\s;{}\\])*`)
	var words []string
	for _, t := range token.FindAllString(text, -1) {
		switch t[0] {
		case '#':
		case ';', '{', '}':
			if len(words) > 0 {
				directives = append(directives, words)
			}
			if words = nil; t == "}" {
				directives = append(directives, []string{"}"})
			}
		case '"', '\'':
			words = append(words, regexp.MustCompile(`\\(["'\\])`).ReplaceAllString(t[1:len(t)-1], "$1"))
		default:
			words = append(words, t)
		}
	}
	return directives
}
