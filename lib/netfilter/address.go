package netfilter

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"
)

// NormalPrefixes returns the same addresses of one family as the fewest CIDR
// blocks, sorted. All addresses together are nil, which matches them all; so
// are none.
func NormalPrefixes(prefixes []netip.Prefix) []netip.Prefix {
	few := FewestBlocks(prefixes)
	if len(few) == 0 || few[0].Bits() == 0 {
		return nil
	}
	return few
}

// FewestBlocks returns the same addresses, of both families, as the fewest CIDR
// blocks, sorted. The zero Prefix adds nothing.
//
// There can be very many, mostly single addresses. Sorted, a block comes before
// those inside it, and two halves of one block one after the other, so that one
// look at the last blocks so far is enough.
func FewestBlocks(prefixes []netip.Prefix) []netip.Prefix {
	list := make([]netip.Prefix, 0, len(prefixes))
	for _, p := range prefixes {
		if p = p.Masked(); p.IsValid() {
			list = append(list, p)
		}
	}
	if !slices.IsSortedFunc(list, comparePrefixes) {
		slices.SortFunc(list, comparePrefixes)
	}
	few := list[:0]
	for _, p := range list {
		if n := len(few); n > 0 && few[n-1].Contains(p.Addr()) {
			continue
		}
		few = append(few, p)
		for n := len(few); n > 1 && siblings(few[n-2], few[n-1]); n = len(few) {
			few = few[:n-1]
			few[n-2] = netip.PrefixFrom(few[n-2].Addr(), few[n-2].Bits()-1)
		}
	}
	return few
}

// union is the set of the addresses of all lists. The zero Prefix adds nothing.
func union(lists ...[]netip.Prefix) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, list := range lists {
		for _, p := range list {
			b.AddPrefix(p)
		}
	}
	return setOf(&b)
}

// remove returns the addresses of a list that are not in another.
func remove(list, away []netip.Prefix) []netip.Prefix {
	var b netipx.IPSetBuilder
	b.AddSet(union(list))
	b.RemoveSet(union(away))
	return setOf(&b).Prefixes()
}

// setOf is b's set. A prefix that is not valid is not in it.
func setOf(b *netipx.IPSetBuilder) *netipx.IPSet {
	set, _ := b.IPSet()
	return set
}

// blocks returns a set as a canonical list.
func blocks(set *netipx.IPSet) []netip.Prefix {
	list := set.Prefixes()
	if len(list) == 1 && list[0].Bits() == 0 {
		return nil
	}
	return list
}

// Everything is the block of all addresses of a family.
func Everything(f Family) netip.Prefix {
	if f == IP {
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
}

// halves are the two blocks that hold all addresses of a family together.
func halves(f Family) (low, high netip.Prefix) {
	if f == IP {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{}), 1), netip.PrefixFrom(netip.AddrFrom4([4]byte{0x80}), 1)
	}
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{}), 1), netip.PrefixFrom(netip.AddrFrom16([16]byte{0x80}), 1)
}

// checkPrefixes says why a list is not what NormalPrefixes makes.
func checkPrefixes(f Family, list []netip.Prefix) error {
	for i, p := range list {
		switch {
		case !p.IsValid():
			return errors.New("not an address")
		case p.Addr().Is4() != (f == IP):
			return fmt.Errorf("%s is not of family %s", p, f)
		case p.Masked() != p:
			return fmt.Errorf("%s has bits after its prefix", p)
		case p.Bits() == 0:
			return errors.New("all addresses are written as none")
		}
		if i == 0 {
			continue
		}
		before := list[i-1]
		switch {
		case !netipx.PrefixLastIP(before).Less(p.Addr()):
			return fmt.Errorf("%s is not after %s", p, before)
		case siblings(before, p):
			return fmt.Errorf("%s and %s are one block", before, p)
		}
	}
	return nil
}

// siblings reports whether two disjoint blocks are the halves of one.
func siblings(a, b netip.Prefix) bool {
	if a.Bits() != b.Bits() {
		return false
	}
	parent, err := a.Addr().Prefix(a.Bits() - 1)
	return err == nil && parent.Contains(b.Addr())
}

// appendPrefix writes a block, and a single address without its length.
func appendPrefix(dst []byte, p netip.Prefix) []byte {
	if p.IsSingleIP() {
		return p.Addr().AppendTo(dst)
	}
	return p.AppendTo(dst)
}

// parsePrefix reads what appendPrefix writes.
func parsePrefix(word string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(word)
	if err == nil {
		return p, nil
	}
	addr, err := netip.ParseAddr(word)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, fmt.Errorf("%q is no address or block of addresses", bounded(word))
	}
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}

func comparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

func comparePrefixLists(a, b []netip.Prefix) int {
	return slices.CompareFunc(a, b, comparePrefixes)
}
