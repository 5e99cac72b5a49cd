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
// bounded number of different events, as they stand in the stream; the one that
// was not repeated for longest makes room.
//
// Events are the same when all is equal but what differs from one act or packet
// to the next: when it was, its audit id, where its line stands, the process id,
// and of a packet its identification, length, sequence numbers, window, life
// time and checksum-like fields, and a source port from 1024 on. The merged
// event keeps those of its first.
type Table struct {
	max     int
	seeds   [2]maphash.Seed
	entries map[Same]*list.Element
	order   *list.List // of *entry, the least recent first
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

// NewTable holds at most max different events, at least 1.
func NewTable(max int) *Table {
	return &Table{
		max: max, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
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
// included. The table keeps copies. full is the line of the event that had to make
// room, or nil; it is valid until the next call.
//
// An event of more than record.MaxLine makes no room and comes back at once.
func (t *Table) Add(same Same, when string, line []byte) (full []byte) {
	if len(line) > record.MaxLine {
		return line
	}
	if at, ok := t.entries[same]; ok {
		at.Value.(*entry).repeat(when)
		t.order.MoveToBack(at)
		return nil
	}
	if t.order.Len() >= t.max {
		e := t.order.Remove(t.order.Front()).(*entry)
		delete(t.entries, e.same)
		full = t.text(e)
	}
	e := &entry{same: same, line: bytes.Clone(line), count: 1, first: strings.Clone(when)}
	e.last = e.first
	t.entries[same] = t.order.PushBack(e)
	return full
}

// Drain empties the table, the event that was not repeated for longest first. A
// line is valid during the call.
func (t *Table) Drain(each func(line []byte)) {
	for at := t.order.Front(); at != nil; at = at.Next() {
		each(t.text(at.Value.(*entry)))
	}
	t.order.Init()
	clear(t.entries)
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
