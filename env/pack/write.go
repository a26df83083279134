package pack

import (
	"archive/tar"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
)

// manifestName is the first member of a packed environment; filesDir is what the
// others are in.
const (
	manifestName = "manifest.json"
	filesDir     = "environment/"
)

// Modified is the time of all files in an archive: the first that a zip file could hold,
// as tools for reproducible archives have it.
var Modified = time.Unix(315532800, 0)

// windowSize is how far back a repetition is found. With more, the encoder finds little more
// and leaves the caches of the processor.
const windowSize = 4 << 20

// Write writes the packed environment to w. It calls done with the size of each file
// that is written.
func (c *Contents) Write(ctx context.Context, w io.Writer, done func(bytes int64)) error {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithWindowSize(windowSize))
	if err != nil {
		return err
	}
	// A decoder takes zstd frames one after the other for one stream (RFC 8878).
	compressed := NewFrameWriter(w, frameSize, encoder.EncodeAll)
	archive := tar.NewWriter(compressed)
	err = c.write(ctx, archive, done)
	if err == nil {
		err = archive.Close()
	}
	if closed := compressed.Close(); closed != nil {
		err = closed
	}
	if err == nil {
		_, err = w.Write(compressed.padding())
	}
	return err
}

func (c *Contents) write(ctx context.Context, archive *tar.Writer, done func(bytes int64)) error {
	manifest, err := json.MarshalIndent(c.Manifest, "", " ")
	if err != nil {
		return err
	}
	manifest = append(manifest, '\n')
	if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: manifestName, Mode: 0o644, Size: int64(len(manifest)), ModTime: Modified}); err != nil {
		return err
	}
	if _, err := archive.Write(manifest); err != nil {
		return err
	}
	buffer := make([]byte, 1<<18)
	for _, f := range c.Manifest.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := archive.WriteHeader(f.Header(filesDir)); err != nil {
			return err
		}
		if f.SHA256 != "" {
			if err := c.CopyTo(archive, f, buffer); err != nil {
				return err
			}
		}
		done(f.Size)
	}
	return nil
}

// Header is what a tar archive says of the file, with dir before its path. The time is
// Modified.
func (f File) Header(dir string) *tar.Header {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: dir + f.Path, Mode: int64(f.Mode), Size: f.Size, ModTime: Modified}
	switch {
	case f.IsLink():
		h.Typeflag, h.Linkname, h.Mode = tar.TypeSymlink, f.Link, 0o777
	case f.IsDir():
		h.Typeflag = tar.TypeDir
		h.Name += "/"
	}
	return h
}
