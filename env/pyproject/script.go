package pyproject

import (
	"fmt"
	"slices"
	"strings"

	"den/env/disk"
)

// A NoMetadataError says that a script has no inline metadata.
type NoMetadataError struct{ Path string }

func (e *NoMetadataError) Error() string {
	return e.Path + ` does not say which packages it needs: it has no block "# /// script"`
}

// Script reads the inline metadata of a script (PEP 723).
// https://packaging.python.org/en/latest/specifications/inline-script-metadata/
func Script(path string) (Wants, error) {
	text, err := disk.ReadSmall(path)
	if err != nil {
		return Wants{}, err
	}
	blocks := scriptBlocks(string(text))
	switch len(blocks) {
	case 0:
		return Wants{}, &NoMetadataError{path}
	case 1:
	default:
		return Wants{}, fmt.Errorf(`%s has more than one block "# /// script"`, path)
	}
	var content struct {
		Python       string   `toml:"requires-python"`
		Dependencies []string `toml:"dependencies"`
	}
	if err := decode([]byte(blocks[0].text), &content); err != nil {
		return Wants{}, fmt.Errorf("reading %s, the block that begins with line %d: %w", path, blocks[0].line, err)
	}
	for _, requirement := range content.Dependencies {
		if err := checkRequirement(path, requirement); err != nil {
			return Wants{}, err
		}
	}
	return Wants{Python: content.Python, Requirements: content.Dependencies}, nil
}

// A block is one of inline metadata, without the marks of comments.
type block struct {
	line int // the first of its text, from 1
	text string
}

// scriptBlocks returns the blocks of the type "script". A block ends with the last
// "# ///" among the comments that follow its first line; one without is none.
func scriptBlocks(text string) []block {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimRight(line, "\r\n"))
	}
	var blocks []block
	for i := 0; i < len(lines); i++ {
		kind, begins := blockType(lines[i])
		if !begins {
			continue
		}
		run := lines[i+1:]
		if end := slices.IndexFunc(run, func(line string) bool { return line != "#" && !strings.HasPrefix(line, "# ") }); end >= 0 {
			run = run[:end]
		}
		last := len(run) - 1
		for last >= 0 && run[last] != "# ///" {
			last--
		}
		if last < 1 { // a block has at least one line
			continue
		}
		if kind == "script" {
			blocks = append(blocks, block{i + 2, uncomment(run[:last])})
		}
		i += last + 1
	}
	return blocks
}

// blockType returns the type of the block that the line begins, if it begins one.
func blockType(line string) (kind string, begins bool) {
	kind, begins = strings.CutPrefix(line, "# /// ")
	return kind, begins && kind != "" && strings.Trim(kind, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

func uncomment(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimPrefix(strings.TrimPrefix(line, "#"), " ") + "\n")
	}
	return b.String()
}
