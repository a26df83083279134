package hooks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"den/shell"
)

// firstLine is the script's line for the kernel, without "#!"; "" where there is
// none.
func firstLine(script []byte) string {
	rest, ok := bytes.CutPrefix(script, []byte("#!"))
	if !ok {
		return ""
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return string(line)
}

// checkInterpreter returns an UnusedError for a script with a first line that
// names a program which is not there.
func checkInterpreter(path, line string) error {
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil
	}
	program := words[0]
	if errno := notFound(program); errno != 0 {
		return &UnusedError{path, "its interpreter " + program + " is not there", withInterpreter(path, program), errno}
	}
	if filepath.Base(program) != "env" || len(words) != 2 || strings.HasPrefix(words[1], "-") || strings.Contains(words[1], "=") {
		return nil
	}
	if _, err := exec.LookPath(words[1]); err != nil {
		return &UnusedError{Path: path, Reason: "its interpreter " + words[1] + " is not on PATH", Mend: withInterpreter(path, words[1])}
	}
	return nil
}

// notFound returns ENOENT where the first word of a line names no file.
func notFound(line string) syscall.Errno {
	if _, err := os.Stat(strings.SplitN(strings.TrimLeft(line, " \t"), " ", 2)[0]); err != nil {
		return syscall.ENOENT
	}
	return 0
}

// withInterpreter is the command that gives the script the interpreter of that
// name which is on PATH, or else opens it in an editor.
func withInterpreter(path, program string) string {
	found, err := exec.LookPath(filepath.Base(program))
	if err != nil || strings.ContainsAny(found, "|&\\' ") {
		return "${EDITOR:-vi} " + shell.QuoteSingle(path)
	}
	return edited(path, "1s|.*|#!"+found+"|")
}

// withoutReturns is the command that takes the carriage returns out of a file.
func withoutReturns(path string) string {
	if runtime.GOOS != "linux" { // other seds do not know \r
		return `perl -pi -e 's/\r$//' ` + shell.QuoteSingle(path)
	}
	return edited(path, `s/\r$//`)
}

// edited is the command that has sed edit a file in place.
func edited(path, command string) string {
	option := "-i"
	if runtime.GOOS != "linux" {
		option = "-i ''"
	}
	return fmt.Sprintf("sed %s '%s' %s", option, command, shell.QuoteSingle(path))
}
