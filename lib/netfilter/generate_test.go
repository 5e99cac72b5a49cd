package netfilter

import (
	"net/netip"

	"pgregory.net/rapid"
)

// addresses are few and near each other, so that blocks meet.
func drawPrefix(t *rapid.T, f Family) netip.Prefix {
	if f == IP {
		a := netip.AddrFrom4([4]byte{192, 0, 2, rapid.Byte().Draw(t, "host")})
		if rapid.IntRange(0, 3).Draw(t, "far") == 0 {
			a = netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "addr")))
		}
		return netip.PrefixFrom(a, rapid.IntRange(1, 32).Draw(t, "bits")).Masked()
	}
	b := [16]byte{0x20, 0x01, 0x0d, 0xb8, 15: rapid.Byte().Draw(t, "host")}
	switch rapid.IntRange(0, 4).Draw(t, "far") {
	case 0:
		b = [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "addr"))
	case 1:
		b = [16]byte{10: 0xff, 11: 0xff, 12: 1, 13: 2, 14: 3, 15: b[15]} // IPv4-mapped
	}
	return netip.PrefixFrom(netip.AddrFrom16(b), rapid.IntRange(1, 128).Draw(t, "bits")).Masked()
}

func drawPrefixes(t *rapid.T, f Family, most int) []netip.Prefix {
	if rapid.IntRange(0, 2).Draw(t, "everybody") == 0 {
		return nil
	}
	var list []netip.Prefix
	for range rapid.IntRange(1, most).Draw(t, "prefixes") {
		list = append(list, drawPrefix(t, f))
	}
	return NormalPrefixes(list)
}

func drawPorts(t *rapid.T, most int) []PortRange {
	var list []PortRange
	for range rapid.IntRange(0, most).Draw(t, "ranges") {
		first := rapid.Uint16Range(0, 12).Draw(t, "first")
		list = append(list, PortRange{first, first + rapid.Uint16Range(0, 3).Draw(t, "width")})
	}
	if rapid.IntRange(0, 9).Draw(t, "wide") == 0 {
		list = append(list, PortRange{rapid.Uint16Range(0, 50).Draw(t, "first"), maxPort})
	}
	return NormalPorts(list)
}

var names = rapid.SampledFrom([]string{"", "eth0", "lo", "br-1a2b", "wan.7", "a@b", "123456789012345"})

// drawRule draws any rule that Check accepts.
func drawRule(t *rapid.T) Rule {
	r := Rule{
		Family:  rapid.SampledFrom([]Family{IP, IP6}).Draw(t, "family"),
		Chain:   rapid.SampledFrom(chains[:]).Draw(t, "chain"),
		Verdict: rapid.SampledFrom([]Verdict{Accept, Drop, Reject}).Draw(t, "verdict"),
	}
	if r.Chain != Output {
		r.In = names.Draw(t, "in")
	}
	if r.Chain != Input {
		r.Out = names.Draw(t, "out")
	}
	if r.Chain == Output && rapid.Bool().Draw(t, "owned") {
		r.Owner = Owner{true, rapid.Uint32Range(0, noUID-1).Draw(t, "uid")}
	}
	r.Proto = Proto(rapid.Byte().Draw(t, "proto"))
	if rapid.Bool().Draw(t, "named") {
		r.Proto = rapid.SampledFrom(protoInfos[:]).Draw(t, "name").proto
	}
	if r.Proto.check(r.Family) != nil {
		r.Proto = TCP
	}
	switch {
	case r.Proto.HasPorts():
		r.Ports = drawPorts(t, 20)
	case r.Proto == ICMP || r.Proto == ICMPv6:
		if rapid.Bool().Draw(t, "typed") {
			r.ICMP = ICMPType{true, rapid.Byte().Draw(t, "type"), rapid.Byte().Draw(t, "code")}
		}
	}
	r.Src = drawPrefixes(t, r.Family, 30)
	r.Dst = drawPrefixes(t, r.Family, 3)
	return r
}

// drawNFT draws what only nft has words for, too: sources that time out.
func drawNFT(t *rapid.T) Rule {
	r := drawRule(t)
	if len(r.Src) > 0 && r.Chain != Output && rapid.IntRange(0, 3).Draw(t, "timed") == 0 {
		timeout := rapid.SampledFrom([]uint32{60, 61, 86400, MaxTimeout}).Draw(t, "timeout")
		r = Rule{Family: r.Family, Chain: r.Chain, Src: r.Src, Verdict: Drop, Timeout: timeout}
	}
	return r
}

// drawNear draws a rule that has much in common with others, for Merge.
func drawNear(t *rapid.T) Rule {
	r := Rule{Family: IP, Chain: Input, Proto: TCP, Verdict: Accept}
	if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
		r = Rule{Family: IP6, Chain: Output, Proto: UDP, Verdict: Accept}
	}
	r.Ports = drawPorts(t, 2)
	return r.WithPeers(drawPrefixes(t, r.Family, 4))
}

func drawEntry(t *rapid.T) Rule {
	f := rapid.SampledFrom([]Family{IP, IP6}).Draw(t, "family")
	chain := rapid.SampledFrom([]Chain{Input, Forward}).Draw(t, "chain")
	// Larger blocks could add up to everybody, which a set cannot hold.
	src := drawPrefix(t, f)
	src = netip.PrefixFrom(src.Addr(), max(src.Bits(), 9)).Masked()
	timeout := rapid.SampledFrom([]uint32{0, 86400, MaxTimeout}).Draw(t, "timeout")
	return Rule{Family: f, Chain: chain, Src: []netip.Prefix{src}, Verdict: Drop, Timeout: timeout}
}

// packet is what a rule is held against.
type packet struct {
	src, dst netip.Addr
	port     int
}

// matches is the meaning of a rule, written down a second time.
func (r Rule) matches(p packet) bool {
	return within(r.Src, p.src) && within(r.Dst, p.dst) && withinPorts(r.Ports, p.port)
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return len(list) == 0
}

func withinPorts(list []PortRange, port int) bool {
	for _, p := range list {
		if int(p.First) <= port && port <= int(p.Last) {
			return true
		}
	}
	return len(list) == 0
}
