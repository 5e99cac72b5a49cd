package ruleset

import (
	"net/netip"
	"sort"

	"github.com/sl-suite/sl/lib/netfilter"
	"go4.org/netipx"
)

// addrSet is a set of addresses that is searched in little time: netipx walks
// through all ranges.
type addrSet struct {
	*netipx.IPSet
	ranges []netipx.IPRange // sorted and apart
}

// from returns the ranges that a block can touch: those from the first that does
// not end before it.
func (s *addrSet) from(p netip.Prefix) []netipx.IPRange {
	return s.ranges[sort.Search(len(s.ranges), func(i int) bool { return !s.ranges[i].To().Less(p.Addr()) }):]
}

// OverlapsPrefix reports whether any address of a block is in the set.
func (s *addrSet) OverlapsPrefix(p netip.Prefix) bool {
	near := s.from(p)
	return len(near) > 0 && !netipx.PrefixLastIP(p).Less(near[0].From())
}

// ContainsPrefix reports whether all addresses of a block are in the set.
func (s *addrSet) ContainsPrefix(p netip.Prefix) bool {
	near := s.from(p)
	return len(near) > 0 && !p.Addr().Less(near[0].From()) && !near[0].To().Less(netipx.PrefixLastIP(p))
}

// split cuts a sorted list into what is in a set and what is not, both sorted.
func split(list []netip.Prefix, set *addrSet) (in, out []netip.Prefix) {
	for _, p := range list {
		switch {
		case set.ContainsPrefix(p):
			in = append(in, p)
		case !set.OverlapsPrefix(p):
			out = append(out, p)
		default:
			var b netipx.IPSetBuilder
			for _, r := range set.from(p) {
				if netipx.PrefixLastIP(p).Less(r.From()) {
					break
				}
				b.AddRange(r)
			}
			inside := setOf(&b)
			b.AddPrefix(p)
			b.RemoveSet(inside.IPSet)
			outside := setOf(&b)
			out = append(out, outside.Prefixes()...)
			b.AddPrefix(p)
			b.RemoveSet(outside.IPSet)
			in = append(in, setOf(&b).Prefixes()...)
		}
	}
	return in, out
}

// without is what of a list is in none of the blocks of another.
func without(list, away []netip.Prefix) []netip.Prefix {
	if len(away) == 0 {
		return list
	}
	_, rest := split(list, union(away))
	return rest
}

// join is the union of two lists.
func join(a, b []netip.Prefix) []netip.Prefix {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return union(a, b).Prefixes()
}

func union(lists ...[]netip.Prefix) *addrSet {
	var b netipx.IPSetBuilder
	for _, list := range lists {
		for _, p := range list {
			b.AddPrefix(p)
		}
	}
	return setOf(&b)
}

// setOf is b's set. A prefix that is not valid is not in it.
func setOf(b *netipx.IPSetBuilder) *addrSet {
	set, _ := b.IPSet()
	return &addrSet{set, set.Ranges()}
}

// everything is the block of all addresses of a family.
func everything(f netfilter.Family) netip.Prefix {
	if f == netfilter.IP {
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
}
