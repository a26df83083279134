package hooks

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// modes lists a directory's files with their permissions.
func modes(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		found[entry.Name()] = info.Mode().String()
	}
	return found
}

// The names and the modes are those that virtualenvwrapper makes.
func TestWriteTemplates(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o022))
	const run, sourced = "-rwxr-xr-x", "-rw-r--r--"
	dir := filepath.Join(t.TempDir(), "not yet", "there")
	if err := WriteGlobal(dir, "/bin/zsh"); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"initialize": sourced, "premkvirtualenv": run, "postmkvirtualenv": sourced, "preactivate": run,
		"postactivate": sourced, "predeactivate": sourced, "postdeactivate": sourced, "prermvirtualenv": run,
		"postrmvirtualenv": run, "premkproject": run, "postmkproject": run, "get_env_details": run,
	}
	if diff := cmp.Diff(want, modes(t, dir)); diff != "" {
		t.Error(diff)
	}

	bin := t.TempDir()
	if err := WriteLocal(bin, "/bin/zsh"); err != nil {
		t.Fatal(err)
	}
	want = map[string]string{
		"preactivate": run, "postactivate": sourced, "predeactivate": sourced, "postdeactivate": sourced, "get_env_details": run,
	}
	if diff := cmp.Diff(want, modes(t, bin)); diff != "" {
		t.Error(diff)
	}
}

// What a person has written stays, and a template does nothing.
func TestWriteTemplatesBesideHooks(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "postactivate"), "export A=1\n", 0o600)
	for range 2 {
		if err := WriteGlobal(dir, "/bin/bash"); err != nil {
			t.Fatal(err)
		}
	}
	for _, event := range Events() {
		hooks, problems := Directories{Global: dir}.Find(event, "")
		if used := event.Name == PostActivate.Name; problems != nil || (len(hooks) > 0) != used {
			t.Errorf("%s: hooks %v, problems %v", event.Name, hooks, problems)
		}
	}
}

func TestTemplate(t *testing.T) {
	for _, row := range []struct {
		event  Event
		shell  string
		forOne bool
		want   string
	}{
		{PreActivate, "/bin/zsh", false, "#!/bin/zsh\n# preactivate: run before an environment is entered.\n# Given: the environment's name.\n\n"},
		{PreActivate, "/usr/bin/fish", true, "#!/usr/bin/fish\n# preactivate: run before this environment is entered.\n# Given: the environment's name.\n\n"},
		{PostActivate, "/bin/bash", true, "#!/bin/bash\n# postactivate: sourced after this environment has been entered.\n\n"},
		{PostActivate, "/usr/bin/fish", false, "#!/bin/sh\n# postactivate: sourced after an environment has been entered.\n\n"},
		{Initialize, "", false, "#!/bin/sh\n# initialize: sourced when a shell starts and loads den.\n\n"},
		{Initialize, "/bin/odd shell", false, "#!/bin/sh\n# initialize: sourced when a shell starts and loads den.\n\n"},
	} {
		if got := row.event.Template(row.shell, row.forOne).Content; got != row.want {
			t.Errorf("%s, %q: %q, want %q", row.event.Name, row.shell, got, row.want)
		}
	}
	if got := PostActivate.Template("/bin/bash", false).For("fish").Content; !strings.HasPrefix(got, "#!/usr/bin/env fish\n# postactivate") {
		t.Errorf("for fish: %q", got)
	}
}
