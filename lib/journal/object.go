package journal

import "encoding/binary"

// kind is the type of an object.
type kind uint8

const (
	kindData kind = 1 + iota
	kindField
	kindEntry
	kindDataTable
	kindFieldTable
	kindEntryArray
	kindTag
)

// Offsets within objects (journal-def.h).
const (
	objectHeader = 16

	dataHash         = 16
	dataNextHash     = 24
	dataNextField    = 32
	dataEntry        = 40
	dataEntryArray   = 48
	dataEntries      = 56
	dataPayload      = 64
	dataPayloadSmall = 72 // in compact files

	fieldHash     = 16
	fieldNextHash = 24
	fieldHeadData = 32
	fieldPayload  = 40

	entrySeqnum    = 16
	entryRealtime  = 24
	entryMonotonic = 32
	entryBoot      = 40
	entryXor       = 56
	entryItems     = 64

	arrayNext  = 16
	arrayItems = 24

	tagSize = 64
)

// Flags of a data object, and those of the header that must go with them.
const (
	packedXZ   = 1 << 0
	packedLZ4  = 1 << 1
	packedZstd = 1 << 2
)

// An object is the head of one.
type object struct {
	offset, size uint64
	kind         kind
	flags        uint8
}

// next returns where the next object begins.
func (o *object) next() uint64 { return (o.offset + o.size + 7) &^ 7 }

// object reads the head of an object, which lies whole within the file.
func (r *Reader) object(f *File, offset uint64) (o object, err error) {
	if offset%8 != 0 || offset < f.size || offset > f.end-objectHeader {
		return o, faultAt(offset, "no object can be here")
	}
	b, err := r.blocks.read(f, offset, objectHeader)
	if err != nil {
		return o, err
	}
	o = object{offset: offset, size: binary.LittleEndian.Uint64(b[8:]), kind: kind(b[0]), flags: b[1]}
	if o.size > f.end-offset {
		return o, faultAt(offset, "an object of %d bytes reaches beyond the end", o.size)
	}
	return o, f.check(&o)
}

// check holds an object's size and flags against its kind.
func (f *File) check(o *object) error {
	items, item := uint64(0), uint64(1)
	switch o.kind {
	case kindData:
		items = f.payloadAt() + 1
	case kindField:
		items = fieldPayload + 1
	case kindEntry:
		items, item = entryItems, f.itemSize(16)
	case kindEntryArray:
		items, item = arrayItems, f.itemSize(8)
	case kindDataTable, kindFieldTable:
		items, item = objectHeader, 16
	case kindTag:
		items, item = tagSize, tagSize
	default:
		return faultAt(o.offset, "an object of type %d", o.kind)
	}
	if o.size < items || (o.size-items)%item != 0 {
		return faultAt(o.offset, "an object of type %d has %d bytes", o.kind, o.size)
	}
	allowed := uint8(0)
	if o.kind == kindData {
		for _, p := range []struct {
			has  bool
			flag uint8
		}{{f.xz, packedXZ}, {f.lz4, packedLZ4}, {f.zstd, packedZstd}} {
			if p.has {
				allowed |= p.flag
			}
		}
	}
	if o.flags&^allowed != 0 || o.flags&(o.flags-1) != 0 {
		return faultAt(o.offset, "an object of type %d has flags %#x", o.kind, o.flags)
	}
	return nil
}

// itemSize returns how long an item is: four bytes in compact files.
func (f *File) itemSize(regular uint64) uint64 {
	if f.Compact {
		return 4
	}
	return regular
}

func (f *File) payloadAt() uint64 {
	if f.Compact {
		return dataPayloadSmall
	}
	return dataPayload
}

// fixed reads the head of an object of a kind, and the n bytes that it begins with.
// They are valid until the next read.
func (r *Reader) fixed(f *File, offset uint64, want kind, n int) (o object, b []byte, err error) {
	if o, err = r.object(f, offset); err != nil {
		return o, nil, err
	}
	if o.kind != want {
		return o, nil, faultAt(offset, "an object of type %d stands where one of type %d belongs", o.kind, want)
	}
	b, err = r.blocks.read(f, offset, n)
	return o, b, err
}
