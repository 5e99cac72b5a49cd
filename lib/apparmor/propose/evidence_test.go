package propose

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/record"
)

// In whatever form it is kept, evidence is what record.Evidence makes of the same
// events.
func TestEvidence(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) *record.Event {
		ev := &record.Event{
			Time:   rapid.SampledFrom([]string{"", "2026-01-01T00:00:00.123Z", "2026-01-01T02:00:00+02:00", "2026-02-30T00:00:00.000Z", "soon"}).Draw(t, "time"),
			Audit:  rapid.SampledFrom([]string{"", "1.2:3", "odd"}).Draw(t, "audit"),
			Host:   rapid.SampledFrom([]string{"", "h"}).Draw(t, "host"),
			File:   rapid.SampledFrom([]string{"", "/var/log/x"}).Draw(t, "file"),
			Reason: rapid.SampledFrom([]string{"", "because"}).Draw(t, "reason"),
			Trust:  rapid.SampledFrom([]record.Trust{record.TrustNone, record.TrustKernel}).Draw(t, "trust"),
			Line:   rapid.Uint64Range(0, 2).Draw(t, "line"),
			Count:  rapid.Uint64Range(0, 2).Draw(t, "count"),
			First:  rapid.SampledFrom([]string{"", "2025-01-01T00:00:00Z"}).Draw(t, "first"),
		}
		ev.Fields[record.FComm] = rapid.SampledFrom([]string{"", "ls", "x\xff"}).Draw(t, "comm")
		return ev
	})
	rapid.Check(t, func(t *rapid.T) {
		var want record.Evidence
		var got, other evidence
		for _, ev := range rapid.SliceOfN(draw, 0, 4).Draw(t, "events") {
			want.Add(ev)
			if rapid.Bool().Draw(t, "other") {
				other.add(ev)
			} else {
				got.add(ev)
			}
		}
		if diff := cmp.Diff(want, united(&got, &other).full()); diff != "" {
			t.Fatalf("united: %s", diff)
		}
		got.take(&other)
		if diff := cmp.Diff(want, got.full()); diff != "" {
			t.Fatalf("added: %s", diff)
		}
	})
}
