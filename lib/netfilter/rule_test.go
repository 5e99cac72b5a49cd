package netfilter

import (
	"net/netip"
	"testing"
)

func TestCheck(t *testing.T) {
	good := Rule{Family: IP, Chain: Input, In: "eth0", Proto: TCP, Ports: []PortRange{Port(22)}, Verdict: Accept}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	bad := map[string]func(*Rule){
		"no family":             func(r *Rule) { r.Family = "" },
		"family":                func(r *Rule) { r.Family = "arp" },
		"no chain":              func(r *Rule) { r.Chain = "" },
		"chain":                 func(r *Rule) { r.Chain = "prerouting" },
		"verdict":               func(r *Rule) { r.Verdict = "ACCEPT" },
		"out in input":          func(r *Rule) { r.Out = "eth0" },
		"in in output":          func(r *Rule) { r.Chain = Output },
		"wildcard":              func(r *Rule) { r.In = "eth0+" },
		"owner in input":        func(r *Rule) { r.Owner = Owner{true, 0} },
		"uid without match":     func(r *Rule) { r.Owner = Owner{false, 1} },
		"ports without proto":   func(r *Rule) { r.Proto = AnyProto },
		"ports of gre":          func(r *Rule) { r.Proto = 47 },
		"ports unsorted":        func(r *Rule) { r.Ports = []PortRange{Port(80), Port(22)} },
		"ports touch":           func(r *Rule) { r.Ports = []PortRange{Port(22), Port(23)} },
		"all ports":             func(r *Rule) { r.Ports = []PortRange{{0, 65535}} },
		"range backwards":       func(r *Rule) { r.Ports = []PortRange{{5, 4}} },
		"icmp of tcp":           func(r *Rule) { r.ICMP.Match = true },
		"icmp without match":    func(r *Rule) { r.ICMP.Type = 8 },
		"icmp in ip6":           func(r *Rule) { r.Ports, r.Proto, r.Family = nil, ICMP, IP6 },
		"icmpv6 in ip":          func(r *Rule) { r.Ports, r.Proto = nil, ICMPv6 },
		"extension header":      func(r *Rule) { r.Ports, r.Proto, r.Family = nil, 60, IP6 },
		"other family":          func(r *Rule) { r.Src = prefixes("2001:db8::/32") },
		"host bits":             func(r *Rule) { r.Src = prefixes("192.0.2.1/24") },
		"everybody":             func(r *Rule) { r.Src = prefixes("0.0.0.0/0") },
		"zero prefix":           func(r *Rule) { r.Src = []netip.Prefix{{}} },
		"unsorted":              func(r *Rule) { r.Dst = prefixes("192.0.2.9/32", "192.0.2.1/32") },
		"twice":                 func(r *Rule) { r.Dst = prefixes("192.0.2.1/32", "192.0.2.1/32") },
		"one inside the other":  func(r *Rule) { r.Dst = prefixes("192.0.2.0/24", "192.0.2.128/25") },
		"two halves":            func(r *Rule) { r.Dst = prefixes("192.0.2.0/25", "192.0.2.128/25") },
		"mapped in family ip":   func(r *Rule) { r.Src = prefixes("::ffff:0:0/96") },
		"two halves of it all":  func(r *Rule) { r.Src = prefixes("0.0.0.0/1", "128.0.0.0/1") },
		"uid that is no user":   func(r *Rule) { r.Chain, r.In, r.Owner = Output, "", Owner{true, noUID} },
		"interface in the path": func(r *Rule) { r.In = "a/b" },
	}
	for name, spoil := range bad {
		r := good
		spoil(&r)
		if r.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	neighbours := good
	neighbours.Src = prefixes("192.0.2.1/32", "192.0.2.2/32") // next to each other, but no block
	if err := neighbours.Check(); err != nil {
		t.Error(err)
	}
}

func TestValidInterface(t *testing.T) {
	for _, name := range []string{"lo", "eth0", "wlp3s0", "br-0a1b2c3d4e5f", "eth0.100", "veth@if2", "_", "a-", "0"} {
		if !ValidInterface(name) {
			t.Errorf("%q is refused", name)
		}
	}
	for _, name := range []string{
		"", "-j", "--", "eth0+", "eth*", "*", "+", "a;b", "$(id)", "`id`", "SRC=9.9.9.9", "a b", "a\n", "a\x00", "a\"b",
		"a'b", "a/b", ".", "..", "a:b", "a,b", "!a", "{a}", "ä", "1234567890123456", "a\\", "a#", "~", "a\x1b[m",
	} {
		if ValidInterface(name) {
			t.Errorf("%q is accepted", name)
		}
	}
}
