package nfpolicy

import (
	"bytes"
	"cmp"
	"net/netip"
)

// span is a block of addresses without the pointer that is in a netip.Prefix:
// there can be very many of them, and maps find it faster.
type span struct {
	addr [16]byte
	bits uint8
	is4  bool
}

func spanOf(p netip.Prefix) span {
	return span{p.Addr().As16(), uint8(p.Bits()), p.Addr().Is4()}
}

func (s span) prefix() netip.Prefix {
	a := netip.AddrFrom16(s.addr)
	if s.is4 {
		a = a.Unmap()
	}
	return netip.PrefixFrom(a, int(s.bits))
}

// compareSpans orders as netip does: those of IPv4 first.
func compareSpans(a, b span) int {
	switch {
	case a.is4 && !b.is4:
		return -1
	case b.is4 && !a.is4:
		return 1
	}
	return cmp.Or(bytes.Compare(a.addr[:], b.addr[:]), cmp.Compare(a.bits, b.bits))
}

func prefixesOf(spans []span) []netip.Prefix {
	list := make([]netip.Prefix, len(spans))
	for i, s := range spans {
		list[i] = s.prefix()
	}
	return list
}
