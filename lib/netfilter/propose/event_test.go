package propose

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// event makes an event from the words of a log line: "IN=eth0 SRC=... PROTO=TCP
// SPT=1 DPT=22 SYN". Words without "=" are TCP flags; a word in lower case names
// the field itself.
func event(t testing.TB, line string) *record.Event {
	t.Helper()
	ev := &record.Event{
		Kind: record.Netfilter, Trust: record.TrustKernel, Time: "2026-01-02T03:04:05Z",
		File: "/var/log/kern.log", Line: 1, Count: 1,
	}
	ev.Fields[record.FVerdict] = "drop"
	ev.Fields[record.FHook] = hookInput // of a packet that came in; the others do not ask
	names := map[string]record.Field{
		"TYPE": record.FIcmpType, "CODE": record.FIcmpCode, "FRAG": record.FFragOffset, "UID": record.FUID,
	}
	var flags []string
	for word := range strings.FieldsSeq(line) {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			flags = append(flags, word)
			continue
		}
		field, ok := names[key]
		if !ok {
			if field, ok = record.ParseField(strings.ToLower(key)); !ok {
				t.Fatalf("no field %q", key)
			}
		}
		ev.Fields[field] = value
	}
	ev.Fields[record.FFlags] = strings.Join(flags, " ")
	return ev
}

func newProposer(t testing.TB, opts Options) *Proposer {
	t.Helper()
	p, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// proposed is what the events call for: the texts of the rules without their
// head, the kinds of the notes, and how many were skipped.
func proposed(t testing.TB, opts Options, lines ...string) (rules, notes []string, skipped uint64) {
	t.Helper()
	p := newProposer(t, opts)
	for _, line := range lines {
		if err := p.AddEvent(event(t, line)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	return texts(t, p), kinds(p), p.Skipped()
}

func texts(t testing.TB, p *Proposer) []string {
	t.Helper()
	list, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range list {
		out = append(out, strings.TrimPrefix(r.Text, "add rule inet filter sl-"))
	}
	return out
}

func kinds(p *Proposer) []string {
	var out []string
	for _, n := range p.Notes() {
		out = append(out, n.Kind)
	}
	return out
}
