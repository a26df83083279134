package main

import (
	"fmt"
	"slices"
	"strings"
)

// A target is a kind of machine that den is built for.
type target struct {
	os, arch string
	wheel    string // its platform tags; "" where pip has none that would do
}

// The oldest systems that a wheel says it is for are those that pip knows; a
// static program runs on older ones too. macOS 12 is the oldest for this Go.
var targets = []target{
	{"linux", "amd64", "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"},
	{"linux", "arm64", "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64"},
	{"linux", "armv7", "manylinux_2_17_armv7l.manylinux2014_armv7l.musllinux_1_1_armv7l"},
	{"linux", "riscv64", "manylinux_2_31_riscv64.musllinux_1_2_riscv64"},
	{"darwin", "amd64", "macosx_12_0_x86_64"},
	{"darwin", "arm64", "macosx_12_0_arm64"},
	{"freebsd", "amd64", ""},
}

func (t target) String() string { return t.os + "/" + t.arch }

// environ is what makes Go build for the target, whatever the person's own
// settings are.
func (t target) environ() []string {
	goarch, arm := t.arch, ""
	if t.arch == "armv7" {
		goarch, arm = "arm", "7"
	}
	return []string{
		"GOOS=" + t.os, "GOARCH=" + goarch, "GOARM=" + arm,
		"CGO_ENABLED=0", "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off", "GOAMD64=v1", "GOARM64=v8.0", "GORISCV64=rva20u64",
	}
}

// namedTargets returns those with the names, which commas separate; without
// names, all.
func namedTargets(names string) ([]target, error) {
	if names == "" {
		return targets, nil
	}
	var named []target
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(targets, func(t target) bool { return t.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("den is not built for %q, but for %v", name, targets)
		}
		named = append(named, targets[i])
	}
	return named, nil
}
