package record

import (
	"encoding/base64"
	"strconv"
	"strings"
	"sync"
)

// A table is what the decoder knows of one kind of object: its columns, found
// by key.
type table[T any] struct {
	columns []column[T]
	slots   []slot
	keys    []string       // of the slots
	index   map[string]int // key to slot
}

// find returns the slot of a key. The keys of a line stand in the order of the
// slots, so the one after the last is tried first, and some that follow it.
func (t *table[T]) find(key string, last int) (n int, ok bool) {
	const near = 20
	for n := last + 1; n < min(last+near, len(t.keys)); n++ {
		if t.keys[n] == key {
			return n, true
		}
	}
	n, ok = t.index[key]
	return n, ok
}

// A slot is one key that an object may have.
type slot struct {
	key    string
	column int  // index into columns; -1 for "v" and "type"
	field  int  // with the column of Fields: which one
	b64    bool // the "_b64" twin
	always bool
}

// The tables are made once, when the first line of their type is read: a program
// that only writes, or only starts another, does not pay for them.
var (
	sourceTable   = lazyTable(sourceColumns, true)
	recordTable   = lazyTable(recordColumns, true)
	eventTable    = lazyTable(eventColumns, true)
	ruleTable     = lazyTable(ruleColumns, true)
	noteTable     = lazyTable(noteColumns, true)
	errorTable    = lazyTable(errorColumns, true)
	markTable     = lazyTable(markColumns, true)
	endTable      = lazyTable(endColumns, true)
	evidenceTable = lazyTable(evidenceColumns, false)
	sampleTable   = lazyTable(sampleColumns, false)
	positionTable = lazyTable(positionColumns, false)
	fieldsTable   = lazyTable([]column[Fields]{{"", false, func(f *Fields) any { return f }}}, false)
)

func lazyTable[T any](columns []column[T], line bool) func() *table[T] {
	return sync.OnceValue(func() *table[T] { return newTable(columns, line) })
}

// maxSlots bounds the keys of one kind of object; newTable panics beyond it.
const maxSlots = 320

func newTable[T any](columns []column[T], line bool) *table[T] {
	t := &table[T]{columns: columns, index: map[string]int{}}
	add := func(s slot) {
		t.index[s.key] = len(t.slots)
		t.slots = append(t.slots, s)
		t.keys = append(t.keys, s.key)
	}
	if line {
		add(slot{key: "v", column: -1, always: true})
		add(slot{key: "type", column: -1, always: true})
	}
	var zero T
	for i, c := range columns {
		switch c.at(&zero).(type) {
		case *Fields:
			for f, info := range fieldInfos {
				add(slot{key: info.key.name(), column: i, field: f})
				add(slot{key: info.key.name() + b64Suffix, column: i, field: f, b64: true})
			}
		case *string, *[]string:
			add(slot{key: c.key.name(), column: i, always: c.always})
			add(slot{key: c.key.name() + b64Suffix, column: i, b64: true})
		default:
			add(slot{key: c.key.name(), column: i, always: c.always})
		}
	}
	if len(t.slots) > maxSlots {
		panic("record: maxSlots is too small")
	}
	return t
}

// decode reads an object into v.
func (t *table[T]) decode(sc *scanner, depth int, v *T) {
	var (
		seen    [maxSlots]bool
		unknown keySet
		twins   []twin
	)
	start, last := sc.i, -1
	sc.members(depth, func(key string, at int) {
		n, ok := t.find(key, last)
		if !ok {
			if !unknown.add(key) {
				sc.fail(at, "duplicate key %q", key)
			}
			t.refuseFolded(sc, key, at)
			sc.skip(depth + 1)
			return
		}
		if seen[n] {
			sc.fail(at, "duplicate key %q", key)
			return
		}
		seen[n], last = true, n
		s := &t.slots[n]
		switch {
		case s.column < 0:
			sc.skip(depth + 1)
		case s.b64:
			twins = append(twins, readTwin(sc, depth, n, at))
		default:
			t.value(sc, depth, s, v)
		}
	})
	for _, tw := range twins {
		if sc.err == nil {
			tw.apply(sc, t.slots[tw.slot].key, t.text(&t.slots[tw.slot], v))
		}
	}
	for n := range t.slots {
		if t.slots[n].always && !seen[n] && sc.err == nil {
			sc.fail(start, "key %q is missing", t.slots[n].key)
		}
	}
}

// refuseFolded fails for a key that only its letter case makes unknown: some
// decoder down the line would take it for the real one.
func (t *table[T]) refuseFolded(sc *scanner, key string, at int) {
	for n := range t.slots {
		if strings.EqualFold(key, t.slots[n].key) {
			sc.fail(at, "key %q differs from %q in letter case only", key, t.slots[n].key)
			return
		}
	}
}

// value reads the value of a slot into its place in v.
func (t *table[T]) value(sc *scanner, depth int, s *slot, v *T) {
	switch p := t.columns[s.column].at(v).(type) {
	case *string:
		*p = sc.str()
	case *uint64:
		*p = sc.uint(1<<64 - 1)
	case *uint32:
		*p = uint32(sc.uint(1<<32 - 1))
	case *uint8:
		*p = uint8(sc.uint(1<<8 - 1))
	case *Trust:
		at := sc.i
		var ok bool
		if *p, ok = ParseTrust(sc.str()); !ok {
			sc.fail(at, "not a level of trust")
		}
	case *Fields:
		p[s.field] = sc.field(Field(s.field))
	case **Fields:
		*p = new(Fields)
		fieldsTable().decode(sc, depth+1, *p)
	case *[]string:
		*p = sc.strings(depth + 1)
	case *[]Attr:
		*p = sc.attrs(depth + 1)
	case *[]Position:
		sc.array(depth+1, func() {
			var pos Position
			positionTable().decode(sc, depth+2, &pos)
			*p = append(*p, pos)
		})
	case *Evidence:
		evidenceTable().decode(sc, depth+1, p)
	case *Sample:
		sampleTable().decode(sc, depth+1, p)
	}
}

// text returns where the text of a slot with a twin lives.
func (t *table[T]) text(s *slot, v *T) any {
	p := t.columns[s.column].at(v)
	if f, ok := p.(*Fields); ok {
		return &f[s.field]
	}
	return p
}

// uint reads a whole number; beyond 2^53 it stands as a string.
func (sc *scanner) uint(limit uint64) uint64 {
	sc.peek()
	at := sc.i
	var text string
	if sc.peek() == '"' {
		text = sc.str()
	} else {
		text = sc.number()
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n > limit || text[0] == '0' && len(text) > 1 {
		sc.fail(at, "not a whole number from 0 to %d", limit)
		return 0
	}
	return n
}

// field reads the value of a field: a string, or a number where it may be one.
func (sc *scanner) field(f Field) string {
	if !fieldInfos[f].number || sc.peek() == '"' {
		return sc.str()
	}
	at := sc.i
	text := sc.number()
	if text == "" || !canonicalNumber(text) {
		sc.fail(at, "not a whole number")
		return ""
	}
	return text
}

func (sc *scanner) strings(depth int) []string {
	list := []string{}
	sc.array(depth, func() { list = append(list, sc.str()) })
	return list
}

// attrs reads a typed rule: strings, lists of strings and true.
func (sc *scanner) attrs(depth int) []Attr {
	var (
		attrs []Attr
		seen  keySet
		twins []twin
	)
	sc.members(depth, func(key string, at int) {
		if !seen.add(key) {
			sc.fail(at, "duplicate key %q", key)
			return
		}
		if base, ok := strings.CutSuffix(key, b64Suffix); ok && len(attrs) > 0 && attrs[len(attrs)-1].Name == base {
			twins = append(twins, readTwin(sc, depth, len(attrs)-1, at))
			return
		}
		a := Attr{Name: key}
		switch sc.peek() {
		case '"':
			a.Text = sc.str()
		case '[':
			a.List = sc.strings(depth + 1)
		default:
			if !strings.HasPrefix(sc.s[sc.i:], "true") {
				sc.fail(sc.i, "a string, a list of strings or true expected")
				return
			}
			sc.i += len("true")
			a.Flag = true
		}
		attrs = append(attrs, a)
	})
	for _, tw := range twins {
		a := &attrs[tw.slot]
		if a.List != nil {
			tw.apply(sc, a.Name+b64Suffix, &a.List)
		} else {
			tw.apply(sc, a.Name+b64Suffix, &a.Text)
		}
	}
	return attrs
}

// A twin is the exact bytes of a string or list that is not UTF-8.
type twin struct {
	slot  int
	at    int
	list  bool
	exact []string
}

func readTwin(sc *scanner, depth, slot, at int) twin {
	tw := twin{slot: slot, at: at}
	one := func() {
		from := sc.i
		b, err := base64.StdEncoding.Strict().DecodeString(sc.str())
		if err != nil {
			sc.fail(from, "not base64")
		}
		tw.exact = append(tw.exact, string(b))
	}
	if sc.peek() == '[' {
		tw.list = true
		sc.array(depth+1, one)
	} else {
		one()
	}
	return tw
}

// apply puts the exact bytes in the place of the text, which must be what those
// bytes look like: a person and a program shall not read different things.
func (tw *twin) apply(sc *scanner, key string, place any) {
	var texts []string
	switch p := place.(type) {
	case *string:
		texts = []string{*p}
	case *[]string:
		texts = *p
	}
	_, one := place.(*string)
	if one == tw.list || len(texts) != len(tw.exact) {
		sc.fail(tw.at, "%q does not fit its text", key)
		return
	}
	changed := false
	for i, exact := range tw.exact {
		text := lossy(exact)
		if text != texts[i] {
			sc.fail(tw.at, "%q does not fit its text", key)
			return
		}
		changed = changed || text != exact
	}
	if !changed {
		sc.fail(tw.at, "%q is not needed: the text is UTF-8", key)
		return
	}
	switch p := place.(type) {
	case *string:
		*p = tw.exact[0]
	case *[]string:
		*p = tw.exact
	}
}
