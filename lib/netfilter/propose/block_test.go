package propose

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// knocks are SYNs of one source to n ports.
func knocks(src, dst string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("IN=eth0 SRC=%s DST=%s PROTO=TCP SPT=4000 DPT=%d SYN", src, dst, i+1))
	}
	return out
}

func repeat(line string, n int) []string {
	var out []string
	for range n {
		out = append(out, line)
	}
	return out
}

func TestBlock(t *testing.T) {
	forwarded := func(i int) string {
		return fmt.Sprintf("IN=wan OUT=lan SRC=198.51.100.1 DST=10.0.0.%d PROTO=TCP SPT=1 DPT=80 SYN", i)
	}
	tests := []struct {
		name  string
		opts  Options
		lines []string
		rules []string
		notes []string
	}{
		{"hits", Options{}, append(repeat(in4+tcp, 10), knocks("198.51.100.1", "203.0.113.1", 9)...),
			[]string{"input ip saddr 192.0.2.1 drop"}, []string{"threshold"}},
		{"ports", Options{MinPorts: 3}, append(repeat(in4+tcp, 10), knocks("198.51.100.1", "203.0.113.1", 3)...),
			[]string{"input ip saddr 198.51.100.1 drop"}, []string{"threshold"}},
		{"hosts, in the chain where they were", Options{MinHosts: 2}, []string{forwarded(1), forwarded(2)},
			[]string{"forward ip saddr 198.51.100.1 drop"}, nil},
		{"any threshold", Options{MinHits: 100, MinPorts: 2}, knocks("198.51.100.1", "203.0.113.1", 2),
			[]string{"input ip saddr 198.51.100.1 drop"}, nil},
		{"fewest blocks", Options{MinHits: 1}, append(knocks("198.51.100.0", "203.0.113.1", 1), knocks("198.51.100.1", "203.0.113.1", 1)...),
			[]string{"input ip saddr 198.51.100.0/31 drop"}, nil},
		{"scans", Options{MinHits: 2}, []string{in4 + "PROTO=TCP SPT=1 DPT=1", in4 + "PROTO=TCP SPT=1 DPT=1 URG PSH FIN"},
			[]string{"input ip saddr 192.0.2.1 drop"}, nil},
		{"answers", Options{MinHits: 1}, []string{in4 + "PROTO=TCP SPT=1 DPT=1 ACK SYN", in4 + "PROTO=TCP SPT=1 DPT=1 RST", in4 + "PROTO=TCP SPT=1 DPT=1 FIN"},
			nil, []string{"reply"}},
		{"spoofable", Options{MinHits: 1}, []string{in4 + "PROTO=UDP SPT=1 DPT=1", in4 + "PROTO=ICMP TYPE=8 CODE=0", in4 + "PROTO=47"},
			nil, []string{"spoofable"}},
		{"spoofable all the same", Options{MinHits: 3, Spoofable: true}, []string{in4 + "PROTO=UDP SPT=1 DPT=1", in4 + "PROTO=ICMP TYPE=8 CODE=0", in4 + "PROTO=47"},
			[]string{"input ip saddr 192.0.2.1 drop"}, nil},
		{"udp answers never", Options{MinHits: 1, Spoofable: true}, []string{in4 + "PROTO=UDP SPT=53 DPT=4000", in4 + "PROTO=ICMP TYPE=3 CODE=0"},
			nil, []string{"icmp-error", "reply"}},
		{"never", Options{MinHits: 1, Never: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}, []string{in4 + tcp},
			nil, []string{"never"}},
		{"own addresses, whenever they are seen", Options{MinHits: 1}, []string{
			"IN=eth0 SRC=203.0.113.9 DST=203.0.113.1 " + tcp, in4 + "PROTO=UDP SPT=1 DPT=1",
			"IN=eth0 SRC=198.51.100.1 DST=203.0.113.9 PROTO=UDP SPT=1 DPT=1",
		}, nil, []string{"never", "spoofable"}},
		{"a forwarded destination is not an own address", Options{MinHits: 1}, []string{
			"IN=wan OUT=lan SRC=198.51.100.1 DST=192.0.2.1 PROTO=UDP SPT=1 DPT=1", in4 + tcp,
		}, []string{"input ip saddr 192.0.2.1 drop"}, []string{"spoofable"}},
		{"link-local", Options{MinHits: 1}, []string{"IN=eth0 SRC=fe80::1 DST=fe80::2 " + tcp}, nil, []string{"never"}},
		{"output", Options{MinHits: 1}, []string{"OUT=eth0 SRC=203.0.113.1 DST=192.0.2.1 " + tcp}, nil, []string{"outgoing"}},
		{"accepted", Options{MinHits: 1}, []string{in4 + "verdict=accept " + tcp}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.opts.Mode = Block
			rules, notes, _ := proposed(t, tt.opts, tt.lines...)
			if d := cmp.Diff(tt.rules, rules, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("rules:\n%s", d)
			}
			if d := cmp.Diff(tt.notes, notes, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("notes:\n%s", d)
			}
		})
	}
}

// Rules of other hosts join what is blocked here, but not what never may be.
func TestBlockWithRules(t *testing.T) {
	p := newProposer(t, Options{Mode: Block, MinHits: 1, Never: []netip.Prefix{netip.MustParsePrefix("198.51.100.128/25")}})
	if err := p.AddEvent(event(t, in4+tcp)); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"input ip saddr 198.51.100.0/24 drop", "input ip saddr 127.0.0.0/8 drop", "forward ip saddr 198.51.100.129 drop"} {
		rule := &record.Rule{Lang: record.Netfilter, Syntax: "nft", Text: "add rule inet filter sl-" + text, Evidence: record.Evidence{Count: 5, Trust: record.TrustKernel}}
		if err := p.AddRule(rule); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff([]string{"input ip saddr { 192.0.2.1, 198.51.100.0/25 } drop"}, texts(t, p)); d != "" {
		t.Error(d)
	}
	rules, _ := p.Rules()
	if e := rules[0].Evidence; e.Count != 11 || e.Trust != record.TrustKernel {
		t.Errorf("%+v", e)
	}
}

func TestBlockIntoSet(t *testing.T) {
	rules, _, _ := proposed(t, Options{Mode: Block, Syntax: netfilter.IPSet, MinHits: 1},
		append(knocks("198.51.100.0", "203.0.113.1", 3), knocks("2001:db8::1", "2001:db8::2", 1)...)...)
	if d := cmp.Diff([]string{"add sl-input-ip 198.51.100.0", "add sl-input-ip6 2001:db8::1"}, rules); d != "" {
		t.Error(d)
	}
}

func TestOptions(t *testing.T) {
	for _, opts := range []Options{
		{Mode: "deny"}, {Syntax: "pf"}, {Sources: "all"}, {Syntax: netfilter.IPSet}, {Widen4: 33}, {Widen6: 129}, {Widen4: -1},
		{MinHits: -1}, {MinPorts: maxThreshold + 1}, {Never: []netip.Prefix{{}}},
		{Within: 1}, {Expire: time.Second}, {Mode: Block, Within: -1}, {Mode: Block, Within: 1, MinHits: maxThreshold + 1},
		{Mode: Block, Expire: time.Millisecond}, {Mode: Block, Expire: 600 * time.Hour}, {Mode: Block, Expire: time.Second, Syntax: netfilter.Restore},
	} {
		if _, err := New(opts); err == nil {
			t.Errorf("%+v is accepted", opts)
		}
	}
}
