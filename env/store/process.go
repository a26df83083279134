package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"den/env/disk"
)

// An owner is a process.
type owner struct {
	pid   int
	start string // when it was started; tells it from others that have had the number
	place
}

// A place is where the number of a process means that process. A fact that the system
// does not give is "".
type place struct {
	boot    string // tells a boot of a machine from all others, of any machine
	space   string // tells containers on the machine apart
	machine string
}

// identifyProcess returns what tells the process, which is on this machine, from all
// others.
func identifyProcess(pid int) (owner, error) {
	start, err := startOf(pid)
	return owner{pid, start, place{bootID(), processSpace(), machineID()}}, err
}

// IdentifyProcess returns a text that tells the process, which is on this machine,
// from all others.
func IdentifyProcess(pid int) (string, error) {
	o, err := identifyProcess(pid)
	return o.String(), err
}

// String is what parseOwner reads.
func (o owner) String() string {
	return fmt.Sprintf("%d\n%s\n%s\n%s\n%s\n", o.pid, o.start, o.boot, o.space, o.machine)
}

func readOwner(path string) (o owner, err error) {
	text, err := disk.ReadSmall(path)
	if err == nil {
		o, err = parseOwner(string(text))
	}
	if err != nil {
		return o, fmt.Errorf("reading %s: %w", path, err)
	}
	return o, nil
}

func parseOwner(text string) (o owner, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 6 {
		return o, errors.New("it is cut off")
	}
	o.start, o.place = lines[1], place{lines[2], lines[3], lines[4]}
	o.pid, err = strconv.Atoi(lines[0])
	return o, err
}

// isHere reports whether the process's number means that process for this one too.
func (p place) isHere() bool {
	return p.boot != "" && p.boot == bootID() && p.space == processSpace()
}

// isOver reports whether a place that is not here is this machine before it was
// started again. Another may have the same name, and so may a container.
func (p place) isOver() bool {
	if p.boot == "" || p.machine == "" {
		return false
	}
	return bootID() != "" && p.space == processSpace() && p.machine == machineID()
}

// gone reports whether the process is no more. Of one on another machine, or in
// another container, that cannot be told, and so it is not.
func (o owner) gone() bool {
	if !o.isHere() {
		return o.isOver()
	}
	start, err := startOf(o.pid)
	if err == nil {
		return start != o.start
	}
	return errors.Is(unix.Kill(o.pid, 0), unix.ESRCH) || errors.Is(err, errEnded)
}

// errEnded says that a process has ended, though its number is still taken.
var errEnded = errors.New("it has ended")

// firstLine is the first line of a file of the system's, "" where there is none.
func firstLine(path string) string {
	text, _ := disk.ReadSmall(path)
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line)
}
