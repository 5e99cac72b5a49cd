package stage

import (
	"bytes"
	"io"

	"golang.org/x/sys/unix"
)

// Blocks reads a descriptor in blocks of whole lines. Memory is bounded: a line
// over the limit is skipped to its end and reported, never cut in silence.
type Blocks struct {
	fd     int
	limit  int    // bytes of a line, without its newline
	before func() // called just before each read
	buf    []byte
	start  int // buf[start:end] was read and not yet returned
	end    int
	eof    bool
	offset uint64 // bytes returned or skipped

	growing bool // there may be more behind the end
	inLong  bool // growing ended within a line over the limit
}

// LongError reports one line over the limit. It is returned instead of a block;
// reading goes on behind the line.
type LongError struct {
	Limit int    // bytes
	Head  []byte // how the line starts, valid until the next call of Next
}

func (e *LongError) Error() string { return "line too long" }

// NewBlocks reads fd in lines of up to limit bytes. before is called just before
// each read, which may block: the place to flush an output. Blocks are so large
// that a file, which never blocks, does not pay for it.
func NewBlocks(fd, limit int, before func()) *Blocks {
	return &Blocks{fd: fd, limit: limit, before: before, buf: make([]byte, blockSize)}
}

// Grow says that the input may grow: at its end Next returns io.EOF, and when it is
// called again, reads on. A last line without a newline is kept until it has one, or
// until Grow(false).
func (b *Blocks) Grow(may bool) { b.growing, b.eof = may, false }

// Next returns the next block: one line or more, each with its newline; only the
// last line of the input may lack it. The block is valid until the next call.
// At the end of the input err is io.EOF, for one line over the limit *LongError.
func (b *Blocks) Next() ([]byte, error) {
	for {
		if b.inLong {
			if err := b.skipRest(); err != nil {
				return nil, err
			}
		}
		if n := bytes.LastIndexByte(b.buf[b.start:b.end], '\n') + 1; n > 0 {
			return b.take(n)
		}
		if b.end-b.start > b.limit {
			return nil, b.skipLong()
		}
		if b.eof {
			if b.start < b.end && !b.growing {
				return b.take(b.end - b.start)
			}
			b.eof = !b.growing
			return nil, io.EOF
		}
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
}

// take returns the next n bytes, or those before a line over the limit, or that
// line as an error. It looks at the last newline of each stretch as long as the
// limit, not at every line.
func (b *Blocks) take(n int) ([]byte, error) {
	block := b.buf[b.start : b.start+n]
	for from := 0; from < n; {
		stretch := block[from:min(n, from+b.limit+1)]
		if i := bytes.LastIndexByte(stretch, '\n'); i >= 0 {
			from += i + 1
			continue
		}
		if len(stretch) <= b.limit {
			break // the last line of the input, without a newline
		}
		if from > 0 {
			n = from
			break
		}
		line := bytes.IndexByte(block, '\n') + 1
		if line == 0 {
			line = n
		}
		b.advance(line)
		return nil, &LongError{b.limit, block[:headSize]}
	}
	b.advance(n)
	return block[:n], nil
}

// headSize bounds LongError.Head, in bytes; no limit is smaller.
const headSize = 256

// skipLong drops a line whose end is not in the buffer.
func (b *Blocks) skipLong() error {
	head := bytes.Clone(b.buf[b.start:min(b.end, b.start+headSize)])
	if err := b.skipRest(); err != nil && err != io.EOF {
		return err
	}
	return &LongError{b.limit, head}
}

// skipRest drops what is left of a line over the limit. Of an input that may grow
// the line may have no end yet: then it is io.EOF, and the rest is dropped when it
// comes.
func (b *Blocks) skipRest() error {
	for {
		i := bytes.IndexByte(b.buf[b.start:b.end], '\n')
		b.inLong = i < 0
		if i >= 0 {
			b.advance(i + 1)
			return nil
		}
		b.advance(b.end - b.start)
		if b.eof {
			b.inLong, b.eof = b.growing, !b.growing
			return io.EOF
		}
		if err := b.fill(); err != nil {
			return err
		}
	}
}

func (b *Blocks) advance(n int) {
	b.start += n
	b.offset += uint64(n)
}

// Offset returns how many bytes of the input were returned or skipped.
func (b *Blocks) Offset() uint64 { return b.offset }

// fill reads once, after making room for it.
func (b *Blocks) fill() error {
	if b.start > 0 {
		copy(b.buf, b.buf[b.start:b.end])
		b.end -= b.start
		b.start = 0
	}
	if b.end == len(b.buf) { // one line fills it
		bigger := make([]byte, min(2*len(b.buf), b.limit+blockSize))
		copy(bigger, b.buf[:b.end])
		b.buf = bigger
	}
	if b.before != nil {
		b.before()
	}
	n, err := read(b.fd, b.buf[b.end:])
	if err != nil {
		return err
	}
	b.eof = n == 0
	b.end += n
	return nil
}

// read reads once; 0 is the end of the input.
func read(fd int, buf []byte) (int, error) {
	for {
		n, err := unix.Read(fd, buf)
		switch err {
		case unix.EINTR:
		case unix.EAGAIN:
			wait()
		default:
			return n, err
		}
	}
}

// CountLines returns how many lines a block has.
func CountLines(block []byte) uint64 {
	n := bytes.Count(block, []byte{'\n'})
	if len(block) > 0 && block[len(block)-1] != '\n' {
		n++
	}
	return uint64(n)
}
