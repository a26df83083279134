package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// A scenario is one file of testdata: what a person does, and what comes of it.
// Its comment says what it is about. Its sections:
//
//	environment  variables that the shell starts with, one a line
//	setup        run by sh before the shell starts, with the tools on PATH
//	script       the commands, one a line; a line that begins with "= " is
//	             also about what the command prints
//	why          the reason why den differs, as docs/migrating.md has it
//	reference    what comes of it with virtualenvwrapper
//	den          what comes of it with den, where that differs
//
// "reference zsh", "den zsh" and "den fish" stand beside the last two where one
// shell differs from the others. Without a "why", den must not differ.
type scenario struct {
	name    string
	path    string
	archive *txtar.Archive
}

// readScenarios reads the scenarios in dir, in the order of their names.
func readScenarios(dir string) ([]scenario, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	var scenarios []scenario
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading a scenario: %w", err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		scenarios = append(scenarios, scenario{name, path, archive})
	}
	if len(scenarios) == 0 {
		return nil, fmt.Errorf("there are no scenarios in %s", dir)
	}
	return scenarios, nil
}

// section returns the text of one, "" where it is not there.
func (s scenario) section(name string) string {
	for _, file := range s.archive.Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	return ""
}

// why is the reason for a difference, on one line.
func (s scenario) why() string { return strings.Join(strings.Fields(s.section("why")), " ") }

// shells are those in which the scenario is played. fish is left out where it
// is about functions, options or words that fish does not have.
func (s scenario) shells() []string {
	if s.inFish() {
		return []string{"bash", "zsh", "fish"}
	}
	return []string{"bash", "zsh"}
}

func (s scenario) inFish() bool { return !s.isMarked("(bash, zsh)") }

// aboutTemplates reports whether hooks that nobody has filled in count.
func (s scenario) aboutTemplates() bool { return s.isMarked("(templates)") }

func (s scenario) isMarked(mark string) bool {
	return strings.Contains(string(s.archive.Comment), mark)
}

// expected is what should come of the scenario: the first of the sections that
// are there, from the one that is about this tool in this shell to the one that
// is about all.
func (s scenario) expected(tool, shell string) string {
	names := []string{"reference " + shell, "reference"}
	if tool == "den" {
		names = append([]string{"den " + shell, "den"}, names...)
	}
	for _, name := range names {
		if text := s.section(name); text != "" {
			return text
		}
	}
	return ""
}

// record sets a section, or takes it out where the text is what would be
// expected without it.
func (s scenario) record(name, tool, shell, outcome string) {
	s.archive.Files = slices.DeleteFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == name })
	if s.expected(tool, shell) != outcome {
		s.archive.Files = append(s.archive.Files, txtar.File{Name: name, Data: []byte(outcome)})
	}
}

func (s scenario) write() error {
	return os.WriteFile(s.path, txtar.Format(s.archive), 0o666)
}

// newScenario is one that has no file.
func newScenario(name, script string) scenario {
	return scenario{name: name, archive: &txtar.Archive{Files: []txtar.File{{Name: "script", Data: []byte(script + "\n")}}}}
}
