package repeat

import (
	"fmt"
	"testing"
	"unsafe"

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
		if got := w.Again(w.Key(step.ev, record.AllFields())); got != step.again {
			t.Errorf("step %d: %v", i, got)
		}
	}
	for i := range 10000 {
		w.Again(w.Key(event("/a", "1", fmt.Sprintf("1.000:%d", i), ""), record.AllFields()))
	}
	if len(w.seen) != 2 || len(w.ring) != 2 {
		t.Errorf("%d hashes of 2 are kept", len(w.seen))
	}
}

func TestTable(t *testing.T) {
	table := NewTable(2)
	add := func(ev *record.Event, full string) {
		t.Helper()
		got := ""
		if f := table.Add(ev); f != nil {
			got = fmt.Sprintf("%s %d %s %s", f.Fields[record.FName], f.Count, f.First, f.Last)
		}
		if got != full {
			t.Errorf("made room: %q, want %q", got, full)
		}
	}
	add(event("/a", "1", "1.000:1", "2026-05-26T10:00:02Z"), "")
	add(event("/b", "1", "1.000:2", "2026-05-26T10:00:00Z"), "")
	add(event("/a", "2", "1.000:3", "2026-05-26T12:00:01+02:00"), "")
	add(event("/a", "3", "1.000:4", "2026-05-26T10:00:09Z"), "")
	add(event("/c", "1", "1.000:5", ""), "/b 1  ")
	add(event("/b", "1", "1.000:6", ""), "/a 3 2026-05-26T12:00:01+02:00 2026-05-26T10:00:09Z")
	var left []string
	table.Drain(func(ev *record.Event) { left = append(left, ev.Fields[record.FName]) })
	if fmt.Sprint(left) != "[/c /b]" {
		t.Errorf("left: %v", left)
	}
	table.Drain(func(*record.Event) { t.Error("not empty after Drain") })
}

func TestTablePackets(t *testing.T) {
	packet := func(spt, seq, dpt string) *record.Event {
		ev := &record.Event{Kind: record.Netfilter, Count: 1}
		ev.Fields[record.FSpt], ev.Fields[record.FSeq], ev.Fields[record.FDpt] = spt, seq, dpt
		return ev
	}
	table := NewTable(10)
	for _, ev := range []*record.Event{
		packet("40000", "1", "22"), packet("40001", "2", "22"), packet("1024", "3", "22"),
		packet("53", "1", "22"), packet("123", "1", "22"), packet("40000", "1", "23"),
	} {
		table.Add(ev)
	}
	var counts []uint64
	table.Drain(func(ev *record.Event) { counts = append(counts, ev.Count) })
	if fmt.Sprint(counts) != "[3 1 1 1]" {
		t.Errorf("counts %v", counts)
	}
}

// TestTableCopies: nothing that the table holds is in the memory of an event.
func TestTableCopies(t *testing.T) {
	table := NewTable(10)
	var memory [][]byte
	add := func(name, pid, audit, time string) {
		ev := event(name, pid, audit, time)
		for _, s := range []*string{&ev.Fields[record.FName], &ev.Fields[record.FPid], &ev.Audit, &ev.Time} {
			memory = append(memory, []byte(*s))
			b := memory[len(memory)-1]
			*s = unsafe.String(unsafe.SliceData(b), len(b))
		}
		table.Add(ev)
		for _, b := range memory {
			for i := range b {
				b[i] = '#'
			}
		}
	}
	add("/a", "1", "1.000:1", "2026-05-26T10:00:02Z")
	add("/a", "2", "1.000:2", "2026-05-26T10:00:01Z")
	add("/a", "3", "1.000:3", "2026-05-26T10:00:03Z")
	table.Drain(func(ev *record.Event) {
		got := fmt.Sprint(ev.Fields[record.FName], ev.Fields[record.FPid], ev.Audit, ev.Time, ev.First, ev.Last, ev.Count)
		if want := fmt.Sprint("/a", "1", "1.000:1", "2026-05-26T10:00:02Z", "2026-05-26T10:00:01Z", "2026-05-26T10:00:03Z", 3); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestNothingLost: whatever the bound, the counts add up.
func TestNothingLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := NewTable(rapid.IntRange(1, 4).Draw(t, "max"))
		names := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"})).Draw(t, "names")
		want, got := map[string]uint64{}, map[string]uint64{}
		take := func(ev *record.Event) { got[ev.Fields[record.FName]] += ev.Count }
		for _, name := range names {
			want[name]++
			if full := table.Add(event(name, "1", "", "")); full != nil {
				take(full)
			}
		}
		table.Drain(take)
		if fmt.Sprint(want) != fmt.Sprint(got) {
			t.Fatalf("in %v, out %v", want, got)
		}
	})
}
