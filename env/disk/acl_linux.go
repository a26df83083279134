package disk

import "golang.org/x/sys/unix"

// hasACL reports whether a file or directory has an access control list with more in it
// than its mode. The permission of the group in the mode is then the most that the list
// gives to anyone in it (acl(5)).
func hasACL(path string) bool {
	size, err := unix.Getxattr(path, "system.posix_acl_access", nil)
	return err == nil && size > 0
}
