package hooks

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// places makes the three directories of hooks, named by what they are.
func places(t *testing.T) (Directories, string) {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"global", "local", "project/.virtualenvwrapper"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return Directories{
		Global:  filepath.Join(root, "global"),
		Local:   filepath.Join(root, "local"),
		Project: filepath.Join(root, "project"),
	}, root
}

func write(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestFindOrder(t *testing.T) {
	dirs, root := places(t)
	for _, dir := range []string{"global", "local", "project/.virtualenvwrapper"} {
		for _, event := range []Event{PreActivate, PostActivate, PreDeactivate, PostDeactivate, PreMkvirtualenv, Initialize} {
			write(t, filepath.Join(root, dir, event.Name), "#!/bin/sh\ntrue\n", 0o755)
		}
	}
	for _, row := range []struct {
		event Event
		want  []string
	}{
		{Initialize, []string{"global"}},
		{PreMkvirtualenv, []string{"global"}},
		{PreActivate, []string{"global", "local"}},
		{PostActivate, []string{"global", "local", "project"}},
		{PreDeactivate, []string{"project", "local", "global"}},
		{PostDeactivate, []string{"local", "global"}},
		{PostRmvirtualenv, nil},
	} {
		hooks, problems := dirs.Find(row.event, "")
		var got []string
		for _, h := range hooks {
			rel, _ := filepath.Rel(root, h.Path)
			place, _, _ := strings.Cut(rel, "/")
			got = append(got, place)
		}
		if diff := cmp.Diff(row.want, got); diff != "" || problems != nil {
			t.Errorf("%s: %s problems %v", row.event.Name, diff, problems)
		}
	}
}

func TestFindLooksIntoEachFile(t *testing.T) {
	for _, row := range []struct {
		name    string
		event   Event
		content string
		mode    fs.FileMode
		argv    []string // "PATH" stands for the hook's path; nil: not used
		problem string
	}{
		{"program", PreActivate, "#!/bin/cat\n1;\n", 0o755, []string{"PATH"}, ""},
		{"script for sh", PreActivate, "echo hello\n", 0o755, []string{"/bin/sh", "PATH"}, ""},
		{"template", PreActivate, "#!/bin/bash\n# This hook is run before.\n\n", 0o755, nil, ""},
		{"template found by env", PreActivate, "#!/usr/bin/env zsh\n\t# nothing\n", 0o755, nil, ""},
		{"empty", PreActivate, "", 0o755, nil, ""},
		{"not executable", PreActivate, "echo hello\n", 0o644, nil, "is not executable"},
		{"not executable, but empty", PreActivate, "# nothing\n", 0o644, nil, ""},
		{"comments of a language den does not know", PreActivate, "#!/bin/cat\n# run me\n", 0o755, []string{"PATH"}, ""},
		{"sourced", PostActivate, "export A=1\n", 0o644, []string{}, ""},
		{"writable by all", PostActivate, "export A=1\n", 0o666, nil, "others can write to it"},
		{"binary", PreActivate, "\xcf\xfa\xed\xfe\x00\x01", 0o755, []string{"PATH"}, ""},
		{"lines as on Windows", PreActivate, "#!/bin/sh\r\necho\r\n", 0o755, nil, "carriage return"},
		{"sourced, lines as on Windows", PostActivate, "#!/bin/sh\r\nexport A=1\r\n", 0o644, nil, "carriage return"},
		{"lines as on Windows, found by env", PreActivate, "#!/usr/bin/env sh\r\necho\r\n", 0o755, nil, "carriage return"},
		{"no interpreter", PreActivate, "#!/no/such/python -E\n1\n", 0o755, nil, "/no/such/python is not there"},
		{"no interpreter on PATH", PreActivate, "#!/usr/bin/env no-such-python\n1\n", 0o755, nil, "no-such-python is not on PATH"},
		{"env with options", PreActivate, "#!/usr/bin/env -S sh -e\n1\n", 0o755, []string{"PATH"}, ""},
		{"sourced, no interpreter", PostActivate, "#!/no/such/shell\nexport A=1\n", 0o644, []string{}, ""},
		{"long comment first", PreActivate, strings.Repeat("# line\n", headSize) + "echo\n", 0o755, []string{"/bin/sh", "PATH"}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			dirs, _ := places(t)
			path := filepath.Join(dirs.Global, row.event.Name)
			write(t, path, row.content, row.mode)
			hooks, problems := dirs.Find(row.event, "")
			if row.problem != "" {
				if len(hooks) > 0 || len(problems) != 1 || !strings.Contains(problems[0].Error(), row.problem) {
					t.Fatalf("hooks %v, problems %v; want %q", hooks, problems, row.problem)
				}
				return
			}
			if problems != nil {
				t.Fatal(problems)
			}
			if row.argv == nil {
				if hooks != nil {
					t.Errorf("used: %v", hooks)
				}
				return
			}
			if len(hooks) != 1 {
				t.Fatal("not used")
			}
			got := append([]string{}, hooks[0].Argv...)
			for i := range got {
				got[i] = strings.Replace(got[i], path, "PATH", 1)
			}
			if diff := cmp.Diff(row.argv, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFindRefusesWhatOthersCanWrite(t *testing.T) {
	dirs, _ := places(t)
	path := filepath.Join(dirs.Local, "postactivate")
	write(t, path, "export A=1\n", 0o646)
	_, problems := dirs.Find(PostActivate, "")
	var unused *UnusedError
	if len(problems) != 1 || !errors.As(problems[0], &unused) {
		t.Fatalf("problems: %v", problems)
	}
	if want := "chmod go-w '" + path + "'"; unused.Mend != want {
		t.Errorf("mend: %s, want %s", unused.Mend, want)
	}
}

// A shell with a language of its own has files of its own. They stand in for
// those that are written for sh, which are left to it only where there are none.
func TestFindWithSuffix(t *testing.T) {
	for _, row := range []struct {
		name  string
		files map[string]string
		want  string // the file used
		forSh bool
	}{
		{"for sh", map[string]string{"postactivate": "export A=1\n"}, "postactivate", true},
		{"for bash", map[string]string{"postactivate": "#!/bin/bash\nexport A=1\n"}, "postactivate", true},
		{"by its first line", map[string]string{"postactivate": "#!/usr/bin/env fish\nset -gx A 1\n"}, "postactivate", false},
		{"for fish", map[string]string{"postactivate.fish": "set -gx A 1\n"}, "postactivate.fish", false},
		{"both", map[string]string{"postactivate": "export A=1\n", "postactivate.fish": "set -gx A 1\n"}, "postactivate.fish", false},
		{"none in fish", map[string]string{"postactivate": "export A=1\n", "postactivate.fish": "# nothing here\n"}, "", false},
		{"a template for sh", map[string]string{"postactivate": "#!/bin/bash\n# nothing\n"}, "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			dirs, _ := places(t)
			for name, content := range row.files {
				write(t, filepath.Join(dirs.Local, name), content, 0o644)
			}
			hooks, problems := dirs.Find(PostActivate, ".fish")
			if problems != nil {
				t.Fatal(problems)
			}
			if row.want == "" {
				if hooks != nil {
					t.Errorf("used: %v", hooks)
				}
				return
			}
			if len(hooks) != 1 || filepath.Base(hooks[0].Path) != row.want || hooks[0].ForSh != row.forSh {
				t.Errorf("%+v; want %s, for sh: %v", hooks, row.want, row.forSh)
			}
		})
	}
}

// A file for one shell that must not be used does not let the other one in.
func TestFindDoesNotGoAroundAProblem(t *testing.T) {
	dirs, _ := places(t)
	write(t, filepath.Join(dirs.Global, "postactivate"), "export A=1\n", 0o644)
	write(t, filepath.Join(dirs.Global, "postactivate.fish"), "set -gx A 1\n", 0o666)
	if hooks, problems := dirs.Find(PostActivate, ".fish"); hooks != nil || len(problems) != 1 {
		t.Errorf("hooks %v, problems %v", hooks, problems)
	}
}

// Hooks that are run are the same for every shell.
func TestFindIgnoresTheSuffixOfPrograms(t *testing.T) {
	dirs, _ := places(t)
	write(t, filepath.Join(dirs.Global, "preactivate"), "true\n", 0o755)
	write(t, filepath.Join(dirs.Global, "preactivate.fish"), "true\n", 0o755)
	if hooks, _ := dirs.Find(PreActivate, ".fish"); len(hooks) != 1 || filepath.Base(hooks[0].Path) != "preactivate" {
		t.Errorf("hooks: %v", hooks)
	}
}

// A hook may be a link: what counts is the file that it leads to.
func TestFindFollowsLinks(t *testing.T) {
	dirs, root := places(t)
	link := filepath.Join(dirs.Global, "postactivate")
	target := filepath.Join(root, "dotfiles")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if hooks, problems := dirs.Find(PostActivate, ""); hooks != nil || problems != nil {
		t.Errorf("a link to nothing: hooks %v, problems %v", hooks, problems)
	}
	write(t, target, "export A=1\n", 0o644)
	if hooks, problems := dirs.Find(PostActivate, ""); len(hooks) != 1 || hooks[0].Path != link || problems != nil {
		t.Errorf("hooks %v, problems %v", hooks, problems)
	}
	if err := os.Chmod(target, 0o646); err != nil {
		t.Fatal(err)
	}
	if hooks, problems := dirs.Find(PostActivate, ""); hooks != nil || len(problems) != 1 {
		t.Errorf("writable by others: hooks %v, problems %v", hooks, problems)
	}
}

func TestFilesTellsOfEach(t *testing.T) {
	dirs, root := places(t)
	write(t, filepath.Join(dirs.Global, "postactivate"), "# only a comment\n", 0o644)
	write(t, filepath.Join(dirs.Global, "postactivate.fish"), "set -gx A 1\n", 0o644)
	write(t, filepath.Join(dirs.Local, "postactivate"), "export A=1\n", 0o666)
	write(t, filepath.Join(root, "project/.virtualenvwrapper/postactivate"), "export A=1\n", 0o644)
	var got []string
	for _, f := range dirs.Files(PostActivate, ".fish") {
		line := f.Place + " " + filepath.Base(f.Path) + " for " + f.Suffix
		if f.Unused != nil {
			line += ": " + f.Unused.Error()
		}
		got = append(got, strings.ReplaceAll(line, root, "ROOT"))
	}
	want := []string{
		"global postactivate for : there are only comments in it",
		"global postactivate.fish for .fish",
		"local postactivate for : the hook ROOT/local/postactivate is not used: others can write to it",
		"project postactivate for ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFindWithoutDirectories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "", 0o644)
	for _, dirs := range []Directories{{}, {Global: "/not/there"}, {Global: file}} {
		if hooks, problems := dirs.Find(PostActivate, ""); hooks != nil || problems != nil {
			t.Errorf("%v: hooks %v, problems %v", dirs, hooks, problems)
		}
	}
}

func TestFindReportsWhatIsNoFile(t *testing.T) {
	for name, lay := range map[string]func(path string) error{
		"directory":  func(path string) error { return os.Mkdir(path, 0o777) },
		"named pipe": func(path string) error { return syscall.Mkfifo(path, 0o666) },
	} {
		t.Run(name, func(t *testing.T) {
			dirs, _ := places(t)
			if err := lay(filepath.Join(dirs.Global, "postactivate")); err != nil {
				t.Fatal(err)
			}
			if hooks, problems := dirs.Find(PostActivate, ""); hooks != nil || len(problems) != 1 {
				t.Errorf("hooks %v, problems %v", hooks, problems)
			}
		})
	}
}
