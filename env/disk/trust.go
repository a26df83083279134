package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// An UntrustedError says why a file that leads to execution is not used: somebody
// who is neither the person nor root could have written it, or put it there.
type UntrustedError struct {
	Path   string
	Reason string // completes "it is not used: "
	Mend   string // the command that mends it, or one that needs no mending
}

func (e *UntrustedError) Error() string {
	return fmt.Sprintf("%s is not to be trusted: %s", e.Path, e.Reason)
}

// CheckTrust returns an *UntrustedError if anybody except the person and root can
// write the file at path, or a directory or a symbolic link on the way to it; info
// is the file's. In a directory such as /tmp (sticky), others can write, but cannot
// replace a file. Check every file that leads to execution before you use it.
func CheckTrust(path string, info fs.FileInfo) error {
	if reason, _ := distrust(path, info, "it", "it"); reason != "" {
		_, mend := distrust(target(path), info, "it", "it")
		return &UntrustedError{path, reason, mend}
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	reason, mend, err := distrustWay(absolute)
	if reason != "" {
		return &UntrustedError{path, reason, mend}
	}
	return err
}

// target returns the path of what a link leads to, for a command that changes that: the
// person sees what they would change.
func target(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// CheckTrustOf is CheckTrust for what is at path now.
func CheckTrustOf(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return CheckTrust(path, info)
}

// CheckTrustOfNearest is CheckTrustOf for a directory that may be yet to be made:
// then for the nearest one above it that is there.
func CheckTrustOfNearest(dir string) error {
	for {
		err := CheckTrustOf(dir)
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return err
		}
		dir = filepath.Dir(dir)
	}
}

// ReadTrusted is ReadSmall for a file that leads to execution: see CheckTrust.
func ReadTrusted(path string) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if err := CheckTrust(path, info); err != nil {
		return nil, err
	}
	conn, err := file.SyscallConn()
	if err != nil {
		return nil, err
	}
	var content []byte
	var readErr error
	// File.Read would wait for a file in /proc that has nothing to say yet.
	err = conn.Read(func(fd uintptr) bool {
		content, readErr = readSmall(int(fd), int(min(info.Size(), smallSize)))
		return true
	})
	if err == nil {
		err = readErr
	}
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return content, nil
}

// maxLinks is how many symbolic links may be on the way to a file, as in the kernel.
const maxLinks = 40

// distrustWay is distrust for the directories and symbolic links that lead from the
// root to what is at an absolute path. A link may lead to another one, in a directory
// that is neither above the path nor above what is there in the end.
func distrustWay(path string) (reason, mend string, err error) {
	at, rest, links := "/", "."+path, 0
	for more := true; more; {
		var name string
		name, rest, more = strings.Cut(rest, "/")
		next := filepath.Join(at, name)
		info, err := os.Lstat(next)
		if err != nil {
			return "", "", err
		}
		subject := next + ", which it is in"
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			if links++; links > maxLinks {
				return "", "", &fs.PathError{Op: "open", Path: path, Err: syscall.ELOOP}
			}
			target, err := os.Readlink(next)
			if err != nil {
				return "", "", err
			}
			if filepath.IsAbs(target) {
				at = "/"
			}
			if more {
				target += "/" + rest
			}
			rest, more = target, true
			info, subject = notWritable{info}, next+", a link on the way to it"
		case !more:
			return "", "", nil
		case info.Mode()&fs.ModeSticky != 0:
			at, info = next, notWritable{info}
		default:
			at = next
		}
		if reason, mend := distrust(next, info, subject+",", subject); reason != "" {
			return reason, mend, nil
		}
	}
	return "", "", nil
}

// notWritable is a link, or a directory in which others can only put what is theirs.
type notWritable struct{ fs.FileInfo }

func (n notWritable) Mode() fs.FileMode { return n.FileInfo.Mode() &^ 0o022 }

// distrust says what is wrong with one file or directory, which subject and object
// stand for, and the command that mends it; "" where nothing is.
func distrust(path string, info fs.FileInfo, subject, object string) (reason, mend string) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", ""
	}
	person := uint32(os.Geteuid())
	if stat.Uid != person && stat.Uid != 0 && !(!info.Mode().IsRegular() && isUnmapped(stat.Uid)) {
		mend = fmt.Sprintf("chown -h %d %s", person, quote(path))
		if person == 0 && isAtHome(path, stat.Uid) {
			mend = fmt.Sprintf("sudo -u %s den ...", accountName(stat.Uid)) // root would take it from them
		}
		return fmt.Sprintf("%s belongs to another user (%d)", subject, stat.Uid), mend
	}
	byGroup := info.Mode().Perm()&0o020 != 0 && (stat.Gid != 0 && !isPrivate(stat.Gid) || hasACL(path))
	if byGroup || info.Mode().Perm()&0o002 != 0 {
		return "others can write to " + object, "chmod go-w " + quote(path)
	}
	return "", ""
}

// isPrivate reports whether a group is the private one that many systems give each
// person: it has the person's own number. A group of several people may have that too,
// but is then not the person's first one.
func isPrivate(group uint32) bool { return group == uint32(os.Geteuid()) && ownNumberIsPrivate() }

// ownNumberIsPrivate is isPrivate for the group with the person's own number.
var ownNumberIsPrivate = sync.OnceValue(func() bool {
	person := uint32(os.Geteuid())
	accounts, _ := ReadSmall("/etc/passwd")
	first, known := firstGroup(string(accounts), person)
	return !known || first == person
})

// firstGroup returns the first group of a user, by what /etc/passwd says (passwd(5)).
func firstGroup(accounts string, user uint32) (group uint32, known bool) {
	for line := range strings.Lines(accounts) {
		fields := strings.Split(line, ":")
		if len(fields) < 4 || fields[2] != strconv.FormatUint(uint64(user), 10) {
			continue
		}
		number, err := strconv.ParseUint(fields[3], 10, 32)
		return uint32(number), err == nil
	}
	return 0, false
}

// overflow is the number that Linux shows for users which a container does not
// know (user_namespaces(7)): most often the owner of the directories above all.
const overflow = 65534

// isUnmapped reports whether the number stands for users that are not known here.
func isUnmapped(user uint32) bool {
	if user != overflow {
		return false
	}
	users, err := os.ReadFile("/proc/self/uid_map")
	return err == nil && strings.Join(strings.Fields(string(users)), " ") != "0 0 4294967295"
}

// quote returns the path for a command that a person may copy.
func quote(path string) string {
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
