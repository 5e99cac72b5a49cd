package record

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEvidenceAdd(t *testing.T) {
	var e Evidence
	add := func(ev Event, comm string) {
		ev.Fields[FComm] = comm
		e.Add(&ev)
	}
	add(Event{Trust: TrustKernel, Time: "2026-05-26T20:00:00+02:00", Audit: "1779818400.000:99", Host: "b", File: "k", Line: 7, Count: 1}, "nginx")
	add(Event{Trust: TrustLog, Reason: "any user can write it", Time: "2026-05-26T18:00:01Z", Audit: "1779818401.000:100", Host: "a", Line: 1}, "cat")
	add(Event{Trust: TrustLog, Reason: "", Time: "yesterday", Audit: "999999999.000:1", Count: 5}, "")
	add(Event{Trust: TrustDaemon, Reason: "imklog", Count: 2, Time: "2026-05-26T18:00:02Z", First: "2026-05-26T18:00:02Z", Last: "2026-05-26T18:30:00Z"}, "cat")
	want := Evidence{
		Count: 9, First: "2026-05-26T20:00:00+02:00", Last: "2026-05-26T18:30:00Z",
		Trust: TrustLog, Reason: "any user can write it",
		Audits: []string{"999999999.000:1", "1779818400.000:99", "1779818401.000:100"},
		Comms:  []string{"cat", "nginx"},
		Sample: Sample{Time: "2026-05-26T20:00:00+02:00", Audit: "1779818400.000:99", Host: "b", File: "k", Line: 7},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
}

func TestEvidenceMergeEdges(t *testing.T) {
	full := Evidence{Count: math.MaxUint64 - 1, Trust: TrustKernel, Comms: []string{"x"}}
	var e Evidence
	e.Merge(&full)
	e.Merge(&Evidence{Trust: TrustNone, Reason: "says nothing", Comms: []string{"y"}}) // Count 0: empty
	if diff := cmp.Diff(full, e); diff != "" {
		t.Errorf("an empty evidence changed something: %s", diff)
	}
	e.Merge(&full)
	if e.Count != math.MaxUint64 {
		t.Errorf("count %d wrapped", e.Count)
	}
	before := e
	e.Merge(&Evidence{Count: 1, Comms: []string{"z", "a", "z"}})
	if !slices.Equal(before.Comms, []string{"x"}) || !slices.Equal(e.Comms, []string{"a", "x", "z"}) {
		t.Errorf("copy has %q, merged %q", before.Comms, e.Comms)
	}
}

func TestEvidenceBounds(t *testing.T) {
	var e Evidence
	for _, n := range []string{"7", "10", "3", "9", "5", "12", "1", "8", "2", "11", "6", "4", "3"} {
		ev := Event{Audit: "1." + n + ":1"}
		ev.Fields[FComm] = n
		e.Add(&ev)
	}
	if want := []string{"1.1:1", "1.2:1", "1.3:1", "1.4:1", "1.5:1", "1.6:1", "1.7:1", "1.8:1"}; !slices.Equal(e.Audits, want) {
		t.Errorf("audits %q", e.Audits)
	}
	if want := []string{"1", "10", "11", "12", "2", "3", "4", "5"}; !slices.Equal(e.Comms, want) {
		t.Errorf("comms %q", e.Comms)
	}
}

// Whatever way events are split and in whatever order the parts are merged, the
// evidence is the same.
func TestEvidenceMergeAssociativeCommutative(t *testing.T) {
	text := rapid.SampledFrom([]string{"", "a", "b", "B", "\xff"})
	number := rapid.SampledFrom([]string{"0", "1", "9", "10", "007", "99"})
	stamp := rapid.SampledFrom([]string{
		"", "bad", "2026-05-26T18:00:00Z", "2026-05-26T20:00:00+02:00", "2026-05-26T18:00:00.5Z",
		"2026-05-26T19:59:59.999+02:00", "2025-12-31T23:59:60Z",
	})
	event := rapid.Custom(func(t *rapid.T) *Event {
		ev := &Event{
			Count: rapid.SampledFrom([]uint64{0, 1, 2, math.MaxUint64}).Draw(t, "count"),
			Trust: rapid.SampledFrom([]Trust{TrustNone, TrustLog, TrustKernel}).Draw(t, "trust"), Reason: text.Draw(t, "reason"),
			Time: stamp.Draw(t, "time"), First: stamp.Draw(t, "first"), Last: stamp.Draw(t, "last"),
			Host: text.Draw(t, "host"), File: text.Draw(t, "file"), Line: rapid.Uint64Range(0, 2).Draw(t, "line"),
		}
		if rapid.Bool().Draw(t, "audit") {
			ev.Audit = number.Draw(t, "seconds") + "." + number.Draw(t, "millis") + ":" + number.Draw(t, "serial")
		}
		ev.Fields[FComm] = text.Draw(t, "comm")
		return ev
	})
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(event, 0, 30).Draw(t, "events")
		var whole Evidence
		for _, ev := range events {
			whole.Add(ev)
		}
		parts := make([]Evidence, 4)
		for _, i := range rapid.Permutation(indexes(len(events))).Draw(t, "order") {
			parts[rapid.IntRange(0, len(parts)-1).Draw(t, "part")].Add(events[i])
		}
		left, right := parts[0], parts[3]
		left.Merge(&parts[1])
		right.Merge(&parts[2])
		right.Merge(&left)
		if diff := cmp.Diff(whole, right); diff != "" {
			t.Fatal(diff)
		}
	})
}

func indexes(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// TestInUTC: the short way to compare times agrees with the long one.
func TestInUTC(t *testing.T) {
	for _, s := range []string{
		"2026-05-26T23:47:43.396Z", "0000-01-01T00:00:00.000Z", "2026-12-28T23:59:59.999Z",
		"2026-02-30T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
		"2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z", "2026-01-01 00:00:00.000Z",
		"2026-01-01T00:00:00.00aZ", "2026-01-01T00:00:00.0000", "2026-01-31T00:00:00.000Z",
	} {
		if _, err := time.Parse(time.RFC3339, s); inUTC(s) && err != nil {
			t.Errorf("%s counts as a time, but: %v", s, err)
		}
		if _, err := time.Parse(time.RFC3339, s); isTime(s) != (err == nil) {
			t.Errorf("isTime(%s) = %v, but: %v", s, isTime(s), err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Custom(func(t *rapid.T) string {
			return time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "ms")).UTC().Format("2006-01-02T15:04:05.000Z")
		})
		a, b := moment.Draw(t, "a"), moment.Draw(t, "b")
		at, _ := time.Parse(time.RFC3339, a)
		bt, _ := time.Parse(time.RFC3339, b)
		if compareTimes(a, b) != at.Compare(bt) {
			t.Fatalf("compareTimes(%s, %s) = %d", a, b, compareTimes(a, b))
		}
	})
}
