package stage

import (
	"time"

	"golang.org/x/sys/unix"
)

// blockSize is how much is read and written at a time, in bytes.
const blockSize = 256 << 10

// Output is a buffered writer on a descriptor. An error sticks: whatever is
// written after it is dropped, and Flush returns it.
type Output struct {
	fd    int
	buf   []byte
	err   error
	lines uint64 // put so far
}

// NewOutput returns an output on descriptor fd.
func NewOutput(fd int) *Output { return &Output{fd: fd, buf: make([]byte, 0, blockSize+blockSize/4)} }

// Buffer returns the buffer to append to, and Put takes it back:
//
//	out.Put(record.AppendEvent(out.Buffer(), ev), 1)
func (o *Output) Buffer() []byte { return o.buf }

// Put takes back the buffer with so many lines more in it.
func (o *Output) Put(buf []byte, lines uint64) {
	o.buf = buf
	o.lines += lines
	if len(o.buf) >= blockSize {
		o.Flush()
	}
}

// PutLines writes so many lines from another buffer. Many of them are not copied
// into this one.
func (o *Output) PutLines(text []byte, lines uint64) {
	if len(text) < blockSize/4 {
		o.Put(append(o.buf, text...), lines)
		return
	}
	o.Flush()
	o.write(text)
	o.lines += lines
}

// Failed reports whether a write has failed: what follows is in vain.
func (o *Output) Failed() bool { return o.err != nil }

// Write implements io.Writer.
func (o *Output) Write(p []byte) (int, error) {
	o.Put(append(o.buf, p...), 0)
	return len(p), o.err
}

// WriteString is Write for a string.
func (o *Output) WriteString(s string) { o.Put(append(o.buf, s...), 0) }

// Flush writes what is in the buffer.
func (o *Output) Flush() error {
	o.write(o.buf)
	o.buf = o.buf[:0]
	return o.err
}

func (o *Output) write(rest []byte) {
	for len(rest) > 0 && o.err == nil {
		n, err := unix.Write(o.fd, rest)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			wait()
		case err != nil:
			o.err = err
		default:
			rest = rest[n:]
		}
	}
}

// wait passes a moment where a descriptor that somebody else made non-blocking
// is not ready. Asking the kernel when it will be takes a system call that a
// confined stage does not have.
func wait() { time.Sleep(time.Millisecond) }
