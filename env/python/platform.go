package python

import (
	"context"
	_ "embed"
	"encoding/json"
)

//go:embed probe_platform.py
var platformScript string

// A Platform is what compiled modules have to be made for.
type Platform struct {
	// ABI is the tag in the names of compiled modules (sysconfig's SOABI), such as
	// "cpython-312-x86_64-linux-gnu".
	ABI     string `json:"abi"`
	System  string `json:"system"`  // "linux", "darwin"
	Machine string `json:"machine"` // "x86_64"
	// Libc is the kind of the C library, "glibc" or "musl", and LibcVersion its
	// version. Each is "" where it cannot be told.
	Libc        string `json:"libc,omitempty"`
	LibcVersion string `json:"libc_version,omitempty"`
}

// Platform starts the interpreter and returns its platform. The error is a
// *ProbeError, or ctx's.
func (f Finder) Platform(ctx context.Context, i Interpreter) (Platform, error) {
	var p Platform
	text, err := f.ask(ctx, i.BaseExecutable, platformScript)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, &ProbeError{Path: i.BaseExecutable, Output: text}
	}
	return p, nil
}
