package serve

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"den/env/disk"
)

// isAlive reports whether there is a process that has not ended. One that has ended and
// that its parent has not asked for yet still has its number.
func isAlive(id int) bool {
	if err := syscall.Kill(id, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	fields, _ := disk.ProcessStat(id) // none on other systems than Linux
	return len(fields) == 0 || fields[0] != "Z" && fields[0] != "X"
}

// startOf is when a process has started.
func startOf(id int) (time.Time, error) {
	const ticks = 100 // a second, on each Linux (USER_HZ)
	if fields, _ := disk.ProcessStat(id); len(fields) > 19 {
		passed, err := strconv.ParseInt(fields[19], 10, 64)
		if err != nil {
			return time.Time{}, err
		}
		booted, err := bootTime()
		return time.Unix(booted+passed/ticks, 0), err
	}
	out, err := exec.Command("ps", "-o", "etime=", "-p", strconv.Itoa(id)).Output()
	if err != nil {
		return time.Time{}, fmt.Errorf("asking ps for process %d: %w", id, err)
	}
	elapsed, err := parseElapsed(strings.TrimSpace(string(out)))
	return time.Now().Add(-elapsed), err
}

// bootTime is when Linux has started, in seconds.
func bootTime() (int64, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "btime "); ok {
			return strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		}
	}
	return 0, errors.New("/proc/stat has no btime")
}

// parseElapsed reads [[days-]hours:]minutes:seconds, as POSIX has ps print it.
func parseElapsed(text string) (time.Duration, error) {
	days, rest, found := strings.Cut(text, "-")
	if !found {
		days, rest = "0", text
	}
	n, err := strconv.Atoi(days)
	seconds := 24 * n
	parts := strings.Split(rest, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, fmt.Errorf("ps says %q", text)
	}
	parts = append(make([]string, 3-len(parts)), parts...)
	for i, part := range parts {
		value := 0
		if part != "" {
			value, err = strconv.Atoi(part)
		}
		if err != nil {
			return 0, fmt.Errorf("ps says %q", text)
		}
		if i > 0 {
			seconds *= 60
		}
		seconds += value
	}
	return time.Duration(seconds) * time.Second, nil
}

// childrenOf are the processes that a process has started, but for those that have ended.
func childrenOf(id int) (children []int) {
	parent := strconv.Itoa(id)
	if _, err := disk.ProcessStat(os.Getpid()); err == nil {
		entries, _ := os.ReadDir("/proc")
		for _, entry := range entries {
			n, err := strconv.Atoi(entry.Name())
			if err != nil {
				continue
			}
			if fields, _ := disk.ProcessStat(n); len(fields) > 1 && fields[1] == parent && fields[0] != "Z" {
				children = append(children, n)
			}
		}
		return children
	}
	out, _ := exec.Command("ps", "-axo", "pid=,ppid=").Output()
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if n, err := strconv.Atoi(fields[0]); err == nil && len(fields) == 2 && fields[1] == parent {
			children = append(children, n)
		}
	}
	return children
}
