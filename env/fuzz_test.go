package env

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"den/shell/shelltest"
)

// FuzzConfig: whatever stands in pyvenv.cfg, reading it ends, no key or value
// has the end of a line in it, and the prompt can be shown. What den writes
// there is read back, and nothing else changes.
func FuzzConfig(f *testing.F) {
	for _, text := range shelltest.Hostile {
		f.Add("home = /usr/bin\nprompt = "+text+"\nversion = 3.12.1\n", text)
		f.Add(text, text)
	}
	f.Add("\ufeffPROMPT='a\\x41'\r\nprompt=\"b\\u00e9\"\rx", "it's")
	f.Fuzz(func(t *testing.T, text, prompt string) {
		e := plant(t, filepath.Join(t.TempDir(), "web"))
		write(t, e.Path+"/pyvenv.cfg", text)
		before, err := ReadConfig(e.Path)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range before.keys {
			if strings.ContainsAny(key+before.Get(key), "\r\n") {
				t.Errorf("%q: %q", key, before.Get(key))
			}
		}
		shown := e.Prompt()
		if err := CheckPrompt(shown); err != nil {
			t.Errorf("Prompt: %v", err)
		}
		if CheckPrompt(prompt) != nil || prompt == "" || before.Get("prompt") == "" {
			return
		}
		if err := e.RenamePrompt(readPrompt(before.Get("prompt")), prompt, e.Path); err != nil {
			t.Fatal(err)
		}
		if got := e.Prompt(); got != prompt {
			t.Errorf("%q was written, and %q read", prompt, got)
		}
		after, err := ReadConfig(e.Path)
		if err != nil || !slices.Equal(after.keys, before.keys) {
			t.Errorf("keys %q, %v, want %q", after.keys, err, before.keys)
		}
		for _, key := range before.keys {
			if key != "prompt" && after.Get(key) != before.Get(key) {
				t.Errorf("%s is now %q, was %q", key, after.Get(key), before.Get(key))
			}
		}
	})
}

// FuzzProject: whatever stands in the project's file, its project is one line;
// and any directory that can be noted is read back.
func FuzzProject(f *testing.F) {
	for _, text := range shelltest.Hostile {
		f.Add(text)
	}
	f.Add("of Windows\r")
	f.Fuzz(func(t *testing.T, text string) {
		e := plant(t, filepath.Join(t.TempDir(), "web"))
		write(t, e.Path+"/.project", text)
		project, err := e.Project(".project")
		if err != nil || strings.Contains(project, "\n") {
			t.Errorf("Project: %q, %v", project, err)
		}
		dir := "/src/" + text
		err = e.SetProject(".project", dir)
		if refused := err != nil; refused != strings.ContainsAny(text, "\n\r\x00") {
			t.Errorf("SetProject: %v", err)
		}
		if err != nil {
			dir = project
		}
		if got, err := e.Project(".project"); err != nil || got != dir {
			t.Errorf("Project: %q, %v, want %q", got, err, dir)
		}
	})
}

// FuzzName: a name that somebody else has given to a directory in the home is
// listed, found and removed if CheckName admits it, and else none of it; nothing
// but that directory is touched; and what is listed can be shown on a line.
func FuzzName(f *testing.F) {
	for _, text := range shelltest.Hostile {
		f.Add(text)
	}
	for _, name := range []string{"..", ".", "../other", ".den", "a/b", "-rf", "a:b", "\u0085", "\u202e", strings.Repeat("ü", 127), strings.Repeat("x", 256)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		home, ctx := newHome(t), context.Background()
		beside := plant(t, filepath.Join(filepath.Dir(home.Dir()), "other"))
		plant(t, home.Path("kept"))
		admitted := CheckName(name) == nil
		if admitted && (strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name) || filepath.Base(name) != name) {
			t.Errorf("CheckName admits %q", name)
		}
		if name != "kept" && name != "" && !strings.ContainsAny(name, "/\x00") && len(name) <= maxName && name != "." && name != ".." && lay(home.Path(name)) != nil {
			return // the file system knows no such names
		}
		names, err := home.Names()
		if err != nil || slices.Contains(names, name) != admitted {
			t.Errorf("Names: %q, %v", names, err)
		}
		_, isNameError := errors.AsType[*NameError](second(home.Find(name)))
		if isNameError == admitted {
			t.Errorf("Find: %v", second(home.Find(name)))
		}
		if err := home.Remove(ctx, name); (err == nil) != admitted {
			t.Errorf("Remove: %v", err)
		}
		if err := home.Sweep(ctx); err != nil {
			t.Error(err)
		}
		if _, err := home.Find("kept"); err != nil && name != "kept" {
			t.Errorf("another one: %v", err)
		}
		if _, err := Open(beside.Path); err != nil {
			t.Errorf("one outside of the home: %v", err)
		}
		nothingLeft(t, home)
	})
}
