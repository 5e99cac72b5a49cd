package repeat

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/record"
)

func event(name, pid, audit, time string) *record.Event {
	ev := &record.Event{Kind: record.AppArmor, Audit: audit, Time: time, Count: 1}
	ev.Fields[record.FName], ev.Fields[record.FPid] = name, pid
	return ev
}

func TestWindow(t *testing.T) {
	w := NewWindow(2)
	for i, step := range []struct {
		ev    *record.Event
		again bool
	}{
		{event("/a", "1", "1.000:1", ""), false},
		{event("/a", "1", "1.000:1", ""), true},
		{event("/b", "1", "1.000:1", ""), false}, // one serial, another record
		{event("/a", "1", "1.000:1", ""), true},
		{event("/a", "1", "1.000:2", ""), false}, // the first is forgotten
		{event("/b", "1", "1.000:1", ""), true},
		{event("/a", "1", "1.000:1", ""), false},
		{event("/a", "1", "", ""), false}, // without an id nothing is the same
		{event("/a", "1", "", ""), false},
	} {
		if got := w.Again(w.Key(step.ev, record.AllFields()), record.TrustLog); got != step.again {
			t.Errorf("step %d: %v", i, got)
		}
	}
	for i := range 10000 {
		w.Again(w.Key(event("/a", "1", fmt.Sprintf("1.000:%d", i), ""), record.AllFields()), record.TrustLog)
	}
	kept := 0
	for _, key := range w.levels[record.TrustLog].slots {
		if key != 0 {
			kept++
		}
	}
	if kept != 2 || len(w.levels[record.TrustLog].ring) != 2 {
		t.Errorf("%d hashes of 2 are kept", kept)
	}
}

// A line that is believed less neither stands for a better one that says the same, nor
// makes it be forgotten; a better one stands for it.
func TestTrustWindow(t *testing.T) {
	w := NewWindow(2)
	again := func(audit string, trust record.Trust) bool {
		return w.Again(w.Key(event("/a", "1", audit, ""), record.AllFields()), trust)
	}
	for i, step := range []struct {
		audit string
		trust record.Trust
		again bool
	}{
		{"1.000:1", record.TrustLog, false}, // forged, and read first
		{"1.000:1", record.TrustKernel, false},
		{"1.000:1", record.TrustKernel, true},
		{"1.000:1", record.TrustLog, true},
		{"1.000:1", record.TrustNone, true},
		{"1.000:2", record.TrustLog, false},
		{"1.000:3", record.TrustLog, false},
		{"1.000:4", record.TrustLog, false},
		{"1.000:1", record.TrustLog, true}, // whatever came in between
		{"1.000:1", record.TrustKernel, true},
	} {
		if got := again(step.audit, step.trust); got != step.again {
			t.Errorf("step %d: %v", i, got)
		}
	}
}

// TestWindowIsAWindow: whatever the keys, and however they crowd, the last ones are
// known and no others.
func TestWindowIsAWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 9).Draw(t, "size")
		w := NewWindow(size)
		var last []Key
		for range rapid.IntRange(0, 200).Draw(t, "records") {
			// the low bits name the slot: many keys want the same few
			key := Key(rapid.IntRange(0, 3).Draw(t, "high"))<<60 | Key(rapid.IntRange(0, 12).Draw(t, "low"))
			want := slices.Contains(last, key)
			if got := w.Again(key, record.TrustLog); got != want {
				t.Fatalf("key %x: seen before: %v, want %v; the last ones are %x", key, got, want, last)
			}
			if !want && key != 0 {
				last = append(last, key)
				last = last[max(0, len(last)-size):]
			}
		}
	})
}

// written is a table, and what was written of it.
type written struct {
	*Table
	events []*record.Event
}

func newWritten(t interface{ Fatal(...any) }, max int) *written {
	w := &written{}
	w.Table = NewTable(max, func(line []byte) {
		var m record.Message
		if err := m.Decode(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			t.Fatal(err, string(line))
		}
		w.events = append(w.events, &m.Event)
	})
	return w
}

// add puts an event into a table as a stage does, from memory that is then
// something else.
func (w *written) add(ev *record.Event) {
	time := []byte(ev.Time)
	line := record.AppendEvent(nil, ev)
	w.Add(w.Same(ev, record.AllFields()), unsafe.String(unsafe.SliceData(time), len(time)), line)
	for _, memory := range [][]byte{time, line} {
		for i := range memory {
			memory[i] = '#'
		}
	}
}

func TestTable(t *testing.T) {
	table := newWritten(t, 2)
	add := func(ev *record.Event, full string) {
		t.Helper()
		got := ""
		table.add(ev)
		for _, f := range table.events {
			got += fmt.Sprintf("%s %s %s %d %s %s", f.Fields[record.FName], f.Fields[record.FPid], f.Audit, f.Count, f.First, f.Last)
		}
		if table.events = nil; got != full {
			t.Errorf("made room: %q, want %q", got, full)
		}
	}
	add(event("/a", "1", "1.000:1", "2026-05-26T10:00:02Z"), "")
	add(event("/b", "1", "1.000:2", "2026-05-26T10:00:00Z"), "")
	add(event("/a", "2", "1.000:3", "2026-05-26T12:00:01+02:00"), "")
	add(event("/a", "3", "1.000:4", "2026-05-26T10:00:09Z"), "")
	add(event("/c", "1", "1.000:5", ""), "/b 1 1.000:2 1  ")
	add(event("/b", "1", "1.000:6", ""), "/a 1 1.000:1 3 2026-05-26T12:00:01+02:00 2026-05-26T10:00:09Z")
	table.Drain()
	var left []string
	for _, ev := range table.events {
		left = append(left, ev.Fields[record.FName])
	}
	if fmt.Sprint(left) != "[/c /b]" {
		t.Errorf("left: %v", left)
	}
	table.events = nil
	if table.Drain(); table.events != nil || table.size != 0 || len(table.entries) != 0 {
		t.Error("not empty after Drain")
	}
}

func TestTablePackets(t *testing.T) {
	packet := func(spt, seq, dpt string) *record.Event {
		ev := &record.Event{Kind: record.Netfilter, Count: 1, Inner: &record.Fields{record.FID: seq}}
		ev.Fields[record.FSpt], ev.Fields[record.FSeq], ev.Fields[record.FDpt] = spt, seq, dpt
		return ev
	}
	table := newWritten(t, 10)
	for _, ev := range []*record.Event{
		packet("40000", "1", "22"), packet("40001", "2", "22"), packet("1024", "3", "22"),
		packet("53", "1", "22"), packet("123", "1", "22"), packet("40000", "1", "23"),
	} {
		table.add(ev)
	}
	var counts []uint64
	table.Drain()
	for _, ev := range table.events {
		counts = append(counts, ev.Count)
	}
	if fmt.Sprint(counts) != "[3 1 1 1]" {
		t.Errorf("counts %v", counts)
	}
}

// TestMerged: what is written of several events is the first one with a count.
func TestMerged(t *testing.T) {
	ev := event("/a \x1b\xff", "1", "1.000:1", "2026-05-26T10:00:02Z")
	ev.Inner = &record.Fields{record.FSrc: "192.0.2.1"}
	table := newWritten(t, 1)
	table.add(ev)
	table.add(ev)
	table.Drain()
	want := *ev
	want.Count, want.First, want.Last = 2, ev.Time, ev.Time
	if d := cmp.Diff([]*record.Event{&want}, table.events); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// TestLongEvents: of long events there are fewer, but at least one.
func TestLongEvents(t *testing.T) {
	table := newWritten(t, 10)
	for i := range 100 {
		table.add(event(strings.Repeat("x", 2000)+fmt.Sprint(i%50), "1", "", ""))
		if n := table.order.Len(); table.size > 10*lineRoom || n < 1 || n > 3 {
			t.Fatalf("%d bytes of %d events are held", table.size, n)
		}
	}
	table.add(event(strings.Repeat("x", 100_000), "1", "", ""))
	table.add(event(strings.Repeat("x", 100_000), "1", "", ""))
	if n := table.order.Len(); n != 1 || len(table.events) != 100 {
		t.Errorf("%d events are held, %d were written", n, len(table.events))
	}
	table.Drain()
	if last := table.events[len(table.events)-1]; last.Count != 2 || table.size != 0 {
		t.Errorf("count %d; %d bytes are held", last.Count, table.size)
	}
}

// TestTooLong: an event that is longer than the stream allows is not held.
func TestTooLong(t *testing.T) {
	ev := event(strings.Repeat("x", record.MaxLine), "1", "", "")
	line := record.AppendEvent(nil, ev)
	wrote := 0
	table := NewTable(1, func(got []byte) {
		wrote++
		if !bytes.Equal(got, line) {
			t.Error("it is something else")
		}
	})
	for range 2 {
		table.Add(table.Same(ev, record.AllFields()), "", line)
	}
	if table.Drain(); wrote != 2 {
		t.Errorf("written %d times", wrote)
	}
}

// TestNothingLost: whatever the bound, the counts add up.
func TestNothingLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := newWritten(t, rapid.IntRange(1, 4).Draw(t, "max"))
		names := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c", strings.Repeat("d", 1000), strings.Repeat("e", 5000)})).Draw(t, "names")
		want, got := map[string]uint64{}, map[string]uint64{}
		for _, name := range names {
			want[name]++
			table.add(event(name, "1", "", ""))
		}
		table.Drain()
		for _, ev := range table.events {
			got[ev.Fields[record.FName]] += ev.Count
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("-in +out\n%s", d)
		}
	})
}
