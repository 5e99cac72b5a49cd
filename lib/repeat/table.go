package repeat

import (
	"bytes"
	"container/list"
	"hash/maphash"
	"strings"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// A Table merges events that say the same into one with a count. It holds a
// bounded number of different events, as they stand in the stream, and of long ones
// fewer, so that its memory is bounded as well; the one that was not repeated for
// longest makes room.
//
// Events are the same when all is equal but what differs from one act or packet
// to the next: when it was, its audit id, where its line stands, the process id,
// and of a packet its identification, length, sequence numbers, window, life
// time and checksum-like fields, and a source port from 1024 on. The merged
// event keeps those of its first.
type Table struct {
	max     int
	write   func(line []byte)
	seeds   [2]maphash.Seed
	entries map[Same]*list.Element
	order   *list.List // of *entry, the least recent first
	size    int        // bytes of their lines
	m       record.Message
	merged  []byte
}

// Same stands for what events say that are the same: 128 bits of a hash under
// random seeds, so that nobody can make two different ones equal.
type Same [2]uint64

type entry struct {
	same        Same
	line        []byte // of the first
	count       uint64
	first, last string
}

// lineRoom is how many bytes there are for each event, on average: most need less.
const lineRoom = 640

// NewTable holds at most max different events, at least 1. The line of one that
// makes room goes to write, newline included, and is valid during the call.
func NewTable(max int, write func(line []byte)) *Table {
	return &Table{
		max: max, write: write, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		entries: make(map[Same]*list.Element), order: list.New(),
	}
}

// Same returns what ev says. ev has no other Fields than those of a set. It may
// be called by several goroutines at a time.
func (t *Table) Same(ev *record.Event, set record.FieldSet) Same {
	var buf [1024]byte // most events fit
	text := appendSame(buf[:0], ev, set)
	return Same{maphash.Bytes(t.seeds[0], text), maphash.Bytes(t.seeds[1], text)}
}

// Add takes an event in: what it says, when it was, and its line, newline
// included. The table keeps copies. An event of more than record.MaxLine is written
// at once.
func (t *Table) Add(same Same, when string, line []byte) {
	if len(line) > record.MaxLine {
		t.write(line)
		return
	}
	if at, ok := t.entries[same]; ok {
		at.Value.(*entry).repeat(when)
		t.order.MoveToBack(at)
		return
	}
	for n := t.order.Len(); n > 0 && (n >= t.max || t.size+len(line) > t.max*lineRoom); n-- {
		t.drop()
	}
	e := &entry{same: same, line: bytes.Clone(line), count: 1, first: strings.Clone(when)}
	e.last = e.first
	t.entries[same] = t.order.PushBack(e)
	t.size += len(line)
}

// Drain empties the table.
func (t *Table) Drain() {
	for t.order.Len() > 0 {
		t.drop()
	}
}

// drop writes the event that was not repeated for longest, and forgets it.
func (t *Table) drop() {
	e := t.order.Remove(t.order.Front()).(*entry)
	delete(t.entries, e.same)
	t.size -= len(e.line)
	t.write(t.text(e))
}

// repeat counts one more.
func (e *entry) repeat(when string) {
	e.count++
	if before(when, e.first) {
		e.first = strings.Clone(when)
	}
	if before(e.last, when) {
		e.last = strings.Clone(when)
	}
}

// text returns the line of an entry, with its count.
func (t *Table) text(e *entry) []byte {
	if e.count == 1 {
		return e.line
	}
	m := &t.m
	if err := m.Decode(bytes.TrimSuffix(e.line, []byte{'\n'})); err != nil {
		panic("repeat: an event that cannot be read again: " + err.Error())
	}
	m.Event.Count, m.Event.First, m.Event.Last = e.count, e.first, e.last
	t.merged = record.AppendEvent(t.merged[:0], &m.Event)
	return t.merged
}

// passing are the fields that differ between acts that need the same rule.
var passing = [...]record.Field{
	record.FPid, record.FPeerPid,
	record.FLen, record.FID, record.FTTL, record.FHoplimit, record.FFlowlbl, record.FUlen,
	record.FSeq, record.FAck, record.FWindow, record.FUrgp, record.FTCPOpt,
	record.FIcmpID, record.FIcmpSeq, record.FFragID, record.FSpi,
}

// appendSame appends what is equal in events that say the same.
func appendSame(dst []byte, ev *record.Event, set record.FieldSet) []byte {
	same := *ev
	same.Time, same.Audit, same.Line, same.Count, same.First, same.Last = "", "", 0, 0, "", ""
	if same.Inner != nil {
		inner := *same.Inner
		drop(&inner)
		same.Inner = &inner
	}
	drop(&same.Fields)
	return record.AppendEventOf(dst, &same, set)
}

func drop(f *record.Fields) {
	for _, field := range passing {
		f[field] = ""
	}
	if len(f[record.FSpt]) > 4 || len(f[record.FSpt]) == 4 && f[record.FSpt] >= "1024" {
		f[record.FSpt] = ""
	}
}

// before orders two times of RFC 3339; an unknown one is neither.
func before(a, b string) bool {
	if a == "" || b == "" {
		return a != "" && b == ""
	}
	at, aerr := time.Parse(time.RFC3339, a)
	bt, berr := time.Parse(time.RFC3339, b)
	return aerr == nil && berr == nil && at.Before(bt)
}
