package repeat

import (
	"container/list"
	"strings"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// A Table merges events that say the same into one with a count. It holds a
// bounded number of different events; the one that was not repeated for longest
// makes room.
//
// Events are the same when all is equal but what differs from one act or packet
// to the next: when it was, its audit id, where its line stands, the process id,
// and of a packet its identification, length, sequence numbers, window, life
// time and checksum-like fields, and a source port from 1024 on. The merged
// event keeps those of its first.
type Table struct {
	max     int
	entries map[string]*list.Element // by what is equal
	order   *list.List               // of *entry, the least recent first
	key     []byte
}

type entry struct {
	key string
	ev  record.Event
}

// NewTable holds at most max different events, at least 1.
func NewTable(max int) *Table {
	return &Table{max: max, entries: make(map[string]*list.Element), order: list.New()}
}

// Add takes an event in; what it keeps is a copy. full is the event that had to
// make room, or nil.
func (t *Table) Add(ev *record.Event) (full *record.Event) {
	t.key = appendKey(t.key[:0], ev)
	if at, ok := t.entries[string(t.key)]; ok {
		merge(&at.Value.(*entry).ev, ev)
		t.order.MoveToBack(at)
		return nil
	}
	if t.order.Len() >= t.max {
		first := t.order.Front()
		e := t.order.Remove(first).(*entry)
		delete(t.entries, e.key)
		full = &e.ev
	}
	e := &entry{string(t.key), ev.Clone()}
	t.entries[e.key] = t.order.PushBack(e)
	return full
}

// Drain empties the table, the event that was not repeated for longest first.
func (t *Table) Drain(each func(*record.Event)) {
	for at := t.order.Front(); at != nil; at = at.Next() {
		each(&at.Value.(*entry).ev)
	}
	t.order.Init()
	clear(t.entries)
}

// passing are the fields that differ between acts that need the same rule.
var passing = [...]record.Field{
	record.FPid, record.FPeerPid,
	record.FLen, record.FID, record.FTTL, record.FHoplimit, record.FFlowlbl, record.FUlen,
	record.FSeq, record.FAck, record.FWindow, record.FUrgp, record.FTCPOpt,
	record.FIcmpID, record.FIcmpSeq, record.FFragID, record.FSpi,
}

// appendKey appends what is equal in events that say the same.
func appendKey(dst []byte, ev *record.Event) []byte {
	same := *ev
	same.Time, same.Audit, same.Line, same.Count, same.First, same.Last = "", "", 0, 0, "", ""
	if same.Inner != nil {
		inner := *same.Inner
		drop(&inner)
		same.Inner = &inner
	}
	drop(&same.Fields)
	return record.AppendEvent(dst, &same)
}

func drop(f *record.Fields) {
	for _, field := range passing {
		f[field] = ""
	}
	if len(f[record.FSpt]) > 4 || len(f[record.FSpt]) == 4 && f[record.FSpt] >= "1024" {
		f[record.FSpt] = ""
	}
}

// merge counts ev into e, which shares no memory with it.
func merge(e, ev *record.Event) {
	if e.Count == 1 && e.First == "" {
		e.First, e.Last = e.Time, e.Time
	}
	e.Count += max(ev.Count, 1)
	first, last := ev.First, ev.Last
	if first == "" {
		first, last = ev.Time, ev.Time
	}
	if before(first, e.First) {
		e.First = strings.Clone(first)
	}
	if before(e.Last, last) {
		e.Last = strings.Clone(last)
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
