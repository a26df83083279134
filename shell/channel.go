package shell

import (
	"os"

	"golang.org/x/sys/unix"
)

// A Descriptor is a Channel: the number of a file descriptor that the shell
// reads code from, and evaluates it. Standard input, output and error stay the
// person's.
type Descriptor int

// Reserve implements Channel: what den starts must not hold it open.
func (d Descriptor) Reserve() { unix.CloseOnExec(int(d)) }

// Send implements Channel.
func (d Descriptor) Send(rendered string) error {
	channel := os.NewFile(uintptr(d), "plan")
	if _, err := channel.WriteString(rendered); err != nil {
		return err
	}
	return channel.Close()
}
