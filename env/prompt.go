package env

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// RenamePrompt gives the environment the prompt to, if from is what its
// pyvenv.cfg says now: a prompt that is the name goes along with the name, one
// that was chosen stays. It writes pyvenv.cfg in the directory into, which is
// the environment's or another; where into has one already, that is changed.
func (e Environment) RenamePrompt(from, to, into string) error {
	path := filepath.Join(into, "pyvenv.cfg")
	text, err := readNote(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = readNote(filepath.Join(e.Path, "pyvenv.cfg"))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // one of the old virtualenv
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, reason(err))
	}
	if prompt := parseConfig(string(text)).Get("prompt"); prompt == "" || readPrompt(prompt) != from {
		return nil
	}
	var changed strings.Builder
	for line := range strings.Lines(string(text)) {
		key, _, ok := strings.Cut(line, "=")
		if ok && strings.ToLower(strings.TrimSpace(key)) == "prompt" {
			line = "prompt = " + writePrompt(to) + "\n"
		}
		changed.WriteString(line)
	}
	if err := replaceFile(path, changed.String()); err != nil {
		return fmt.Errorf("writing %s: %w", path, reason(err))
	}
	return nil
}

// readPrompt is the prompt that a value in pyvenv.cfg stands for: venv writes
// it as Python's repr of it, uv and virtualenv as it is.
func readPrompt(value string) string {
	if text, ok := unquote(value); ok {
		return text
	}
	return value
}

// writePrompt is the value in pyvenv.cfg that readPrompt takes for the prompt.
func writePrompt(prompt string) string {
	if strings.TrimSpace(prompt) == prompt && prompt != "" && readPrompt(prompt) == prompt {
		return prompt
	}
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(prompt) + "'"
}
