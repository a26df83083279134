package lockfile

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Pylock returns the text of a pylock.toml that is to be in the directory dir. Paths
// below dir are relative; with "" for dir none is. The same list gives the same text.
func (f File) Pylock(dir string) ([]byte, error) {
	all := slices.Clone(f.Packages)
	sortByName(all)
	text := "# \"den lock\" has made this file, and \"den sync\" installs exactly these packages.\n"
	text += line("lock-version", quote("1.0"))
	if len(f.Environments) > 0 {
		var markers []string
		for _, marker := range f.Environments {
			markers = append(markers, quote(marker))
		}
		text += line("environments", "["+strings.Join(markers, ", ")+"]")
	}
	text += optional("requires-python", f.RequiresPython)
	text += line("created-by", quote("den"))
	if len(all) == 0 {
		text += "packages = []\n"
	}
	for _, p := range all {
		text += "\n[[packages]]\n" + p.table(dir)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("a path or a URL in the list is not UTF-8, as a pylock.toml has to be")
	}
	return []byte(text), nil
}

// table returns the keys of a package, in the order of the specification.
func (p Package) table(dir string) string {
	text := line("name", quote(p.Name))
	if p.VCS == nil && p.Directory == nil { // a source tree may change its version
		text += optional("version", p.Version)
	}
	text += optional("marker", p.Marker) + optional("requires-python", p.Python)
	switch {
	case p.VCS != nil:
		text += line("vcs", p.VCS.inline(dir))
	case p.Directory != nil:
		text += line("directory", p.Directory.inline(dir))
	case p.Archive != nil:
		text += line("archive", p.Archive.inline(dir, ""))
	}
	text += optional("index", p.Index)
	if p.Sdist != nil {
		text += line("sdist", p.Sdist.inline(dir, p.Sdist.FileName()))
	}
	if len(p.Wheels) == 0 {
		return text
	}
	wheels := slices.Clone(p.Wheels)
	slices.SortFunc(wheels, func(a, b Archive) int { return strings.Compare(a.FileName(), b.FileName()) })
	text += "wheels = [\n"
	for _, w := range wheels {
		text += "    " + w.inline(dir, w.FileName()) + ",\n"
	}
	return text + "]\n"
}

func (v VCS) inline(dir string) string {
	return inline(pair("type", v.Type), pair("url", v.URL), pair("path", relative(dir, v.Path)),
		pair("requested-revision", v.Requested), pair("commit-id", v.Commit), pair("subdirectory", v.Subdirectory))
}

func (d Directory) inline(dir string) string {
	editable := ""
	if d.Editable {
		editable = "editable = true"
	}
	return inline(pair("path", relative(dir, d.Path)), editable, pair("subdirectory", d.Subdirectory))
}

func (a Archive) inline(dir, name string) string {
	var uploaded, size string
	if !a.Uploaded.IsZero() {
		uploaded = "upload-time = " + a.Uploaded.UTC().Format(time.RFC3339Nano)
	}
	if a.Size > 0 {
		size = fmt.Sprintf("size = %d", a.Size)
	}
	var hashes []string
	for _, algorithm := range slices.Sorted(maps.Keys(a.Hashes)) {
		if algorithmPattern().MatchString(algorithm) && digestPattern().MatchString(a.Hashes[algorithm]) {
			hashes = append(hashes, pair(algorithm, a.Hashes[algorithm]))
		}
	}
	return inline(pair("name", name), uploaded, pair("url", a.URL), pair("path", relative(dir, a.Path)),
		size, "hashes = "+inline(hashes...), pair("subdirectory", a.Subdirectory))
}

// relative returns the path from dir, if it is below dir.
func relative(dir, path string) string {
	if dir == "" || path == "" {
		return path
	}
	if below, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(below) {
		return below
	}
	return path
}

func line(key, value string) string { return key + " = " + value + "\n" }

func optional(key, value string) string {
	if value == "" {
		return ""
	}
	return line(key, quote(value))
}

// pair is a key and its value in an inline table, "" without a value.
func pair(key, value string) string { return strings.TrimSuffix(optional(key, value), "\n") }

func inline(pairs ...string) string {
	return "{ " + strings.Join(slices.DeleteFunc(pairs, func(p string) bool { return p == "" }), ", ") + " }"
}

// quote returns a text as a basic string of TOML.
func quote(text string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for _, c := range []byte(text) {
		switch {
		case c == '"' || c == '\\':
			quoted.WriteByte('\\')
			quoted.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&quoted, `\u%04X`, c)
		default:
			quoted.WriteByte(c)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}
