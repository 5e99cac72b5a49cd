package propose

import (
	"math/bits"
	"net/netip"

	"github.com/sl-suite/sl/lib/netfilter"
)

// widen returns the addresses that a rule is for when those of list were seen,
// and the name of what made them more.
//
// Widening twice changes nothing more, and neither does widening a part before
// the rest is known, so the rules of many hosts merge like their events.
func (o *Options) widen(f netfilter.Family, list []netip.Prefix) (wider []netip.Prefix, made string) {
	list = netfilter.NormalPrefixes(list)
	switch {
	case o.Sources == Any:
		return nil, madeAny
	case o.Sources == Net && f == netfilter.IP:
		wider = blocksAround(list, o.Widen4)
	case o.Sources == Net:
		wider = blocksAround(list, o.Widen6)
	default:
		return list, ""
	}
	if len(wider) == len(list) {
		return list, "" // a block around one is that one
	}
	return netfilter.NormalPrefixes(wider), madeNet
}

// blocksAround replaces those members of a sorted list that are in the same
// block of so many bits by the smallest block around them.
func blocksAround(list []netip.Prefix, size int) []netip.Prefix {
	var out []netip.Prefix
	for _, p := range list {
		if n := len(out); n > 0 {
			if around := commonBlock(out[n-1], p); around.Bits() >= size {
				out[n-1] = around
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// commonBlock is the smallest block that holds two of one family that share no
// address.
func commonBlock(a, b netip.Prefix) netip.Prefix {
	x, y := a.Addr().As16(), b.Addr().As16()
	same := 0
	for i := range x {
		if diff := x[i] ^ y[i]; diff != 0 {
			same += bits.LeadingZeros8(diff)
			break
		}
		same += 8
	}
	same -= 128 - a.Addr().BitLen()
	return netip.PrefixFrom(a.Addr(), same).Masked()
}
