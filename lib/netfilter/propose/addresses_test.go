package propose

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Addresses of both families share one bound. What is there at the end are the
// smallest places, whatever the order.
func TestAddressesKeepTheSmallest(t *testing.T) {
	type row struct{ weight int }
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) place {
			p := place{tag: rapid.ByteRange(0, 1).Draw(t, "tag")}
			last := rapid.ByteRange(0, 12).Draw(t, "last")
			p.addr = netip.AddrFrom4([4]byte{192, 0, 2, last})
			if rapid.Bool().Draw(t, "six") {
				p.addr = netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff, 12: 192, 15: last}) // mapped: not the same address
			}
			return p
		}), 0, 120).Draw(t, "places")
		most := rapid.IntRange(1, 40).Draw(t, "most")
		run := func(places []place) (kept []place, sum int) {
			table := addresses[*row]{
				most: most, weigh: func(r *row) int { return min(r.weight, 3) }, dropped: func(r *row) { sum += r.weight },
			}
			for _, p := range places {
				r, there := table.get(p)
				if !there {
					if r = new(row); !table.put(p, r) {
						sum++
						continue
					}
				}
				before := table.weigh(r)
				r.weight++
				table.grow(p.addr, table.weigh(r)-before)
				if n := table.size(); n > most+most/4+1 {
					t.Fatalf("%d rows", n)
				}
			}
			for p, r := range table.all() {
				kept = append(kept, p)
				sum += r.weight
			}
			return kept, sum
		}
		kept, sum := run(places)
		if sum != len(places) {
			t.Errorf("%d events of %d", sum, len(places))
		}
		// What has to be kept, worked out the slow way.
		counts := make(map[place]int)
		for _, p := range places {
			counts[p]++
		}
		var all, want []place
		for p := range counts {
			all = append(all, p)
		}
		slices.SortFunc(all, func(a, b place) int {
			if c := a.addr.Compare(b.addr); c != 0 {
				return c
			}
			return int(a.tag) - int(b.tag)
		})
		weight := 0
		for _, p := range all {
			if weight += min(counts[p], 3); weight > most {
				break
			}
			want = append(want, p)
		}
		same := cmp.Comparer(func(a, b place) bool { return a == b })
		if d := cmp.Diff(want, kept, same); d != "" {
			t.Error(d)
		}
		if other, _ := run(rapid.Permutation(places).Draw(t, "order")); !slices.Equal(other, kept) {
			t.Error("another order gives others")
		}
	})
}
