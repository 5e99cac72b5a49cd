package main

import (
	"net/netip"
	"slices"
)

// kind is one shape of packet, and what is to become of it.
type kind struct {
	name    string
	v6      bool
	proto   byte
	payload []byte
	becomes string // rule, or the kind of the note that says why there is none
	other   []byte // payload for another port or ICMP type; nil if a rule does not tell

	change func([]byte) []byte // of the packet, before it is sent; nil for none
	pieces int                 // bytes of a fragment; 0 for a whole packet
	from   netip.Addr          // a peer other than the usual one, that only sends
	to     netip.Addr          // a destination other than the usual one
}

// rule is what most packets become.
const rule = "rule"

// behindAH is seen by the legacy iptables only: for the others the transport of an
// IPv6 packet ends at an authentication header (IP6_FH_F_AUTH in
// nft_set_pktinfo_ipv6), while the log looks behind it.
const behindAH = "tcp behind ah over ipv6"

// kinds are the shapes of packets that the kernel can log in input, output and
// forward. An error quotes a packet of the host's own.
func kinds() []kind {
	zeros := make([]byte, 20)
	behind := func(packets ...[]byte) []byte { return slices.Concat(packets...) }
	hopByHop := func(next byte) []byte { return []byte{next, 0, 1, 4, 0, 0, 0, 0} }
	routing := func(next byte) []byte { return []byte{next, 0, 0, 0, 0, 0, 0, 0} }
	spi := []byte{6, 4, 0, 0, 0xde, 0xad, 0xbe, 0xef}
	dns4, dns6 := netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("2001:db8::8")
	own := ipv4(1, 17, host.four, dns4, udp(53, 'x', 'x', 'x'))
	own6 := ipv6(1, 17, host.six, dns6, udp(53, 'x', 'y', 'z'))
	ownTCP := ipv4(1, 6, host.four, dns4, tcp(443, syn))
	ownSCTP := ipv4(1, 132, host.four, dns4, []byte("abcdefgh"))
	ownError := ipv4(1, 1, host.four, dns4, icmp(3, 1, own...))
	many := make([]byte, 3000)

	list := []kind{
		{name: "udplite", proto: 136, payload: udp(53), becomes: rule, other: udp(54)},
		{name: "sctp", proto: 132, payload: ports(22, zeros...), becomes: rule}, // its ports are not logged
		{name: "esp", proto: 50, payload: zeros, becomes: rule},
		{name: "ah", proto: 51, payload: behind(spi, zeros), becomes: rule},
		{name: "short ah", proto: 51, payload: []byte{6, 4}, becomes: rule},
		{name: "short tcp", proto: 6, payload: []byte{6, 4}, becomes: "port"},
		{name: "short icmp", proto: 1, payload: []byte{3, 4}, becomes: "port"},
		{name: "unreachable", proto: 1, payload: icmp(3, 3, own...), becomes: "icmp-error"},
		{name: "too big", proto: 1, payload: append([]byte{3, 4, 0, 0, 0, 0, 5, 0x78}, own...), becomes: "icmp-error"},
		{name: "redirect", proto: 1, payload: icmp(5, 1, own...), becomes: "icmp-error"},
		{name: "time exceeded", proto: 1, payload: icmp(11, 0, ownTCP...), becomes: "icmp-error"},
		{name: "error about an error", proto: 1, payload: icmp(11, 0, ownError...), becomes: "icmp-error"},
		{name: "parameter problem", proto: 1, payload: icmp(12, 0, own...), becomes: "icmp-error"},
		{name: "unreachable, cut", proto: 1, payload: icmp(3, 3, own[:24]...), becomes: "icmp-error"},
		{name: "unreachable, nearly nothing", proto: 1, payload: icmp(3, 3, 0x45, 0), becomes: "icmp-error"},
		{name: "unreachable sctp", proto: 1, payload: icmp(3, 3, ownSCTP...), becomes: "icmp-error"},
		{name: "echo request", proto: 1, payload: icmp(8, 0), becomes: rule, other: icmp(8, 1)},
		{name: "echo reply", proto: 1, payload: icmp(0, 0), becomes: "reply"},
		{name: "timestamp", proto: 1, payload: icmp(13, 0, zeros...), becomes: rule, other: icmp(10, 0, zeros...)},
		{name: "address mask", proto: 1, payload: icmp(17, 0, 0, 0, 0, 0), becomes: rule, other: icmp(15, 0)},
		{name: "icmp type 40", proto: 1, payload: icmp(40, 2), becomes: "icmp"},
		{name: "port 0", proto: 6, payload: tcp(0, syn), becomes: rule, other: tcp(1, syn)},
		{name: "port 22", proto: 6, payload: tcp(22, syn), becomes: rule, other: tcp(21, syn)},
		{name: "syn with data", proto: 6, payload: append(tcp(7800, syn), 'z', 'z'), becomes: rule, other: append(tcp(7801, syn), 'z', 'z')},
		{name: "syn with options", proto: 6, payload: tcp(7802, syn|ece|cwr, 2, 4, 5, 0xb4, 1, 3, 3, 7), becomes: rule, other: tcp(7803, syn, 2, 4, 5, 0xb4)},
		{name: "syn behind a recorded route", proto: 6, payload: tcp(7804, syn), becomes: rule, other: tcp(7805, syn), change: withOptions},
		{name: "all flags", proto: 6, payload: tcp(7785, fin|syn|rst|psh|ack|urg|ece|cwr), becomes: "reply"},
		{name: "no flags", proto: 6, payload: tcp(7785, 0), becomes: "reply"},
		{name: "reset", proto: 6, payload: tcp(4000, rst|ack), becomes: "reply"},
		{name: "fin", proto: 6, payload: tcp(4001, fin), becomes: "reply"},
		{name: "syn ack", proto: 6, payload: tcp(4002, syn|ack), becomes: "reply"},
		{name: "udp", proto: 17, payload: udp(7787), becomes: rule, other: udp(7788)},
		{name: "udp of a wrong length", proto: 17, payload: ports(7789, 0, 3, 0, 0), becomes: rule, other: ports(7790, 0, 3, 0, 0)},
		{name: "late answer", proto: 17, payload: []byte{0, 53, 0x9c, 0x40, 0, 8, 0, 0}, becomes: "reply"},
		// the first piece has the ports, and opens them for the packet put together
		{name: "udp in pieces", proto: 17, payload: udp(7786, many...), becomes: rule, other: udp(7791, many...), pieces: 1480},
		{name: "tcp in pieces", proto: 6, payload: append(tcp(7792, syn), many...), becomes: rule, other: append(tcp(7793, syn), many...), pieces: 1480},

		{name: "tcp over ipv6", v6: true, proto: 6, payload: tcp(22, syn), becomes: rule, other: tcp(24, syn)},
		{name: "udp over ipv6", v6: true, proto: 17, payload: udp(53), becomes: rule, other: udp(54)},
		{name: "a mapped source", v6: true, proto: 17, payload: udp(2, 1), becomes: rule, other: udp(3, 1), from: netip.MustParseAddr("::ffff:1.2.3.4")},
		{name: "hop by hop", v6: true, proto: 0, payload: behind(hopByHop(6), tcp(8022, syn)), becomes: rule, other: behind(hopByHop(6), tcp(8023, syn))},
		{name: "destination options and routing", v6: true, proto: 60, payload: behind(hopByHop(43), routing(17), udp(1053)), becomes: rule, other: behind(hopByHop(43), routing(17), udp(1054))},
		{name: behindAH, v6: true, proto: 51, payload: behind(spi, make([]byte, 16), tcp(8025, syn)), becomes: rule},
		{name: "esp over ipv6", v6: true, proto: 50, payload: zeros, becomes: "protocol"},
		{name: "ip over ipv6", v6: true, proto: 4, payload: own, becomes: rule},
		{name: "udp over ipv6 in pieces", v6: true, proto: 17, payload: udp(7786, many...), becomes: rule, other: udp(7791, many...), pieces: 1448},
		{name: "tcp over ipv6 in pieces", v6: true, proto: 6, payload: append(tcp(7792, syn), many...), becomes: rule, other: append(tcp(7793, syn), many...), pieces: 1448},
		{name: "packet too big", v6: true, proto: 58, payload: icmp(2, 0, own6...), becomes: "icmp-error"},
		{name: "unreachable over ipv6", v6: true, proto: 58, payload: icmp(1, 4, own6...), becomes: "icmp-error"},
		{name: "time exceeded over ipv6", v6: true, proto: 58, payload: icmp(3, 0, own6...), becomes: "icmp-error"},
		{name: "parameter problem over ipv6", v6: true, proto: 58, payload: append([]byte{4, 1, 0, 0, 0, 0, 0, 6}, own6...), becomes: "icmp-error"},
		{name: "router solicitation", v6: true, proto: 58, payload: icmp(133, 0), becomes: rule, other: icmp(133, 1)},
		{name: "listener query", v6: true, proto: 58, payload: icmp(130, 0, make([]byte, 16)...), becomes: rule, other: icmp(131, 0, make([]byte, 16)...)},
		{name: "ping over ipv6", v6: true, proto: 58, payload: icmp(128, 0), becomes: rule, other: icmp(128, 1)},
		{name: "pong over ipv6", v6: true, proto: 58, payload: icmp(129, 0), becomes: "reply"},
		{name: "sctp over ipv6", v6: true, proto: 132, payload: ports(22, zeros...), becomes: rule},
		{name: "no next header", v6: true, proto: 59, becomes: rule},
		{name: "short tcp over ipv6", v6: true, proto: 6, payload: []byte("ab"), becomes: "port"},
	}
	for _, proto := range []byte{2, 4, 41, 47, 89, 112} {
		list = append(list, kind{name: "protocol " + string([]byte{'0' + proto/100, '0' + proto/10%10, '0' + proto%10}), proto: proto, payload: append([]byte{0x45}, make([]byte, 31)...), becomes: rule})
	}
	for port := uint16(7777); port < 7785; port += 2 {
		list = append(list, kind{name: "tcp", proto: 6, payload: tcp(port, syn), becomes: rule, other: tcp(port+1, syn)})
	}
	return list
}

// groups are packets for more than one host, which come in only.
func groups() []kind {
	return []kind{
		{name: "broadcast", proto: 17, payload: udp(67), becomes: "group", to: netip.MustParseAddr("255.255.255.255")},
		{name: "broadcast of the network", proto: 17, payload: udp(138), becomes: "group", to: netip.MustParseAddr("10.66.0.255")},
		{name: "multicast", proto: 17, payload: udp(5353), becomes: "group", to: netip.MustParseAddr("224.0.0.1")},
		{name: "multicast over ipv6", v6: true, proto: 17, payload: udp(5353), becomes: "group", to: netip.MustParseAddr("ff02::1")},
	}
}
