package cmd

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"den/env/disk"
)

// writeOutput writes to the file that a person has named, whole or not at all. It writes
// into a pipe or a device, and replaces none; "-" is standard output.
func (a *app) writeOutput(output string, mode os.FileMode, write func(io.Writer) error) error {
	if output == "-" {
		signal.Ignore(syscall.SIGPIPE) // it would end den before it has cleaned up
		return write(a.stdout)
	}
	path, err := filepath.EvalSymlinks(output)
	if err != nil {
		path = output
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeInto(path, write)
	}
	if err := disk.Replace(path, nil, mode, func(file *os.File) error { return write(file) }); err != nil {
		return fmt.Errorf("writing %s: %w", output, disk.Cause(err))
	}
	return nil
}

func writeInto(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}
