package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz/lzma"
)

// An unpacker unpacks payloads. What it takes and gives is bounded; the checksums of
// the packed forms are not looked at, since the payload has its own hash.
type unpacker struct {
	zstd *zstd.Decoder
	head *zstd.Decoder // for the beginning of what is too long
	out  []byte
}

// Windows and dictionaries: systemd packs with windows of at most 2 MiB in zstd, and
// dictionaries of 1 MiB in xz (compress.c).
const maxWindow = 8 << 20

// maxUnpacked bounds what a packed payload is unpacked to.
const maxUnpacked = 4 << 20

// errTooLong says that a payload has more than maxUnpacked bytes, or, where it is
// not packed, more than maxPayload.
var errTooLong = errors.New("too long")

// unpack returns a payload; it is valid until the next call.
func (u *unpacker) unpack(flag uint8, packed []byte) ([]byte, error) {
	switch flag {
	case packedXZ:
		return u.unpackXZ(packed)
	case packedLZ4:
		return u.unpackLZ4(packed)
	}
	return u.unpackZstd(packed)
}

// unpackHead returns the first bytes of a payload that is too long. packed may be
// its beginning alone, which whole denies. A payload that ends after all only said
// that it was long.
func (u *unpacker) unpackHead(flag uint8, packed []byte, whole bool) (head []byte, err error) {
	switch flag {
	case packedXZ:
		head, err = u.unpackXZ(packed)
	case packedLZ4:
		return headLZ4(packed, whole)
	default:
		head, err = u.headZstd(packed)
	}
	switch {
	case err == nil:
		return nil, errShort
	case errors.Is(err, errTooLong), !whole && errors.Is(err, io.ErrUnexpectedEOF):
		return head[:min(len(head), headSize)], nil
	}
	return nil, err
}

var errShort = errors.New("it is shorter than it says")

// headZstd unpacks as it goes, whatever length the frame's header says.
func (u *unpacker) headZstd(packed []byte) (head []byte, err error) {
	if u.head == nil {
		if u.head, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow)); err != nil {
			return nil, err
		}
	}
	if err := u.head.Reset(bytes.NewReader(packed)); err != nil {
		return nil, err
	}
	defer u.head.Reset(nil) // drops packed
	return u.readAll(u.head)
}

// readAll reads to the end, or errTooLong.
func (u *unpacker) readAll(r io.Reader) ([]byte, error) {
	u.out = u.out[:0]
	for {
		if len(u.out) == cap(u.out) {
			u.out = append(u.out, 0)[:len(u.out)]
		}
		n, err := r.Read(u.out[len(u.out):min(cap(u.out), maxUnpacked+1)])
		u.out = u.out[:len(u.out)+n]
		switch {
		case len(u.out) > maxUnpacked:
			return u.out, errTooLong
		case err == io.EOF:
			return u.out, nil
		case err != nil:
			return u.out, err
		}
	}
}

func (u *unpacker) unpackZstd(packed []byte) (out []byte, err error) {
	if u.zstd == nil {
		if u.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxUnpacked)); err != nil {
			return nil, err
		}
	}
	u.out, err = u.zstd.DecodeAll(packed, u.out[:0])
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) {
		err = errTooLong
	}
	return u.out, err
}

// unpackLZ4 reads a block with its unpacked length in eight bytes before it.
func (u *unpacker) unpackLZ4(packed []byte) ([]byte, error) {
	if len(packed) < 9 {
		return nil, io.ErrUnexpectedEOF
	}
	size := binary.LittleEndian.Uint64(packed)
	if size > maxUnpacked {
		return nil, errTooLong
	}
	if uint64(cap(u.out)) < size {
		u.out = make([]byte, size)
	}
	u.out = u.out[:size]
	n, err := lz4.UncompressBlock(packed[8:], u.out)
	if err == nil && uint64(n) != size {
		err = io.ErrUnexpectedEOF
	}
	return u.out, err
}

// headLZ4 returns the bytes that a block begins with, as they stand in it, and holds
// the length of all its sequences against the one that it says. A sequence is a
// token, its upper half the number of bytes that follow, its lower half that of
// bytes to repeat, less 4; an offset stands between them (lz4_Block_format.md).
func headLZ4(packed []byte, whole bool) (head []byte, err error) {
	if len(packed) < 9 {
		return nil, io.ErrUnexpectedEOF
	}
	says, rest, total := binary.LittleEndian.Uint64(packed), packed[8:], uint64(0)
	for len(rest) > 0 {
		token := rest[0]
		var literals, repeats uint64
		literals, rest = lengthLZ4(token>>4, rest[1:])
		if literals > uint64(len(rest)) {
			if whole {
				return nil, io.ErrUnexpectedEOF
			}
			literals = uint64(len(rest))
		}
		if total == 0 {
			head = rest[:min(literals, headSize)]
		}
		total, rest = total+literals, rest[literals:]
		if len(rest) < 2 {
			break
		}
		repeats, rest = lengthLZ4(token&15, rest[2:])
		total += repeats + 4
	}
	if total > says || whole && total != says {
		return nil, errShort
	}
	return head, nil
}

// lengthLZ4 reads a length of which a token holds up to 15.
func lengthLZ4(half byte, rest []byte) (uint64, []byte) {
	n := uint64(half)
	for more := half == 15; more && len(rest) > 0; rest = rest[1:] {
		n += uint64(rest[0])
		more = rest[0] == 255
	}
	return n, rest
}

// unpackXZ reads the first block of the first stream, which is all that systemd
// writes (xz-file-format.txt): the length of its dictionary is in the block's
// header, and the library believes whatever stands there.
func (u *unpacker) unpackXZ(packed []byte) ([]byte, error) {
	dictionary, body, err := blockXZ(packed)
	if err != nil {
		return nil, err
	}
	r, err := lzma.Reader2Config{DictCap: dictionary}.NewReader2(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return u.readAll(r)
}

var (
	magicXZ    = []byte("\xfd7zXZ\x00")
	errBlockXZ = errors.New("not an xz block as systemd writes it")
)

// blockXZ returns the dictionary of the first block, and the LZMA2 chunks with what
// follows them.
func blockXZ(packed []byte) (dictionary int, body []byte, err error) {
	const streamHeader = 12
	if len(packed) < streamHeader+8 || !bytes.HasPrefix(packed, magicXZ) {
		return 0, nil, errBlockXZ
	}
	block := packed[streamHeader:]
	size := (int(block[0]) + 1) * 4
	if block[0] == 0 || size > len(block) {
		return 0, nil, errBlockXZ
	}
	body, block = block[size:], block[:size]
	flags, fields := block[1], block[2:]
	if flags&0x3f != 0 { // more filters than one
		return 0, nil, errBlockXZ
	}
	for _, has := range [2]byte{0x40, 0x80} { // packed size, unpacked size
		if flags&has != 0 {
			_, n := binary.Uvarint(fields)
			if n <= 0 {
				return 0, nil, errBlockXZ
			}
			fields = fields[n:]
		}
	}
	if len(fields) < 3 || fields[0] != 0x21 || fields[1] != 1 || fields[2] > 40 { // LZMA2
		return 0, nil, errBlockXZ
	}
	bits := fields[2]
	if bits > 22 { // 8 MiB
		return 0, nil, errors.New("an xz dictionary of more than 8 MiB")
	}
	return int(2|bits&1) << (bits/2 + 11), body, nil
}
