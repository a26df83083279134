package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTrust: a file is trusted only if nobody else could have written it, or put it
// or one of the directories above it there.
func TestTrust(t *testing.T) {
	stranger := func(path string) error {
		if os.Geteuid() != 0 {
			return os.Chmod(path, 0o777) // as good as a stranger's
		}
		return os.Chown(path, 65533, 65533)
	}
	for name, row := range map[string]struct {
		change func(dir string) error
		path   string // at which the file is read, in dir
		not    string // what is not trusted, in dir; "" where all is
	}{
		"one's own":              {func(string) error { return nil }, "a/b/file", ""},
		"writable by all":        {func(dir string) error { return os.Chmod(dir+"/a/b/file", 0o666) }, "a/b/file", "a/b/file"},
		"a stranger's":           {func(dir string) error { return stranger(dir + "/a/b/file") }, "a/b/file", "a/b/file"},
		"in a directory for all": {func(dir string) error { return os.Chmod(dir+"/a/b", 0o777) }, "a/b/file", "a/b"},
		"in a stranger's":        {func(dir string) error { return stranger(dir + "/a/b") }, "a/b/file", "a/b"},
		"deep in a stranger's":   {func(dir string) error { return stranger(dir + "/a") }, "a/b/file", "a"},
		"in one such as /tmp":    {func(dir string) error { return os.Chmod(dir+"/a", 0o777|fs.ModeSticky) }, "a/b/file", ""},
		"through a link":         {func(dir string) error { return os.Symlink("a/b", dir+"/link") }, "link/file", ""},
		"a link to a file":       {func(dir string) error { return os.Symlink("a/b/file", dir+"/link") }, "link", ""},
		"a link to a stranger's": {func(dir string) error { return errors.Join(os.Symlink("a/b", dir+"/link"), stranger(dir+"/a")) }, "link/file", "a"},
		"a link in a stranger's": {func(dir string) error {
			return errors.Join(os.Mkdir(dir+"/c", 0o755), os.Symlink(dir+"/a/b", dir+"/c/link"), stranger(dir+"/c"))
		}, "c/link/file", "c"},
		"a link to a link in a stranger's": {func(dir string) error {
			return errors.Join(os.Mkdir(dir+"/c", 0o755), os.Symlink("../a/b", dir+"/c/link"), os.Symlink("c/link", dir+"/link"), stranger(dir+"/c"))
		}, "link/file", "c"},
		"a stranger's link in one such as /tmp": {func(dir string) error {
			err := errors.Join(os.Mkdir(dir+"/c", 0o755), os.Chmod(dir+"/c", 0o777|fs.ModeSticky), os.Symlink("../a/b", dir+"/c/link"))
			if os.Geteuid() != 0 {
				return errors.Join(err, os.Chmod(dir+"/a", 0o777)) // for a link of another's
			}
			return errors.Join(err, os.Lchown(dir+"/c/link", 65533, 65533))
		}, "c/link/file", map[bool]string{true: "c/link", false: "a"}[os.Geteuid() == 0]},
		"a link to what all find": {func(dir string) error {
			return errors.Join(os.Symlink("a/b/file", dir+"/link"), os.Chmod(dir+"/a/b/file", 0o646))
		}, "link", "a/b/file"}, // which the command that mends it changes
		"a link to a stranger's file": {func(dir string) error {
			return errors.Join(os.Symlink("a/b/file", dir+"/link"), stranger(dir+"/a/b/file"))
		}, "link", "a/b/file"},
	} {
		dir, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir+"/a/b", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/a/b/file", []byte("content"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := row.change(dir); err != nil {
			t.Fatal(err)
		}
		content, err := ReadTrusted(filepath.Join(dir, row.path))
		if row.not == "" {
			if err != nil || string(content) != "content" {
				t.Errorf("%s: %q, %v", name, content, err)
			}
			continue
		}
		untrusted, ok := errors.AsType[*UntrustedError](err)
		if !ok || !strings.HasSuffix(untrusted.Mend, " '"+filepath.Join(dir, row.not)+"'") || content != nil {
			t.Errorf("%s: %q, %v, want one for %s", name, content, err, row.not)
		}
	}
}

// An owned is a file's mode, and whose it is.
type owned struct {
	fs.FileInfo
	mode fs.FileMode
	stat syscall.Stat_t
}

func (o owned) Mode() fs.FileMode { return o.mode }
func (o owned) IsDir() bool       { return o.mode.IsDir() }
func (o owned) Sys() any          { return &o.stat }

// TestTrustOfGroups: a group that has several people in it is others.
func TestTrustOfGroups(t *testing.T) {
	person := uint32(os.Geteuid())
	for name, row := range map[string]struct {
		group   uint32
		mode    fs.FileMode
		trusted bool
	}{
		"one's own":             {person, 0o664, true},
		"root's":                {0, 0o664, true},
		"another":               {person + 1, 0o664, false},
		"another, that reads":   {person + 1, 0o644, true},
		"one's own, and others": {person, 0o666, false},
	} {
		info := owned{mode: row.mode, stat: syscall.Stat_t{Uid: person, Gid: row.group}}
		if reason, _ := distrust("file", info, "it", "it"); (reason == "") != row.trusted {
			t.Errorf("%s: %q", name, reason)
		}
	}
}

func TestFirstGroup(t *testing.T) {
	const accounts = "root:x:0:0:root:/root:/bin/sh\nann:x:1001:1002::/home/ann:/bin/sh\n+nis\nbob:x:1002:x::/:\n"
	for _, row := range []struct {
		user, group uint32
		known       bool
	}{{0, 0, true}, {1001, 1002, true}, {1002, 0, false}, {100, 0, false}} {
		if group, known := firstGroup(accounts, row.user); group != row.group || known != row.known {
			t.Errorf("%d: %d, %v", row.user, group, known)
		}
	}
}

// TestReadTrustedNeverWaits: the kernel's log is a regular file, and has nothing to say
// for a while.
func TestReadTrustedNeverWaits(t *testing.T) {
	link := filepath.Join(t.TempDir(), "file")
	if err := os.Symlink("/proc/kmsg", link); err != nil {
		t.Fatal(err)
	}
	if content, err := ReadTrusted(link); err == nil {
		t.Errorf("it has an end: %q", content)
	}
}

// TestReadTrustedOfLarge: what leads to execution is a small file.
func TestReadTrustedOfLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, smallSize+1)); err != nil {
		t.Fatal(err)
	}
	if content, err := ReadTrusted(path); len(content) > 0 || !errors.Is(err, syscall.EFBIG) {
		t.Errorf("%d bytes, %v", len(content), err)
	}
}

// TestMendAtHome: where root works in a person's home, what mends is to be that person,
// for a file that root takes is lost to them.
func TestMendAtHome(t *testing.T) {
	if os.Geteuid() != 0 {
		return
	}
	home := t.TempDir()
	file := filepath.Join(home, "hook")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Chown(file, 12345, 12345)); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		owner int
		mend  string
	}{{12345, "sudo -u '#12345' den ..."}, {0, "chown -h 0 '" + file + "'"}} {
		t.Setenv("HOME", home)
		if err := os.Chown(home, row.owner, row.owner); err != nil {
			t.Fatal(err)
		}
		untrusted, ok := errors.AsType[*UntrustedError](CheckTrustOf(file))
		if !ok || untrusted.Mend != row.mend {
			t.Errorf("a home of %d: %+v, want %s", row.owner, untrusted, row.mend)
		}
	}
}
