package journal

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// A builder writes a regular file. Its hash tables have one bucket each.
type builder struct {
	h       Header
	b       []byte
	entries []uint64
	texts   []uint64            // data objects that are not packed
	in      map[uint64][]uint64 // the entries that each is in
}

func newBuilder() *builder {
	return &builder{in: map[uint64][]uint64{}, b: make([]byte, 272), h: Header{Keyed: true, FileID: ID{1, 2, 3}}}
}

func (w *builder) object(k kind, flags uint8, body []byte) (offset uint64) {
	offset = uint64(len(w.b))
	w.b = append(w.b, byte(k), flags, 0, 0, 0, 0, 0, 0)
	w.b = binary.LittleEndian.AppendUint64(w.b, objectHeader+uint64(len(body)))
	w.b = append(w.b, body...)
	for len(w.b)%8 != 0 {
		w.b = append(w.b, 0)
	}
	w.h.tail = offset
	w.h.objects++
	return offset
}

// data writes a payload, packed as it stands in the file.
func (w *builder) data(hash uint64, flags uint8, packed []byte) uint64 {
	body := make([]byte, dataPayload-objectHeader, dataPayload+len(packed))
	binary.LittleEndian.PutUint64(body, hash)
	return w.object(kindData, flags, append(body, packed...))
}

func (w *builder) text(payload string) uint64 {
	offset := w.data(w.h.hash([]byte(payload)), 0, []byte(payload))
	w.texts = append(w.texts, offset)
	return offset
}

// put writes a number over what stands there.
func (w *builder) put(at, v uint64) { binary.LittleEndian.PutUint64(w.b[at:], v) }

// link writes the index of the texts.
func (w *builder) link() (fields uint64) {
	heads, last := map[string]uint64{}, uint64(0)
	for _, offset := range w.texts {
		size := binary.LittleEndian.Uint64(w.b[offset+8:])
		name, _, _ := strings.Cut(string(w.b[offset+dataPayload:offset+size]), "=")
		if last != 0 {
			w.put(last+dataNextHash, offset)
		}
		w.put(offset+dataNextField, heads[name])
		heads[name], last = offset, offset
		in := w.in[offset]
		w.put(offset+dataEntries, uint64(len(in)))
		if len(in) > 0 {
			w.put(offset+dataEntry, in[0])
		}
		if len(in) > 1 {
			w.put(offset+dataEntryArray, w.array(in[1:]))
		}
	}
	table := func(k kind, head, tail, at uint64) {
		body := binary.LittleEndian.AppendUint64(nil, head)
		w.put(at, w.object(k, 0, binary.LittleEndian.AppendUint64(body, tail))+objectHeader)
		w.put(at+8, 16)
	}
	if last != 0 {
		table(kindDataTable, w.texts[0], last, 104)
	}
	first := uint64(0)
	last = 0
	for _, name := range slices.Sorted(maps.Keys(heads)) {
		if name == "" {
			continue
		}
		body := make([]byte, fieldPayload-objectHeader)
		binary.LittleEndian.PutUint64(body, w.h.hash([]byte(name)))
		offset := w.object(kindField, 0, append(body, name...))
		w.put(offset+fieldHeadData, heads[name])
		if last != 0 {
			w.put(last+fieldNextHash, offset)
		} else {
			first = offset
		}
		last = offset
		fields++
	}
	table(kindFieldTable, first, last, 120)
	return fields
}

func (w *builder) array(entries []uint64) uint64 {
	body := make([]byte, 8)
	for _, offset := range entries {
		body = binary.LittleEndian.AppendUint64(body, offset)
	}
	return w.object(kindEntryArray, 0, body)
}

func (w *builder) entry(xor uint64, data ...uint64) {
	n := uint64(len(w.entries) + 1)
	var body []byte
	for _, v := range []uint64{n, 1769000000000000 + n, 1000 + n, 7, 7, xor} {
		body = binary.LittleEndian.AppendUint64(body, v)
	}
	for _, offset := range data {
		body = binary.LittleEndian.AppendUint64(body, offset)
		body = append(body, w.b[offset+dataHash:offset+dataHash+8]...)
	}
	offset := w.object(kindEntry, 0, body)
	w.entries = append(w.entries, offset)
	for _, one := range data {
		w.in[one] = append(w.in[one], offset)
	}
}

// file ends the file.
func (w *builder) file() []byte {
	fields, array := w.link(), w.array(w.entries)
	copy(w.b, signature)
	w.b[12] = incompatibleXZ | incompatibleLZ4 | incompatibleZstd | incompatibleKeyed
	copy(w.b[24:], w.h.FileID[:])
	n := uint64(len(w.entries))
	for at, v := range map[int]uint64{
		88: 272, 96: uint64(len(w.b)) - 272, 136: w.h.tail, 144: w.h.objects, 152: n, 160: n, 168: 1, 176: array,
		216: fields,
	} {
		binary.LittleEndian.PutUint64(w.b[at:], v)
	}
	return w.b
}

// packers packs a payload in each of the ways.
func packers(t testing.TB) map[uint8]func(payload []byte) []byte {
	return map[uint8]func([]byte) []byte{
		packedZstd: func(p []byte) []byte {
			w, err := zstd.NewWriter(nil, zstd.WithWindowSize(1<<20), zstd.WithEncoderConcurrency(1))
			if err != nil {
				t.Fatal(err)
			}
			return w.EncodeAll(p, nil)
		},
		packedXZ: func(p []byte) []byte {
			var b bytes.Buffer
			w, err := xz.WriterConfig{DictCap: 1 << 20}.NewWriter(&b)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(p)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		},
		packedLZ4: func(p []byte) []byte {
			out := make([]byte, 8+lz4.CompressBlockBound(len(p)))
			binary.LittleEndian.PutUint64(out, uint64(len(p)))
			n, err := lz4.CompressBlock(p, out[8:], nil)
			if err != nil {
				t.Fatal(err)
			}
			return out[:8+n]
		},
	}
}
