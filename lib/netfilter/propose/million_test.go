package propose

import (
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"testing"

	"go4.org/netipx"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// manySources are a hundred thousand addresses: a whole network of 2^15, the rest
// apart or in pairs, a quarter of them of IPv6.
func manySources() []netip.Addr {
	var list []netip.Addr
	for i := range 1 << 15 {
		list = append(list, netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)}))
	}
	for i := 0; len(list) < 75_000; i += 1 + i%3 {
		list = append(list, netip.AddrFrom4([4]byte{203, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	for i := 0; len(list) < 100_000; i += 1 + i%3 {
		list = append(list, netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)}))
	}
	return list
}

// Ten million events of a hundred thousand sources become the fewest blocks that
// hold these and no other, and what is remembered grows with the sources and not
// with the events.
func TestTenMillionEvents(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: ten million events take some seconds")
	}
	const events = 10_000_000
	sources := manySources()
	texts := make([]string, len(sources))
	for i, a := range sources {
		texts[i] = a.String()
	}
	proposers := map[string]*Proposer{
		"allow": newProposer(t, Options{}),
		"block": newProposer(t, Options{Mode: Block, Never: []netip.Prefix{netip.MustParsePrefix("2001:db9::/32")}}),
	}
	ev := event(t, in4+tcp)
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, early := held(), uint64(0)
	for i := range events {
		n := i * 7919 % len(sources)
		if ev.Line = uint64(i); i%1_000_000 == 0 {
			ev.Time = fmt.Sprintf("2026-01-%02dT03:04:05Z", 1+i/1_000_000)
		}
		ev.Fields[record.FSrc], ev.Fields[record.FDst] = texts[n], "192.0.2.10"
		if sources[n].Is6() {
			ev.Fields[record.FDst] = "2001:db8:1::1"
		}
		for _, p := range proposers {
			if err := p.AddEvent(ev); err != nil {
				t.Fatal(err)
			}
		}
		if i == events/10 {
			early = held()
		}
	}
	if late := held(); late > early+1<<20 || late-before > 40<<20 {
		t.Errorf("%d MiB after a million events, %d MiB after ten", (early-before)>>20, (late-before)>>20)
	} else {
		t.Logf("%d KiB after a million events, %d KiB after ten", (early-before)>>10, (late-before)>>10)
	}
	var b netipx.IPSetBuilder
	for _, a := range sources {
		b.Add(a)
	}
	set, err := b.IPSet()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range proposers {
		rules, err := p.Rules()
		if err != nil {
			t.Fatal(err)
		}
		var got []netip.Prefix
		count := uint64(0)
		for _, r := range rules {
			rule, err := netfilter.Parse(netfilter.NFT, r.Text)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, rule.Peers()...)
			count += r.Evidence.Count
		}
		if want := set.Prefixes(); !slices.Equal(got, want) || count != events || len(p.Notes()) > 0 {
			t.Errorf("%s: %d blocks in %d rules, the fewest are %d; %d events; notes %+v", name, len(got), len(rules), len(want), count, p.Notes())
		}
	}
}
