// Package oci writes an environment as an image that container engines and registries
// know: a directory in the form of the OCI image layout, with the environment as one
// layer. It can add the layer to another image.
//
// https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
package oci

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"den/env/disk"
)

// The media types of what is in a layout.
const (
	typeIndex    = "application/vnd.oci.image.index.v1+json"
	typeManifest = "application/vnd.oci.image.manifest.v1+json"
	typeConfig   = "application/vnd.oci.image.config.v1+json"
	typeLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
	refName      = "org.opencontainers.image.ref.name"
)

// A Descriptor says what a blob is, and which.
type Descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    *Platform         `json:"platform,omitempty"`
}

// A Platform is what an image runs on, in Go's words.
type Platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
}

type index struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType,omitempty"`
	Manifests     []Descriptor `json:"manifests"`
}

type manifest struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType,omitempty"`
	Config        Descriptor   `json:"config"`
	Layers        []Descriptor `json:"layers"`
}

// A layout is a directory that an image is being written to.
type layout struct{ dir string }

// newLayout makes an empty one in a directory that is there.
func newLayout(dir string) (layout, error) {
	l := layout{dir}
	if err := os.MkdirAll(filepath.Join(dir, "blobs", "sha256"), 0o777); err != nil {
		return l, err
	}
	return l, os.WriteFile(filepath.Join(dir, "oci-layout"), []byte(`{"imageLayoutVersion":"1.0.0"}`), 0o666)
}

// path is where a blob is.
func (l layout) path(digest string) string {
	return filepath.Join(l.dir, "blobs", "sha256", strings.TrimPrefix(digest, "sha256:"))
}

// add writes a blob with what write writes, and returns its descriptor.
func (l layout) add(mediaType string, write func(io.Writer) error) (Descriptor, error) {
	file, err := os.CreateTemp(filepath.Join(l.dir, "blobs", "sha256"), disk.NewPrefix)
	if err != nil {
		return Descriptor{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	sum := sha256.New()
	if err := write(io.MultiWriter(file, sum)); err != nil {
		return Descriptor{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return Descriptor{}, err
	}
	if err := file.Chmod(0o644); err != nil {
		return Descriptor{}, err
	}
	d := Descriptor{MediaType: mediaType, Digest: "sha256:" + hex.EncodeToString(sum.Sum(nil)), Size: info.Size()}
	return d, os.Rename(file.Name(), l.path(d.Digest))
}

func (l layout) addJSON(mediaType string, value any) (Descriptor, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return Descriptor{}, err
	}
	return l.add(mediaType, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// finish names the image.
func (l layout) finish(image Descriptor, tag string) error {
	image.Annotations = map[string]string{refName: tag}
	text, err := json.Marshal(index{2, typeIndex, []Descriptor{image}})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(l.dir, "index.json"), text, 0o666)
}

// Others names what a layout has in it beside one image of this tag.
func Others(dir, tag string) (others []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if !slices.Contains([]string{"blobs", "index.json", "oci-layout"}, entry.Name()) {
			others = append(others, entry.Name())
		}
	}
	text, err := disk.ReadSmall(filepath.Join(dir, "index.json"))
	if err != nil {
		return nil, err
	}
	var all index
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Join(dir, "index.json"), err)
	}
	for _, image := range all.Manifests {
		if name := image.Annotations[refName]; name != tag {
			others = append(others, cmp.Or(name, image.Digest))
		}
	}
	return others, nil
}

// open opens a blob that has to be what the descriptor says.
func (l layout) open(d Descriptor) (*os.File, error) {
	sum, ok := strings.CutPrefix(d.Digest, "sha256:")
	if _, err := hex.DecodeString(sum); !ok || err != nil || len(sum) != 64 {
		return nil, fmt.Errorf("den does not know the digest %q", d.Digest)
	}
	return disk.Open(l.path(d.Digest))
}

// readJSON reads a blob in JSON, and checks its digest.
func (l layout) readJSON(d Descriptor, value any) error {
	file, err := l.open(d)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	text, err := io.ReadAll(io.TeeReader(io.LimitReader(file, 16<<20), sum))
	if err != nil {
		return err
	}
	if "sha256:"+hex.EncodeToString(sum.Sum(nil)) != d.Digest {
		return fmt.Errorf("%s is not what its digest says", file.Name())
	}
	return json.Unmarshal(text, value)
}
