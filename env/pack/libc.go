package pack

import (
	"fmt"
	"path/filepath"
	"strings"

	"den/env/disk"
	"den/env/packages"
)

// libcNeeded is the version of the C library that the compiled modules of the
// distributions need, by the tags of their wheels (the platform compatibility tags
// specification). A package that was built on this machine needs the version that is
// here.
func libcNeeded(distributions []packages.Distribution, here string) string {
	needed := ""
	for _, d := range distributions {
		text, err := disk.ReadSmall(filepath.Join(d.Entry, "WHEEL"))
		if err != nil {
			continue
		}
		version := wheelLibc(string(text), here)
		if version != "" && (needed == "" || older(needed, version)) {
			needed = version
		}
	}
	if needed == "" {
		return here
	}
	return needed
}

// wheelLibc is the oldest version that a WHEEL file names, or here for what was
// built for this machine; "" for what needs none.
func wheelLibc(text, here string) string {
	oldest := ""
	for line := range strings.Lines(text) {
		tag, ok := strings.CutPrefix(strings.TrimSpace(line), "Tag: ")
		if !ok {
			continue
		}
		version := tagLibc(tag[strings.LastIndex(tag, "-")+1:], here)
		if version != "" && (oldest == "" || older(version, oldest)) {
			oldest = version
		}
	}
	return oldest
}

// tagLibc is the version that a platform tag names: of manylinux_2_28_x86_64, 2.28.
func tagLibc(tag, here string) string {
	for name, version := range map[string]string{"manylinux1_": "2.5", "manylinux2010_": "2.12", "manylinux2014_": "2.17", "linux_": here} {
		if strings.HasPrefix(tag, name) {
			return version
		}
	}
	for _, kind := range []string{"manylinux_", "musllinux_"} {
		var major, minor int
		if rest, ok := strings.CutPrefix(tag, kind); ok {
			if n, _ := fmt.Sscanf(rest, "%d_%d", &major, &minor); n == 2 {
				return fmt.Sprintf("%d.%d", major, minor)
			}
		}
	}
	return ""
}
