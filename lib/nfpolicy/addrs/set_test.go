package addrs

import (
	"net/netip"
	"testing"

	"go4.org/netipx"
	"pgregory.net/rapid"
)

// A list is cut into what a set has and what it has not.
func TestSplit(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) netip.Prefix {
		a := netip.AddrFrom4([4]byte{192, 0, rapid.ByteRange(0, 3).Draw(t, "net"), rapid.Byte().Draw(t, "host")})
		return netip.PrefixFrom(a, rapid.IntRange(22, 32).Draw(t, "bits")).Masked()
	})
	rapid.Check(t, func(t *rapid.T) {
		list := Union(rapid.SliceOfN(draw, 0, 60).Draw(t, "list")).Prefixes()
		set := Union(rapid.SliceOfN(draw, 0, 3).Draw(t, "set"))
		in, out := set.Split(list)
		var b netipx.IPSetBuilder
		b.AddSet(Union(list).IPSet)
		b.Intersect(set.IPSet)
		if !Built(&b).Equal(Union(in).IPSet) || !Union(in, out).Equal(Union(list).IPSet) {
			t.Fatalf("%v of %v: %v and %v", set, list, in, out)
		}
		for _, p := range out {
			if set.OverlapsPrefix(p) {
				t.Fatalf("%v is in the set", p)
			}
		}
	})
}
