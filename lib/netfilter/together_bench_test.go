package netfilter

import "testing"

// BenchmarkTogether grades 100 000 sources, in one rule that stands and in a rule
// each that is added.
func BenchmarkTogether(b *testing.B) {
	one := many(100_000)
	var each []Rule
	for _, p := range one.Src {
		each = append(each, one.WithPeers(prefixes(p.String())))
	}
	b.Run("standing", func(b *testing.B) {
		for b.Loop() {
			if e := Together([]Rule{one}, each[:1], 7); len(e) > 0 {
				b.Fatal(e)
			}
		}
	})
	b.Run("added", func(b *testing.B) {
		for b.Loop() {
			if e := Together(nil, each, 7); len(e) > 0 {
				b.Fatal(e)
			}
		}
	})
}
