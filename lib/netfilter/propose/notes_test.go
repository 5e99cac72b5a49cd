package propose

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/record"
)

// Notes of other stages are kept, equal ones once.
func TestAddNote(t *testing.T) {
	p := newProposer(t, Options{})
	lost := record.Note{Kind: "lost", Text: "3 callbacks suppressed", Hint: "raise the limit", Evidence: record.Evidence{Count: 2}}
	bare := record.Note{Kind: "other", Lang: record.AppArmor, Profile: "/bin/x", Text: "without evidence"}
	for _, n := range []record.Note{lost, bare, lost, bare} {
		p.AddNote(&n)
	}
	lost.Evidence.Count = 4
	if d := cmp.Diff([]record.Note{lost, bare}, p.Notes()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]record.Note{lost, bare}, p.Notes()); d != "" {
		t.Errorf("asked again:\n%s", d)
	}
}

// A note names what it is about, cut and quoted.
func TestNoteDetail(t *testing.T) {
	p := newProposer(t, Options{})
	for _, prefix := range []string{"a", "b", "a", string(make([]byte, 100))} {
		ev := event(t, in4+"verdict=unknown "+tcp)
		ev.Fields[record.FPrefix] = prefix
		if err := p.AddEvent(ev); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, n := range p.Notes() {
		got = append(got, fmt.Sprint(n.Evidence.Count, " ", n.Text))
	}
	nul := quote(string(make([]byte, 100)))
	want := []string{
		"1 the log prefix " + nul + " does not say whether the packet was dropped",
		"2 the log prefix \"a\" does not say whether the packet was dropped",
		"1 the log prefix \"b\" does not say whether the packet was dropped",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A flood of different notes is cut in the same place whatever its order, and
// the events of all of them are counted.
func TestFloodOfNotes(t *testing.T) {
	run := func(order []int) []record.Note {
		p := newProposer(t, Options{})
		p.notes.table.most = 20 * noteCosts
		for _, i := range order {
			ev := event(t, in4+"verdict=unknown "+tcp)
			ev.Fields[record.FPrefix] = fmt.Sprintf("prefix %03d", i)
			if err := p.AddEvent(ev); err != nil {
				t.Fatal(err)
			}
			if n := len(p.notes.table.rows); n > 30 {
				t.Fatalf("%d notes", n)
			}
		}
		return p.Notes()
	}
	const n = 200
	want := run(rand.Perm(n))
	if d := cmp.Diff(want, run(rand.Perm(n))); d != "" {
		t.Error(d)
	}
	sum := uint64(0)
	limits := 0
	for _, note := range want {
		sum += note.Evidence.Count
		if note.Kind == "limit" {
			limits++
		}
	}
	if sum != n || limits != 1 {
		t.Errorf("%d events, %d notes about the limit", sum, limits)
	}
}

// A flood of sources, and of own addresses, is cut and counted too.
func TestFloodOfSources(t *testing.T) {
	run := func(order []int) output {
		p := newProposer(t, Options{Mode: Block, MinHits: 1})
		p.sources[record.TrustKernel].most, p.own[record.TrustKernel].most = 20*visitorCosts, 5
		for _, i := range order {
			line := fmt.Sprintf("IN=eth0 SRC=192.0.2.%d DST=203.0.113.%d %s", i, i%50, tcp)
			if err := p.AddEvent(event(t, line)); err != nil {
				t.Fatal(err)
			}
			if p.sources[record.TrustKernel].size() > 25 || p.own[record.TrustKernel].size() > 6 {
				t.Fatalf("%d sources, %d own addresses", p.sources[record.TrustKernel].size(), p.own[record.TrustKernel].size())
			}
		}
		notes := p.Notes()
		rules, err := p.Rules()
		if err != nil {
			t.Fatal(err)
		}
		return output{rules, notes}
	}
	const n = 100
	want := run(rand.Perm(n))
	if d := cmp.Diff(want, run(rand.Perm(n))); d != "" {
		t.Error(d)
	}
	if len(want.Rules) != 1 || want.Rules[0].Evidence.Count != 20 || len(want.Notes) != 1 || want.Notes[0].Evidence.Count != n-20 {
		t.Errorf("%+v", want)
	}
}
