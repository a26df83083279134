package main

import (
	"bytes"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/apk" // the formats that writePackages asks for
	_ "github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm"
)

// A format is how one family of distributions packs, and where it keeps things.
type format struct {
	name       string
	zsh        string // the directory of zsh's completions, below /usr
	licence    string // where the licence and others' licences are, below /usr
	others     string
	recommends []string
	suggests   []string
	section    string
}

// Debian keeps the part of Python in a package of its own that brings pip.
var formats = []format{
	{
		name: "deb", zsh: "share/zsh/vendor-completions", section: "utils",
		licence: "share/doc/den/copyright", others: "share/doc/den/THIRD-PARTY-LICENSES.txt",
		recommends: []string{"python3", "python3-venv"}, suggests: []string{"bash-completion"},
	},
	{
		name: "rpm", zsh: "share/zsh/site-functions",
		licence: "share/licenses/den/LICENSE", others: "share/licenses/den/THIRD-PARTY-LICENSES.txt",
		recommends: []string{"python3"},
	},
	{
		name: "apk", zsh: "share/zsh/site-functions",
		licence: "share/licenses/den/LICENSE", others: "share/licenses/den/THIRD-PARTY-LICENSES.txt",
	},
}

// place returns where a distribution keeps a file, below /usr, and the content
// that it has there.
func (d format) place(f file) (string, []byte) {
	switch {
	case f.path == completions["zsh"]:
		return path.Join(d.zsh, "_den"), f.content
	case strings.HasPrefix(f.path, "share/man/"):
		return f.path + ".gz", compressed(f.content)
	case f.path == "LICENSE":
		return d.licence, f.content
	case f.path == "THIRD-PARTY-LICENSES.txt":
		return d.others, f.content
	case f.path == "CHANGELOG.md" && d.name == "deb":
		return "share/doc/den/changelog.gz", compressed(f.content)
	case !strings.Contains(f.path, "/"):
		return path.Join("share/doc/den", f.path), f.content
	}
	return f.path, f.content
}

// writePackages writes the package of each family of distributions.
func (r release) writePackages(t target, all []file) error {
	for _, d := range formats {
		stage, err := os.MkdirTemp("", "den-package-")
		if err != nil {
			return err
		}
		err = r.writePackage(t, d, all, stage)
		os.RemoveAll(stage)
		if err != nil {
			return err
		}
	}
	return nil
}

func (r release) writePackage(t target, d format, all []file, stage string) error {
	info := nfpm.WithDefaults(&nfpm.Info{
		Name: "den", Version: r.version, Release: "1", VersionSchema: "none",
		Arch: strings.Replace(t.arch, "armv7", "arm7", 1), Platform: "linux",
		Section: d.section, Priority: "optional",
		Maintainer: "The den authors <" + r.url + ">", Vendor: "den", License: "MIT", Homepage: r.url,
		Description: summary + "\n" + description,
		MTime:       r.time,
	})
	info.Recommends, info.Suggests = d.recommends, d.suggests
	info.RPM.BuildHost, info.RPM.Summary, info.RPM.Group = "localhost", summary, "Applications/System"
	for i, f := range all {
		place, content := d.place(f)
		source := filepath.Join(stage, string(rune('a'+i/26))+string(rune('a'+i%26)))
		if err := os.WriteFile(source, content, f.mode); err != nil {
			return err
		}
		info.Contents = append(info.Contents, &files.Content{
			Source: source, Destination: "/usr/" + place,
			FileInfo: &files.ContentFileInfo{Owner: "root", Group: "root", Mode: f.mode, MTime: r.time},
		})
	}
	packager, err := nfpm.Get(d.name)
	if err != nil {
		return err
	}
	if err := nfpm.PrepareForPackager(info, d.name); err != nil {
		return err
	}
	var buffer bytes.Buffer
	if err := packager.Package(info, io.Writer(&buffer)); err != nil {
		return err
	}
	return r.write(packager.ConventionalFileName(info), buffer.Bytes())
}
