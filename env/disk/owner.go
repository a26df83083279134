package disk

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// PersonOf is the name of the person, for sudo, whom the directory belongs to, where this
// is root and that is somebody else.
func PersonOf(dir string) string {
	info, err := os.Stat(dir)
	if err != nil {
		return ""
	}
	id, _, found := heir(info)
	if !found {
		return ""
	}
	return accountName(uint32(id))
}

// accountName is the name of a user.
func accountName(id uint32) string {
	number := strconv.FormatUint(uint64(id), 10)
	if account, err := user.LookupId(number); err == nil {
		return account.Username
	}
	return "'#" + number + "'" // as sudo takes it, quoted for a shell
}

// heir returns the person, and their group, whom a directory belongs to, where this is
// root and that is somebody else. They get what root makes in it, for they could not use
// it otherwise.
func heir(dir fs.FileInfo) (id, group int, found bool) {
	stat, ok := dir.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 || stat.Uid == 0 || isUnmapped(stat.Uid) {
		return 0, 0, false
	}
	return int(stat.Uid), int(stat.Gid), true
}

// MakeFile is os.OpenFile with os.O_CREATE. It gives a file that root makes to the owner
// of the directory that it is in.
func MakeFile(path string, flag int, perm fs.FileMode) (*os.File, error) {
	flag |= os.O_CREATE
	if os.Geteuid() != 0 {
		return os.OpenFile(path, flag, perm)
	}
	file, err := os.OpenFile(path, flag|os.O_EXCL, perm)
	if errors.Is(err, fs.ErrExist) {
		return os.OpenFile(path, flag, perm)
	}
	if err == nil {
		if err = handOver(file, func() (fs.FileInfo, error) { return os.Stat(filepath.Dir(path)) }); err != nil {
			file.Close()
			return nil, err
		}
	}
	return file, err
}

// handOver gives a file that root has just made to the owner of its directory.
func handOver(file *os.File, dir func() (fs.FileInfo, error)) error {
	if os.Geteuid() != 0 {
		return nil
	}
	var info fs.FileInfo
	err := Retry(func() (err error) { info, err = dir(); return err })
	if err != nil {
		return err
	}
	if id, group, found := heir(info); found {
		return file.Chown(id, group)
	}
	return nil
}

// isAtHome reports whether the owner of a file works in their own home: HOME of this
// process belongs to them, or the file is in the home that the system lists for them.
func isAtHome(path string, owner uint32) bool {
	if info, err := os.Stat(os.Getenv("HOME")); err == nil {
		if id, _, found := heir(info); found && uint32(id) == owner {
			return true
		}
	}
	account, err := user.LookupId(strconv.FormatUint(uint64(owner), 10))
	return err == nil && len(account.HomeDir) > 1 && strings.HasPrefix(path, filepath.Clean(account.HomeDir)+"/")
}
