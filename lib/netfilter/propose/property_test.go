package propose

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
	"github.com/sl-suite/sl/lib/record"
)

// drawEvent draws events that have much in common, and some that are useless.
func drawEvent(t *rapid.T) *record.Event {
	ev := &record.Event{
		Kind: record.Netfilter, Trust: record.Trust(rapid.IntRange(0, 3).Draw(t, "trust")), Count: rapid.Uint64Range(1, 3).Draw(t, "count"),
		Time: fmt.Sprintf("2026-01-02T03:04:%02dZ", rapid.IntRange(0, 59).Draw(t, "second")),
		Line: rapid.Uint64Range(1, 9).Draw(t, "line"), File: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "file"),
	}
	f := &ev.Fields
	f[record.FVerdict] = rapid.SampledFrom([]string{"drop", "drop", "drop", "reject", "accept", "unknown"}).Draw(t, "verdict")
	f[record.FPrefix] = rapid.SampledFrom([]string{"", "x: ", "\x1b[m"}).Draw(t, "prefix")
	if rapid.IntRange(0, 5).Draw(t, "out") > 0 {
		f[record.FIn] = rapid.SampledFrom([]string{"eth0", "eth0", "eth0", "lo", "*"}).Draw(t, "in")
	}
	if rapid.IntRange(0, 3).Draw(t, "forward") == 0 {
		f[record.FOut] = "eth1"
	}
	host := func() string {
		return netip.AddrFrom4([4]byte{192, 0, 2, byte(rapid.IntRange(0, 40).Draw(t, "host"))}).String()
	}
	f[record.FSrc], f[record.FDst] = host(), rapid.SampledFrom([]string{"203.0.113.1", "192.0.2.3", "255.255.255.255"}).Draw(t, "dst")
	if rapid.IntRange(0, 5).Draw(t, "six") == 0 {
		f[record.FSrc], f[record.FDst] = "2001:db8::"+string(rune('1'+rapid.IntRange(0, 3).Draw(t, "host"))), "2001:db8::2"
	}
	f[record.FProto] = rapid.SampledFrom([]string{"TCP", "TCP", "TCP", "UDP", "47", "132", "ICMP"}).Draw(t, "proto")
	switch f[record.FProto] {
	case "TCP", "UDP":
		f[record.FSpt] = rapid.SampledFrom([]string{"40000", "53"}).Draw(t, "spt")
		f[record.FDpt] = rapid.SampledFrom([]string{"22", "80", "5000"}).Draw(t, "dpt")
		f[record.FFlags] = rapid.SampledFrom([]string{"SYN", "SYN", "ACK SYN", ""}).Draw(t, "flags")
	case "ICMP":
		f[record.FIcmpType], f[record.FIcmpCode] = rapid.SampledFrom([]string{"8", "0", "3"}).Draw(t, "type"), "0"
	}
	return ev
}

func drawOptions(t *rapid.T) Options {
	o := Options{
		Sources: rapid.SampledFrom([]Sources{Exact, Net, Any}).Draw(t, "sources"), Widen4: rapid.SampledFrom([]int{0, 27, 30}).Draw(t, "widen"),
		Syntax: rapid.SampledFrom([]netfilter.Syntax{netfilter.NFT, netfilter.Restore, netfilter.IPTables}).Draw(t, "syntax"),
	}
	if rapid.Bool().Draw(t, "block") {
		o.Mode, o.MinHits, o.Spoofable = Block, 1, rapid.Bool().Draw(t, "spoofable")
	}
	return o
}

type output struct {
	Rules []record.Rule
	Notes []record.Note
}

func drain(t *rapid.T, p *Proposer) output {
	notes := p.Notes()
	rules, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	return output{rules, notes}
}

func feed(t *rapid.T, opts Options, events []*record.Event) *Proposer {
	p, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, ev := range events {
		if err := p.AddEvent(ev); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opts := drawOptions(t)
		events := rapid.SliceOfN(rapid.Custom(drawEvent), 0, 60).Draw(t, "events")
		want := drain(t, feed(t, opts, events))
		got := drain(t, feed(t, opts, rapid.Permutation(events).Draw(t, "order")))
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

// The rules of two hosts are what the events of both would have given. With
// Block the host's own addresses are known only where the events are, and so is what
// proves that a destination is one of them.
func TestRulesMergeLikeEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opts := drawOptions(t)
		opts.Mode = Allow
		events := rapid.SliceOfN(rapid.Custom(drawEvent), 0, 60).Draw(t, "events")
		cut := rapid.IntRange(0, len(events)).Draw(t, "cut")
		want := drain(t, feed(t, opts, events))
		p := feed(t, opts, nil)
		parts := []output{drain(t, feed(t, opts, events[:cut])), drain(t, feed(t, opts, events[cut:]))}
		if rapid.Bool().Draw(t, "swap") {
			slices.Reverse(parts)
		}
		for _, part := range parts {
			for i := range part.Rules {
				if err := p.AddRule(&part.Rules[i]); err != nil {
					t.Fatal(err)
				}
			}
			for i := range part.Notes {
				p.AddNote(&part.Notes[i])
			}
		}
		got := drain(t, p)
		for _, o := range []*output{&want, &got} {
			o.Notes = slices.DeleteFunc(o.Notes, func(n record.Note) bool { return n.Kind == "unproven" })
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

// No event is lost: the counts of rules, notes and what was skipped add up. A
// rule never accepts less than was seen and, with Exact, never more.
func TestEveryEventEndsSomewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opts := drawOptions(t)
		events := rapid.SliceOfN(rapid.Custom(drawEvent), 0, 60).Draw(t, "events")
		p := feed(t, opts, events)
		out := drain(t, p)
		var sum, want uint64
		for _, r := range out.Rules {
			sum += r.Evidence.Count
		}
		for _, n := range out.Notes {
			if n.Kind != "unproven" { // that one goes with rules
				sum += n.Evidence.Count
			}
		}
		skipped := uint64(0)
		for _, ev := range events {
			if ev.Fields[record.FVerdict] == "accept" {
				skipped++
			} else {
				want += ev.Count
			}
		}
		if sum != want || skipped != p.Skipped() {
			t.Fatalf("%d of %d events in rules and notes, %d of %d skipped", sum, want, p.Skipped(), skipped)
		}
	})
}

// A rule holds a peer if and only if an event had it.
func TestExactIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(drawEvent), 0, 60).Draw(t, "events")
		p := feed(t, Options{}, events)
		got := make(map[string]bool)
		for _, r := range drain(t, p).Rules {
			rule, err := netfilter.Parse(netfilter.NFT, r.Text)
			if err != nil {
				t.Fatal(err)
			}
			for _, peer := range rule.Peers() {
				for a := peer.Addr(); peer.Contains(a); a = a.Next() {
					got[string(rule.AppendKey(nil))+a.String()] = true
				}
			}
		}
		want := make(map[string]bool)
		for _, ev := range events {
			alone := drain(t, feed(t, Options{}, []*record.Event{ev}))
			for _, r := range alone.Rules {
				rule, _ := netfilter.Parse(netfilter.NFT, r.Text)
				want[string(rule.AppendKey(nil))+rule.Peers()[0].Addr().String()] = true
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestWideningIsClosed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opts := Options{Sources: Net, Widen4: rapid.IntRange(1, 32).Draw(t, "size")}
		draw := func(t *rapid.T) netip.Prefix {
			a := netip.AddrFrom4([4]byte{192, 0, rapid.ByteRange(0, 3).Draw(t, "net"), rapid.Byte().Draw(t, "host")})
			return netip.PrefixFrom(a, rapid.IntRange(22, 32).Draw(t, "bits")).Masked()
		}
		x := rapid.SliceOfN(rapid.Custom(draw), 0, 6).Draw(t, "x")
		y := rapid.SliceOfN(rapid.Custom(draw), 0, 6).Draw(t, "y")
		all, _ := opts.widen(netfilter.IP, slices.Concat(x, y))
		part, _ := opts.widen(netfilter.IP, x)
		again, _ := opts.widen(netfilter.IP, slices.Concat(part, y))
		same := cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })
		if d := cmp.Diff(all, again, same, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("widening a part first:\n%s", d)
		}
		set := addrs.Union(all)
		for _, p := range slices.Concat(x, y) {
			if !set.ContainsPrefix(p) {
				t.Fatalf("%s was lost", p)
			}
		}
	})
}
