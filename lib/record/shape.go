package record

import (
	"strings"
	"unsafe"
)

// A shape is what lines of one kind have in common: the same keys in the same
// order, with values that have no escapes. The events of a log come in few
// shapes, so a line is compared with one and only its values are looked at.
//
// A shape takes no line that the general decoder would refuse or read in another
// way; it leaves to it what it does not take.
type shape struct {
	parts []part
	after string // what stands behind the last value
}

// A part is one value of a shape, with what stands before it.
type part struct {
	before string // from the end of the value before; with the quote that opens a string
	until  byte   // what ends the value: a quote or, behind a number, a comma or brace
	column int    // of eventColumns; -1 for one of the fields
	field  Field
	value  string // that of the last line
	at     int    // of a new value, in the line and then in the new values; -1 if it is the last one's
	size   int
}

// Bounds of what is remembered: shapes, and bytes of a line that has one. Where
// there are more shapes than that, only the shape of each so many lines is looked
// at, for that costs more than to decode some lines.
const (
	maxShapes     = 32
	longestShaped = 4 << 10
	patience      = 16
)

// shapes are those of the events so far. A line's shape moves up by one, so that
// those which come most are found first.
type shapes struct {
	list   []*shape
	misses int // lines without one since the list was full
}

const eventStart = `{"v":1,"type":"event"`

// decode decodes an event that has one of the shapes, and reports whether it did.
func (known *shapes) decode(line []byte, e *Event) bool {
	list := known.list
	if len(list) == 0 || len(line) > longestShaped || len(line) < len(eventStart) || string(line[:len(eventStart)]) != eventStart {
		return false
	}
	s := unsafe.String(unsafe.SliceData(line), len(line)) // lives as long as this call
	for n, sh := range list {
		if texts, ok := sh.match(s); ok {
			if n > 0 {
				list[n-1], list[n] = sh, list[n-1]
			}
			return sh.fill(texts, e)
		}
	}
	return false
}

// match compares a line with the shape. It returns the values that the last line
// did not have, one behind the other, in memory of their own: nothing of a line
// is kept for the sake of a value that comes with each.
func (sh *shape) match(s string) (news string, ok bool) {
	i, room := 0, 0
	for n := range sh.parts {
		p := &sh.parts[n]
		if !strings.HasPrefix(s[i:], p.before) {
			return "", false
		}
		i += len(p.before)
		if end := i + len(p.value); end < len(s) && s[end] == p.until && s[i:end] == p.value {
			p.at, i = -1, end
			continue
		}
		if p.until == '"' {
			p.size = plain(s[i:])
		} else if p.size = wholeNumber(s[i:]); p.size == 0 {
			return "", false
		}
		p.at = i
		if i += p.size; i >= len(s) || s[i] != p.until {
			return "", false
		}
		room += p.size
	}
	if s[i:] != sh.after {
		return "", false
	}
	var b strings.Builder
	b.Grow(room)
	for n := range sh.parts {
		if p := &sh.parts[n]; p.at >= 0 {
			from := p.at
			p.at = b.Len()
			b.WriteString(s[from : from+p.size])
		}
	}
	return b.String(), true
}

// fill makes an event of the values; ok is false if one of them cannot be.
func (sh *shape) fill(news string, e *Event) (ok bool) {
	*e = Event{}
	ok = true
	for n := range sh.parts {
		p := &sh.parts[n]
		if p.at >= 0 {
			p.value = news[p.at : p.at+p.size]
		}
		if p.column < 0 {
			e.Fields[p.field] = p.value
			continue
		}
		switch to := eventColumns[p.column].at(e).(type) {
		case *string:
			*to = p.value
		case *uint64:
			for i := range len(p.value) {
				*to = 10**to + uint64(p.value[i]-'0')
			}
		case *Trust:
			var known bool
			*to, known = ParseTrust(p.value)
			ok = ok && known
		}
	}
	return ok
}

// wholeNumber is the length of the number that s starts with, if it is written as
// we write numbers and small enough to be exact everywhere; 0 otherwise.
func wholeNumber(s string) int {
	const digits = 15
	n := 0
	for n < len(s) && n <= digits && s[n]-'0' <= 9 {
		n++
	}
	if n > digits || n > 1 && s[0] == '0' {
		return 0
	}
	return n
}

// learn remembers the shape of an event that was decoded the general way.
func (known *shapes) learn(line string) {
	full := len(known.list) == maxShapes
	if full {
		if known.misses++; known.misses%patience != 0 {
			return
		}
	}
	switch sh, ok := shapeOf(line); {
	case ok && full:
		known.list[maxShapes-1] = sh
	case ok:
		known.list = append(known.list, sh)
	}
}

// shapeOf takes a well-formed event apart; ok is false if it has a key or value
// that is more than a shape can say.
func shapeOf(line string) (sh *shape, ok bool) {
	rest, ok := strings.CutPrefix(line, eventStart)
	if !ok || len(line) > longestShaped {
		return nil, false
	}
	sh = new(shape)
	from, table := 0, eventTable()
	for strings.HasPrefix(rest, `,"`) {
		key := rest[2 : 2+plain(rest[2:])]
		rest, ok = strings.CutPrefix(rest[2+len(key):], `":`)
		n, known := table.index[key]
		if !ok || !known || rest == "" || table.slots[n].column < 0 || table.slots[n].b64 {
			return nil, false
		}
		p := part{column: table.slots[n].column, field: Field(table.slots[n].field)}
		if eventColumns[p.column].key == "" {
			p.column = -1
		}
		size := wholeNumber(rest)
		if rest[0] == '"' {
			rest = rest[1:]
			if size = plain(rest); size == len(rest) || rest[size] != '"' {
				return nil, false
			}
		} else if size == 0 || size == len(rest) {
			return nil, false
		}
		start := len(line) - len(rest)
		p.before, p.value, p.until = strings.Clone(line[from:start]), strings.Clone(rest[:size]), rest[size]
		sh.parts = append(sh.parts, p)
		from, rest = start+size, rest[size:]
		rest = strings.TrimPrefix(rest, `"`)
	}
	sh.after = strings.Clone(line[from:])
	return sh, rest == "}"
}
