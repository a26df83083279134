package layout

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"den/env/disk"
	"den/env/packages"
)

// RepairScripts corrects the first lines of the programs in an environment's
// bin that run its Python, where its path is one that pip has quoted wrongly:
// for sh, pip puts it between double quotes, or none, as it is. It is to be
// called after packages were installed, and costs nothing for other paths.
func RepairScripts(envDir string) error {
	if pipQuotesRight(envDir) {
		return nil
	}
	m := relocation{at: envDir, from: disk.GivenAndReal(filepath.Clean(envDir)), to: filepath.Clean(envDir)}
	if err := m.in(envDir, m.repair); err != nil {
		return fmt.Errorf("repairing the scripts of %s: %w", envDir, err)
	}
	return nil
}

func (m *relocation) repair() error {
	bin := filepath.Join(m.at, "bin")
	if info, err := os.Lstat(bin); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil // its programs may be another's too
	}
	entries, err := os.ReadDir(bin)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		if err := m.rewrite(filepath.Join(bin, entry.Name()), m.reheaded); err != nil {
			return err
		}
	}
	if len(m.changed) == 0 {
		return nil
	}
	err = filepath.WalkDir(m.at, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && packages.IsRecord(path) {
			m.records = append(m.records, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	return m.updateRecords()
}

// reheaded is a program with its header written anew for the same Python.
func (m *relocation) reheaded(content []byte) []byte {
	if h, ok := readHeader(content, m.from); ok {
		return h.render(h.python)
	}
	return content
}

// pipQuotesRight reports whether the first lines that pip writes into the scripts of an
// environment are right. They are if the kernel takes the path, or if sh between double
// quotes and Python in a string take every character of it as it is.
func pipQuotesRight(envDir string) bool {
	const longestName = "/bin/python3.999t"
	if fitsKernel(envDir) && len("#!")+len(envDir)+len(longestName)+len("\n") <= longestShebang() {
		return true
	}
	return utf8.ValidString(envDir) && strings.IndexFunc(envDir, func(r rune) bool {
		return r < 0x80 && r != ' ' && r != '/' && !isNameByte(byte(r))
	}) < 0
}
