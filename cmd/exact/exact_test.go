package exact

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"den/cmd/pip"
	"den/env"
	"den/env/lockfile"
	"den/env/programtest"
)

const digest = "90b77e79eaa3eba6de819a0c442c0b4ceefc341a7a2ab77d7562bf49f425c5c2"

// The wheel that comes first among the tags is the one, or else the source
// distribution.
func TestNarrow(t *testing.T) {
	tags := []string{"cp312-cp312-manylinux_2_17_x86_64", "cp312-abi3-manylinux_2_17_x86_64", "py3-none-any"}
	archive := func(name string) lockfile.Archive {
		return lockfile.Archive{Location: lockfile.Location{URL: "https://example.org/" + name}, Hashes: map[string]string{"sha256": digest}}
	}
	sdist := archive("brick-1.0.tar.gz")
	for _, row := range []struct {
		wheels []string
		sdist  *lockfile.Archive
		want   string // "" for none
	}{
		{[]string{"brick-1.0-py3-none-any.whl", "brick-1.0-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"}, &sdist, "brick-1.0-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"},
		{[]string{"brick-1.0-7-py2.py3-none-any.whl"}, nil, "brick-1.0-7-py2.py3-none-any.whl"},
		{[]string{"brick-1.0-cp313-cp313-win_amd64.whl"}, &sdist, "brick-1.0.tar.gz"},
		{nil, &sdist, "brick-1.0.tar.gz"},
		{[]string{"brick-1.0-cp313-cp313-win_amd64.whl", "brick.whl"}, nil, ""},
	} {
		p := lockfile.Package{Name: "brick", Version: "1.0", Sdist: row.sdist}
		for _, name := range row.wheels {
			p.Wheels = append(p.Wheels, archive(name))
		}
		got, err := narrow(p, tags)
		if row.want == "" {
			if _, ok := errors.AsType[*ListError](err); !ok {
				t.Errorf("%q: %v, %v", row.wheels, got, err)
			}
			continue
		}
		left := got.Wheels
		if got.Sdist != nil {
			left = append(left, *got.Sdist)
		}
		if err != nil || len(left) != 1 || left[0].FileName() != row.want {
			t.Errorf("%q: %v, %v, want %s", row.wheels, left, err, row.want)
		}
	}
}

// A tool that answers with another version, because its settings override that, has
// not answered: the next one is asked.
func TestFindChecksVersions(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	noPip := errors.New("no pip")
	lookup := Lookup{
		Environment: env.Environment{Name: "web", Path: filepath.Join(t.TempDir(), "web")},
		Environ:     []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "XDG_CONFIG_DIRS=/nonexistent", "PIP_CONFIG_FILE=" + os.DevNull},
		Pip:         func(context.Context) (pip.Pip, error) { return pip.Pip{}, noPip },
	}
	for _, row := range []struct{ version, fails string }{
		{"1.0.0", ""},
		{"2.0", "uv: it names no archive of brick==1.0 with a hash"},
	} {
		script := "#!/bin/sh\ncat >/dev/null\ncat <<END\nlock-version = '1.0'\ncreated-by = 'uv'\n[[packages]]\nname = 'brick'\nversion = '" + row.version +
			"'\nwheels = [{url = 'https://example.org/brick-" + row.version + "-py3-none-any.whl', size = 7, hashes = {sha256 = '" + digest + "'}}]\nEND\n"
		if err := programtest.Write(filepath.Join(bin, "uv"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		all := []lockfile.Package{{Name: "brick", Version: "1.0"}}
		err := lookup.Find(t.Context(), all)
		switch {
		case row.fails != "":
			if err == nil || !strings.Contains(err.Error(), row.fails) || all[0].IsHashed() {
				t.Errorf("uv answers with %s: %v, %v", row.version, err, all)
			}
		case err != nil || len(all[0].Wheels) != 1 || all[0].Wheels[0].Size != 7:
			t.Errorf("uv answers with %s: %v, %v", row.version, err, all)
		}
	}
}

func TestCheckOnce(t *testing.T) {
	web := lockfile.Package{Directory: &lockfile.Directory{Path: "/src/web", Editable: true}}
	for _, row := range []struct {
		all   []lockfile.Package
		twice string
	}{
		{[]lockfile.Package{{Name: "a"}, {Name: "b"}, web}, ""},
		{[]lockfile.Package{{Name: "a"}, {Name: "a"}}, "a is in the list twice"},
		{[]lockfile.Package{web, web}, "-e /src/web is in the list twice"},
	} {
		if err := CheckOnce(row.all); (err == nil) != (row.twice == "") || err != nil && err.Error() != row.twice {
			t.Errorf("%v: %v, want %q", row.all, err, row.twice)
		}
	}
}
