package main

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// frame is a packet on the wire between two hosts, and what is to become of it.
type frame struct {
	name   string
	id     uint16 // in the IPv4 header, or the flow label of IPv6: by it the packet is known again
	iface  string
	body   []byte // from the IP header on
	passes bool   // a rule made from the log lets it through
	first  bool   // it is among those that are logged and made rules of
}

var (
	peer4, other4, host4 = netip.MustParseAddr("10.66.0.1"), netip.MustParseAddr("10.66.0.3"), netip.MustParseAddr("10.66.0.2")
	peer6, other6, host6 = netip.MustParseAddr("fd66::1"), netip.MustParseAddr("fd66::3"), netip.MustParseAddr("fd66::2")
)

// kind is one shape of packet. Its neighbours differ from it in one thing that a
// rule for it does look at.
type kind struct {
	name    string
	v6      bool
	proto   byte
	payload []byte
	passes  bool
	other   []byte // payload for another port or ICMP type; nil if rules do not tell
}

// ports are the two ports that TCP, UDP, UDP-Lite and SCTP start with.
func ports(dpt uint16, rest ...byte) []byte {
	return append([]byte{0x13, 0x88, byte(dpt >> 8), byte(dpt)}, rest...)
}

func tcp(dpt uint16, flags byte) []byte {
	return ports(dpt, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0x20, 0, 0, 0, 0, 0)
}

func udp(dpt uint16) []byte { return ports(dpt, 0, 8, 0, 0) }

func icmp(kind, code byte, rest ...byte) []byte {
	return append([]byte{kind, code, 0, 0, 0, 0, 0, 0}, rest...)
}

// behindAH is seen by the legacy iptables only: for the others the transport of an
// IPv6 packet ends at an authentication header (IP6_FH_F_AUTH in
// nft_set_pktinfo_ipv6), while the log looks behind it.
const behindAH = "tcp behind ah over ipv6"

const (
	syn, rst, ack, fin = 2, 4, 16, 1
	pad                = 20
)

// kinds are the shapes of packets that the kernel logs in input. An error quotes
// a packet of the host's own.
func kinds() []kind {
	quoted4 := ipv4(1, 17, host4, netip.MustParseAddr("8.8.8.8"), udp(53))
	quoted6 := ipv6(1, 17, host6, netip.MustParseAddr("2001:db8::8"), udp(53))
	zeros := make([]byte, pad)
	list := []kind{
		{"sctp", false, 132, ports(22, zeros...), true, nil}, // its ports are not logged
		{"udplite", false, 136, udp(53), true, udp(54)},
		{"esp", false, 50, zeros, true, nil},
		{"ah", false, 51, append([]byte{6, 4, 0, 0, 0xde, 0xad, 0xbe, 0xef}, zeros...), true, nil},
		{"short tcp", false, 6, []byte{6, 4}, false, nil},
		{"short icmp", false, 1, []byte{3, 4}, false, nil},
		{"unreachable", false, 1, icmp(3, 3, quoted4...), false, nil},
		{"redirect", false, 1, icmp(5, 1, quoted4...), false, nil},
		{"time exceeded", false, 1, icmp(11, 0, quoted4...), false, nil},
		{"parameter problem", false, 1, icmp(12, 0, quoted4...), false, nil},
		{"echo request", false, 1, icmp(8, 0), true, icmp(8, 1)},
		{"echo reply", false, 1, icmp(0, 0), false, nil},
		{"timestamp", false, 1, icmp(13, 0, zeros...), true, icmp(10, 0, zeros...)},
		{"icmp type 40", false, 1, icmp(40, 2), false, nil},
		{"port 0", false, 6, tcp(0, syn), true, nil},
		{"reset", false, 6, tcp(4000, rst|ack), false, nil},
		{"fin", false, 6, tcp(4001, fin), false, nil},
		{"syn ack", false, 6, tcp(4002, syn|ack), false, nil},
		{"udp", false, 17, udp(7787), true, udp(7788)},
		{"late answer", false, 17, []byte{0, 53, 0x9c, 0x40, 0, 8, 0, 0}, false, nil},
		{"tcp over ipv6", true, 6, tcp(22, syn), true, tcp(24, syn)},
		{"udp over ipv6", true, 17, udp(53), true, udp(54)},
		{"hop by hop", true, 0, append([]byte{6, 0, 1, 4, 0, 0, 0, 0}, tcp(8022, syn)...), true, append([]byte{6, 0, 1, 4, 0, 0, 0, 0}, tcp(8023, syn)...)},
		{"destination options and routing", true, 60, slices.Concat([]byte{43, 0, 1, 4, 0, 0, 0, 0}, []byte{17, 0, 0, 0, 0, 0, 0, 0}, udp(1053)), true, slices.Concat([]byte{43, 0, 1, 4, 0, 0, 0, 0}, []byte{17, 0, 0, 0, 0, 0, 0, 0}, udp(1054))},
		{behindAH, true, 51, slices.Concat([]byte{6, 4, 0, 0, 0xde, 0xad, 0xbe, 0xef}, make([]byte, 16), tcp(8025, syn)), true, nil},
		{"esp over ipv6", true, 50, zeros, false, nil},
		{"ip over ipv6", true, 4, quoted4, true, nil},
		{"first fragment", true, 44, append([]byte{17, 0, 0, 1, 0, 0, 0x12, 0x34}, append(udp(2), zeros...)...), true, nil},
		{"later fragment", true, 44, append([]byte{17, 0, 5, 0xc8, 0, 0, 0x12, 0x35}, zeros...), false, nil},
		{"packet too big", true, 58, icmp(2, 0, quoted6...), false, nil},
		{"unreachable over ipv6", true, 58, icmp(1, 4, quoted6...), false, nil},
		{"ping over ipv6", true, 58, icmp(128, 0), true, icmp(128, 1)},
		{"sctp over ipv6", true, 132, ports(22, zeros...), true, nil},
		{"no next header", true, 59, nil, true, nil},
		{"short tcp over ipv6", true, 6, []byte("ab"), false, nil},
	}
	for _, proto := range []byte{2, 4, 41, 47, 89, 112} {
		list = append(list, kind{"protocol " + string('0'+rune(proto/100)) + string('0'+rune(proto/10%10)) + string('0'+rune(proto%10)), false, proto, append([]byte{0x45}, make([]byte, 31)...), true, nil})
	}
	for port := uint16(7777); port < 7786; port += 2 {
		list = append(list, kind{"tcp", false, 6, tcp(port, syn), true, tcp(port+1, syn)})
	}
	return list
}

// frames are the packets of all kinds and then their neighbours: another port or
// type, another source, another interface.
func frames() []frame {
	var list []frame
	add := func(name string, k kind, payload []byte, from4, from6 netip.Addr, iface string, passes, first bool) {
		id := uint16(len(list) + 1)
		body := ipv4(id, k.proto, from4, host4, payload)
		if k.v6 {
			body = ipv6(id, k.proto, from6, host6, payload)
		}
		list = append(list, frame{name, id, iface, body, passes, first})
	}
	for _, k := range kinds() {
		add(k.name, k, k.payload, peer4, peer6, "there", k.passes, true)
	}
	for _, k := range kinds() {
		if !k.passes {
			continue
		}
		if k.other != nil {
			add(k.name+", another port or type", k, k.other, peer4, peer6, "there", false, false)
		}
		add(k.name+", another source", k, k.payload, other4, other6, "there", false, false)
		add(k.name+", another interface", k, k.payload, peer4, peer6, "there2", false, false)
	}
	return list
}

func ipv4(id uint16, proto byte, src, dst netip.Addr, payload []byte) []byte {
	h := make([]byte, 20, 20+len(payload))
	h[0], h[8], h[9] = 0x45, 64, proto
	binary.BigEndian.PutUint16(h[2:], uint16(20+len(payload)))
	binary.BigEndian.PutUint16(h[4:], id)
	copy(h[12:], src.AsSlice())
	copy(h[16:], dst.AsSlice())
	sum := uint32(0)
	for i := 0; i < 20; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(h[i:]))
	}
	sum = sum>>16 + sum&0xffff
	binary.BigEndian.PutUint16(h[10:], ^uint16(sum+sum>>16))
	return append(h, payload...)
}

func ipv6(label uint16, next byte, src, dst netip.Addr, payload []byte) []byte {
	h := make([]byte, 40, 40+len(payload))
	h[0], h[6], h[7] = 0x60, next, 64
	binary.BigEndian.PutUint16(h[2:], label)
	binary.BigEndian.PutUint16(h[4:], uint16(len(payload)))
	copy(h[8:], src.AsSlice())
	copy(h[24:], dst.AsSlice())
	return append(h, payload...)
}
