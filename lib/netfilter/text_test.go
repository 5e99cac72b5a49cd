package netfilter

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var web = Rule{
	Family: IP, Chain: Input, In: "eth0", Proto: TCP,
	Src:   prefixes("192.0.2.0/24", "198.51.100.7/32"),
	Dst:   prefixes("203.0.113.1/32"),
	Ports: []PortRange{Port(22), {80, 90}}, Verdict: Accept,
}

func TestText(t *testing.T) {
	tests := []struct {
		name string
		rule Rule
		text map[Syntax]string
	}{
		{"ports and sources", web, map[Syntax]string{
			NFT:      `add rule inet filter sl-input iifname "eth0" ip saddr { 192.0.2.0/24, 198.51.100.7 } ip daddr 203.0.113.1 tcp dport { 22, 80-90 } accept`,
			Restore:  `-4 -A SL-INPUT -s 192.0.2.0/24,198.51.100.7/32 -d 203.0.113.1/32 -i eth0 -p tcp -m multiport --dports 22,80:90 -j ACCEPT`,
			IPTables: `iptables -w -A SL-INPUT -s 192.0.2.0/24,198.51.100.7/32 -d 203.0.113.1/32 -i eth0 -p tcp -m multiport --dports 22,80:90 -j ACCEPT`,
		}},
		{"nothing but a verdict", Rule{Family: IP6, Chain: Forward, Verdict: Reject}, map[Syntax]string{
			NFT:      `add rule inet filter sl-forward meta nfproto ipv6 reject`,
			Restore:  `-6 -A SL-FORWARD -j REJECT`,
			IPTables: `ip6tables -w -A SL-FORWARD -j REJECT`,
		}},
		{"ping", Rule{Family: IP6, Chain: Input, Proto: ICMPv6, ICMP: ICMPType{true, 128, 0}, Verdict: Accept}, map[Syntax]string{
			NFT:     `add rule inet filter sl-input icmpv6 type 128 icmpv6 code 0 accept`,
			Restore: `-6 -A SL-INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128/0 -j ACCEPT`,
		}},
		{"owner", Rule{Family: IP, Chain: Output, Out: "wan", Proto: UDP, Dst: prefixes("192.0.2.53/32"), Ports: []PortRange{Port(53)}, Owner: Owner{true, 0}, Verdict: Accept}, map[Syntax]string{
			NFT:     `add rule inet filter sl-output oifname "wan" ip daddr 192.0.2.53 udp dport 53 meta skuid 0 accept`,
			Restore: `-4 -A SL-OUTPUT -d 192.0.2.53/32 -o wan -p udp -m udp --dport 53 -m owner --uid-owner 0 -j ACCEPT`,
		}},
		{"number", Rule{Family: IP, Chain: Forward, In: "a", Out: "b", Proto: 47, Verdict: Accept}, map[Syntax]string{
			NFT:     `add rule inet filter sl-forward meta nfproto ipv4 iifname "a" oifname "b" meta l4proto 47 accept`,
			Restore: `-4 -A SL-FORWARD -i a -o b -p 47 -j ACCEPT`,
		}},
		{"mapped address stays IPv6", Rule{Family: IP6, Chain: Input, Proto: UDPLite, Src: prefixes("::ffff:1.2.3.4/128"), Dst: prefixes("2001:db8::1/128"), Ports: []PortRange{Port(12)}, Verdict: Accept}, map[Syntax]string{
			NFT:     `add rule inet filter sl-input ip6 saddr ::ffff:1.2.3.4 ip6 daddr 2001:db8::1 udplite dport 12 accept`,
			Restore: `-6 -A SL-INPUT -s ::ffff:1.2.3.4/128 -d 2001:db8::1/128 -p udplite -m multiport --dports 12 -j ACCEPT`,
		}},
		{"blocked source", Rule{Family: IP, Chain: Forward, Src: prefixes("192.0.2.0/24"), Verdict: Drop}, map[Syntax]string{
			NFT:   `add rule inet filter sl-forward ip saddr 192.0.2.0/24 drop`,
			IPSet: `add sl-forward-ip 192.0.2.0/24`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for s, want := range tt.text {
				got, err := tt.rule.Text(s)
				if err != nil || got != want {
					t.Errorf("%s: %v\n got %s\nwant %s", s, err, got, want)
				}
				back, err := Parse(s, want)
				if err != nil {
					t.Errorf("%s: %q: %v", s, want, err)
				} else if d := cmp.Diff(tt.rule, back, same); d != "" {
					t.Errorf("%s: %q:\n%s", s, want, d)
				}
			}
		})
	}
}

// Each of these means something to the tools; none is a rule here.
func TestRefusedText(t *testing.T) {
	tests := map[Syntax][]string{
		NFT: {
			``, `add`, `add rule inet filter sl-input`, `accept`,
			`add rule inet filter input ip saddr 192.0.2.1 accept`,
			`insert rule inet filter sl-input ip saddr 192.0.2.1 accept`,
			`add rule ip filter sl-input ip saddr 192.0.2.1 accept`,
			`add rule inet filter sl-input accept`,
			`add rule inet filter SL-INPUT ip saddr 192.0.2.1 accept`,
			`add rule inet filter sl-input ip saddr 192.0.2.1 jump other`,
			`add rule inet filter sl-input ip saddr 192.0.2.1 accept; flush ruleset`,
			"add rule inet filter sl-input ip saddr 192.0.2.1 accept\nflush ruleset",
			"add rule inet filter sl-input ip saddr 192.0.2.1 accept\n",
			`add rule inet filter sl-input ip saddr 192.0.2.1 accept `,
			`add rule inet filter sl-input ip saddr 192.0.2.1  accept`,
			"add rule inet filter sl-input ip saddr\t192.0.2.1 accept",
			`add rule inet filter sl-input ip saddr 192.0.2.1 accept # comment`,
			`add rule inet filter sl-input ip saddr 192.0.2.1 accept comment "x"`,
			`add rule inet filter sl-input ip saddr 192.0.2.1/32 accept`,
			`add rule inet filter sl-input ip saddr 192.0.2.1/24 accept`,
			`add rule inet filter sl-input ip saddr 0.0.0.0/0 accept`,
			`add rule inet filter sl-input ip saddr { 192.0.2.1 } accept`,
			`add rule inet filter sl-input ip saddr { 192.0.2.2, 192.0.2.1 } accept`,
			`add rule inet filter sl-input ip saddr { 192.0.2.0, 192.0.2.1 } accept`,
			`add rule inet filter sl-input ip saddr { 192.0.2.0/24, 192.0.2.1 } accept`,
			`add rule inet filter sl-input ip saddr example.org accept`,
			`add rule inet filter sl-input ip saddr 192.0.2.010 accept`,
			`add rule inet filter sl-input ip saddr 2001:db8::1 accept`,
			`add rule inet filter sl-input ip saddr 192.0.2.1 ip6 daddr 2001:db8::1 accept`,
			`add rule inet filter sl-input ip6 saddr 2001:DB8::1 accept`,
			`add rule inet filter sl-input ip6 saddr 2001:0db8::1 accept`,
			`add rule inet filter sl-input ip6 saddr fe80::1%eth0 accept`,
			`add rule inet filter sl-input ip6 saddr ::ffff:0102:0304 accept`,
			`add rule inet filter sl-input ip saddr != 192.0.2.1 accept`,
			`add rule inet filter sl-input ip saddr @set accept`,
			`add rule inet filter sl-input ip daddr 192.0.2.1 ip saddr 192.0.2.2 accept`,
			`add rule inet filter sl-input iifname eth0 ip saddr 192.0.2.1 accept`,
			`add rule inet filter sl-input iifname "eth*" ip saddr 192.0.2.1 accept`,
			`add rule inet filter sl-input iifname "" ip saddr 192.0.2.1 accept`,
			`add rule inet filter sl-input oifname "eth0" ip saddr 192.0.2.1 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 ip saddr 192.0.2.1 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 tcp dport ssh accept`,
			`add rule inet filter sl-input meta nfproto ipv4 tcp dport 0-65535 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 tcp dport { 22, 23 } accept`,
			`add rule inet filter sl-input meta nfproto ipv4 tcp dport 022 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 tcp dport 65536 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 tcp dport 90-80 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 meta l4proto 0 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 meta l4proto tcp accept`,
			`add rule inet filter sl-input meta nfproto ipv4 meta l4proto 58 accept`,
			`add rule inet filter sl-input meta nfproto ipv6 meta l4proto 44 accept`,
			`add rule inet filter sl-input icmp type echo-request icmp code 0 accept`,
			`add rule inet filter sl-input meta nfproto ipv4 meta skuid 0 accept`,
			`add rule inet filter sl-output meta nfproto ipv4 meta skuid 4294967295 accept`,
			`add rule inet filter sl-output meta nfproto ipv4 meta skuid root accept`,
		},
		Restore: {
			`-A SL-INPUT -s 192.0.2.1/32 -j ACCEPT`,
			`-4 -A INPUT -s 192.0.2.1/32 -j ACCEPT`,
			`-4 -I SL-INPUT -s 192.0.2.1/32 -j ACCEPT`,
			`-4 -A sl-input -s 192.0.2.1/32 -j ACCEPT`,
			`-4 -A SL-INPUT -s 192.0.2.1 -j ACCEPT`,
			`-4 -A SL-INPUT -s 192.0.2.1/255.255.255.255 -j ACCEPT`,
			`-4 -A SL-INPUT ! -s 192.0.2.1/32 -j ACCEPT`,
			`-4 -A SL-INPUT -s 192.0.2.1/32 -j accept`,
			`-4 -A SL-INPUT -s 192.0.2.1/32 -j LOG`,
			`-4 -A SL-INPUT -s 192.0.2.1/32 -g OTHER`,
			`-4 -A SL-INPUT -i eth0+ -j ACCEPT`,
			`-4 -A SL-INPUT -i -j -j ACCEPT`,
			`-4 -A SL-INPUT -i $(id) -j ACCEPT`,
			`-4 -A SL-INPUT -s example.org -j ACCEPT`,
			`-4 -A SL-INPUT -p all -j ACCEPT`,
			`-4 -A SL-INPUT -p 0 -j ACCEPT`,
			`-4 -A SL-INPUT -p 6 -j ACCEPT`,
			`-4 -A SL-INPUT -p icmpv6 -j ACCEPT`,
			`-6 -A SL-INPUT -p icmpv6 -j ACCEPT`,
			`-4 -A SL-INPUT -p tcp --dport 22 -j ACCEPT`,
			`-4 -A SL-INPUT -p tcp -m multiport --dports 22 -j ACCEPT`,
			`-4 -A SL-INPUT -p tcp -m tcp --dport 22,23 -j ACCEPT`,
			`-4 -A SL-INPUT -p tcp -m tcp --dport ssh -j ACCEPT`,
			`-4 -A SL-INPUT -p tcp -m udp --dport 22 -j ACCEPT`,
			`-4 -A SL-INPUT -p icmp -m icmp6 --icmpv6-type 8/0 -j ACCEPT`,
			`-4 -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT -m comment --comment x`,
			"-4 -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT\n-P INPUT ACCEPT",
			`-4 -A SL-INPUT -p tcp -m multiport --dports 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31 -j ACCEPT`,
			`-6 -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT`,
		},
		IPTables: {
			`iptables -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT`,
			`iptables -w -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT; id`,
			`iptables -w -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT && id`,
			`iptables  -w -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT`,
			`sudo iptables -w -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT`,
			`iptables-legacy -w -A SL-INPUT -s 192.0.2.1/32 -j ACCEPT`,
		},
		IPSet: {
			`add sl-output-ip 192.0.2.1`, `add other 192.0.2.1`, `add sl-input-ip 192.0.2.1/32`,
			`add sl-input-ip 0.0.0.0/0`, `add sl-input-ip 2001:db8::1`, `add sl-input-ip 192.0.2.1 timeout 05`, `add sl-input-ip 192.0.2.1 timeout 0`, `add sl-input-ip 192.0.2.1 timeout 2147484`,
			`add sl-input-ip 192.0.2.1 nomatch`, `del sl-input-ip 192.0.2.1`, `add sl-input-ip 192.0.2.1-192.0.2.9`,
			`destroy`,
		},
		"pf": {`pass in all`},
	}
	for s, texts := range tests {
		for _, text := range texts {
			if r, err := Parse(s, text); err == nil {
				t.Errorf("%s: %q is read as %+v", s, text, r)
			}
		}
	}
}

func TestTextRefusesWhatIsTooLong(t *testing.T) {
	r := Rule{Family: IP, Chain: Input, Proto: TCP, Verdict: Accept}
	for i := range byte(200) {
		r.Src = append(r.Src, netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, i, 1}), 32))
		r.Ports = append(r.Ports, Port(uint16(i)*2))
	}
	if _, err := r.Text(Restore); err == nil {
		t.Error("200 sources on one line of iptables-restore")
	}
	pieces := Split(Restore, r)
	if len(pieces) != 10*14 {
		t.Errorf("%d pieces", len(pieces))
	}
	for _, p := range pieces {
		text, err := p.Text(Restore)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range strings.Fields(text) {
			if len(word) > 1023 {
				t.Errorf("a word of %d bytes", len(word))
			}
		}
	}
	if n := len(Split(NFT, r)); n != 1 {
		t.Errorf("%d pieces for nft", n)
	}
	if _, err := r.Text(IPSet); err == nil {
		t.Error("ports in an ipset")
	}
}
