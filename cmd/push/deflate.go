package push

import (
	"bytes"
	"compress/zlib"
	"io"
	"sync/atomic"
	"time"
)

// frameSize is how many bytes are compressed at a time. It is small: den finds out after
// the first frames that a connection is slow, and these are not compressed.
const frameSize = 1 << 20

// quick is how many bytes a second a connection takes that is quicker without compression:
// about as many as a processor compresses.
const quick = 100e6

// A gauge measures how quickly a connection takes what is written.
type gauge struct {
	io.Writer
	bytes, spent atomic.Int64
}

func (g *gauge) Write(text []byte) (int, error) {
	start := time.Now()
	n, err := g.Writer.Write(text)
	g.spent.Add(int64(time.Since(start)))
	g.bytes.Add(int64(n))
	return n, err
}

// level is the level of compression for what is written next.
func (g *gauge) level() int {
	if float64(g.bytes.Load()) < quick*time.Duration(g.spent.Load()).Seconds() {
		return zlib.BestSpeed
	}
	return zlib.NoCompression
}

// deflate appends the content, as a stream of zlib, to room.
func deflate(content, room []byte, level int) []byte {
	buffer := bytes.NewBuffer(room)
	w, err := zlib.NewWriterLevel(buffer, level)
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil || w.Close() != nil {
		panic("a buffer takes everything")
	}
	return buffer.Bytes()
}
