// Package addrs takes lists of address blocks apart by sets of them. Lists and sets
// can hold very many blocks.
package addrs

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"github.com/sl-suite/sl/lib/netfilter"
)

// Set is a set of addresses of both families. The zero Set is empty.
type Set struct {
	// The fewest blocks, sorted: a block that is in the set is part of one of them.
	blocks []netip.Prefix
}

// Built is the set that a builder has gathered; what is not valid is not in it.
func Built(b *netipx.IPSetBuilder) *Set {
	set, _ := b.IPSet()
	return &Set{set.Prefixes()}
}

// Union is the set of the addresses of all lists.
func Union(lists ...[]netip.Prefix) *Set {
	return &Set{netfilter.FewestBlocks(slices.Concat(lists...))}
}

// Prefixes returns the fewest blocks that are the set, sorted.
func (s *Set) Prefixes() []netip.Prefix { return s.blocks }

// Others is the set of all addresses that are not in s.
func (s *Set) Others() *Set {
	var b netipx.IPSetBuilder
	b.AddPrefix(netfilter.Everything(netfilter.IP))
	b.AddPrefix(netfilter.Everything(netfilter.IP6))
	for _, p := range s.blocks {
		b.RemovePrefix(p)
	}
	return Built(&b)
}

// from returns the blocks that another can touch: those from the first that does
// not end before it.
func (s *Set) from(p netip.Prefix) []netip.Prefix {
	i, _ := slices.BinarySearchFunc(s.blocks, p.Addr(), func(b netip.Prefix, a netip.Addr) int {
		if netipx.PrefixLastIP(b).Less(a) {
			return -1
		}
		return 1
	})
	return s.blocks[i:]
}

// Contains reports whether an address is in the set.
func (s *Set) Contains(a netip.Addr) bool {
	near := s.from(netip.PrefixFrom(a, a.BitLen()))
	return len(near) > 0 && near[0].Contains(a)
}

// OverlapsPrefix reports whether any address of a block is in the set.
func (s *Set) OverlapsPrefix(p netip.Prefix) bool {
	near := s.from(p)
	return len(near) > 0 && near[0].Overlaps(p)
}

// ContainsPrefix reports whether all addresses of a block are in the set.
func (s *Set) ContainsPrefix(p netip.Prefix) bool {
	near := s.from(p)
	return len(near) > 0 && near[0].Bits() <= p.Bits() && near[0].Contains(p.Addr())
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
		default: // some blocks of the set are parts of this one
			var b netipx.IPSetBuilder
			b.AddPrefix(p)
			for _, part := range s.from(p) {
				if !part.Overlaps(p) {
					break
				}
				in = append(in, part)
				b.RemovePrefix(part)
			}
			out = append(out, Built(&b).blocks...)
		}
	}
	return in, out
}

// Without is what of a sorted list is in none of the blocks of other lists.
func Without(list []netip.Prefix, away ...[]netip.Prefix) []netip.Prefix {
	_, rest := Union(away...).Split(list)
	return rest
}

// Join is the union of two sorted lists, each of blocks that share no address.
func Join(a, b []netip.Prefix) []netip.Prefix {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return Union(a, b).Prefixes()
}
