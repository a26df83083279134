package oci

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"den/env/disk"
)

// A Base is an image that the layer is added to.
type Base struct {
	layout   layout
	manifest manifest
	config   map[string]any
}

// OpenBase opens the image in a layout, DIRECTORY or DIRECTORY:TAG. Of several, it is
// the one with the tag, or for the platform.
func OpenBase(name string, platform Platform) (*Base, error) {
	dir, tag := name, ""
	if _, err := os.Stat(filepath.Join(dir, "oci-layout")); err != nil {
		if at := strings.LastIndex(name, ":"); at > 0 {
			dir, tag = name[:at], name[at+1:]
		}
	}
	text, err := disk.ReadSmall(filepath.Join(dir, "index.json"))
	if err != nil {
		return nil, fmt.Errorf("reading the image layout: %w", err)
	}
	var all index
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Join(dir, "index.json"), err)
	}
	b := &Base{layout: layout{dir}}
	found, err := b.choose(all, tag, platform)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := b.layout.readJSON(found, &b.manifest); err != nil {
		return nil, fmt.Errorf("reading the image in %s: %w", dir, err)
	}
	if err := b.layout.readJSON(b.manifest.Config, &b.config); err != nil {
		return nil, fmt.Errorf("reading the image in %s: %w", dir, err)
	}
	if arch := b.config["architecture"]; arch != platform.Architecture {
		return nil, fmt.Errorf("the image in %s is for %v, and the environment is for %s", dir, arch, platform.Architecture)
	}
	return b, nil
}

// IsIn reports whether the image is in the layout at dir.
func (b *Base) IsIn(dir string) bool {
	one, err := os.Stat(b.layout.dir)
	other, otherErr := os.Stat(dir)
	return err == nil && otherErr == nil && os.SameFile(one, other)
}

// choose finds the image, also in an index of images for several platforms.
func (b *Base) choose(all index, tag string, platform Platform) (none Descriptor, err error) {
	fitting := slices.DeleteFunc(slices.Clone(all.Manifests), func(d Descriptor) bool {
		return tag != "" && d.Annotations[refName] != tag || d.Platform != nil && *d.Platform != platform
	})
	switch {
	case len(fitting) == 0:
		return none, errors.New("it has no image with that name and platform")
	case len(fitting) > 1:
		return none, fmt.Errorf("it has %d images: name one, as DIRECTORY:TAG", len(fitting))
	case fitting[0].MediaType != typeIndex:
		return fitting[0], nil
	}
	var inner index
	if err := b.layout.readJSON(fitting[0], &inner); err != nil {
		return none, err
	}
	inner.Manifests = slices.DeleteFunc(inner.Manifests, func(d Descriptor) bool { return d.MediaType == typeIndex })
	return b.choose(inner, "", platform)
}

// pythonDirs are the directories of programs, the likeliest first.
var pythonDirs = []string{"usr/local/bin", "usr/bin", "bin"}

// FindPython returns the path of a Python of the version in the image, such as
// /usr/local/bin/python3.12; "" if there is none in a usual place.
func (b *Base) FindPython(series string) (string, error) {
	found := ""
	for _, layer := range b.manifest.Layers {
		err := b.list(layer, func(name string) {
			name = path.Clean(strings.TrimPrefix(name, "/"))
			at := slices.Index(pythonDirs, path.Dir(name))
			if path.Base(name) == "python"+series && at >= 0 && (found == "" || at < slices.Index(pythonDirs, path.Dir(found))) {
				found = name
			}
		})
		if err != nil {
			return "", fmt.Errorf("reading the layer %s: %w", layer.Digest, err)
		}
	}
	if found == "" {
		return "", nil
	}
	return "/" + found, nil
}

// list calls visit with the names in a layer.
func (b *Base) list(layer Descriptor, visit func(name string)) error {
	file, err := b.layout.open(layer)
	if err != nil {
		return err
	}
	defer file.Close()
	var reader io.Reader = file
	switch {
	case strings.HasSuffix(layer.MediaType, "gzip"):
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			return err
		}
		reader = unzipped
	case strings.HasSuffix(layer.MediaType, "zstd"):
		decoder, err := zstd.NewReader(file)
		if err != nil {
			return err
		}
		defer decoder.Close()
		reader = decoder
	}
	archive := tar.NewReader(reader)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		visit(header.Name)
	}
}

// copyTo copies the layers into another layout, and checks their digests.
func (b *Base) copyTo(l layout) error {
	for _, d := range b.manifest.Layers {
		file, err := b.layout.open(d)
		if err != nil {
			return err
		}
		copied, err := l.add(d.MediaType, func(w io.Writer) error {
			_, err := io.Copy(w, file)
			return err
		})
		file.Close()
		if err != nil {
			return err
		}
		if copied.Digest != d.Digest {
			return fmt.Errorf("the layer %s of the base is not what its digest says", d.Digest)
		}
	}
	return nil
}
