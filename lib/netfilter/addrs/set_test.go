package addrs

import (
	"net/netip"
	"slices"
	"testing"

	"go4.org/netipx"
	"pgregory.net/rapid"
)

var draw = rapid.Custom(func(t *rapid.T) netip.Prefix {
	if rapid.IntRange(0, 4).Draw(t, "six") == 0 {
		a := netip.AddrFrom16([16]byte{0x20, 14: rapid.ByteRange(0, 3).Draw(t, "net"), 15: rapid.Byte().Draw(t, "host")})
		return netip.PrefixFrom(a, rapid.IntRange(118, 128).Draw(t, "bits")).Masked()
	}
	a := netip.AddrFrom4([4]byte{192, 0, rapid.ByteRange(0, 3).Draw(t, "net"), rapid.Byte().Draw(t, "host")})
	return netip.PrefixFrom(a, rapid.IntRange(22, 32).Draw(t, "bits")).Masked()
})

// known is the set of a list as netipx has it.
func known(list []netip.Prefix) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, p := range list {
		b.AddPrefix(p)
	}
	set, _ := b.IPSet()
	return set
}

// Sets say what those of netipx say, and a list is cut into what a set has and what
// it has not.
func TestSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := Union(rapid.SliceOfN(draw, 0, 60).Draw(t, "list")).Prefixes()
		members := rapid.SliceOfN(draw, 0, 5).Draw(t, "set")
		set, same := Union(members), known(members)
		in, out := set.Split(slices.Clip(list))
		var b netipx.IPSetBuilder
		b.AddSet(known(list))
		b.Intersect(same)
		inside, _ := b.IPSet()
		if !inside.Equal(known(in)) || !known(slices.Concat(in, out)).Equal(known(list)) || !slices.Equal(Without(list, members), out) {
			t.Fatalf("%v of %v: %v and %v", members, list, in, out)
		}
		for _, p := range out {
			if same.OverlapsPrefix(p) {
				t.Fatalf("%v is in the set", p)
			}
		}
		if !slices.Equal(Join(in, out), known(list).Prefixes()) {
			t.Fatalf("%v and %v are joined to %v", in, out, Join(in, out))
		}
		if !slices.Equal(set.Prefixes(), same.Prefixes()) {
			t.Fatalf("%v, not %v", set.Prefixes(), same.Prefixes())
		}
		p := draw.Draw(t, "asked")
		a := p.Addr()
		if set.Contains(a) != same.Contains(a) || set.OverlapsPrefix(p) != same.OverlapsPrefix(p) || set.ContainsPrefix(p) != same.ContainsPrefix(p) {
			t.Fatalf("%v in %v: %v %v %v", p, members, set.Contains(a), set.OverlapsPrefix(p), set.ContainsPrefix(p))
		}
		if others := set.Others(); others.Contains(a) == set.Contains(a) || !slices.Equal(others.Others().Prefixes(), set.Prefixes()) {
			t.Fatalf("the others of %v are %v", members, others.Prefixes())
		}
	})
}
