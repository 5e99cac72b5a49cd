package journal

import (
	"io"
)

// Small objects are read in blocks: an entry's own payloads stand before it, and
// one pread brings most of them. What one file's blocks hold is forgotten when its
// header is read anew.
const (
	blockSize  = 4 << 10
	blockCount = 512 // 2 MiB for all files together
)

type block struct {
	file       *File
	generation uint64
	number     uint64
	bytes      []byte // shorter at the end of the file
}

type blocks struct {
	slots   [blockCount]block
	scratch []byte
}

// read returns n bytes from an offset, n being a fixed part of an object. They are
// valid until the next call.
func (b *blocks) read(f *File, offset uint64, n int) ([]byte, error) {
	at := int(offset % blockSize)
	first, err := b.block(f, offset/blockSize)
	if err != nil {
		return nil, err
	}
	if at+n <= len(first) {
		return first[at : at+n], nil
	}
	b.scratch = b.scratch[:0]
	for next := offset / blockSize; len(b.scratch) < n; {
		if at >= len(first) {
			return nil, faultAt(offset, "the file ends here")
		}
		b.scratch = append(b.scratch, first[at:min(len(first), at+n-len(b.scratch))]...)
		next, at = next+1, 0
		if len(b.scratch) < n {
			if first, err = b.block(f, next); err != nil {
				return nil, err
			}
		}
	}
	return b.scratch, nil
}

func (b *blocks) block(f *File, number uint64) ([]byte, error) {
	s := &b.slots[number%blockCount]
	if s.file == f && s.number == number && s.generation == f.generation {
		return s.bytes, nil
	}
	if s.bytes == nil {
		s.bytes = make([]byte, blockSize)
	}
	s.file = nil
	n, err := f.r.ReadAt(s.bytes[:blockSize], int64(number*blockSize))
	if err != nil && err != io.EOF {
		return nil, faultAt(number*blockSize, "%v", err)
	}
	s.file, s.number, s.generation, s.bytes = f, number, f.generation, s.bytes[:n]
	return s.bytes, nil
}

// readInto fills dst from an offset.
func (f *File) readInto(dst []byte, offset uint64) error {
	n, err := f.r.ReadAt(dst, int64(offset))
	switch {
	case n == len(dst):
		return nil
	case err == nil || err == io.EOF:
		return faultAt(offset+uint64(n), "the file ends here")
	}
	return faultAt(offset, "%v", err)
}
