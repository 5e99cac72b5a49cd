package netfilter_test

import (
	"fmt"
	"net/netip"

	"github.com/sl-suite/sl/lib/netfilter"
)

func Example() {
	rule := netfilter.Rule{
		Family: netfilter.IP, Chain: netfilter.Input, In: "eth0", Proto: netfilter.TCP,
		Src:   []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		Ports: []netfilter.PortRange{netfilter.Port(22), {First: 80, Last: 90}}, Verdict: netfilter.Accept,
	}
	for _, s := range []netfilter.Syntax{netfilter.NFT, netfilter.Restore} {
		text, err := rule.Text(s)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(text)
		back, err := netfilter.Parse(s, text)
		fmt.Println(netfilter.Compare(rule, back), err)
	}
	// Output:
	// add rule inet filter sl-input iifname "eth0" ip saddr 192.0.2.0/24 tcp dport { 22, 80-90 } accept
	// 0 <nil>
	// -4 -A SL-INPUT -s 192.0.2.0/24 -i eth0 -p tcp -m multiport --dports 22,80:90 -j ACCEPT
	// 0 <nil>
}

func ExampleMerge() {
	rule := func(src string, port uint16) netfilter.Rule {
		return netfilter.Rule{
			Family: netfilter.IP, Chain: netfilter.Input, Proto: netfilter.TCP,
			Src:   []netip.Prefix{netip.MustParsePrefix(src)},
			Ports: []netfilter.PortRange{netfilter.Port(port)}, Verdict: netfilter.Accept,
		}
	}
	for _, r := range netfilter.Merge([]netfilter.Rule{
		rule("192.0.2.0/32", 22), rule("192.0.2.1/32", 22), rule("198.51.100.7/32", 80), rule("198.51.100.7/32", 443),
	}) {
		text, err := r.Text(netfilter.NFT)
		fmt.Println(text, err)
	}
	// Output:
	// add rule inet filter sl-input ip saddr 192.0.2.0/31 tcp dport 22 accept <nil>
	// add rule inet filter sl-input ip saddr 198.51.100.7 tcp dport { 80, 443 } accept <nil>
}
