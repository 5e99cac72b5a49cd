package record

import (
	"math/bits"
	"strings"
)

// A shape is what lines of one kind have in common: the same keys in the same
// order, with values that have no escapes. The events of a log come in few
// shapes, so a line is compared with the last one of its shape, and only the
// values that differ are looked at.
//
// A shape takes no line that the general decoder would refuse or read in another
// way; it leaves to it what it does not take.
type shape struct {
	line    []byte // the last one
	event   Event  // what it says
	parts   []part
	changed []change // by the line that is compared
}

// A part is one value of a shape, which lines of the shape may differ in.
type part struct {
	start, end int // in the line, without quotes
	quoted     bool
	column     int   // of eventColumns; -1 for one of the fields
	field      Field // if it is one of them
}

// A change is a value that the last line did not have.
type change struct{ part, start, size int }

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
	for n, sh := range list {
		if sh.match(view(line)) {
			if n > 0 {
				list[n-1], list[n] = sh, list[n-1]
			}
			*e = sh.event
			return true
		}
	}
	return false
}

// match takes a line if it has the shape: then it is the last one.
func (sh *shape) match(line string) bool {
	last := view(sh.line)
	sh.changed = sh.changed[:0]
	// Up to i, and up to j in the last line, both are the same or both values of
	// one part. Parts before n are done.
	i, j, n := 0, 0, 0
	for {
		same := common(line[i:], last[j:])
		i, j = i+same, j+same
		if j == len(last) && i == len(line) {
			sh.take(line)
			return true
		}
		for n < len(sh.parts) && sh.parts[n].end < j {
			n++
		}
		if n == len(sh.parts) || j < sh.parts[n].start {
			return false // they differ between values
		}
		p := &sh.parts[n]
		c := change{part: n, start: i - (j - p.start)}
		if rest := line[c.start:]; p.quoted {
			c.size = plain(rest)
		} else if c.size = wholeNumber(rest); c.size == 0 {
			return false
		}
		sh.changed = append(sh.changed, c)
		i, j, n = c.start+c.size, p.end, n+1
	}
}

// take makes a line that has the shape the last one. Its new values get memory of
// their own, one behind the other: nothing of a line is kept for the sake of a value
// that comes with each.
func (sh *shape) take(line string) {
	room := 0
	for _, c := range sh.changed {
		room += c.size
	}
	var b strings.Builder
	b.Grow(room)
	for _, c := range sh.changed {
		b.WriteString(line[c.start : c.start+c.size])
	}
	news, changed, longer := b.String(), sh.changed, 0
	for n := range sh.parts {
		p := &sh.parts[n]
		if len(changed) == 0 || changed[0].part != n {
			p.start, p.end = p.start+longer, p.end+longer
			continue
		}
		size := changed[0].size
		longer += size - (p.end - p.start)
		p.start, p.end = changed[0].start, changed[0].start+size
		p.set(&sh.event, news[:size])
		news, changed = news[size:], changed[1:]
	}
	sh.line = append(sh.line[:0], line...)
}

func (p *part) set(e *Event, value string) {
	if p.column < 0 {
		e.Fields[p.field] = value
		return
	}
	switch to := eventColumns[p.column].at(e).(type) {
	case *string:
		*to = value
	case *uint64:
		*to = 0
		for i := range len(value) {
			*to = 10**to + uint64(value[i]-'0')
		}
	}
}

// common is how many bytes a and b have in common at the start.
func common(a, b string) int {
	size := min(len(a), len(b))
	a, b = a[:size], b[:size]
	i := 0
	for ; i+8 <= size; i += 8 {
		if x := load64(a[i:i+8]) ^ load64(b[i:i+8]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < size && a[i] == b[i] {
		i++
	}
	return i
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
func (known *shapes) learn(line string, e *Event) {
	full := len(known.list) == maxShapes
	if full {
		if known.misses++; known.misses%patience != 0 {
			return
		}
	}
	switch sh, ok := shapeOf(line, e); {
	case ok && full:
		known.list[maxShapes-1] = sh
	case ok:
		known.list = append(known.list, sh)
	}
}

// shapeOf takes a well-formed event apart; ok is false if it has a key or value
// that is more than a shape can say.
func shapeOf(line string, e *Event) (sh *shape, ok bool) {
	rest, ok := strings.CutPrefix(line, eventStart)
	if !ok || len(line) > longestShaped {
		return nil, false
	}
	sh = &shape{line: []byte(line), event: *e}
	table := eventTable()
	for strings.HasPrefix(rest, `,"`) {
		key := rest[2 : 2+plain(rest[2:])]
		rest, ok = strings.CutPrefix(rest[2+len(key):], `":`)
		n, known := table.index[key]
		if !ok || !known || rest == "" || table.slots[n].column < 0 || table.slots[n].b64 {
			return nil, false
		}
		p := part{column: table.slots[n].column, field: Field(table.slots[n].field), quoted: rest[0] == '"'}
		size := 0
		if p.quoted {
			rest = rest[1:]
			if size = plain(rest); size == len(rest) || rest[size] != '"' {
				return nil, false
			}
		} else if size = wholeNumber(rest); size == 0 {
			return nil, false
		}
		p.start = len(line) - len(rest)
		p.end = p.start + size
		rest = strings.TrimPrefix(rest[size:], `"`)
		switch eventColumns[p.column].key {
		case `,"trust":`, `,"prefix_trust":`:
			continue // not any text is one: lines with another have another shape
		case "":
			p.column = -1
		}
		sh.parts = append(sh.parts, p)
	}
	return sh, rest == "}"
}
