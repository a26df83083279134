package hooks

import (
	"fmt"
	"os"
)

// CheckOwner returns an *UnusedError for a file, be it no hook, that somebody
// else than the person and root could have written.
func CheckOwner(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("looking whose file it is: %w", err)
	}
	return checkOwner(path, info)
}
