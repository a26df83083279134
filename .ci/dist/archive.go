package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"path"
)

// archiveName is what the archive for a target is called, without ".tar.gz",
// and the directory in it.
func (r release) archiveName(t target) string {
	return fmt.Sprintf("den-%s-%s-%s", r.version, t.os, t.arch)
}

// writeArchive writes what is installed by hand: bin and share can be copied
// into a prefix as they are.
func (r release) writeArchive(t target, files []file) error {
	var buffer bytes.Buffer
	w := tar.NewWriter(&buffer)
	for _, f := range files {
		header := &tar.Header{
			Name:    path.Join(r.archiveName(t), f.path),
			Mode:    int64(f.mode),
			Size:    int64(len(f.content)),
			ModTime: r.time,
			Format:  tar.FormatUSTAR,
		}
		if err := w.WriteHeader(header); err != nil {
			return err
		}
		if _, err := w.Write(f.content); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return r.write(r.archiveName(t)+".tar.gz", compressed(buffer.Bytes()))
}
