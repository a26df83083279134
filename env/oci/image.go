package oci

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"den/env/pack"
)

// An Image is an environment that is to be written. The files in it say At.
type Image struct {
	Contents *pack.Contents
	At       string // the path of the environment in the image
	Python   string // the path of the Python in the image
	Tag      string // the name of the image in the layout
	Base     *Base  // nil for none
}

// architectures are Go's names for what uname -m says.
var architectures = map[string]string{"x86_64": "amd64", "aarch64": "arm64", "i686": "386", "armv7l": "arm"}

// PlatformOf is the platform that the environment is for.
func PlatformOf(m pack.Manifest) Platform {
	architecture, ok := architectures[m.Python.Machine]
	if !ok {
		architecture = m.Python.Machine
	}
	return Platform{architecture, m.Python.System}
}

// Write writes the image into dir, an empty directory, and returns its digest. The same
// environment and base give the same digest. It calls done with the size of each file
// that is written.
func (i Image) Write(ctx context.Context, dir string, done func(bytes int64)) (digest string, err error) {
	l, err := newLayout(dir)
	if err != nil {
		return "", err
	}
	diff := sha256.New()
	layer, err := l.add(typeLayer, func(w io.Writer) error {
		zipped := gzip.NewWriter(w)
		if err := i.writeLayer(ctx, io.MultiWriter(zipped, diff), done); err != nil {
			return err
		}
		return zipped.Close()
	})
	if err != nil {
		return "", err
	}
	layers := []Descriptor{layer}
	if i.Base != nil {
		if err := i.Base.copyTo(l); err != nil {
			return "", err
		}
		layers = append(slices.Clone(i.Base.manifest.Layers), layer)
	}
	config, err := l.addJSON(typeConfig, i.config("sha256:"+hex.EncodeToString(diff.Sum(nil))))
	if err != nil {
		return "", err
	}
	image, err := l.addJSON(typeManifest, manifest{2, typeManifest, config, layers})
	if err != nil {
		return "", err
	}
	return image.Digest, l.finish(image, i.Tag)
}

// writeLayer writes the environment as a tar archive, below its path in the image.
func (i Image) writeLayer(ctx context.Context, w io.Writer, done func(bytes int64)) error {
	archive := tar.NewWriter(w)
	made := map[string]bool{".": true}
	for _, e := range i.entries() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := makeDirs(archive, made, path.Dir(e.header.Name)); err != nil {
			return err
		}
		if made[strings.TrimSuffix(e.header.Name, "/")] {
			continue
		}
		if err := archive.WriteHeader(e.header); err != nil {
			return err
		}
		if err := i.writeContent(archive, e); err != nil {
			return err
		}
		done(e.file.Size)
	}
	return archive.Close()
}

// An entry is a file of the layer: one of the environment, or a text.
type entry struct {
	header *tar.Header
	file   pack.File
	text   string
}

// entries are all files, sorted by their names.
func (i Image) entries() []entry {
	top := strings.TrimPrefix(i.At, "/") + "/"
	var all []entry
	add := func(h *tar.Header, file pack.File, text string) {
		h.Format = tar.FormatPAX
		all = append(all, entry{h, file, text})
	}
	m := i.Contents.Manifest
	for _, f := range m.Files {
		add(f.Header(top), f, "")
	}
	addLink := func(path, target string) {
		f := pack.File{Path: path, Link: target}
		add(f.Header(top), f, "")
	}
	for name, target := range map[string]string{"python": i.Python, "python3": "python", "python" + m.Python.Version.Series(): "python"} {
		addLink("bin/"+name, target)
	}
	addLink("lib64", "lib")
	config := i.pyvenvConfig()
	add(&tar.Header{Typeflag: tar.TypeReg, Name: top + "pyvenv.cfg", Size: int64(len(config)), Mode: 0o644, ModTime: pack.Modified}, pack.File{}, config)
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.header.Name, b.header.Name) })
	return all
}

// pyvenvConfig is the content of pyvenv.cfg (PEP 405).
func (i Image) pyvenvConfig() string {
	m := i.Contents.Manifest
	lines := []string{
		"home = " + filepath.Dir(i.Python),
		fmt.Sprintf("include-system-site-packages = %t", m.SystemSitePackages),
		fmt.Sprintf("version = %d.%d.%d", m.Python.Version.Major, m.Python.Version.Minor, m.Python.Version.Micro),
	}
	if m.Prompt != "" {
		lines = append(lines, "prompt = "+m.Prompt)
	}
	return strings.Join(append(lines, m.Config...), "\n") + "\n"
}

func makeDirs(archive *tar.Writer, made map[string]bool, dir string) error {
	if made[dir] {
		return nil
	}
	if err := makeDirs(archive, made, path.Dir(dir)); err != nil {
		return err
	}
	made[dir] = true
	return archive.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: 0o755, ModTime: pack.Modified, Format: tar.FormatPAX})
}

func (i Image) writeContent(archive *tar.Writer, e entry) error {
	if e.text != "" {
		_, err := io.WriteString(archive, e.text)
		return err
	}
	if e.file.SHA256 == "" {
		return nil
	}
	return i.Contents.CopyTo(archive, e.file, make([]byte, 1<<18))
}

// config is the configuration of the image: the one of the base with the layer, and
// with the environment first on PATH.
func (i Image) config(diffID string) map[string]any {
	platform := PlatformOf(i.Contents.Manifest)
	config := map[string]any{"architecture": platform.Architecture, "os": platform.OS}
	if i.Base != nil {
		config = i.Base.config
	}
	created := pack.Modified.UTC().Format(time.RFC3339)
	config["created"] = created
	history := map[string]any{"created": created, "created_by": "den pack " + i.Contents.Manifest.Name}
	config["history"] = append(list(config["history"]), history)
	rootfs := object(config["rootfs"])
	rootfs["type"], rootfs["diff_ids"] = "layers", append(list(rootfs["diff_ids"]), diffID)
	config["rootfs"] = rootfs
	run := object(config["config"])
	run["Env"] = i.environ(list(run["Env"]))
	config["config"] = run
	return config
}

// environ adds the environment to the variables of the base.
func (i Image) environ(base []any) []any {
	way := "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	var kept []any
	for _, entry := range base {
		name, value, _ := strings.Cut(fmt.Sprint(entry), "=")
		switch name {
		case "PATH":
			way = value
		case "VIRTUAL_ENV":
		default:
			kept = append(kept, entry)
		}
	}
	return append(kept, "PATH="+i.At+"/bin:"+way, "VIRTUAL_ENV="+i.At)
}

func list(value any) []any {
	all, _ := value.([]any)
	return all
}

func object(value any) map[string]any {
	if o, ok := value.(map[string]any); ok {
		return o
	}
	return make(map[string]any)
}
