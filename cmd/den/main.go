// Den keeps a directory of named Python environments and makes, enters, lists,
// leaves and removes them by name.
package main

import (
	"os"

	"den/cmd"
)

// Set by the linker; see the Makefile.
var version, commit string

func main() {
	os.Exit(cmd.Main(version, commit))
}
