package netfilter

import (
	"math/bits"
	"net/netip"
)

// reach says how much of the Internet some addresses are.
type reach uint8

const (
	narrow reach = iota // no more than one organisation holds
	broad               // a large part: as good as everybody, for one who wants in
	total               // more than half of what is in use: everybody
)

// The addresses of a family are counted in units: single addresses of IPv4, blocks
// of /43 in IPv6. So one block of /8, or of /19, the most that anybody holds, has
// the same number of units.
const (
	unitBits6 = 43
	mostUnits = 1 << 24 // units that one organisation holds
)

// half are the units of half of the addresses that are in use: all of IPv4 but
// for a little, 2000::/3 of IPv6 (RFC 4291).
var half = map[Family]uint64{IP: 1 << 31, IP6: 1 << (unitBits6 - 4)}

// embeds are the IPv6 blocks whose addresses hold one of IPv4, up to the bit
// where that one ends: a stranger comes from anywhere in them.
var embeds = [...]struct {
	block netip.Prefix
	end   int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 128}, // NAT64, RFC 6052
	{netip.MustParsePrefix("2002::/16"), 48},     // 6to4, RFC 3056
	{netip.MustParsePrefix("2001::/32"), 64},     // Teredo, RFC 4380: the server's, which the client chooses
}

// units returns how many units a block has. Private blocks and those that a host
// needs have none: no stranger has an address there.
func units(p netip.Prefix) uint64 {
	if inside(p, private) || inside(p, essential) {
		return 0
	}
	n := size(p)
	for _, table := range [...][]netip.Prefix{private, essential} {
		for _, t := range table {
			if p.Contains(t.Addr()) {
				n -= min(n, size(t))
			}
		}
	}
	return max(1, n)
}

// size returns how many units a block has, whoever has them.
func size(p netip.Prefix) uint64 {
	end, n := unitBits6, uint64(1)
	if p.Addr().Is4() {
		end = 32
	}
	for _, e := range embeds {
		switch {
		case !e.block.Overlaps(p):
		case e.block.Bits() <= p.Bits():
			end = e.end
		default:
			n = 1 << (e.end - e.block.Bits())
		}
	}
	return max(n, 1<<max(0, end-p.Bits()))
}

func sumUnits(list []netip.Prefix) uint64 {
	sum := uint64(0)
	for _, p := range list {
		sum += units(p)
	}
	return sum
}

// whole is the number of units of all addresses, above every sum.
const whole = 1 << 62

// unitsOf returns the units of disjoint peers. None are everybody.
func unitsOf(peers []netip.Prefix) uint64 {
	if len(peers) == 0 {
		return whole
	}
	return sumUnits(peers)
}

func reachOf(f Family, units uint64) reach {
	switch {
	case units > half[f]:
		return total
	case units > mostUnits:
		return broad
	}
	return narrow
}

// growth is a step of the number of units: it rises when a number that is too
// large doubles, so that what stands cannot be widened to everybody in pieces.
func growth(units uint64) int {
	if units <= mostUnits {
		return 0
	}
	return bits.Len64(units / mostUnits)
}
