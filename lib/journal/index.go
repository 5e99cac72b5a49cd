package journal

import (
	"bytes"
	"encoding/binary"
)

// A Match is a field and its value; an entry that has any of several is read.
type Match struct{ Name, Value string }

func (m *Match) payload() []byte { return []byte(m.Name + "=" + m.Value) }

// fieldTransport says how an entry came to journald, which puts exactly one into each
// (systemd.journal-fields(7)).
const fieldTransport = "_TRANSPORT"

// lookup returns the data objects of the matches, 0 for those that no entry has. Both
// ways to them must lead to the same ones.
func (r *Reader) lookup(f *File) ([]uint64, error) {
	data := make([]uint64, len(r.matches))
	if f.dataTable == 0 && f.HeadSeqnum == 0 && f.Entries == 0 {
		return data, nil // journald is making it
	}
	heads, err := r.fields(f)
	if err != nil {
		return nil, err
	}
	for i := range r.matches {
		if data[i], err = r.find(f, r.matches[i].payload()); err != nil {
			return nil, err
		}
	}
	for name, head := range heads {
		if err := r.values(f, name, head, data); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// find looks a payload up in the data hash table.
func (r *Reader) find(f *File, payload []byte) (uint64, error) {
	hash := f.hash(payload)
	buckets, err := r.table(f, kindDataTable)
	if err != nil {
		return 0, err
	}
	head, tail, err := r.bucket(f, kindDataTable, hash%buckets)
	if err != nil {
		return 0, err
	}
	before := uint64(0)
	for offset := head; offset != 0; {
		if offset <= before { // journald appends them
			return 0, faultAt(before, "a bucket's list goes back to %d", offset)
		}
		o, b, err := r.fixed(f, offset, kindData, dataPayload)
		if err != nil {
			return 0, err
		}
		noted, next := binary.LittleEndian.Uint64(b[dataHash:]), binary.LittleEndian.Uint64(b[dataNextHash:])
		if noted%buckets != hash%buckets {
			return 0, faultAt(offset, "a payload in another's bucket")
		}
		if noted == hash {
			if same, err := r.is(f, &o, payload); same || err != nil {
				return offset, err
			}
		}
		before, offset = offset, next
	}
	if before != tail && f.State != Online {
		return 0, faultAt(before, "a bucket's list ends before its tail at %d", tail)
	}
	return 0, nil
}

// is reports whether a data object has this payload.
func (r *Reader) is(f *File, o *object, payload []byte) (bool, error) {
	if o.flags == 0 && o.size-f.payloadAt() != uint64(len(payload)) {
		return false, nil
	}
	b, err := r.unpacked(f, o)
	if err == errTooLong {
		return false, nil
	}
	return bytes.Equal(b, payload), err
}

// table returns how many buckets a table has, which the header and the object say.
func (r *Reader) table(f *File, want kind) (buckets uint64, err error) {
	offset, size := f.dataTable, f.dataTableLen
	if want == kindFieldTable {
		offset, size = f.fieldTable, f.fieldLen
	}
	o, _, err := r.fixed(f, offset-objectHeader, want, objectHeader)
	if err != nil {
		return 0, err
	}
	if o.size != objectHeader+size || size == 0 {
		return 0, faultAt(offset, "a hash table of %d bytes in an object of %d", size, o.size)
	}
	return size / 16, nil
}

func (r *Reader) bucket(f *File, want kind, n uint64) (head, tail uint64, err error) {
	at := f.dataTable
	if want == kindFieldTable {
		at = f.fieldTable
	}
	b, err := r.blocks.read(f, at+n*16, 16)
	if err != nil {
		return 0, 0, err
	}
	head, tail = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	if (head == 0) != (tail == 0) && f.State != Online {
		return 0, 0, faultAt(at+n*16, "a bucket from %d to %d", head, tail)
	}
	return head, tail, nil
}

// fields goes through the whole hash table of fields, and returns for each field
// that is matched the first of its values, 0 where the file has none.
func (r *Reader) fields(f *File) (heads map[string]uint64, err error) {
	heads = map[string]uint64{}
	for _, m := range r.matches {
		heads[m.Name] = 0
	}
	buckets, err := r.table(f, kindFieldTable)
	if err != nil {
		return nil, err
	}
	count := uint64(0)
	for n := range buckets {
		offset, _, err := r.bucket(f, kindFieldTable, n)
		if err != nil {
			return nil, err
		}
		for before := uint64(0); offset != 0; count++ {
			if offset <= before {
				return nil, faultAt(before, "a bucket's list goes back to %d", offset)
			}
			before = offset
			if offset, err = r.field(f, offset, heads); err != nil {
				return nil, err
			}
		}
	}
	if f.hasData && (count < f.Header.fields || count > f.Header.fields && f.State != Online) {
		return nil, faultAt(f.fieldTable, "a hash table of %d fields in place of %d", count, f.Header.fields)
	}
	return heads, nil
}

// field notes the first value of a field that is matched, and returns the next one
// of its bucket.
func (r *Reader) field(f *File, offset uint64, heads map[string]uint64) (next uint64, err error) {
	o, b, err := r.fixed(f, offset, kindField, fieldPayload)
	if err != nil {
		return 0, err
	}
	next, head := binary.LittleEndian.Uint64(b[fieldNextHash:]), binary.LittleEndian.Uint64(b[fieldHeadData:])
	hash := binary.LittleEndian.Uint64(b[fieldHash:])
	if o.size-fieldPayload > maxName {
		return next, nil
	}
	name, err := r.blocks.read(f, offset+fieldPayload, int(o.size-fieldPayload))
	if err != nil {
		return 0, err
	}
	if _, wanted := heads[string(name)]; wanted {
		if f.hash(name) != hash {
			return 0, faultAt(offset, "the name of a field has another hash than is noted")
		}
		heads[string(name)] = head
	}
	return next, nil
}

// values goes through the list of a field's values, the newest first, and holds
// what the hash table found against it.
func (r *Reader) values(f *File, name string, head uint64, data []uint64) error {
	entries, seen := uint64(0), make([]bool, len(data))
	for offset := head; offset != 0; {
		o, b, err := r.fixed(f, offset, kindData, dataPayload)
		if err != nil {
			return err
		}
		hash, n := binary.LittleEndian.Uint64(b[dataHash:]), binary.LittleEndian.Uint64(b[dataEntries:])
		next := binary.LittleEndian.Uint64(b[dataNextField:])
		if next >= offset { // journald puts the new ones first
			return faultAt(offset, "the list of the values of %s goes on to %d", name, next)
		}
		if entries += n; entries < n {
			return faultAt(offset, "a payload of %d entries", n)
		}
		if err := r.named(f, &o, name); err != nil {
			return err
		}
		for i := range r.matches {
			m := &r.matches[i]
			if m.Name != name || r.hashOf(f, i) != hash && o.flags != 0 {
				continue
			}
			// where the file's id is wrong, so are all hashes that are made with it
			same, err := r.is(f, &o, m.payload())
			if err != nil {
				return err
			}
			if same && data[i] != offset {
				return faultAt(offset, "%s=%s is not what the hash table names", m.Name, m.Value)
			}
			seen[i] = seen[i] || same
		}
		offset = next
	}
	for i, offset := range data {
		if r.matches[i].Name == name && offset != 0 && !seen[i] {
			return faultAt(offset, "%s=%s is not among the values of its field", name, r.matches[i].Value)
		}
	}
	if name == fieldTransport && !f.accounts(entries) {
		return faultAt(head, "the values of %s account for %d of %d entries", name, entries, f.Entries)
	}
	return nil
}

// named checks that a payload is a value of a field, where it is not packed.
func (r *Reader) named(f *File, o *object, name string) error {
	if o.flags != 0 {
		return nil
	}
	n := min(uint64(len(name)+1), o.size-f.payloadAt())
	b, err := r.blocks.read(f, o.offset+f.payloadAt(), int(n))
	if err == nil && string(b) != name+"=" {
		err = faultAt(o.offset, "a payload among the values of %s is none", name)
	}
	return err
}

// accounts reports whether a count of entries is that of the header. In a file that
// is written to, or that its writer left, the last entry may be half linked.
func (f *File) accounts(entries uint64) bool {
	if f.State == Online {
		return entries+1 >= f.Entries
	}
	return entries == f.Entries
}
