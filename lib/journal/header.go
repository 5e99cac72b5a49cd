package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// An ID is one of 128 bits: of a machine, a boot, a file.
type ID [16]byte

func (id ID) String() string { return hex.EncodeToString(id[:]) }

// State says what the writer of a file was doing.
type State uint8

// The states that the format has.
const (
	Offline  State = iota // closed
	Online                // being written, or its writer died
	Archived              // rotated
)

// A Header is what a file says of itself.
type Header struct {
	State                   State
	FileID, MachineID       ID
	SeqnumID                ID // of the writer, who numbers all entries of its files in one row
	Compact, Keyed, Sealed  bool
	HeadSeqnum, TailSeqnum  uint64
	HeadTime, TailTime      uint64 // microseconds since 1970
	Entries                 uint64
	xz, lz4, zstd           bool
	size, end               uint64 // of the header; of what the file uses
	tail                    uint64 // the last object
	objects, data, fields   uint64
	hasData                 bool // data and fields are known (since systemd 187)
	dataTable, dataTableLen uint64
	fieldTable, fieldLen    uint64
	entryArray              uint64
}

// Header flags (journal-def.h).
const (
	incompatibleXZ      = 1 << 0
	incompatibleLZ4     = 1 << 1
	incompatibleKeyed   = 1 << 2
	incompatibleZstd    = 1 << 3
	incompatibleCompact = 1 << 4
	incompatibleKnown   = 1<<5 - 1
	compatibleSealed    = 1 << 0

	oldestHeader = 208 // up to n_data
	headerRead   = 224 // up to n_tags
)

var signature = []byte("LPKSHHRH")

// A File is one journal file. It holds no buffers: those are the [Reader]'s.
type File struct {
	Header
	r          io.ReaderAt
	generation uint64 // how often the header was read
	hashed     uint64 // bytes of payloads that are too long
}

// Open reads a file's header. An error says why this is no journal that can be read.
func Open(r io.ReaderAt) (*File, error) {
	f := &File{r: r}
	if err := f.refresh(); err != nil {
		return nil, err
	}
	return f, nil
}

// refresh reads the header anew.
func (f *File) refresh() error {
	var raw [headerRead]byte
	n, err := f.r.ReadAt(raw[:], 0)
	if err != nil && err != io.EOF {
		return err
	}
	if n == 0 {
		return errors.New("is empty")
	}
	h, err := parseHeader(raw[:n])
	if err != nil {
		return err
	}
	if f.generation > 0 && h.FileID != f.FileID {
		return errors.New("is another journal now")
	}
	f.Header = h
	f.generation++
	return nil
}

func parseHeader(b []byte) (h Header, err error) {
	if !bytes.HasPrefix(b, signature) {
		return h, errors.New("is no journal: its signature is not LPKSHHRH")
	}
	if len(b) < oldestHeader {
		return h, fmt.Errorf("the header is cut after %d bytes", len(b))
	}
	u64 := func(at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
	compatible, incompatible := binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint32(b[12:])
	if unknown := incompatible &^ incompatibleKnown; unknown != 0 {
		return h, fmt.Errorf("the journal has features that are not known here (incompatible flags %#x)", unknown)
	}
	if b[16] > uint8(Archived) {
		return h, fmt.Errorf("the header's state is %d", b[16])
	}
	h = Header{
		State: State(b[16]), FileID: ID(b[24:]), MachineID: ID(b[40:]), SeqnumID: ID(b[72:]),
		Sealed: compatible&compatibleSealed != 0, Compact: incompatible&incompatibleCompact != 0,
		Keyed: incompatible&incompatibleKeyed != 0, xz: incompatible&incompatibleXZ != 0,
		lz4: incompatible&incompatibleLZ4 != 0, zstd: incompatible&incompatibleZstd != 0,
		size: u64(88), dataTable: u64(104), dataTableLen: u64(112), fieldTable: u64(120), fieldLen: u64(128),
		tail: u64(136), objects: u64(144), Entries: u64(152), TailSeqnum: u64(160), HeadSeqnum: u64(168),
		entryArray: u64(176), HeadTime: u64(184), TailTime: u64(192),
	}
	if h.size >= headerRead && len(b) >= headerRead {
		h.hasData, h.data, h.fields = true, u64(208), u64(216)
	}
	arena := u64(96)
	h.end = h.size + arena
	switch {
	case h.size < oldestHeader || h.size%8 != 0 || h.size > 1<<16:
		return h, fmt.Errorf("the header says that it has %d bytes", h.size)
	case h.end < arena || h.end > 1<<62:
		return h, fmt.Errorf("the header says that the file has %d bytes more", arena)
	case h.tail != 0 && (h.tail%8 != 0 || h.tail < h.size || h.tail >= h.end):
		return h, fmt.Errorf("the header says that the last object is at %d", h.tail)
	case h.Entries > h.objects || h.Entries > h.end/entryItems:
		return h, fmt.Errorf("the header says that there are %d entries, in %d objects", h.Entries, h.objects)
	}
	return h, nil
}
