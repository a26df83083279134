package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
		}, "link", "link"},
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
