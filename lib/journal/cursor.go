package journal

import (
	"cmp"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
)

// A Cursor is the place of an entry, as journalctl writes it.
type Cursor struct {
	SeqnumID  ID
	Seqnum    uint64
	BootID    ID
	Monotonic uint64 // microseconds since that boot
	Realtime  uint64 // microseconds since 1970, when journald took the entry
	Xor       uint64 // a hash of the fields
}

// String is the text of __CURSOR=.
func (c *Cursor) String() string { return string(c.appendText(nil)) }

func (c *Cursor) appendText(dst []byte) []byte {
	dst = hex.AppendEncode(append(dst, "s="...), c.SeqnumID[:])
	dst = strconv.AppendUint(append(dst, ";i="...), c.Seqnum, 16)
	dst = hex.AppendEncode(append(dst, ";b="...), c.BootID[:])
	dst = strconv.AppendUint(append(dst, ";m="...), c.Monotonic, 16)
	dst = strconv.AppendUint(append(dst, ";t="...), c.Realtime, 16)
	return strconv.AppendUint(append(dst, ";x="...), c.Xor, 16)
}

// ParseCursor reads such a text; all six parts must be there, once.
func ParseCursor(text string) (c Cursor, err error) {
	parts := strings.Split(text, ";")
	seen := map[byte]bool{}
	for _, part := range parts {
		if len(part) < 3 || part[1] != '=' || seen[part[0]] {
			return Cursor{}, errCursor
		}
		seen[part[0]] = true
		switch value := part[2:]; part[0] {
		case 's':
			err = parseID(&c.SeqnumID, value)
		case 'b':
			err = parseID(&c.BootID, value)
		case 'i':
			c.Seqnum, err = strconv.ParseUint(value, 16, 64)
		case 'm':
			c.Monotonic, err = strconv.ParseUint(value, 16, 64)
		case 't':
			c.Realtime, err = strconv.ParseUint(value, 16, 64)
		case 'x':
			c.Xor, err = strconv.ParseUint(value, 16, 64)
		default:
			err = errCursor
		}
		if err != nil {
			return Cursor{}, errCursor
		}
	}
	if len(seen) != 6 {
		return Cursor{}, errCursor
	}
	return c, nil
}

var errCursor = errors.New("not a cursor of the journal: s=ID;i=N;b=ID;m=N;t=N;x=N, numbers in hex")

func parseID(id *ID, text string) error {
	if len(text) != 2*len(id) {
		return errCursor
	}
	_, err := hex.Decode(id[:], []byte(text))
	return err
}

// compare orders entries of different files as sd-journal does
// (journal_file_compare_locations): by number where one writer numbered them, else
// by the clock that they share. 0 is the same entry, or its copy in another writer's
// file.
func (c *Cursor) compare(d *Cursor) int {
	if *c == *d {
		return 0
	}
	n := 0
	if c.SeqnumID == d.SeqnumID {
		n = cmp.Compare(c.Seqnum, d.Seqnum)
	}
	if n == 0 && c.BootID == d.BootID {
		n = cmp.Compare(c.Monotonic, d.Monotonic)
	}
	if n == 0 {
		n = cmp.Compare(c.Realtime, d.Realtime)
	}
	if n == 0 {
		n = cmp.Compare(c.Xor, d.Xor)
	}
	return n
}
