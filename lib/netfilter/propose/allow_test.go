package propose

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sl-suite/sl/lib/netfilter"
)

const in4 = "IN=eth0 SRC=192.0.2.1 DST=203.0.113.1 "
const in6 = "IN=eth0 SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 "
const tcp = "PROTO=TCP SPT=40000 DPT=22 SYN"

func TestAllow(t *testing.T) {
	const head = `input iifname "eth0" ip saddr 192.0.2.1 ip daddr 203.0.113.1 `
	const head6 = `input iifname "eth0" ip6 saddr 2001:db8::1 ip6 daddr 2001:db8::2 `
	tests := []struct {
		name string
		line string
		rule string // "" for none
		note string // "" for none
	}{
		{"tcp", in4 + tcp, head + "tcp dport 22 accept", ""},
		{"tcp with ece", in4 + tcp + " ECE CWR", head + "tcp dport 22 accept", ""},
		{"ipv6", in6 + tcp, head6 + "tcp dport 22 accept", ""},
		{"rejected", in4 + tcp + " verdict=reject", head + "tcp dport 22 accept", ""},
		{"port 0", in4 + "PROTO=TCP SPT=1 DPT=0 SYN", head + "tcp dport 0 accept", ""},
		{"udp", in4 + "PROTO=UDP SPT=5000 DPT=53", head + "udp dport 53 accept", ""},
		{"udp from 53 to a low port", in4 + "PROTO=UDP SPT=53 DPT=53", head + "udp dport 53 accept", ""},
		{"dhcp answer", in4 + "PROTO=UDP SPT=67 DPT=68", head + "udp dport 68 accept", ""},
		{"udplite", in4 + "PROTO=UDPLITE SPT=5000 DPT=53", head + "udplite dport 53 accept", ""},
		{"ping", in4 + "PROTO=ICMP TYPE=8 CODE=0", head + "icmp type 8 icmp code 0 accept", ""},
		{"ping6", in6 + "PROTO=ICMPv6 TYPE=128 CODE=0", head6 + "icmpv6 type 128 icmpv6 code 0 accept", ""},
		{"neighbour", in6 + "PROTO=ICMPv6 TYPE=135 CODE=0", head6 + "icmpv6 type 135 icmpv6 code 0 accept", ""},
		{"gre", in4 + "PROTO=47", head + "meta l4proto 47 accept", ""},
		{"sctp has no ports in the log", in4 + "PROTO=132", head + "meta l4proto 132 accept", ""},
		{"esp", in6 + "PROTO=ESP", head6 + "meta l4proto 50 accept", ""},
		{"first fragment", in4 + "FRAG=0 " + tcp, head + "tcp dport 22 accept", ""},
		{"bridge port", in4 + "PHYSIN=vnet0 " + tcp, head + "tcp dport 22 accept", ""},
		{"output", "OUT=wan SRC=203.0.113.1 DST=192.0.2.53 PROTO=UDP SPT=4000 DPT=53 UID=1000",
			`output oifname "wan" ip saddr 203.0.113.1 ip daddr 192.0.2.53 udp dport 53 meta skuid 1000 accept`, ""},
		{"root's output", "OUT=wan SRC=203.0.113.1 DST=192.0.2.53 PROTO=UDP SPT=4000 DPT=53 UID=0",
			`output oifname "wan" ip saddr 203.0.113.1 ip daddr 192.0.2.53 udp dport 53 meta skuid 0 accept`, ""},
		{"forward", "IN=lan OUT=wan SRC=10.0.0.1 DST=192.0.2.53 " + tcp,
			`forward iifname "lan" oifname "wan" ip saddr 10.0.0.1 ip daddr 192.0.2.53 tcp dport 22 accept`, ""},
		{"loopback", "IN=lo SRC=127.0.0.1 DST=127.0.0.1 " + tcp, `input iifname "lo" ip saddr 127.0.0.1 ip daddr 127.0.0.1 tcp dport 22 accept`, ""},
		{"loopback out", "OUT=lo SRC=127.0.0.1 DST=127.0.0.1 " + tcp, `output oifname "lo" ip saddr 127.0.0.1 ip daddr 127.0.0.1 tcp dport 22 accept`, ""},
		{"mapped address stays IPv6", "IN=eth0 SRC=0000:0000:0000:0000:0000:ffff:0102:0304 DST=2001:0db8:0000:0000:0000:0000:0000:0002 PROTO=UDP SPT=1 DPT=2",
			`input iifname "eth0" ip6 saddr ::ffff:1.2.3.4 ip6 daddr 2001:db8::2 udp dport 2 accept`, ""},
		{"the interfaces say the chain, not the prefix", in4 + "chain=OUTPUT " + tcp, head + "tcp dport 22 accept", ""},
		{"only the prefix says the chain", "chain=input SRC=192.0.2.1 DST=203.0.113.1 " + tcp,
			`input ip saddr 192.0.2.1 ip daddr 203.0.113.1 tcp dport 22 accept`, ""},

		{"syn and ack", in4 + "PROTO=TCP SPT=22 DPT=40000 ACK SYN", "", "reply"},
		{"ack", in4 + "PROTO=TCP SPT=22 DPT=40000 ACK", "", "reply"},
		{"rst", in4 + "PROTO=TCP SPT=22 DPT=40000 RST", "", "reply"},
		{"fin", in4 + "PROTO=TCP SPT=22 DPT=40000 ACK FIN", "", "reply"},
		{"syn and rst", in4 + tcp + " RST", "", "reply"},
		{"syn and fin", in4 + tcp + " FIN", "", "reply"},
		{"no flags", in4 + "PROTO=TCP SPT=1 DPT=22", "", "reply"},
		{"ack is a field, not the flag", in4 + "ack=0 seq=1 PROTO=TCP SPT=22 DPT=40000 RST", "", "reply"},
		{"dns answer", in4 + "PROTO=UDP SPT=53 DPT=40000", "", "reply"},
		{"ntp answer", in4 + "PROTO=UDP SPT=123 DPT=1024", "", "reply"},
		{"later fragment", in4 + "FRAG=185 PROTO=UDP", "", "fragment"},
		{"later fragment of what has no ports anyway", in4 + "FRAG=185 PROTO=47", "", "fragment"},
		{"cut header", in4 + "PROTO=TCP incomplete=2", "", "port"},
		{"cut udp header", in4 + "PROTO=UDP", "", "port"},
		{"cut icmp header", in4 + "PROTO=ICMP", "", "port"},
		{"ping reply", in4 + "PROTO=ICMP TYPE=0 CODE=0", "", "reply"},
		{"unreachable", in4 + "PROTO=ICMP TYPE=3 CODE=3", "", "icmp-error"},
		{"redirect", in4 + "PROTO=ICMP TYPE=5 CODE=1", "", "icmp-error"},
		{"router advertisement", in4 + "PROTO=ICMP TYPE=9 CODE=0", "", "icmp"},
		{"redirect6", in6 + "PROTO=ICMPv6 TYPE=137 CODE=0", "", "icmp"},
		{"packet too big", in6 + "PROTO=ICMPv6 TYPE=2 CODE=0", "", "icmp-error"},
		{"no protocol", in6, "", "protocol"},
		{"protocol 0", in6 + "PROTO=0", "", "protocol"},
		{"extension header", in6 + "PROTO=44", "", "protocol"},
		{"icmp in IPv6", in6 + "PROTO=ICMP TYPE=8 CODE=0", "", "protocol"},
		{"broadcast", "IN=eth0 SRC=192.0.2.1 DST=255.255.255.255 PROTO=UDP SPT=68 DPT=67", "", "group"},
		{"broadcast of the network", "IN=eth0 MAC=ff:ff:ff:ff:ff:ff:16:92:f7:8f:9d:50:08:00 SRC=192.0.2.1 DST=192.0.2.255 PROTO=UDP SPT=137 DPT=137", "", "group"},
		{"multicast", "IN=eth0 SRC=192.0.2.1 DST=224.0.0.251 PROTO=UDP SPT=5353 DPT=5353", "", "group"},
		{"multicast6", "IN=eth0 SRC=fe80::1 DST=ff02::1 PROTO=ICMPv6 TYPE=134 CODE=0", "", "group"},
		{"a tunnel's header is no group address", in4 + "MAC=45:00:00:54:00:00:40:00:40:29 " + tcp, head + "tcp dport 22 accept", ""},
		{"unspecified source", "IN=eth0 SRC=0.0.0.0 DST=192.0.2.1 PROTO=2", "", "source"},
		{"multicast source", "IN=eth0 SRC=224.0.0.1 DST=192.0.2.1 PROTO=2", "", "source"},
		{"loopback from outside", "IN=eth0 SRC=127.0.0.1 DST=192.0.2.1 " + tcp, "", "source"},
		{"the own address from outside", "IN=eth0 SRC=192.0.2.1 DST=192.0.2.1 " + tcp, "", "source"},
		{"the own address by loopback", "IN=lo SRC=192.0.2.1 DST=192.0.2.1 " + tcp, `input iifname "lo" ip saddr 192.0.2.1 ip daddr 192.0.2.1 tcp dport 22 accept`, ""},
		{"a container asks itself", "IN=docker0 OUT=docker0 SRC=172.17.0.2 DST=172.17.0.2 " + tcp, `forward iifname "docker0" oifname "docker0" ip saddr 172.17.0.2 ip daddr 172.17.0.2 tcp dport 22 accept`, ""},
		{"to loopback from outside", "IN=eth0 SRC=192.0.2.1 DST=127.0.0.1 " + tcp, "", "destination"},
		{"to loopback from outside, over IPv6", "IN=eth0 SRC=2001:db8::1 DST=::1 " + tcp, "", "destination"},
		{"to nobody", "IN=eth0 SRC=192.0.2.1 DST=0.0.0.0 " + tcp, "", "destination"},
		{"no addresses", "IN=eth0 macsrc=02:00:00:00:00:01", "", "address"},
		{"no interfaces", "SRC=192.0.2.1 DST=203.0.113.1 " + tcp, "", "chain"},
		{"unknown chain", "chain=public SRC=192.0.2.1 DST=203.0.113.1 " + tcp, "", "chain"},
		{"a frame of a vlan", "macsrc=02:00:00:00:00:01 vproto=8100 vid=24618 " + in4 + tcp, "", "vlan"},
		{"an interface that looks like the end of a prefix", "prefix=IN=PHYS IN=x SRC=192.0.2.1 DST=203.0.113.1 " + tcp, "", "interface"},
		{"an interface of a whole key", "prefix=IN= IN= SRC=192.0.2.1 DST=203.0.113.1 " + tcp, "", "interface"},
		{"wildcard interface", "IN=eth0+ SRC=192.0.2.1 DST=203.0.113.1 " + tcp, "", "interface"},
		{"option for an interface", "IN=-j SRC=192.0.2.1 DST=203.0.113.1 " + tcp, "", "interface"},
		{"command for an interface", "IN=lan OUT=$(id) SRC=192.0.2.1 DST=203.0.113.1 " + tcp, "", "interface"},
		{"unknown verdict", in4 + "verdict=unknown " + tcp, "", "verdict"},
		{"no verdict", in4 + "verdict= " + tcp, "", "verdict"},
		{"accepted", in4 + "verdict=accept " + tcp, "", ""},
		{"logged only", in4 + "verdict=none " + tcp, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules, notes, skipped := proposed(t, Options{}, tt.line)
			want := struct{ rules, notes []string }{words(tt.rule), words(tt.note)}
			if d := cmp.Diff(want.rules, rules, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("rules:\n%s", d)
			}
			if d := cmp.Diff(want.notes, notes, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("notes:\n%s", d)
			}
			if got := len(rules) + len(notes) + int(skipped); got != 1 {
				t.Errorf("one event ended in %d places", got)
			}
		})
	}
}

func words(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func TestQuotedPacketIsNoRule(t *testing.T) {
	ev := event(t, in4+"PROTO=ICMP TYPE=8 CODE=0")
	ev.Inner = &event(t, "SRC=203.0.113.1 DST=8.8.8.8 "+tcp).Fields
	p := newProposer(t, Options{})
	if err := p.AddEvent(ev); err != nil {
		t.Fatal(err)
	}
	if rules := texts(t, p); len(rules) > 0 {
		t.Errorf("a rule from a quoted packet: %q", rules)
	}
	if d := cmp.Diff([]string{"icmp-error"}, kinds(p)); d != "" {
		t.Error(d)
	}
}

func TestUnusableEvents(t *testing.T) {
	for _, line := range []string{
		"IN=eth0 SRC=1.2.3 DST=203.0.113.1 " + tcp,
		"IN=eth0 SRC=192.0.2.1 " + tcp,
		"IN=eth0 SRC=192.0.2.1 DST=2001:db8::1 " + tcp,
		"IN=eth0 SRC=fe80::1%eth0 DST=2001:db8::1 " + tcp,
		in4 + "PROTO=TCP SPT=1 DPT=65536 SYN",
		in4 + "PROTO=TCP SPT=1 DPT=-1 SYN",
		in4 + "PROTO=TCP SPT=0x1 DPT=1 SYN",
		in4 + "PROTO=ICMP TYPE=256 CODE=0",
		in4 + "FRAG=x " + tcp,
		"OUT=wan SRC=203.0.113.1 DST=192.0.2.53 PROTO=UDP SPT=4000 DPT=53 UID=4294967295",
		in4 + "verdict=DROP " + tcp,
	} {
		p := newProposer(t, Options{})
		if err := p.AddEvent(event(t, line)); err == nil {
			t.Errorf("%q is used: %q", line, texts(t, p))
		}
	}
}

func TestSources(t *testing.T) {
	line := func(src string) string {
		return "IN=eth0 SRC=" + src + " DST=203.0.113.1 " + tcp
	}
	seen := []string{line("192.0.2.0"), line("192.0.2.1"), line("192.0.2.1"), line("192.0.2.9"), line("198.51.100.7")}
	const head, tail = `input iifname "eth0" `, "ip daddr 203.0.113.1 tcp dport 22 accept"
	tests := []struct {
		name string
		opts Options
		want string
		made string
	}{
		{"exact", Options{}, "ip saddr { 192.0.2.0/31, 192.0.2.9, 198.51.100.7 } ", ""},
		{"net", Options{Sources: Net}, "ip saddr { 192.0.2.0/28, 198.51.100.7 } ", madeNet},
		{"net of /30", Options{Sources: Net, Widen4: 30}, "ip saddr { 192.0.2.0/31, 192.0.2.9, 198.51.100.7 } ", ""},
		{"net of /8", Options{Sources: Net, Widen4: 5}, "ip saddr 192.0.0.0/5 ", madeNet},
		{"any", Options{Sources: Any}, "", madeAny},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newProposer(t, tt.opts)
			for _, l := range seen {
				if err := p.AddEvent(event(t, l)); err != nil {
					t.Fatal(err)
				}
			}
			rules, err := p.Rules()
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]string{head + tt.want + tail}, texts(t, p)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(words(tt.made), rules[0].Made, cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
			if n := rules[0].Evidence.Count; n != 5 {
				t.Errorf("%d events", n)
			}
		})
	}
}

// The log has no ports of SCTP, and a rule has no ports of a bridge: it says that it
// is wider than what was seen.
func TestMadeWider(t *testing.T) {
	for line, want := range map[string][]string{
		in4 + "PROTO=132": {madePorts}, in4 + "PROTO=33": {madePorts}, in4 + "PROTO=47": nil, in4 + tcp: nil,
		in4 + "physin=eth1 " + tcp: {madeBridge},
		"IN=br0 OUT=br0 physin=eth1 physout=eth2 SRC=192.0.2.1 DST=192.0.2.9 PROTO=132": {madeBridge, madePorts},
	} {
		p := newProposer(t, Options{})
		if err := p.AddEvent(event(t, line)); err != nil {
			t.Fatal(err)
		}
		rules, err := p.Rules()
		if err != nil || len(rules) != 1 {
			t.Fatalf("%s: %d rules, %v", line, len(rules), err)
		}
		if d := cmp.Diff(want, rules[0].Made, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", line, d)
		}
	}
}

// A rule that is cut in pieces shares out its count, and the pieces merge to the
// same rule again.
func TestPieces(t *testing.T) {
	opts := Options{Syntax: netfilter.Restore}
	p := newProposer(t, opts)
	const sources = 50
	for i := range sources {
		line := fmt.Sprintf("IN=eth0 SRC=192.0.2.%d DST=203.0.113.1 %s", 2*i, tcp)
		for range 1 + i%2 {
			if err := p.AddEvent(event(t, line)); err != nil {
				t.Fatal(err)
			}
		}
	}
	rules, err := p.Rules()
	if err != nil || len(rules) != 3 {
		t.Fatalf("%d rules: %v", len(rules), err)
	}
	again := newProposer(t, opts)
	sum := uint64(0)
	for i := range rules {
		sum += rules[i].Evidence.Count
		if err := again.AddRule(&rules[len(rules)-1-i]); err != nil {
			t.Fatal(err)
		}
	}
	if sum != 75 {
		t.Errorf("%d events", sum)
	}
	merged, err := again.Rules()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rules, merged); d != "" {
		t.Error(d)
	}
}
