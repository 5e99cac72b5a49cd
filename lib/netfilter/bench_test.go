package netfilter

import (
	"fmt"
	"net/netip"
	"testing"
)

// many returns a rule with n sources, no two of which are one block.
func many(n int) Rule {
	r := Rule{Family: IP, Chain: Input, In: "eth0", Proto: TCP, Ports: []PortRange{Port(22)}, Verdict: Accept}
	for i := range n {
		r.Src = append(r.Src, netip.PrefixFrom(netip.AddrFrom4([4]byte{11, byte(i >> 15), byte(i >> 7), byte(2 * i)}), 32))
	}
	return r
}

func BenchmarkParse(b *testing.B) {
	for _, s := range []Syntax{NFT, Restore} {
		text, err := web.Text(s)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(s), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(s, text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFile writes and reads a file of 100 000 sources.
func BenchmarkFile(b *testing.B) {
	for _, s := range []Syntax{NFT, Restore} {
		for _, n := range []int{1000, 100_000} {
			b.Run(fmt.Sprintf("%s-%d", s, n), func(b *testing.B) {
				b.ReportAllocs()
				rules := []Rule{many(n)}
				for b.Loop() {
					body, err := AppendFile(nil, s, rules)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := ParseFile(s, body); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkMergePorts(b *testing.B) {
	b.ReportAllocs()
	var rules []Rule
	for port := range uint16(20_000) {
		r := many(3)
		r.Ports = []PortRange{Port(3 * port)}
		rules = append(rules, r)
	}
	for b.Loop() {
		if got := Merge(rules); len(got) != 1 {
			b.Fatal(len(got))
		}
	}
}
