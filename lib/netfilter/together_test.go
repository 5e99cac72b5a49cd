package netfilter

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// input parses rules of nft without what all of them begin with. "~" stands for a
// number that counts up to n.
func input(t testing.TB, texts ...string) (rules []Rule) {
	t.Helper()
	for _, text := range texts {
		n := 1
		if count, rest, ok := strings.Cut(text, " x "); ok {
			if _, err := fmt.Sscan(count, &n); err != nil {
				t.Fatal(err)
			}
			text = rest
		}
		for i := range n {
			r, err := Parse(NFT, "add rule inet filter sl-"+strings.ReplaceAll(text, "~", fmt.Sprint(i)))
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			rules = append(rules, r)
		}
	}
	return rules
}

func TestGradedByWhatTheWholeFileLetsThrough(t *testing.T) {
	tests := []struct {
		name  string
		rules []string
		want  uint8 // 0 for no effect of danger 7
		why   string
	}{
		{"everybody by destination", []string{"256 x input ip saddr ~.0.0.0/8 ip daddr { 198.18.~.1, 203.0.113.0/24 } accept"}, 10, "everything"},
		{"everybody by interface", []string{`256 x input iifname "eth~" ip saddr ~.0.0.0/8 tcp dport 22 accept`}, 8, "ssh"},
		{"two halves", []string{`input iifname "a" ip saddr 0.0.0.0/1 tcp dport 22 accept`, "input ip saddr 128.0.0.0/1 tcp dport 22 accept"}, 8, "ssh"},
		{"two blocks", []string{"input ip saddr 11.0.0.0/8 ip daddr 192.0.2.1 tcp dport 22 accept", "input ip saddr 12.0.0.0/8 tcp dport 22 accept"}, 8, "ssh"},
		{"one block twice", []string{"input ip saddr 11.0.0.0/8 ip daddr 192.0.2.1 tcp dport 22 accept", "input ip saddr 11.0.0.0/8 tcp dport 22 accept"}, 0, ""},
		{"one block and a private one", []string{"input ip saddr 11.0.0.0/8 tcp dport 22 accept", "input ip saddr 10.0.0.0/8 tcp dport 22 accept"}, 0, ""},
		{"IPv6", []string{`10 x input iifname "eth~" ip6 saddr 200~::/20 tcp dport 22 accept`}, 8, "ssh"},
		{"IPv6, two providers", []string{"input ip6 saddr 2a00::/19 tcp dport 22 accept", "input ip6 saddr 2003::/19 ip6 daddr fd00::1 tcp dport 22 accept"}, 8, "ssh"},
		{"IPv4 in IPv6", []string{"input ip6 saddr 64:ff9b::/98 tcp dport 22 accept", "input ip6 saddr 64:ff9b::4000:0/98 ip6 daddr fd00::1 tcp dport 22 accept"}, 8, "ssh"},
		{"IPv4 is not IPv6", []string{"input ip saddr 11.0.0.0/8 tcp dport 22 accept", "input ip6 saddr 2003::/19 tcp dport 22 accept"}, 0, ""},
		{"another port", []string{"input ip saddr 11.0.0.0/8 tcp dport 22 accept", "input ip saddr 12.0.0.0/8 tcp dport 23 accept"}, 0, ""},
		{"ports that overlap", []string{"input ip saddr 11.0.0.0/8 tcp dport 20-22 accept", "input ip saddr 12.0.0.0/8 tcp dport 22-30 accept"}, 8, "ssh"},
		{"every protocol and one", []string{"input ip saddr 11.0.0.0/8 accept", "input ip saddr 12.0.0.0/8 tcp dport 22 accept"}, 8, "ssh"},
		{"no ports", []string{"input ip saddr 11.0.0.0/8 meta l4proto 47 accept", "input ip saddr 12.0.0.0/8 meta l4proto 47 accept"}, 9, "tunnel"},
		{"a protocol without ports", []string{"input ip saddr 11.0.0.0/8 meta l4proto 50 accept", "input ip saddr 12.0.0.0/8 ip daddr 192.0.2.1 meta l4proto 50 accept"}, 9, "whole protocol"},
		{"every kind of message", []string{"40 x input icmp type ~ icmp code 0 accept"}, 9, "whole protocol"},
		{"some kinds of messages", []string{"20 x input icmp type 3 icmp code ~ accept"}, 0, ""},
		{"the web, for all", []string{"input ip saddr 0.0.0.0/1 tcp dport { 80, 443 } accept", "input ip saddr 128.0.0.0/1 tcp dport { 80, 443 } accept"}, 0, ""},
		{"forwarded", []string{"forward ip saddr 0.0.0.0/2 tcp dport 3389 accept", "forward ip saddr 64.0.0.0/2 ip daddr 10.0.0.1 tcp dport 3389 accept"}, 8, "desktop"},
		{"all that the host sends", []string{"output meta nfproto ipv4 tcp dport 0-32767 accept", `output meta nfproto ipv4 oifname "a" tcp dport 32768-65535 accept`}, 9, "send everything"},
		{"all that a user sends", []string{"output ip daddr 0.0.0.0/1 tcp dport 443 meta skuid 5 accept", "output ip daddr 0.0.0.0/1 meta l4proto 6 meta skuid 5 accept", "output ip daddr 128.0.0.0/1 meta l4proto 6 meta skuid 5 accept"}, 7, "one user"},
		{"TCP, dropped by ports", []string{"input meta nfproto ipv4 tcp dport 0-9999 drop", `input meta nfproto ipv4 iifname "a" tcp dport 10000-65535 reject`}, 10, "refuses everybody"},
		{"dropped by protocols", []string{"input ip saddr 11.0.0.0/8 meta l4proto 6 drop", "input ip saddr 12.0.0.0/8 meta l4proto 6 drop"}, 9, "large part"},
		{"drop for half and half", []string{"input ip saddr 16.0.0.0/4 ip daddr 192.0.2.1 drop", "input ip saddr 48.0.0.0/4 drop"}, 9, "large part"},
		{"drop in output", []string{"output ip daddr 11.0.0.0/8 udp dport 53 drop", "output ip daddr 12.0.0.0/8 udp dport 53 reject"}, 7, "service"},
		{"neighbours of IPv6", []string{"input ip6 saddr 2000::/4 icmpv6 type 135 icmpv6 code 0 drop", "input ip6 saddr 3000::/4 icmpv6 type 135 icmpv6 code 0 drop"}, 9, "cut off"},
		{"everything to one, a port to another", []string{"input ip saddr 12.0.0.0/8 tcp dport 22 drop", "input ip saddr 13.0.0.0/8 drop"}, 7, "service"},
		{"single addresses", []string{"200 x input ip saddr 11.0.0.~ drop", "200 x input ip saddr 11.0.1.~ tcp dport 22 accept"}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules := input(t, tt.rules...)
			var got grade
			for _, e := range Together(nil, rules, alone) {
				got = worse(got, grade{e.Danger, e.Why})
			}
			if got.level != tt.want || !strings.Contains(got.why, tt.why) {
				t.Errorf("got %d, %s; want %d, %s", got.level, got.why, tt.want, tt.why)
			}
		})
	}
}

// What is left when the rules of all effects are taken out has no effect.
func TestTogetherFindsAllRulesOfAnEffect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SampledFrom([]func(*rapid.T) Rule{drawRule, drawNear}).Draw(t, "draw")
		standing := rapid.SliceOfN(rapid.Custom(draw), 0, 4).Draw(t, "standing")
		added := rapid.SliceOfN(rapid.Custom(draw), 0, 8).Draw(t, "added")
		limit := rapid.Uint8Range(2, 9).Draw(t, "limit")
		added = slices.DeleteFunc(added, func(r Rule) bool { // the broker refuses it alone
			level, _ := Danger(r)
			return level >= limit
		})
		out := map[int]bool{}
		for _, e := range Together(standing, added, limit) {
			if e.Danger < limit || len(e.Rules) == 0 || !slices.IsSorted(e.Rules) {
				t.Fatalf("an effect of danger %d of the rules %v", e.Danger, e.Rules)
			}
			for _, i := range e.Rules {
				if out[i] {
					t.Fatalf("rule %d is taken out twice", i)
				}
				out[i] = true
			}
		}
		var left []Rule
		for i, r := range added {
			if !out[i] {
				left = append(left, r)
			}
		}
		if again := Together(standing, left, limit); len(again) > 0 {
			t.Fatalf("%+v still do %+v", left, again)
		}
		for _, r := range Merge(left) {
			if level, why := Danger(r); level >= limit && len(standing) == 0 {
				t.Fatalf("%+v is left, danger %d: %s", r, level, why)
			}
		}
	})
}

// One rule does together what it does alone, in pieces as well.
func TestTogetherIsAsDangerousAsOneRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := drawRule(t)
		whole.Owner = Owner{}
		if rapid.Bool().Draw(t, "everybody") {
			whole = whole.WithPeers(nil)
		}
		if whole.Verdict != Accept && (overlaps(whole.Peers(), essential) || overlaps(whole.Peers(), private)) {
			return // what it is about, not how much
		}
		want, _ := Danger(whole)
		peers := whole.Peers()
		if len(peers) == 0 {
			low, high := halves(whole.Family)
			peers = []netip.Prefix{low, high}
		}
		var pieces []Rule
		for i, p := range peers {
			r := whole.WithPeers([]netip.Prefix{p})
			if i%2 == 1 && r.Chain != Output {
				r.In = "eth7"
			}
			for _, ports := range rangesOf(whole) {
				if whole.Proto.HasPorts() {
					r.Ports = NormalPorts([]PortRange{ports})
				}
				pieces = append(pieces, r)
			}
		}
		var got uint8
		for _, e := range Together(nil, pieces, alone) {
			got = max(got, e.Danger)
		}
		if want < alone {
			want = 0
		}
		if got != want {
			t.Fatalf("danger %d in pieces, %d as one: %+v", got, want, whole)
		}
	})
}

func TestTogetherInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		standing := rapid.SliceOfN(rapid.Custom(drawNear), 0, 4).Draw(t, "standing")
		added := rapid.SliceOfN(rapid.Custom(drawNear), 0, 8).Draw(t, "added")
		limit := rapid.Uint8Range(2, 9).Draw(t, "limit")
		type effect struct {
			Danger uint8
			Rules  []Rule
		}
		effects := func(standing, added []Rule) (list []effect) {
			for _, e := range Together(standing, added, limit) {
				var rules []Rule
				for _, i := range e.Rules {
					rules = append(rules, added[i])
				}
				slices.SortFunc(rules, Compare)
				list = append(list, effect{e.Danger, rules})
			}
			return list
		}
		want := effects(standing, added)
		got := effects(rapid.Permutation(standing).Draw(t, "order"), rapid.Permutation(added).Draw(t, "order"))
		if d := cmp.Diff(want, got, same); d != "" {
			t.Fatal(d)
		}
	})
}

func TestStandingIsNotHeldAgainstOthers(t *testing.T) {
	ssh := "input meta nfproto ipv4 tcp dport 22 accept"
	part := "input ip saddr { 16.0.0.0/6, 24.0.0.0/6 } tcp dport 22 accept"
	tests := []struct {
		name            string
		standing, added []string
		want            []int
	}{
		{"the same again", []string{ssh}, []string{ssh}, nil},
		{"a part of it", []string{ssh}, []string{"input ip saddr 11.0.0.0/8 tcp dport 22 accept"}, nil},
		{"another port", []string{ssh}, []string{"input ip saddr 11.0.0.0/8 tcp dport 23 accept"}, nil},
		{"one more address", []string{part}, []string{"input ip saddr 11.0.0.1 tcp dport 22 accept"}, nil},
		{"twice as many", []string{part}, []string{"4 x input ip saddr 6~.0.0.0/8 tcp dport 22 accept", "4 x input ip saddr 7~.0.0.0/8 tcp dport 22 accept"}, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"the second half", []string{"input ip saddr 11.0.0.0/8 tcp dport 22 accept"}, []string{"input ip saddr 12.0.0.0/8 tcp dport 22 accept", "input ip saddr 192.0.2.1 tcp dport 80 accept"}, []int{0}},
		{"other ports too", []string{ssh}, []string{"input ip saddr 0.0.0.0/1 tcp dport 443 accept", "input ip saddr 128.0.0.0/1 tcp dport 443 accept"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []int
			for _, e := range Together(input(t, tt.standing...), input(t, tt.added...), alone) {
				got = append(got, e.Rules...)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// A drop stands before what accepts: it must not lock out whom the file names.
func TestDropDoesNotLockOutWhomTheFileAccepts(t *testing.T) {
	admin := "input ip saddr 198.51.100.7 ip daddr 203.0.113.1 tcp dport 22 accept"
	tests := []struct {
		name            string
		standing, added []string
		want            uint8
	}{
		{"the administrator", []string{admin}, []string{"input ip saddr 198.51.100.7 drop"}, 7},
		{"in a block", []string{admin}, []string{"input ip saddr 198.51.100.0/24 drop"}, 7},
		{"with the rule", nil, []string{"input ip saddr 198.51.100.0/24 reject", admin}, 7},
		{"for a time", []string{admin}, []string{"element"}, 7},
		{"the service", []string{admin}, []string{"input ip saddr 198.51.100.7 tcp dport 20-30 drop"}, 7},
		{"another service", []string{admin}, []string{"input ip saddr 198.51.100.7 tcp dport 23 drop"}, 0},
		{"forwarded", []string{admin}, []string{"forward ip saddr 198.51.100.7 drop"}, 0},
		{"a neighbour", []string{admin}, []string{"input ip saddr 198.51.100.8 drop"}, 0},
		{"one of many", []string{"input ip saddr 198.51.100.0/24 tcp dport 22 accept"}, []string{"input ip saddr 198.51.100.8 drop"}, 0},
		{"of everybody", []string{"input meta nfproto ipv4 tcp dport 443 accept"}, []string{"input ip saddr 198.51.100.8 drop"}, 0},
		{"already", []string{admin, "input ip saddr 198.51.100.0/24 drop"}, []string{"input ip saddr 198.51.100.7 drop"}, 0},
		{"itself", []string{admin}, []string{"input ip saddr 203.0.113.1 drop"}, 8},
		{"itself in output", []string{admin}, []string{"output ip daddr 203.0.113.0/24 tcp dport 22 drop"}, 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var added []Rule
			if slices.Equal(tt.added, []string{"element"}) {
				added = []Rule{{Family: IP, Chain: Input, Src: prefixes("198.51.100.7/32"), Verdict: Drop, Timeout: 60}}
			} else {
				added = input(t, tt.added...)
			}
			var got uint8
			for _, e := range Together(input(t, tt.standing...), added, alone) {
				got = max(got, e.Danger)
				if r := added[e.Rules[0]]; len(e.Rules) != 1 || r.Verdict == Accept {
					t.Errorf("refuses %v", e.Rules)
				}
			}
			if got != tt.want {
				t.Errorf("danger %d, want %d", got, tt.want)
			}
		})
	}
}

// Whoever makes rules that take long to put together has them refused.
func TestTangleIsRefused(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var rules []Rule
	for i := range 3000 {
		r := Rule{Family: IP, Chain: Input, Proto: TCP, Verdict: Accept, Ports: []PortRange{{uint16(i), uint16(30000 + i)}}}
		for j := range 200 {
			r.Src = append(r.Src, prefixes(fmt.Sprintf("%d.%d.%d.0/24", 11+j/2, rng.IntN(256), rng.IntN(256)))...)
		}
		r.Src = NormalPrefixes(r.Src)
		rules = append(rules, r)
	}
	if e := Together(nil, rules, alone); len(e) == 0 {
		t.Error("nothing found")
	}
}
