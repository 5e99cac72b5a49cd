// Package addrs takes lists of address blocks apart by sets of them. It is
// go4.org/netipx with a search that takes little time in large sets.
package addrs

import (
	"net/netip"
	"sort"

	"go4.org/netipx"
)

// Set is a set of addresses.
type Set struct {
	*netipx.IPSet
	ranges []netipx.IPRange // sorted and apart
}

// Built is the set that a builder has gathered; what is not valid is not in it.
func Built(b *netipx.IPSetBuilder) *Set {
	set, _ := b.IPSet()
	return &Set{set, set.Ranges()}
}

// Union is the set of the addresses of all lists.
func Union(lists ...[]netip.Prefix) *Set {
	var b netipx.IPSetBuilder
	for _, list := range lists {
		for _, p := range list {
			b.AddPrefix(p)
		}
	}
	return Built(&b)
}

// from returns the ranges that a block can touch: those from the first that does
// not end before it.
func (s *Set) from(p netip.Prefix) []netipx.IPRange {
	return s.ranges[sort.Search(len(s.ranges), func(i int) bool { return !s.ranges[i].To().Less(p.Addr()) }):]
}

// OverlapsPrefix reports whether any address of a block is in the set.
func (s *Set) OverlapsPrefix(p netip.Prefix) bool {
	near := s.from(p)
	return len(near) > 0 && !netipx.PrefixLastIP(p).Less(near[0].From())
}

// ContainsPrefix reports whether all addresses of a block are in the set.
func (s *Set) ContainsPrefix(p netip.Prefix) bool {
	near := s.from(p)
	return len(near) > 0 && !p.Addr().Less(near[0].From()) && !near[0].To().Less(netipx.PrefixLastIP(p))
}

// Split cuts a sorted list, whose blocks share no address, into what is in the
// set and what is not, both sorted. The list is not to be changed afterwards.
func (s *Set) Split(list []netip.Prefix) (in, out []netip.Prefix) {
	free := 0 // so many blocks at the beginning are not in the set, mostly all
	for free < len(list) && !s.OverlapsPrefix(list[free]) {
		free++
	}
	out = list[:free:free]
	for _, p := range list[free:] {
		switch {
		case s.ContainsPrefix(p):
			in = append(in, p)
		case !s.OverlapsPrefix(p):
			out = append(out, p)
		default:
			var b netipx.IPSetBuilder
			for _, r := range s.from(p) {
				if netipx.PrefixLastIP(p).Less(r.From()) {
					break
				}
				b.AddRange(r)
			}
			inside := Built(&b)
			b.AddPrefix(p)
			b.RemoveSet(inside.IPSet)
			outside := Built(&b)
			out = append(out, outside.Prefixes()...)
			b.AddPrefix(p)
			b.RemoveSet(outside.IPSet)
			in = append(in, Built(&b).Prefixes()...)
		}
	}
	return in, out
}

// Without is what of a list is in none of the blocks of another.
func Without(list, away []netip.Prefix) []netip.Prefix {
	if len(away) == 0 {
		return list
	}
	_, rest := Union(away).Split(list)
	return rest
}

// Join is the union of two sorted lists.
func Join(a, b []netip.Prefix) []netip.Prefix {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return Union(a, b).Prefixes()
}
