package env

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWork(t *testing.T) {
	home := newHome(t)
	for name, row := range map[string]struct {
		lay     func(e Environment)
		project string // in the environment, unless absolute
		want    []string
	}{
		"none":                 {func(Environment) {}, "", nil},
		"a project elsewhere":  {func(Environment) {}, t.TempDir(), nil},
		"a project beside it":  {func(e Environment) { mkdir(t, e.Path+"-shop") }, "../a project beside it-shop", nil},
		"its own project":      {func(e Environment) { mkdir(t, e.Path+"/shop") }, "shop", []string{"shop"}},
		"it is the project":    {func(Environment) {}, ".", []string{"."}},
		"a project not there":  {func(Environment) {}, "shop", nil},
		"a project by a link":  {func(e Environment) { mkdir(t, e.Path+"/shop"); symlink(t, "shop", e.Path+"/link") }, "link", []string{"shop"}},
		"a work tree":          {func(e Environment) { mkdir(t, e.Path+"/src/shop/.git") }, "", []string{"src/shop"}},
		"both are one":         {func(e Environment) { mkdir(t, e.Path+"/shop/.git") }, "shop", []string{"shop"}},
		"one of Mercurial":     {func(e Environment) { mkdir(t, e.Path+"/src/shop/.hg") }, "", []string{"src/shop"}},
		"two in one":           {func(e Environment) { mkdir(t, e.Path+"/src/shop/.git"); mkdir(t, e.Path+"/src/shop/.jj") }, "", []string{"src/shop"}},
		"it is the work tree":  {func(e Environment) { mkdir(t, e.Path+"/.git") }, "", []string{"."}},
		"one of git worktree":  {func(e Environment) { write(t, e.Path+"/src/shop/.git", "gitdir: /elsewhere\n") }, "", []string{"src/shop"}},
		"deep in the packages": {func(e Environment) { mkdir(t, e.Path+"/lib/python3.12/site-packages/mine/.git") }, "", []string{"lib/python3.12/site-packages/mine"}},
		"several": {func(e Environment) {
			for _, dir := range []string{"/a/.git", "/a/b/.git", "/c/.git", "/shop"} {
				mkdir(t, e.Path+dir)
			}
		}, "shop", []string{"shop", "a", "a/b", "c"}},
	} {
		e := plant(t, home.Path(name))
		row.lay(e)
		project := row.project
		if project != "" && !filepath.IsAbs(project) {
			project = filepath.Join(e.Path, project)
		}
		work, err := e.Work(t.Context(), project)
		var got []string
		for _, path := range work {
			relative, err := filepath.Rel(e.Path, path)
			if err != nil {
				t.Error(err)
			}
			got = append(got, relative)
		}
		if diff := cmp.Diff(row.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v, %s", name, err, diff)
		}
	}
}

func TestWorkOfALink(t *testing.T) {
	home := newHome(t)
	e := plant(t, filepath.Join(t.TempDir(), "elsewhere"))
	mkdir(t, e.Path+"/shop/.git")
	symlink(t, e.Path, home.Path("web"))
	if work, err := (Environment{Name: "web", Path: home.Path("web")}).Work(t.Context(), e.Path+"/shop"); work != nil || err != nil {
		t.Errorf("%q, %v", work, err)
	}
}

func TestWorkStops(t *testing.T) {
	e := plant(t, newHome(t).Path("web"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Work(ctx, ""); err == nil {
		t.Error("it went on")
	}
	if _, err := os.Lstat(e.Path); err != nil {
		t.Error(err)
	}
}
