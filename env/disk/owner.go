package disk

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// PersonOf is the name of the person whom the directory belongs to, where this is
// root and that is somebody else.
func PersonOf(dir string) string {
	info, err := os.Stat(dir)
	if err != nil || os.Geteuid() != 0 {
		return ""
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid == 0 {
		return ""
	}
	id := strconv.FormatUint(uint64(stat.Uid), 10)
	if person, err := user.LookupId(id); err == nil {
		return person.Username
	}
	return "#" + id // as sudo writes it
}
