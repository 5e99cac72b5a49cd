package netfilter

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMergeIsExact(t *testing.T) {
	rule := func(src, ports string) Rule {
		r := Rule{Family: IP, Chain: Input, Proto: TCP, Verdict: Accept}
		if src != "" {
			r.Src = prefixes(src)
		}
		if ports != "" {
			p, err := parsePort(ports, '-')
			if err != nil {
				t.Fatal(err)
			}
			r.Ports = []PortRange{p}
		}
		return r
	}
	const head = "add rule inet filter sl-input "
	tests := []struct {
		name string
		in   []Rule
		want []string
	}{
		{"sources of one port", []Rule{rule("192.0.2.0/32", "22"), rule("192.0.2.1/32", "22")},
			[]string{"ip saddr 192.0.2.0/31 tcp dport 22 accept"}},
		{"ports of one source", []Rule{rule("192.0.2.1/32", "22"), rule("192.0.2.1/32", "80")},
			[]string{"ip saddr 192.0.2.1 tcp dport { 22, 80 } accept"}},
		{"not the cross product", []Rule{rule("192.0.2.1/32", "22"), rule("198.51.100.1/32", "80")},
			[]string{"ip saddr 192.0.2.1 tcp dport 22 accept", "ip saddr 198.51.100.1 tcp dport 80 accept"}},
		{"who reaches all ports is not named again", []Rule{rule("192.0.2.1/32", ""), rule("192.0.2.1/32", "22"), rule("192.0.2.9/32", "22")},
			[]string{"ip saddr 192.0.2.1 meta l4proto 6 accept", "ip saddr 192.0.2.9 tcp dport 22 accept"}},
		{"everybody is shorter than all others", []Rule{rule("192.0.2.1/32", ""), rule("", "22")},
			[]string{"ip saddr 192.0.2.1 meta l4proto 6 accept", "meta nfproto ipv4 tcp dport 22 accept"}},
		{"all ports in pieces", []Rule{rule("192.0.2.1/32", "0-1000"), rule("192.0.2.1/32", "1001-65535")},
			[]string{"ip saddr 192.0.2.1 meta l4proto 6 accept"}},
		{"all ports but the last", []Rule{rule("192.0.2.1/32", "0-65534")},
			[]string{"ip saddr 192.0.2.1 tcp dport 0-65534 accept"}},
		{"all ports but the first", []Rule{rule("192.0.2.1/32", "1-65535")},
			[]string{"ip saddr 192.0.2.1 tcp dport 1-65535 accept"}},
		{"two halves are everybody", []Rule{rule("0.0.0.0/1", "22"), rule("128.0.0.0/1", "22")},
			[]string{"meta nfproto ipv4 tcp dport 22 accept"}},
		{"ranges overlap", []Rule{rule("192.0.2.1/32", "10-30"), rule("192.0.2.9/32", "20-40")},
			[]string{
				"ip saddr 192.0.2.1 tcp dport 10-19 accept", "ip saddr { 192.0.2.1, 192.0.2.9 } tcp dport 20-30 accept",
				"ip saddr 192.0.2.9 tcp dport 31-40 accept",
			}},
		{"nothing", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Merge(tt.in)
			if len(got) != len(tt.want) {
				t.Fatalf("%d rules: %+v", len(got), got)
			}
			for i, r := range got {
				if text, err := r.Text(NFT); err != nil || text != head+tt.want[i] {
					t.Errorf("%v\n got %s\nwant %s", err, text, head+tt.want[i])
				}
			}
		})
	}
}

// Whatever else differs keeps rules apart, and has its place in the order.
func TestMergeKeepsApart(t *testing.T) {
	base := Rule{
		Family: IP, Chain: Output, Out: "eth0", Proto: ICMP, Src: prefixes("192.0.2.1/32"), Dst: prefixes("198.51.100.1/32"),
		ICMP: ICMPType{true, 8, 0}, Owner: Owner{true, 0}, Verdict: Accept,
	}
	for name, change := range map[string]func(*Rule){
		"family":    func(r *Rule) { r.Family, r.Src, r.Dst, r.Proto = IP6, nil, nil, ICMPv6 },
		"chain":     func(r *Rule) { r.Chain, r.Owner = Forward, Owner{} },
		"out":       func(r *Rule) { r.Out = "eth1" },
		"no out":    func(r *Rule) { r.Out = "" },
		"proto":     func(r *Rule) { r.Proto, r.ICMP = 47, ICMPType{} },
		"own":       func(r *Rule) { r.Src = prefixes("192.0.2.2/32") },
		"own block": func(r *Rule) { r.Src = prefixes("192.0.2.0/24") },
		"no own":    func(r *Rule) { r.Src = nil },
		"type":      func(r *Rule) { r.ICMP.Type = 0 },
		"code":      func(r *Rule) { r.ICMP.Code = 1 },
		"no type":   func(r *Rule) { r.ICMP = ICMPType{} },
		"uid":       func(r *Rule) { r.Owner.UID = 1 },
		"no owner":  func(r *Rule) { r.Owner = Owner{} },
		"verdict":   func(r *Rule) { r.Verdict = Drop },
	} {
		other := base
		change(&other)
		if err := other.Check(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		other = other.WithPeers(base.Peers())
		if other.Family != base.Family {
			other = other.WithPeers(nil)
		}
		if got := Merge([]Rule{base, other}); len(got) != 2 {
			t.Errorf("%s: merged to %+v", name, got)
		}
		if Compare(base, other) == 0 || Compare(base, other) != -Compare(other, base) {
			t.Errorf("%s: not ordered", name)
		}
	}
}

// nested returns n rules, each for a range of ports inside that of the one
// before and for peers of its own: merged they take n*n addresses.
func nested(n, width int) []Rule {
	var rules []Rule
	for i := range n {
		r := Rule{Family: IP6, Chain: Input, Proto: TCP, Ports: []PortRange{{uint16(i), uint16(maxPort - 1 - i)}}, Verdict: Accept}
		for j := range width {
			a := netip.AddrFrom16([16]byte{0: 0x20, 8: byte(i >> 8), 9: byte(i), 14: byte(j >> 7), 15: byte(2 * j)})
			r.Src = append(r.Src, netip.PrefixFrom(a, 128))
		}
		rules = append(rules, r)
	}
	return rules
}

// Rules that would need too much memory are only gathered. Where the bound is
// depends on what they match, not on how they are written.
func TestMergeOfTangledRules(t *testing.T) {
	rules := nested(20, 10)
	const needed = 10 * 20 * 20 // 10, 20, ... 200, ... 20, 10
	merged, ok := merge(rules, needed)
	if !ok || len(merged) != 20 {
		t.Errorf("%d rules, merged %v", len(merged), ok)
	}
	var pieces []Rule
	for _, r := range merged {
		pieces = append(pieces, Split(Restore, r)...)
	}
	for _, same := range [][]Rule{merged, pieces} {
		if again, ok := merge(same, needed); !ok || !slices.EqualFunc(again, merged, func(a, b Rule) bool { return Compare(a, b) == 0 }) {
			t.Errorf("%d rules, merged %v", len(again), ok)
		}
	}
	for _, same := range [][]Rule{rules, append(rules, rules...), merged, pieces} {
		if _, ok := merge(same, needed-1); ok {
			t.Error("merged beyond the bound")
		}
	}
	gathered, _ := merge(append(rules, rules...), needed-1)
	for i, r := range gathered {
		if Compare(r, rules[i]) != 0 {
			t.Fatalf("rule %d was changed", i)
		}
	}
}

// A source is dropped for the longest of its times, whatever the order.
func TestMergeOfTimeouts(t *testing.T) {
	drop := func(timeout uint32, src string) Rule {
		return Rule{Family: IP, Chain: Input, Src: prefixes(src), Verdict: Drop, Timeout: timeout}
	}
	rules := []Rule{drop(60, "192.0.2.0/24"), drop(3600, "192.0.2.128/25"), drop(0, "192.0.2.255/32"), drop(60, "192.0.2.255/32")}
	want := map[uint32]string{60: "192.0.2.0/25", 3600: "192.0.2.128/26 192.0.2.192/27 192.0.2.224/28 192.0.2.240/29 192.0.2.248/30 192.0.2.252/31 192.0.2.254/32", 0: "192.0.2.255/32"}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		var list []Rule
		for _, i := range order {
			list = Merge(append(list, rules[i]))
		}
		if len(list) != len(want) {
			t.Errorf("%d rules", len(list))
		}
		for _, r := range list {
			var words []string
			for _, p := range r.Src {
				words = append(words, p.String())
			}
			if got := strings.Join(words, " "); got != want[r.Timeout] {
				t.Errorf("for %d s: %s", r.Timeout, got)
			}
		}
	}
	// Everybody is no rule that can time out.
	for _, f := range []Family{IP, IP6} {
		low, high := halves(f)
		both := []Rule{
			{Family: f, Chain: Input, Src: []netip.Prefix{low}, Verdict: Drop, Timeout: 60},
			{Family: f, Chain: Input, Src: []netip.Prefix{high}, Verdict: Drop, Timeout: 60},
		}
		if got := Merge(both); cmp.Diff(both, got, same) != "" || cmp.Diff(both, Merge(got), same) != "" {
			t.Errorf("%+v", got)
		}
		if _, err := AppendFile(nil, NFT, both); err != nil {
			t.Error(err)
		}
	}
	for _, r := range []Rule{
		{Family: IP, Chain: Input, Verdict: Drop, Timeout: 1}, {Family: IP, Chain: Output, Src: prefixes("192.0.2.1/32"), Verdict: Drop, Timeout: 1},
		{Family: IP, Chain: Input, Src: prefixes("192.0.2.1/32"), Verdict: Accept, Timeout: 1}, drop(MaxTimeout+1, "192.0.2.1/32"),
	} {
		if r.Check() == nil {
			t.Errorf("%+v is accepted", r)
		}
	}
}
