package kernlog

import (
	"bytes"
	"encoding/binary"
	"iter"

	"github.com/sl-suite/sl/lib/record"
)

// An Export reads the Journal Export Format, which "journalctl -o export"
// writes: a field is a line NAME=VALUE, or, where the value may hold a newline,
// the line NAME, the value's length in eight bytes, lowest first, the value and
// a newline; an empty line ends the entry (systemd.io/JOURNAL_EXPORT_FORMATS).
//
// Values of other fields than those of an [Entry] are passed over, however long,
// and of these at most 64 KiB are kept. The first error ends the reading for
// good: past it, text of a stranger could look like fields.
type Export struct {
	entry  Entry
	any    bool // the entry has a field
	state  exportState
	line   []byte // with inLine: as far as it was read; bounded
	field  entryField
	wanted bool   // the value's field is read
	value  []byte // as far as it was read; bounded
	left   uint64 // bytes to come, of the length or the value
	length [8]byte
	err    error
}

type exportState uint8

const (
	inLine exportState = iota
	inLength
	inValue
	inNewline
)

// maxEntryName bounds a field's name, in bytes: journald allows 64.
const maxEntryName = 64

// Entries takes the next part of the input, cut anywhere, and yields the entries
// that are complete with it. An entry is valid until the next one.
func (x *Export) Entries(part []byte) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for len(part) > 0 && x.err == nil {
			n, complete := x.step(part)
			part = part[n:]
			if !complete {
				continue
			}
			if !yield(&x.entry) {
				return
			}
			x.entry, x.any = Entry{}, false
		}
	}
}

// Err returns what was wrong with the input, nil while nothing is; it is of
// type [*Error].
func (x *Export) Err() error { return x.err }

// Inside reports whether an entry has begun and not ended. At the end of the
// input it was cut.
func (x *Export) Inside() bool { return x.any || x.state != inLine || len(x.line) > 0 }

// step reads on to the end of what it is in, or of the part.
func (x *Export) step(part []byte) (n int, complete bool) {
	switch x.state {
	case inLine:
		n = bytes.IndexByte(part, '\n')
		if n < 0 {
			x.line = appendBounded(x.line, part)
			return len(part), false
		}
		x.line = appendBounded(x.line, part[:n])
		complete = x.endLine()
		x.line = x.line[:0]
		return n + 1, complete
	case inLength:
		n = copy(x.length[8-x.left:], part)
		if x.left -= uint64(n); x.left == 0 {
			x.left = binary.LittleEndian.Uint64(x.length[:])
			x.state, x.value = inValue, x.value[:0]
		}
		return n, false
	case inValue:
		n = len(part)
		if uint64(n) > x.left {
			n = int(x.left)
		}
		if x.wanted {
			x.value = appendBounded(x.value, part[:n])
		}
		if x.left -= uint64(n); x.left == 0 {
			x.state = inNewline
		}
		return n, false
	}
	if part[0] != '\n' {
		x.fail("no newline after a value")
		return 1, false
	}
	x.state = inLine
	if x.wanted {
		x.take(x.field, x.value)
	}
	return 1, false
}

// endLine reads a whole line; complete says that it ended an entry.
func (x *Export) endLine() (complete bool) {
	if len(x.line) == 0 {
		return x.any // journalctl may write several empty lines
	}
	x.any = true
	name, value, isText := bytes.Cut(x.line, []byte{'='})
	if !isEntryName(name) {
		x.fail("no field: " + quote(string(name[:min(len(name), maxQuote+1)])))
		return false
	}
	x.field, x.wanted = entryFieldOf(string(name))
	switch {
	case !isText:
		x.state, x.left = inLength, 8
	case x.wanted:
		x.take(x.field, value)
	}
	return false
}

// take keeps a value, but none that is longer than a log line can be.
func (x *Export) take(f entryField, value []byte) {
	if len(value) > record.MaxLogLine {
		value = nil
		x.entry.leftOut = x.entry.leftOut || f == entryMessage
	}
	x.entry.add(f, string(value))
}

func (x *Export) fail(what string) {
	x.err = &Error{0, "entry is not in the journal's export format: " + what}
}

// appendBounded appends no more than makes a name and a value that is too long.
func appendBounded(dst, src []byte) []byte {
	const most = maxEntryName + 1 + record.MaxLogLine + 1
	return append(dst, src[:min(len(src), most-len(dst))]...)
}

// isEntryName checks a name as journald does: capitals, digits and underscores.
func isEntryName(name []byte) bool {
	for _, c := range name {
		if c != '_' && !isDigit(c) && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(name) > 0 && len(name) <= maxEntryName
}
