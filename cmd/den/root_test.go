package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestRootMakesTheirFiles: root's den, with the HOME of a person in which there is
// nothing yet, leaves them files and directories that are theirs.
func TestRootMakesTheirFiles(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.environ["EDITOR"], p.environ["PROJECT_HOME"] = "true", p.home
	p.environ["VIRTUALENVWRAPPER_LOG_FILE"] = filepath.Join(p.home, "hook.log")
	delete(p.environ, "XDG_CACHE_HOME")
	delete(p.environ, "WORKON_HOME")
	owner := os.Geteuid()
	if owner == 0 {
		owner = 65534
	}
	own := func(root string) {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, owner, -1)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(p.envs); err != nil {
		t.Fatal(err)
	}
	own(p.home)
	for _, args := range [][]string{
		{"init", "bash"}, {"init", "virtualenvwrapper"}, {"pythons"}, {"mk", "--no-activate", "--without-pip", "web"}, {"setup", "bash"}, {"list"},
		{"hooks", "edit", "postactivate"}, {"project", "new", "--no-activate", "--without-pip", "shop"},
		{"kernel", "add", "web"}, {"vars", "set", "web", "A=1"}, {"workon", "web"},
		{"config", "set", "python", "3"}, // which root trusts no more
	} {
		if s := p.plans(args...); s.status != 0 {
			t.Errorf("den %q: %d, %s", args, s.status, s.out)
		}
		if args[0] == "mk" {
			web := filepath.Join(p.home, ".virtualenvs/web")
			found, _ := filepath.Glob(web + "/lib/python*/site-packages")
			p.write(filepath.Join(found[0], "ipykernel.py"), "")
			p.environ["PYTHONDONTWRITEBYTECODE"] = "1"
			own(web) // a warning says that it is root's
		}
	}
	var made []string
	err := filepath.WalkDir(p.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if path == filepath.Join(p.home, ".virtualenvs/shop") {
			return fs.SkipDir // root's, too
		}
		if stat := info.Sys().(*syscall.Stat_t); int(stat.Uid) != owner {
			t.Errorf("%s is of the user %d", path, stat.Uid)
		}
		made = append(made, path)
		return nil
	})
	all := strings.Join(made, "\n") + "\n"
	for _, name := range []string{".bashrc", "config.toml", "init.bash", "kernel.json", "den.env", "postactivate", "hook.log", "shop", "entered/web"} {
		if !strings.Contains(all, "/"+name+"\n") {
			t.Errorf("nothing has made %s", name)
		}
	}
	if err != nil {
		t.Error(err)
	}
}
