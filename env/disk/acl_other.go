//go:build !linux

package disk

// hasACL reports whether a file or directory has an access control list that the mode
// tells of: on other systems, none is known to.
func hasACL(string) bool { return false }
