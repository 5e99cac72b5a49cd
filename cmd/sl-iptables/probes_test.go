package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/sl-suite/sl/lib/netfilter"
)

// probe is the first packet of a connection, and the rule that is just about it.
type probe struct {
	frame
	asks netfilter.Rule
}

// probes are first packets to several services, from two peers by two interfaces,
// in both families, for a chain.
func probes(chain string) []probe {
	var list []probe
	local := host
	if chain == forward {
		local = far
	}
	add := func(v6 bool, from side, iface string, proto netfilter.Proto, port uint16, payload []byte) {
		id := uint16(len(list) + 1)
		src, dst, family := from.of(v6), local.of(v6), netfilter.IP
		r := netfilter.Rule{
			Family: netfilter.IP, Chain: netfilter.Chain(chain), In: map[string]string{"there": "here", "there2": "here2"}[iface], Proto: proto, Verdict: netfilter.Accept,
			Src: []netip.Prefix{netip.PrefixFrom(src, src.BitLen())}, Dst: []netip.Prefix{netip.PrefixFrom(dst, dst.BitLen())},
		}
		if v6 {
			family = netfilter.IP6
		}
		if r.Family = family; chain == forward {
			r.Out = "here2"
		}
		if proto.HasPorts() {
			r.Ports = []netfilter.PortRange{netfilter.Port(port)}
			binary.BigEndian.PutUint16(payload, 20_000+id) // a connection of its own
		} else {
			r.ICMP = netfilter.ICMPType{Match: true, Type: payload[0]}
			binary.BigEndian.PutUint16(payload[4:], id)
		}
		p := ipv4(id, byte(proto), src, dst, payload)
		if v6 {
			p = ipv6(id, byte(proto), src, dst, payload)
		}
		name := fmt.Sprintf("%s to %s %d by %s", src, proto, port, iface)
		list = append(list, probe{frame{name: name, id: id, iface: iface, packets: [][]byte{p}}, r})
	}
	for _, v6 := range []bool{false, true} {
		for _, from := range []side{peer, otherPeer} {
			for _, iface := range []string{"there", "there2"} {
				for _, port := range []uint16{22, 80, 443, 8080, 9000} {
					add(v6, from, iface, netfilter.TCP, port, tcp(port, syn))
				}
				for _, port := range []uint16{53, 137, 5353} {
					add(v6, from, iface, netfilter.UDP, port, udp(port))
				}
				if v6 {
					add(v6, from, iface, netfilter.ICMPv6, 0, icmp(128, 0))
				} else {
					add(v6, from, iface, netfilter.ICMP, 0, icmp(8, 0))
				}
			}
		}
	}
	return list
}

// probing is the way of the probes of a chain.
func probing(chain string) string { return "probe-" + chain }
