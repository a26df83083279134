package python

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"

	"den/env/disk"
)

// A memory is an answer on disk, with all that would have to change for the
// interpreter to answer otherwise.
type memory struct {
	// Script is the hash of the script that was answered.
	Script string `json:"script"`
	// Subject is the interpreter, Stdlib its standard library: a package such
	// as Debian's python3-venv adds modules there and leaves the program alone.
	Subject observation     `json:"subject"`
	Stdlib  fileState       `json:"stdlib"`
	Answer  json.RawMessage `json:"answer,omitempty"`
}

// An observation is the state of the files that make an interpreter what it
// is: the link by which it is called, the program, and the pyvenv.cfg above it.
type observation struct {
	Link    fileState `json:"link"`
	Program fileState `json:"program"`
	Config  fileState `json:"config"`
}

// A fileState is what changes when a file is written or replaced; zero where
// there is no file.
type fileState struct {
	Device, Inode, Size, Modified int64
}

func observe(path string) observation {
	return observation{
		Link:    stateOf(os.Lstat(path)),
		Program: stateOf(os.Stat(path)),
		Config:  stateOf(os.Stat(filepath.Join(filepath.Dir(path), "..", "pyvenv.cfg"))),
	}
}

func stateOf(info os.FileInfo, err error) fileState {
	if err != nil {
		return fileState{}
	}
	state := fileState{Size: info.Size(), Modified: info.ModTime().UnixNano()}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		state.Device, state.Inode = int64(stat.Dev), int64(stat.Ino)
	}
	return state
}

// remembered returns the answer that the interpreter at path gave before, if
// it is sure that it would give it again.
func (f Finder) remembered(path string) (answer, bool) {
	if f.CacheDir == "" {
		return answer{}, false
	}
	text, err := disk.ReadTrusted(f.memoryFile(path))
	if err != nil {
		return answer{}, false
	}
	var m memory
	if json.Unmarshal(text, &m) != nil || m.Script != hashOf(probeScript) || m.Subject != observe(path) {
		return answer{}, false
	}
	a, err := parseAnswer(string(m.Answer))
	if err != nil || m.Stdlib != stateOf(os.Stat(string(a.Stdlib))) {
		return answer{}, false
	}
	return a, true
}

// remember keeps an answer that the interpreter at path gave. Whatever goes
// wrong only means that it will be asked again.
//
// The answer of a shim or another wrapper depends on files that den does not
// know, so it is kept as the answer of the interpreter that the wrapper started.
func (f Finder) remember(path string, before observation, text string, a answer) {
	if f.CacheDir == "" {
		return
	}
	if executable := string(a.Executable); !disk.IsSame(path, executable) {
		path, before = executable, observe(executable)
	}
	content, err := json.Marshal(memory{
		Script:  hashOf(probeScript),
		Subject: before,
		Stdlib:  stateOf(os.Stat(string(a.Stdlib))),
		Answer:  json.RawMessage(text),
	})
	if err == nil && disk.MkdirAll(f.CacheDir, 0o700) == nil {
		_ = disk.Replace(f.memoryFile(path), content, 0o600) // or ask again the next time
	}
}

// memoryFile is where the answer of the interpreter at path is kept.
func (f Finder) memoryFile(path string) string {
	sum := sha256.Sum256([]byte(path))
	return filepath.Join(f.CacheDir, hex.EncodeToString(sum[:16])+".json")
}

func hashOf(script string) string {
	sum := sha256.Sum256([]byte(script))
	return hex.EncodeToString(sum[:8])
}
