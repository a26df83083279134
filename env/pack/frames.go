package pack

import (
	"io"
	"runtime"

	"github.com/klauspost/compress/zstd"
)

// frameSize is how many bytes are compressed by themselves, so that several
// processors can work side by side. It does not depend on how many there are: the
// same content gives the same bytes.
const frameSize = 8 << 20

// A frameWriter compresses what is written to it, as zstd frames one after the other
// (RFC 8878), which a decoder takes for one stream.
type frameWriter struct {
	encoder *zstd.Encoder
	pending []byte
	queue   chan chan []byte // frames being compressed, in their order
	spare   chan []byte      // room for what is pending
	done    chan error       // of writing them
}

func newFrameWriter(w io.Writer) (*frameWriter, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault))
	if err != nil {
		return nil, err
	}
	atOnce := runtime.GOMAXPROCS(0)
	f := &frameWriter{encoder: encoder, queue: make(chan chan []byte, atOnce), spare: make(chan []byte, atOnce+1), done: make(chan error, 1)}
	for range atOnce {
		f.spare <- make([]byte, 0, frameSize)
	}
	f.pending = make([]byte, 0, frameSize)
	go f.writeTo(w)
	return f, nil
}

// writeTo writes the frames in their order. After an error it goes on to take them, so
// that nobody waits.
func (f *frameWriter) writeTo(w io.Writer) {
	var failed error
	for frame := range f.queue {
		text := <-frame
		if failed == nil {
			_, failed = w.Write(text)
		}
	}
	f.done <- failed
}

func (f *frameWriter) Write(text []byte) (int, error) {
	written := len(text)
	for len(text) > 0 {
		n := min(len(text), frameSize-len(f.pending))
		f.pending = append(f.pending, text[:n]...)
		text = text[n:]
		if len(f.pending) == frameSize {
			f.flush()
		}
	}
	return written, nil
}

// flush has what is pending compressed.
func (f *frameWriter) flush() {
	content, frame := f.pending, make(chan []byte, 1)
	f.queue <- frame
	go func() {
		frame <- f.encoder.EncodeAll(content, make([]byte, 0, len(content)/2))
		f.spare <- content[:0]
	}()
	f.pending = <-f.spare
}

// Close returns when all is written.
func (f *frameWriter) Close() error {
	if len(f.pending) > 0 {
		f.flush()
	}
	close(f.queue)
	return <-f.done
}
