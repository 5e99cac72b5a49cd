package netfilter

import (
	"net/netip"
	"slices"

	"go4.org/netipx"
)

// span is a range of ports whose peers are the same for each of them.
type span struct {
	ports PortRange
	peers *netipx.IPSet
}

// spansOf cuts the ports where a rule starts or ends, and says for every piece
// who may reach it. A piece that no rule has is left out. few is false if that
// takes more than so many addresses, which depends on nothing but what the rules
// match together.
func spansOf(group []Rule, most int) (spans []span, few bool) {
	// A list without ports has them all.
	portsOf := func(r Rule) []PortRange {
		if len(r.Ports) == 0 {
			return []PortRange{{0, maxPort}}
		}
		return r.Ports
	}
	starts := make(map[int][]int) // port: rules from here on
	ends := make(map[int][]int)   // port: rules up to the one before
	var cuts []int
	for i, r := range group {
		for _, p := range portsOf(r) {
			first, after := int(p.First), int(p.Last)+1
			starts[first] = append(starts[first], i)
			ends[after] = append(ends[after], i)
			cuts = append(cuts, first, after)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	active := make(map[int]bool)
	for i, cut := range cuts {
		for _, n := range ends[cut] {
			delete(active, n)
		}
		for _, n := range starts[cut] {
			active[n] = true
		}
		if len(active) == 0 {
			continue
		}
		here := make([]Rule, 0, len(active))
		for n := range active {
			here = append(here, group[n])
		}
		peers, last := peersOf(here), uint16(cuts[i+1]-1)
		if n := len(spans); n > 0 && int(spans[n-1].ports.Last)+1 == cut && spans[n-1].peers.Equal(peers) {
			spans[n-1].ports.Last = last
			continue
		}
		if most -= len(peers.Ranges()); most < 0 {
			return nil, false
		}
		spans = append(spans, span{PortRange{uint16(cut), last}, peers})
	}
	return spans, true
}

// peersOf is the set of all peers; a rule without a list has them all.
func peersOf(group []Rule) *netipx.IPSet {
	lists := make([][]netip.Prefix, 0, len(group))
	for _, r := range group {
		if len(r.Peers()) == 0 {
			return union([]netip.Prefix{Everything(r.Family)})
		}
		lists = append(lists, r.Peers())
	}
	return union(lists...)
}

// inEverySpan is the set of the peers that reach all ports there are.
func inEverySpan(spans []span) *netipx.IPSet {
	var b netipx.IPSetBuilder
	next := 0
	for i, s := range spans {
		if int(s.ports.First) != next {
			return &netipx.IPSet{}
		}
		next = int(s.ports.Last) + 1
		if i == 0 {
			b.AddSet(s.peers)
		} else {
			b.Intersect(s.peers)
		}
	}
	if next != maxPort+1 {
		return &netipx.IPSet{}
	}
	return setOf(&b)
}

// beyond returns who must be named for a span when those in every need not be:
// the others or, where that is shorter, all. ok is false if there is nobody.
func beyond(peers, every *netipx.IPSet) (list []netip.Prefix, ok bool) {
	if len(every.Ranges()) == 0 {
		return blocks(peers), true
	}
	var b netipx.IPSetBuilder
	b.AddSet(peers)
	b.RemoveSet(every)
	rest := setOf(&b)
	if len(rest.Ranges()) == 0 {
		return nil, false
	}
	all, others := peers.Prefixes(), rest.Prefixes()
	if len(all) < len(others) {
		return blocks(peers), true
	}
	return blocks(rest), true
}
