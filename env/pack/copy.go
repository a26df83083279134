package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"

	"den/env/disk"
)

// CopyTo writes the content of a file of the environment to w, through the buffer. It is an
// error if the file is not as it was when it was hashed.
func (c *Contents) CopyTo(w io.Writer, f File, buffer []byte) error {
	file, err := disk.Open(c.origins[f.Path])
	if err != nil {
		return err
	}
	defer file.Close()
	known, sum := c.known[f.Path], sha256.New()
	var source io.Reader = onlyReader{io.LimitReader(file, f.Size)}
	if known.Remembered {
		source = io.TeeReader(source, sum)
	}
	n, err := io.CopyBuffer(onlyWriter{w}, source, buffer)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	same := n == f.Size && info.Size() == f.Size && info.ModTime().Equal(known.Written)
	if same && known.Remembered && hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		// Its times do not tell. The next run shall not believe them.
		c.memory.Forget()
		same = false
	}
	if !same {
		return &fs.PathError{Op: "packing", Path: file.Name(), Err: errors.New("it has changed meanwhile")}
	}
	return nil
}

// onlyReader and onlyWriter have io.CopyBuffer use the buffer.
type (
	onlyReader struct{ io.Reader }
	onlyWriter struct{ io.Writer }
)
