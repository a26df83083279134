package pack

import (
	"encoding/binary"
	"io"
	"runtime"
	"sync/atomic"
)

// frameSize is the size of the frames of a packed environment. It does not depend on how
// many processors there are: the same content gives the same bytes.
const frameSize = 12 << 20

// A FrameWriter compresses what is written to it, frame by frame. Each frame is compressed
// by itself, so that several processors can work side by side.
type FrameWriter struct {
	compress func(content, room []byte) []byte
	pending  []byte
	queue    chan chan []byte // frames being compressed, in their order
	spare    chan []byte      // room for what is pending
	rooms    chan []byte      // room for what is compressed
	done     chan error       // of writing them
	broken   atomic.Bool      // writing has failed
	read     int64            // bytes, before they are compressed
	written  int64            // bytes; done has to be received before it is read
}

// NewFrameWriter returns a FrameWriter with frames of size bytes. compress appends the
// compressed content to room, and is called for several frames at the same time.
func NewFrameWriter(w io.Writer, size int, compress func(content, room []byte) []byte) *FrameWriter {
	atOnce := runtime.GOMAXPROCS(0)
	f := &FrameWriter{compress: compress, queue: make(chan chan []byte, atOnce), spare: make(chan []byte, atOnce+1), rooms: make(chan []byte, 2*atOnce+1), done: make(chan error, 1)}
	for range atOnce {
		f.spare <- make([]byte, 0, size)
	}
	for range cap(f.rooms) {
		f.rooms <- make([]byte, 0, size/2)
	}
	f.pending = make([]byte, 0, size)
	go f.writeTo(w)
	return f
}

// writeTo writes the frames in their order. After an error it goes on to take them, so
// that nobody waits.
func (f *FrameWriter) writeTo(w io.Writer) {
	var failed error
	for frame := range f.queue {
		text := <-frame
		if failed == nil {
			_, failed = w.Write(text)
			f.broken.Store(failed != nil)
			f.written += int64(len(text))
		}
		f.rooms <- text[:0]
	}
	f.done <- failed
}

// Write takes what is to be compressed. An error of writing it is the one of Close.
func (f *FrameWriter) Write(text []byte) (int, error) {
	if f.broken.Load() {
		return 0, io.ErrClosedPipe
	}
	written := len(text)
	f.read += int64(written)
	for len(text) > 0 {
		n := min(len(text), cap(f.pending)-len(f.pending))
		f.pending = append(f.pending, text[:n]...)
		text = text[n:]
		if len(f.pending) == cap(f.pending) {
			f.flush()
		}
	}
	return written, nil
}

// flush has what is pending compressed.
func (f *FrameWriter) flush() {
	content, frame := f.pending, make(chan []byte, 1)
	f.queue <- frame
	go func() {
		frame <- f.compress(content, <-f.rooms)
		f.spare <- content[:0]
	}()
	f.pending = <-f.spare
}

// Close returns when all is written.
func (f *FrameWriter) Close() error {
	if len(f.pending) > 0 {
		f.flush()
	}
	close(f.queue)
	return <-f.done
}

// padding is a frame that decoders skip. It makes a file that is compressed more than
// any environment is, such as one of zeros, large enough not to be taken for one that
// was made to fill the disk.
func (f *FrameWriter) padding() []byte {
	lacking := (f.read-smallSize)/maxRatio + 1 - f.written
	if lacking <= 0 {
		return nil
	}
	frame := binary.LittleEndian.AppendUint32(nil, 0x184d2a50)
	frame = binary.LittleEndian.AppendUint32(frame, uint32(lacking))
	return append(frame, make([]byte, lacking)...)
}
