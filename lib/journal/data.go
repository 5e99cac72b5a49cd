package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
)

const (
	// MaxValue is the longest value of a field, in bytes.
	MaxValue = 1 << 20
	// MaxEntry bounds the values of an entry together.
	MaxEntry = 4 << 20

	maxName    = 64 // journald's own bound (journal-file-util)
	maxPayload = maxName + 1 + MaxValue
	headSize   = maxName + 1
	packedHead = 192 << 10 // what holds the first block of every packed form

	keptCount = 4096
	keptSize  = 512
)

// A datum is a payload, NAME=VALUE, in the reader's buffer.
type datum struct {
	from, to int
	xor      uint64 // its part of the entry's hash
	tooLong  bool   // the name and "=" alone
}

// kept is a payload that several entries share. Journald never changes one.
type kept struct {
	file      *File
	offset    uint64
	hash, xor uint64
	tooLong   bool
	payload   []byte
}

// payload appends the payload of a data object to the reader's buffer. wanted is
// the hash that the entry notes, 0 where it notes none.
func (r *Reader) payload(f *File, offset, wanted uint64) (d datum, err error) {
	k := &r.kept[(offset>>3^offset>>15)%keptCount]
	if k.file != f || k.offset != offset {
		return r.readPayload(f, offset, wanted, k)
	}
	if wanted != 0 && wanted != k.hash {
		return d, faultAt(offset, "an entry notes another hash for this payload")
	}
	d = datum{from: len(r.buf), xor: k.xor, tooLong: k.tooLong}
	r.buf = append(r.buf, k.payload...)
	d.to = len(r.buf)
	return d, nil
}

func (r *Reader) readPayload(f *File, offset, wanted uint64, k *kept) (d datum, err error) {
	o, b, err := r.fixed(f, offset, kindData, dataPayload)
	if err != nil {
		return d, err
	}
	hash, entries := binary.LittleEndian.Uint64(b[dataHash:]), binary.LittleEndian.Uint64(b[dataEntries:])
	if wanted != 0 && wanted != hash {
		return d, faultAt(offset, "an entry notes another hash for this payload")
	}
	payload, err := r.unpacked(f, &o)
	d.tooLong = errors.Is(err, errTooLong)
	if err != nil && !d.tooLong {
		return d, err
	}
	eq := bytes.IndexByte(payload[:min(len(payload), headSize)], '=')
	if eq < 0 || !isName(payload[:eq]) {
		return d, faultAt(offset, "a payload without the name of a field")
	}
	if !d.tooLong && f.hash(payload) != hash {
		return d, faultAt(offset, "a payload of another hash than is noted")
	}
	if d.tooLong = d.tooLong || len(payload)-eq-1 > MaxValue; !d.tooLong && len(r.buf)+len(payload) > MaxEntry {
		entries = 0 // it is too long for this entry alone
		d.tooLong = true
	}
	if d.tooLong {
		payload = payload[:eq+1]
	} else {
		d.xor = hash
		if f.Keyed {
			d.xor = lookup3(payload)
		}
	}
	if entries > 1 && len(payload) <= keptSize {
		k.file, k.offset, k.hash, k.xor, k.tooLong = f, offset, hash, d.xor, d.tooLong
		k.payload = append(k.payload[:0], payload...)
	}
	d.from = len(r.buf)
	r.buf = append(r.buf, payload...)
	d.to = len(r.buf)
	return d, nil
}

// unpacked returns the payload of a data object, or its beginning with errTooLong.
// It is valid until the next read.
func (r *Reader) unpacked(f *File, o *object) ([]byte, error) {
	at, size := o.offset+f.payloadAt(), o.size-f.payloadAt()
	switch {
	case o.flags != 0:
		return r.unpack(f, o, at, size)
	case size > maxPayload:
		return r.long(f, o, at, size)
	case size <= blockSize:
		return r.blocks.read(f, at, int(size))
	}
	return r.large(f, at, size)
}

// unpack unpacks a payload of size bytes.
func (r *Reader) unpack(f *File, o *object, at, size uint64) ([]byte, error) {
	whole := size <= maxPayload
	if !whole {
		size = packedHead
	}
	packed, err := r.large(f, at, size)
	if err != nil {
		return nil, err
	}
	if whole {
		out, err := r.unpacker.unpack(o.flags, packed)
		if err == nil {
			return out, nil
		}
		if !errors.Is(err, errTooLong) {
			return nil, faultAt(o.offset, "a packed payload: %v", err)
		}
	}
	head, err := r.unpacker.unpackHead(o.flags, packed, whole)
	if err != nil {
		return nil, faultAt(o.offset, "a packed payload: %v", err)
	}
	return head, errTooLong
}

// long reads a payload that is too long, in parts, to hold it against its hash, and
// returns its beginning.
func (r *Reader) long(f *File, o *object, at, size uint64) ([]byte, error) {
	const part = 24 << 10 // whole blocks of both hashes
	b, err := r.blocks.read(f, o.offset, dataPayload)
	if err != nil {
		return nil, err
	}
	noted := binary.LittleEndian.Uint64(b[dataHash:])
	// No honest file has more of them than it is long; each may be read twice.
	if f.hashed += size; f.hashed > 2*f.end {
		return nil, faultAt(o.offset, "too many payloads that are too long")
	}
	keyed, plain, hash := sipStart(&f.FileID), lookup3Start(size), uint64(0)
	for end := at + size; at < end; {
		b, err := r.large(f, at, min(part, end-at))
		if err != nil {
			return nil, err
		}
		at += uint64(len(b))
		switch last := at == end; {
		case f.Keyed && last:
			whole := len(b) &^ 7
			keyed.blocks(b[:whole])
			hash = keyed.end(b[whole:], size)
		case f.Keyed:
			keyed.blocks(b)
		case last:
			before := (len(b) - 1) / 12 * 12
			plain.blocks(b[:before])
			hash = plain.end(b[before:])
		default:
			plain.blocks(b)
		}
	}
	if hash != noted {
		return nil, faultAt(o.offset, "a payload of another hash than is noted")
	}
	b, err = r.blocks.read(f, o.offset+f.payloadAt(), headSize)
	if err != nil {
		return nil, err
	}
	return b, errTooLong
}

// large reads what is longer than a block.
func (r *Reader) large(f *File, at, size uint64) ([]byte, error) {
	if uint64(cap(r.packed)) < size {
		r.packed = make([]byte, size)
	}
	r.packed = r.packed[:size]
	return r.packed, f.readInto(r.packed, at)
}

// isName reports whether a field may have this name (journal_field_valid): it can
// then not be taken for anything else in the export format.
func isName(name []byte) bool {
	for _, c := range name {
		if c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(name) > 0 && len(name) <= maxName
}
