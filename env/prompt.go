package env

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckPrompt returns an error unless the text can be an environment's prompt. It has no
// control character, for these can do more to a terminal than show text. It is UTF-8, as
// CPython reads pyvenv.cfg. It has at most 255 bytes: shells search their prompts for it,
// and that takes long for a long text.
func CheckPrompt(text string) error {
	reason := ""
	switch {
	case !utf8.ValidString(text):
		reason = "is not valid UTF-8"
	case strings.ContainsFunc(text, unicode.IsControl):
		reason = "has a control character in it"
	case len(text) > maxName:
		reason = fmt.Sprintf("is longer than %d bytes", maxName)
	}
	if reason != "" {
		return fmt.Errorf("the prompt %q %s", text, reason)
	}
	return nil
}

// RenamePrompt gives the environment the prompt to, if pyvenv.cfg has the prompt from
// now. So a prompt that is the name changes with the name, and a chosen prompt stays. It
// writes pyvenv.cfg in the directory into, which is the environment's or another; where
// into has one already, that is changed.
func (e Environment) RenamePrompt(from, to, into string) error {
	// The one in into, which is the newer, may have another prompt by now.
	config, err := ReadConfig(into)
	if errors.Is(err, fs.ErrNotExist) {
		config, err = ReadConfig(e.Path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // one of the old virtualenv
	}
	if err != nil {
		return err
	}
	if prompt := config.Get("prompt"); prompt == "" || readPrompt(prompt) != from {
		return nil
	}
	return e.setConfig(into, "prompt", writePrompt(to))
}

// readPrompt returns the prompt for a value in pyvenv.cfg: venv writes its repr in
// Python, uv and virtualenv write the text.
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
