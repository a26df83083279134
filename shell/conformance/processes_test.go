package conformance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// killSession ends the processes of the session that the process leads, also those that a
// shell in it has put into groups of their own. It knows them where there is a /proc.
func killSession(leader int) {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// After the name, in parentheses: state, parent, group, session. See proc(5).
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 3 && fields[3] == strconv.Itoa(leader) {
			syscall.Kill(processOf(file), syscall.SIGKILL)
		}
	}
}

// checkNoneLeft returns an error that names the processes with dir in their environment,
// unless they end by themselves, and ends them.
func checkNoneLeft(dir string) error {
	for give := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		var left []string
		files, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, file := range files {
			environ, err := os.ReadFile(file)
			if err != nil || !bytes.Contains(environ, []byte(dir)) || processOf(file) == os.Getpid() {
				continue
			}
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
			left = append(left, strings.ReplaceAll(string(command), "\x00", " "))
			if time.Now().After(give) {
				syscall.Kill(processOf(file), syscall.SIGKILL)
			}
		}
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(give) {
			return fmt.Errorf("still running after all rows: %q", left)
		}
	}
}

// processOf returns the number of the process that a file in /proc is about.
func processOf(file string) int {
	number, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
	return number
}
