package push

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"den/env/python/child"
)

// An OtherMachineError says that this program does not run on the host.
type OtherMachineError struct{ There string }

func (e *OtherMachineError) Error() string {
	return fmt.Sprintf("this den is for %s on %s, and the host is %s", runtime.GOOS, runtime.GOARCH, e.There)
}

// machines are what uname -m says for the processors that Go names.
var machines = map[string]string{"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "i686": "386", "armv7l": "arm", "riscv64": "riscv64", "ppc64le": "ppc64le", "s390x": "s390x"}

// install takes a program from standard input.
const install = `set -e
umask 022
mkdir -p "$HOME/.local/bin"
new=$HOME/.local/bin/.den-$$
trap 'rm -f "$new"' EXIT
cat >"$new"
chmod 755 "$new"
"$new" --version >/dev/null
mv -f "$new" "$HOME/.local/bin/den"
`

// InstallDen copies the program to ~/.local/bin/den on the host, whole or not at all.
// The error is an *OtherMachineError if it cannot run there.
func InstallDen(ctx context.Context, ssh []string, host, program string) error {
	said, err := runScript(ctx, ssh, host, "uname -sm", nil)
	if err != nil {
		return err
	}
	system, machine, _ := strings.Cut(said, " ")
	if strings.ToLower(system) != runtime.GOOS || machines[machine] != runtime.GOARCH {
		return &OtherMachineError{said}
	}
	file, err := os.Open(program)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = runScript(ctx, ssh, host, install, file)
	return err
}

// runScript has the host run a script with the input, and returns the last line of what
// it prints.
func runScript(ctx context.Context, ssh []string, host, script string, input io.Reader) (string, error) {
	command := Command(ctx, ssh, host, script)
	command.Stdin = strings.NewReader(script)
	if input != nil {
		command.Stdin = io.MultiReader(command.Stdin, input)
	}
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		if text := strings.TrimSpace(said.String()); text != "" {
			return "", errors.New(text)
		}
		return "", err
	}
	return strings.Join(child.LastLines(out.String(), 1), ""), nil
}
