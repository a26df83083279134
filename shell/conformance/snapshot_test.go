package conformance

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"den/shell/screen"
)

// A snapshot is the state of a shell: what its children get, to the byte, and
// what it shows and holds itself.
type snapshot struct {
	Env       map[string]string // as an external program sees it
	Prompt    string            // as it is shown, escapes expanded
	Dir       string            // the working directory
	Python    string            // what the shell runs for "python"
	Functions []string          // the names of all functions
	Variables []string          // the names of all variables, exported or not
	Settings  string            // options, aliases, traps, the directory stack; or keys
	Hooks     string            // what the shell runs before prompts and at other events
}

// take is the code that takes a snapshot: in a file of its own, so that what a
// row does stays easy to see.
func (w *world) take(label string) string {
	w.Helper()
	w.write(w.file(label+".snapshot"), w.snapshot(w.file(label)), 0o644)
	if own, ok := w.shell.(interface{ source(file string) string }); ok {
		return own.source(w.file(label + ".snapshot"))
	}
	return "builtin source " + w.out(label+".snapshot")
}

// snap reads a snapshot that a script took.
func (w *world) snap(label string) snapshot {
	w.Helper()
	s := snapshot{
		Env:      map[string]string{},
		Prompt:   w.prompt(label + ".prompt"),
		Dir:      strings.TrimSuffix(w.read(label+".dir"), "\n"),
		Python:   strings.TrimSuffix(w.read(label+".python"), "\n"),
		Settings: w.read(label + ".settings"),
		Hooks:    w.read(label + ".hooks"),
	}
	// ksh tells the shells inside it of itself, in the last two.
	for _, entry := range strings.Split(strings.TrimSuffix(w.read(label+".env"), "\x00"), "\x00") {
		name, value, _ := strings.Cut(entry, "=")
		if !slices.Contains([]string{"_", "OLDPWD", "SHLVL", "A__z", "_AST_FEATURES"}, name) && !slices.Contains(w.ignored, name) {
			s.Env[name] = value
		}
	}
	s.Functions = w.lasting(w.read(label + ".functions"))
	s.Variables = slices.DeleteFunc(w.lasting(w.read(label+".variables")), notes)
	return s
}

// prompt reads what showPrompt has left: in bash, ksh and mksh, a command that was traced.
func (w *world) prompt(file string) string {
	w.Helper()
	text := w.read(file)
	if traced, _, found := strings.Cut(text, ": '<shown>'"); found {
		text = strings.TrimLeft(strings.TrimSuffix(traced, "builtin "), "+")
	}
	return screen.Strip(text)
}

// notes tells the variables that den keeps to itself in a shell: they are not
// exported and carry its own prefix.
func notes(variable string) bool {
	return strings.HasPrefix(strings.TrimLeft(variable, "_"), "den_") && strings.HasPrefix(variable, "_")
}

// lasting keeps the names from a listing that do not come and go by
// themselves. zsh and ksh put the type before a variable's name, and () behind
// that of a function.
func (w *world) lasting(listing string) []string {
	var kept []string
	for _, line := range names(listing) {
		name := strings.TrimSuffix(line[strings.LastIndexByte(line, ' ')+1:], "()")
		if !slices.Contains(w.volatile(), name) {
			kept = append(kept, name)
		}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

// same fails the row unless two snapshots are the same in every respect.
func (w *world) same(before, after string) {
	w.Helper()
	if diff := cmp.Diff(w.snap(before), w.snap(after)); diff != "" {
		w.Errorf("the shell is not as it was: %s (-), %s (+)\n%s", before, after, diff)
	}
}

// sameExcept is same but for what changes makes of the first snapshot: what
// the person, not den, did in between.
func (w *world) sameExcept(before, after string, changes func(s *snapshot)) {
	w.Helper()
	want := w.snap(before)
	changes(&want)
	if diff := cmp.Diff(want, w.snap(after)); diff != "" {
		w.Errorf("the shell is not as it should be: expected (-), %s (+)\n%s", after, diff)
	}
}

// inside fails the row unless the environment at path is the active one, in
// every way that shows, and the only one.
func (w *world) inside(label, path string) {
	w.Helper()
	w.insideAs(label, path, filepath.Base(path), base)
}

// insideAs is inside for an environment that calls itself name in the prompt,
// and a person whose own prompt is theirs.
func (w *world) insideAs(label, path, name, theirs string) {
	w.Helper()
	w.insideShown(label, path, name, "("+w.shown(name)+") "+theirs)
}

// insideShown is insideAs for a whole prompt of any form.
func (w *world) insideShown(label, path, name, prompt string) {
	w.Helper()
	s := w.snap(label)
	bin := filepath.Join(path, "bin")
	for variable, want := range map[string]string{"VIRTUAL_ENV": path, "VIRTUAL_ENV_PROMPT": name, "DEN_ACTIVE": path} {
		if got, set := s.Env[variable]; !set || got != want {
			w.Errorf("%s: %s is %q, want %q", label, variable, got, want)
		}
	}
	if got, set := s.Env["PYTHONHOME"]; set {
		w.Errorf("%s: PYTHONHOME is still %q", label, got)
	}
	entries := strings.Split(s.Env["PATH"], ":")
	if entries[0] != bin || slices.Contains(entries[1:], bin) {
		w.Errorf("%s: PATH does not begin with %s, once:\n%s", label, bin, s.Env["PATH"])
	}
	if want := filepath.Join(bin, "python"); s.Python != want {
		w.Errorf("%s: python is %s, want %s", label, s.Python, want)
	}
	if s.Prompt != prompt {
		w.Errorf("%s: prompt is %q, want %q", label, s.Prompt, prompt)
	}
	if !slices.Contains(s.Functions, "deactivate") {
		w.Errorf("%s: there is no deactivate", label)
	}
}

// outside fails the row if there is any trace of an environment.
func (w *world) outside(label string) {
	w.Helper()
	s := w.snap(label)
	for name, value := range s.Env {
		if strings.HasPrefix(name, "DEN_") || strings.HasPrefix(name, "VIRTUAL_ENV") || strings.HasPrefix(name, "_OLD_VIRTUAL") {
			w.Errorf("%s: %s is still %q", label, name, value)
		}
	}
	for _, name := range slices.Concat(s.Functions, s.Variables) {
		if name == "deactivate" || strings.HasPrefix(name, "DEN_") || strings.HasPrefix(name, "_OLD_VIRTUAL") {
			w.Errorf("%s: %s is still there", label, name)
		}
	}
	if s.Env["PATH"] != w.path {
		w.Errorf("%s: PATH is\n%s, want\n%s", label, s.Env["PATH"], w.path)
	}
	if s.Prompt != base {
		w.Errorf("%s: prompt is %q, want %q", label, s.Prompt, base)
	}
}
