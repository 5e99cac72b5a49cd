package journal

import (
	"encoding/binary"
	"slices"
)

// A Field is one value of a field; a field may have several.
type Field struct {
	Name, Value []byte
	TooLong     bool // the value has more than MaxValue bytes, or the entry more than MaxEntry: it is left out
}

// An Entry is one of a journal. It is valid until the next one.
type Entry struct {
	File *File
	Cursor
	Fields []Field // in the order of the file
}

// maxFields is what systemd-journal-remote takes in an entry, and journald too
// (ENTRY_FIELD_COUNT_MAX).
const maxFields = 1024

// key reads what an entry says of itself before its fields.
func (r *Reader) key(f *File, offset uint64) (c Cursor, err error) {
	_, b, err := r.fixed(f, offset, kindEntry, entryItems)
	if err != nil {
		return c, err
	}
	c = Cursor{
		SeqnumID: f.SeqnumID, Seqnum: binary.LittleEndian.Uint64(b[entrySeqnum:]),
		Realtime: binary.LittleEndian.Uint64(b[entryRealtime:]), Monotonic: binary.LittleEndian.Uint64(b[entryMonotonic:]),
		BootID: ID(b[entryBoot:]), Xor: binary.LittleEndian.Uint64(b[entryXor:]),
	}
	const latest = 1 << 55 // journal-file.h, VALID_REALTIME
	if c.Seqnum == 0 || c.BootID == (ID{}) || c.Realtime == 0 || c.Realtime >= latest || c.Monotonic >= latest {
		return c, faultAt(offset, "an entry with number %d, time %d, monotonic %d, boot %s", c.Seqnum, c.Realtime, c.Monotonic, c.BootID)
	}
	return c, nil
}

// items appends where the data of an entry are, and the hashes noted for them.
func (r *Reader) items(f *File, offset uint64) error {
	o, err := r.object(f, offset)
	if err != nil {
		return err
	}
	size := f.itemSize(16)
	n := (o.size - entryItems) / size
	if n == 0 || n > maxFields {
		return faultAt(offset, "an entry of %d fields", n)
	}
	b, err := r.blocks.read(f, offset+entryItems, int(n*size))
	if err != nil {
		return err
	}
	r.item = r.item[:0]
	for ; len(b) > 0; b = b[size:] {
		var i item
		if f.Compact {
			i.offset = uint64(binary.LittleEndian.Uint32(b))
		} else {
			i.offset, i.hash = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
		}
		if i.offset >= offset { // journald writes them first
			return faultAt(offset, "an entry names data at %d, behind it", i.offset)
		}
		r.item = append(r.item, i)
	}
	return nil
}

type item struct{ offset, hash uint64 }

// load reads the fields of the entry whose items were read.
func (r *Reader) load(f *File, offset uint64, c *Cursor) error {
	r.buf, r.datum, r.entry.Fields = r.buf[:0], r.datum[:0], r.entry.Fields[:0]
	xor, whole := uint64(0), true
	for _, i := range r.item {
		d, err := r.payload(f, i.offset, i.hash)
		if err != nil {
			return err
		}
		xor ^= d.xor
		whole = whole && !d.tooLong
		r.datum = append(r.datum, d)
	}
	if whole && xor != c.Xor && !r.repeated(xor^c.Xor) {
		return faultAt(offset, "an entry of another hash than its fields have")
	}
	for _, d := range r.datum {
		payload := r.buf[d.from:d.to]
		eq := slices.Index(payload, '=')
		r.entry.Fields = append(r.entry.Fields, Field{payload[:eq:eq], payload[eq+1 : len(payload) : len(payload)], d.tooLong})
	}
	r.entry.File, r.entry.Cursor = f, *c
	return nil
}

// repeated reports whether a hash lacks what one or two fields add that were given
// twice: journald keeps these once, and hashes both (journal_file_append_entry).
func (r *Reader) repeated(lacks uint64) bool {
	for i, a := range r.datum {
		if a.xor == lacks {
			return true
		}
		for _, b := range r.datum[:min(i, 64)] {
			if a.xor^b.xor == lacks {
				return true
			}
		}
	}
	return false
}
