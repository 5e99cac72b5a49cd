package netfilter

import (
	"cmp"
	"slices"
)

// Compare orders rules as they stand in a file: by chain, then what refuses
// before what accepts, so that a blocked source stays blocked, then by their
// matches.
func Compare(a, b Rule) int {
	return cmp.Or(
		cmp.Compare(chainRank(a.Chain), chainRank(b.Chain)),
		cmp.Compare(verdictRank(a.Verdict), verdictRank(b.Verdict)),
		cmp.Compare(a.Family, b.Family),
		cmp.Compare(a.In, b.In),
		cmp.Compare(a.Out, b.Out),
		cmp.Compare(a.Proto, b.Proto),
		slices.CompareFunc(a.Ports, b.Ports, comparePorts),
		compareICMP(a.ICMP, b.ICMP),
		compareOwner(a.Owner, b.Owner),
		cmp.Compare(a.Timeout, b.Timeout),
		comparePrefixLists(a.Local(), b.Local()),
		comparePrefixLists(a.Peers(), b.Peers()),
	)
}

func chainRank(c Chain) int { return slices.Index(chains[:], c) }

func verdictRank(v Verdict) int {
	return slices.Index([]Verdict{Drop, Reject, Accept}, v)
}

func compareICMP(a, b ICMPType) int {
	return cmp.Or(compareBool(a.Match, b.Match), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Code, b.Code))
}

func compareOwner(a, b Owner) int {
	return cmp.Or(compareBool(a.Match, b.Match), cmp.Compare(a.UID, b.UID))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
