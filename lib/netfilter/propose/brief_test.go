package propose

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
	"pgregory.net/rapid"
)

var someTimes = rapid.SampledFrom([]string{
	"", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05-00:00", "2026-01-02T04:04:05+01:00",
	"2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05.10Z", "2026-01-02T03:04:05.123456789+05:45", "2026-01-02T3:04:05Z",
	"2026-01-02T03:04:06,5Z", "1969-01-02T03:04:05Z", "2299-01-02T03:04:05Z", "yesterday", "2026-01-02T03:04:05.1234567890Z",
})

// The short form of evidence says what the long form says, in any order.
func TestBriefIsEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ps phrases
		var parts [2]brief
		var want record.Evidence
		for range rapid.IntRange(0, 8).Draw(t, "events") {
			ev := record.Event{
				Trust: rapid.SampledFrom([]record.Trust{0, 1, 3}).Draw(t, "trust"), Reason: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "reason"),
				Time: someTimes.Draw(t, "time"), Host: rapid.SampledFrom([]string{"", "h", "i"}).Draw(t, "host"),
				File: rapid.SampledFrom([]string{"", "f", "g"}).Draw(t, "file"), Line: rapid.Uint64Range(0, 2).Draw(t, "line"),
				Count: rapid.SampledFrom([]uint64{0, 1, 5, 1<<64 - 1}).Draw(t, "count"),
			}
			if rapid.IntRange(0, 3).Draw(t, "merged") == 0 {
				ev.First, ev.Last = someTimes.Draw(t, "first"), someTimes.Draw(t, "last")
			}
			if rapid.IntRange(0, 5).Draw(t, "audit") == 0 {
				ev.Audit = "1700000000.123:4"
			}
			want.Add(&ev)
			ps.add(&parts[rapid.IntRange(0, 1).Draw(t, "part")], &ev)
		}
		ps.merge(&parts[1], &parts[0])
		if d := cmp.Diff(want, ps.evidence(&parts[1])); d != "" {
			t.Fatal(d)
		}
	})
}

func TestInstantComesBack(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-01-02T03:04:05Z": true, "2026-01-02T03:04:05.120+02:00": true, "2026-12-31T23:59:59.999999999-11:30": true,
		"2026-01-02T03:04:05+00:00": true, "2026-01-02T03:04:05-00:00": false, "2026-01-02T03:04:05.1234567890Z": false,
		"2026-01-02 03:04:05Z": false, "": false, "2026-01-02T3:04:05Z": false, "2026-01-02T03:04:05,5Z": false,
	} {
		i, ok := parseInstant(text)
		if ok != want || ok && i.text() != text {
			t.Errorf("%q: %v, %q", text, ok, i.text())
		}
	}
}
