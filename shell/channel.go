package shell

import (
	"errors"
	"os"
	"unicode/utf8"

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

// A File is a Channel: a variable with the path of a file, which is not there yet,
// for a shell that can read no descriptor but those that are the person's. Where
// den fails, there is none.
type File struct {
	Variable string
	path     string // once it is reserved
}

// Reserve implements Channel: what den starts is not to know of the file.
func (f *File) Reserve() {
	if f.path == "" {
		f.path = os.Getenv(f.Variable)
	}
	_ = os.Unsetenv(f.Variable)
}

// Send implements Channel. A shell that reads files reads text.
func (f *File) Send(rendered string) error {
	if !utf8.ValidString(rendered) {
		return errors.New("there is a name in it that is not UTF-8, which this shell cannot take")
	}
	f.Reserve() // help has not
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.WriteString(rendered); err != nil {
		return errors.Join(err, file.Close(), os.Remove(f.path))
	}
	return file.Close()
}
