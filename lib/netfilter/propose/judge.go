package propose

import (
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
)

// judge says why no rule of any mode can be made from a packet.
func (p *packet) judge() reason {
	switch {
	case p.family == "":
		return noAddress
	case p.chain == "":
		return noChain
	case p.group:
		return group
	case !p.unicastSource():
		return badSource
	case p.dst.IsUnspecified() || p.dst.IsLoopback() && !p.onLoopback():
		return badDestination
	case p.offset > 0:
		return fragment
	}
	return usable
}

// unicastSource reports whether the source can be a host. Addresses of loopback
// are only real on the loopback interface, and what a host sends to itself comes in
// by no other. (What is forwarded can have one address twice: a container that asks
// for its own published port.)
func (p *packet) unicastSource() bool {
	if p.src.IsUnspecified() || p.src.IsMulticast() || p.src == limitedBroadcast {
		return false
	}
	mirrored := p.src == p.dst && p.chain == netfilter.Input
	return p.onLoopback() || !p.src.IsLoopback() && !mirrored
}

func (p *packet) onLoopback() bool { return p.in == "lo" || p.out == "lo" }

// has reports whether a TCP flag is set.
func (p *packet) has(flag string) bool {
	for f := range strings.FieldsSeq(p.flags) {
		if f == flag {
			return true
		}
	}
	return false
}

// opens reports whether a TCP packet asks for a connection. Any other one is an
// answer, a stray or a scan.
func (p *packet) opens() bool {
	return p.flags == "SYN" || p.has("SYN") && !p.has("ACK") && !p.has("RST") && !p.has("FIN")
}

// probes reports whether a TCP packet is one that only scanners send: no flags
// at all, or FIN, PSH and URG together.
func (p *packet) probes() bool {
	if p.has("ACK") || p.has("RST") || p.has("SYN") {
		return false
	}
	return p.flags == "" || p.has("FIN") && p.has("PSH") && p.has("URG")
}

// answerPorts are the UDP services whose late answers fill the logs: to a high
// port they are answers, not requests.
var answerPorts = map[int64]bool{
	53:  true, // DNS
	67:  true, // DHCP
	123: true, // NTP
	443: true, // QUIC
}

const firstHighPort = 1024

func (p *packet) answersUDP() bool { return answerPorts[p.spt] && p.dpt >= firstHighPort }

// icmpKinds sorts the types of ICMP and ICMPv6 (IANA). Types that are not here
// no host needs.
var icmpKinds = map[netfilter.Proto]map[int64]reason{
	netfilter.ICMP: {
		8: usable, 10: usable, 13: usable, 15: usable, 17: usable, // requests
		0: icmpReply, 14: icmpReply, 16: icmpReply, 18: icmpReply,
		3: icmpError, 4: icmpError, 5: icmpError, 11: icmpError, 12: icmpError,
	},
	netfilter.ICMPv6: {
		128: usable,
		130: usable, 131: usable, 132: usable, 143: usable, // multicast listeners
		133: usable, 134: usable, 135: usable, 136: usable, // neighbour discovery
		129: icmpReply,
		1:   icmpError, 2: icmpError, 3: icmpError, 4: icmpError,
	},
}

// judgeICMP says why an ICMP message needs no rule of its own.
func (p *packet) judgeICMP() reason {
	if p.quotes {
		return icmpError
	}
	if p.icmpType < 0 || p.icmpCode < 0 {
		return noPort
	}
	if why, ok := icmpKinds[p.proto][p.icmpType]; ok {
		return why
	}
	return icmpOther
}
