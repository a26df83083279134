package layout

import (
	"debug/elf"
	"os"
	"path/filepath"
	"strings"
)

// copyLibraries copies shared libraries for a copy of the program in the directory bin:
// those that the program looks for beside itself, by its RPATH or RUNPATH
// ($ORIGIN/../lib), if that is inside the environment.
func copyLibraries(program, bin string) error {
	file, err := elf.Open(program)
	if err != nil {
		return nil // it is of a system that does it in another way; the start will tell
	}
	defer file.Close()
	needed, err := file.ImportedLibraries()
	if err != nil {
		return nil
	}
	// The loader takes the place of the program itself, not of a link to it.
	origin := filepath.Dir(realPath(program))
	for _, tag := range []elf.DynTag{elf.DT_RPATH, elf.DT_RUNPATH} {
		paths, _ := file.DynString(tag)
		for _, dir := range filepath.SplitList(strings.Join(paths, ":")) {
			below, ok := strings.CutPrefix(strings.ReplaceAll(dir, "${ORIGIN}", "$ORIGIN"), "$ORIGIN/")
			inside, err := filepath.Rel("..", below)
			if !ok || err != nil || !filepath.IsLocal(inside) {
				continue
			}
			for _, name := range needed {
				if err := copyLibrary(filepath.Join(origin, below, name), filepath.Join(bin, below, name)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// copyLibrary copies one library, if it is there.
func copyLibrary(from, to string) error {
	if info, err := os.Stat(from); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return nil
	}
	return copyProgram(from, to)
}
