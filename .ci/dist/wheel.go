package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// writeWheel writes the wheel, in the binary distribution format
// (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
// pip puts the program into the directory of scripts, and the manual pages and
// completions below the prefix.
func (r release) writeWheel(t target, all []file) error {
	name := strings.ReplaceAll(distribution, "-", "_") + "-" + r.version
	data, info := name+".data/", name+".dist-info/"
	files := []file{
		{info + "METADATA", 0o644, r.metadata(all)},
		{info + "WHEEL", 0o644, wheelText(t)},
	}
	for _, f := range all {
		switch {
		case f.path == "bin/den":
			f.path = data + "scripts/den"
		case strings.HasPrefix(f.path, "share/"):
			f.path = data + "data/" + f.path
		case strings.Contains(f.path, "LICENSE"):
			f.path = info + "licenses/" + f.path
		default:
			continue
		}
		files = append(files, f)
	}
	files = append(files, file{info + "RECORD", 0o644, record(files, info)})
	content, err := r.zipped(files)
	if err != nil {
		return err
	}
	return r.write(fmt.Sprintf("%s-py3-none-%s.whl", name, t.wheel), content)
}

// metadata is the core metadata, with the readme as its description.
func (r release) metadata(all []file) []byte {
	var text strings.Builder
	header := func(key, value string) { fmt.Fprintf(&text, "%s: %s\n", key, value) }
	header("Metadata-Version", "2.4")
	header("Name", distribution)
	header("Version", r.version)
	header("Summary", summary)
	header("License-Expression", "MIT")
	header("License-File", "LICENSE")
	header("License-File", "THIRD-PARTY-LICENSES.txt")
	header("Keywords", "virtualenv,venv,virtualenvwrapper,workon,environment,shell")
	header("Classifier", "Environment :: Console")
	header("Classifier", "Operating System :: MacOS")
	header("Classifier", "Operating System :: POSIX :: Linux")
	header("Classifier", "Programming Language :: Go")
	header("Classifier", "Topic :: Software Development")
	header("Requires-Python", ">=3.6")
	header("Project-URL", "Homepage, "+r.url)
	header("Project-URL", "Changelog, "+r.url+"/blob/v"+r.version+"/CHANGELOG.md")
	header("Description-Content-Type", "text/markdown")
	for _, f := range all {
		if f.path == "README.md" {
			text.WriteString("\n" + r.absoluteLinks(string(f.content)))
		}
	}
	return []byte(text.String())
}

var relativeLink = regexp.MustCompile(`\]\(([a-zA-Z][a-zA-Z0-9_./-]*(?:#[a-z0-9-]*)?)\)`)

// absoluteLinks makes the links of the readme lead to where den is published.
func (r release) absoluteLinks(text string) string {
	return relativeLink.ReplaceAllString(text, "]("+r.url+"/blob/v"+r.version+"/$1)")
}

func wheelText(t target) []byte {
	text := "Wheel-Version: 1.0\nGenerator: den-dist\nRoot-Is-Purelib: false\n"
	for tag := range strings.SplitSeq(t.wheel, ".") {
		text += "Tag: py3-none-" + tag + "\n"
	}
	return []byte(text)
}

// record lists the files with their hashes and sizes, and itself without.
func record(files []file, info string) []byte {
	var text strings.Builder
	for _, f := range files {
		hash := sha256.Sum256(f.content)
		fmt.Fprintf(&text, "%s,sha256=%s,%d\n", f.path, base64.RawURLEncoding.EncodeToString(hash[:]), len(f.content))
	}
	return []byte(text.String() + path.Join(info, "RECORD") + ",,\n")
}

func (r release) zipped(files []file) ([]byte, error) {
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.path, Method: zip.Deflate, Modified: r.time}
		header.SetMode(f.mode)
		entry, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return buffer.Bytes(), err
}
