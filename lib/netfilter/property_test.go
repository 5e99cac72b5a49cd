package netfilter

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go4.org/netipx"
	"pgregory.net/rapid"
)

var same = cmp.Options{
	cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
	cmpopts.EquateEmpty(),
}

func TestTextIsParsedBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		if err := r.Check(); err != nil {
			t.Fatalf("the generator is wrong: %v", err)
		}
		for _, s := range []Syntax{NFT, Restore, IPTables} {
			for _, piece := range Split(s, r) {
				mustRoundTrip(t, s, piece)
			}
		}
		mustRoundTrip(t, IPSet, drawEntry(t))
		mustRoundTrip(t, NFT, drawNFT(t))
	})
}

func mustRoundTrip(t *rapid.T, s Syntax, r Rule) {
	text, err := r.Text(s)
	if err != nil {
		t.Fatalf("%s: %v: %+v", s, err, r)
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			t.Fatalf("%s: %q is not printable ASCII", s, text)
		}
	}
	back, err := Parse(s, text)
	if err != nil {
		t.Fatalf("%s: %q: %v", s, text, err)
	}
	if d := cmp.Diff(r, back, same); d != "" {
		t.Fatalf("%s: %q:\n%s", s, text, d)
	}
	if again, _ := back.Text(s); again != text {
		t.Fatalf("%s: %q became %q", s, text, again)
	}
}

// A changed byte either is refused or is another rule: no text has two readings.
func TestChangedTextIsAnotherRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]Syntax{NFT, Restore, IPTables}).Draw(t, "syntax")
		r := drawRule(t)
		if s == NFT {
			r = drawNFT(t)
		}
		r = Split(s, r)[0]
		text, err := r.Text(s)
		if err != nil {
			t.Fatal(err)
		}
		changed := []byte(text)
		i := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		changed[i] = rapid.Byte().Draw(t, "byte")
		if string(changed) == text {
			return
		}
		if other, err := Parse(s, string(changed)); err == nil && cmp.Equal(other, r, same) {
			t.Fatalf("%q is read like %q", changed, text)
		}
	})
}

func TestSplitMatchesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		for _, s := range []Syntax{NFT, Restore} {
			pieces := Split(s, r)
			for _, p := range packets([]Rule{r}) {
				if got, want := matchAny(pieces, p), r.matches(p); got != want {
					t.Fatalf("%s: %+v: split %v, whole %v", s, p, got, want)
				}
			}
		}
	})
}

func TestMergeMatchesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOfN(rapid.Custom(drawNear), 0, 6).Draw(t, "rules")
		rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Family != IP })
		merged := Merge(rules)
		for _, r := range merged {
			if err := r.Check(); err != nil {
				t.Fatalf("%+v: %v", r, err)
			}
		}
		for _, p := range packets(rules) {
			if got, want := matchAny(merged, p), matchAny(rules, p); got != want {
				t.Fatalf("%+v: merged %v, before %v\n%+v\n%+v", p, got, want, merged, rules)
			}
		}
	})
}

func TestMergeInAnyOrderAndPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOfN(rapid.Custom(drawNear), 0, 8).Draw(t, "rules")
		want := Merge(rules)
		if d := cmp.Diff(want, Merge(want), same); d != "" {
			t.Fatalf("merging twice:\n%s", d)
		}
		shuffled := rapid.Permutation(rules).Draw(t, "order")
		cut := rapid.IntRange(0, len(rules)).Draw(t, "cut")
		var pieces []Rule
		for _, part := range [][]Rule{shuffled[:cut], shuffled[cut:]} {
			for _, r := range Merge(part) {
				pieces = append(pieces, Split(Restore, r)...)
			}
		}
		if d := cmp.Diff(want, Merge(pieces), same); d != "" {
			t.Fatalf("merging in pieces:\n%s", d)
		}
	})
}

func TestFileIsParsedBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, s := range Syntaxes() {
			draw := drawRule
			switch s {
			case IPSet:
				draw = drawEntry
			case NFT:
				draw = drawNFT
			}
			rules := rapid.SliceOfN(rapid.Custom(draw), 0, 5).Draw(t, "rules")
			body, err := AppendFile(nil, s, rules)
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			back, err := ParseFile(s, body)
			if err != nil {
				t.Fatalf("%s: %v\n%s", s, err, body)
			}
			if d := cmp.Diff(Merge(rules), Merge(back), same); d != "" {
				t.Fatalf("%s:\n%s", s, d)
			}
			again, err := AppendFile(nil, s, rapid.Permutation(back).Draw(t, "order"))
			if err != nil || string(again) != string(body) {
				t.Fatalf("%s: %v: not the same file again", s, err)
			}
		}
	})
}

// packets are ones at and around every edge of the rules.
func packets(rules []Rule) []packet {
	ports := []int{0, maxPort}
	var srcs, dsts []netip.Addr
	for _, r := range rules {
		for _, p := range r.Ports {
			ports = append(ports, int(p.First)-1, int(p.First), int(p.Last), int(p.Last)+1)
		}
		srcs = append(srcs, edges(r.Family, r.Src)...)
		dsts = append(dsts, edges(r.Family, r.Dst)...)
	}
	slices.Sort(ports)
	ports = slices.Compact(ports)
	var out []packet
	for _, port := range ports {
		if port < 0 || port > maxPort {
			continue
		}
		for _, src := range srcs {
			out = append(out, packet{src, dsts[0], port})
		}
		for _, dst := range dsts {
			out = append(out, packet{srcs[0], dst, port})
		}
	}
	return out
}

func edges(f Family, list []netip.Prefix) []netip.Addr {
	out := []netip.Addr{Everything(f).Addr()}
	for _, p := range list {
		last := netipx.PrefixLastIP(p)
		for _, a := range []netip.Addr{p.Addr().Prev(), p.Addr(), last, last.Next()} {
			if a.IsValid() {
				out = append(out, a)
			}
		}
	}
	return out
}

func matchAny(rules []Rule, p packet) bool {
	for _, r := range rules {
		if r.matches(p) {
			return true
		}
	}
	return false
}

// The fewest blocks are those that netipx works out from the ends of ranges.
func TestNormalPrefixesAreTheFewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom([]Family{IP, IP6}).Draw(t, "family")
		var list []netip.Prefix
		for range rapid.IntRange(0, 40).Draw(t, "prefixes") {
			p := drawPrefix(t, f)
			if rapid.Bool().Draw(t, "single") {
				p = netip.PrefixFrom(p.Addr(), p.Addr().BitLen())
			}
			if rapid.Bool().Draw(t, "unmasked") {
				p = netip.PrefixFrom(netipx.PrefixLastIP(p), p.Bits())
			}
			list = append(list, p)
		}
		if rapid.IntRange(0, 9).Draw(t, "all") == 0 {
			list = append(list, Everything(f), netip.Prefix{})
		}
		before := slices.Clone(list)
		got := NormalPrefixes(list)
		if d := cmp.Diff(blocks(union(list)), got, same); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(before, list, same); d != "" {
			t.Fatalf("the list was changed: %s", d)
		}
	})
}
