package propose

import (
	"net/netip"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// Names of what makes a rule wider than its evidence, in Rule.Made.
const (
	madeNet   = "sources=net"
	madeAny   = "sources=any"
	madePorts = "ports=any" // the log has no ports of this protocol

	// A rule names the bridge and not its ports, by which the packet came or went.
	madeBridge = "bridge-ports=any"
)

// portless are the protocols whose ports the kernel does not log.
var portless = map[netfilter.Proto]bool{netfilter.SCTP: true, 33: true} // 33 is DCCP

// scratch holds the lists of a rule that is only looked up.
type scratch struct {
	local [1]netip.Prefix
	peer  [1]netip.Prefix
	ports [1]netfilter.PortRange
}

// allow takes a packet that was not let through.
func (p *Proposer) allow(pkt *packet, ev *record.Event) {
	if why := pkt.judgeCause(); why != usable {
		p.note(why, "", ev)
		return
	}
	for _, name := range [...]string{pkt.in, pkt.out} {
		if name != "" && !netfilter.ValidInterface(name) {
			p.note(badInterface, name, ev)
			return
		}
	}
	if pkt.tagged {
		p.note(vlanTag, "", ev)
		return
	}
	if why := pkt.judgeService(); why != usable {
		p.note(why, pkt.word, ev)
		return
	}
	rule := pkt.service(&p.scratch)
	var made []string
	if portless[pkt.proto] && len(rule.Ports) == 0 {
		made = append(made, madePorts)
	}
	if pkt.bridged {
		made = append(made, madeBridge)
	}
	peer := single(pkt.peer())
	if p.opts.Sources == Any {
		peer = netfilter.Everything(pkt.family)
		made = append(made, madeAny)
	}
	if !p.tuples.addEvent(&rule, peer, made, pkt.origins, ev) {
		// An IPv6 extension header, ICMP in the other family: no protocol to allow.
		p.note(badProtocol, pkt.word, ev)
		return
	}
	if pkt.chain == netfilter.Input && pkt.hook == "" {
		p.places.doubt(pkt.dst, ev)
	}
}

// judgeCause says why a rule for a service would not let a packet through, or not
// for a good reason: it was dropped for another one.
func (p *packet) judgeCause() reason {
	switch p.cause {
	case "invalid":
		return invalidState
	case "rate":
		return tooOften
	case "route":
		return noRoute
	case "list":
		return listed
	}
	if p.hook == hookPrerouting {
		return prerouting
	}
	return usable
}

// judgeService says why a packet asks for no service.
func (p *packet) judgeService() reason {
	switch p.proto {
	case netfilter.AnyProto:
		return badProtocol
	case netfilter.TCP:
		switch {
		case p.dpt < 0:
			return noPort
		case !p.opens():
			return notOpening
		}
	case netfilter.UDP, netfilter.UDPLite:
		switch {
		case p.dpt < 0:
			return noPort
		case p.answersUDP():
			return udpReply
		}
	case netfilter.ICMP, netfilter.ICMPv6:
		return p.judgeICMP()
	}
	return usable
}

// service is the rule that lets the packet through, without peers. Its lists
// stand in s.
func (p *packet) service(s *scratch) netfilter.Rule {
	r := netfilter.Rule{Family: p.family, Chain: p.chain, Proto: p.proto, Verdict: netfilter.Accept}
	if p.chain != netfilter.Output {
		r.In = p.in
	}
	if p.chain != netfilter.Input {
		r.Out = p.out
	}
	s.local[0] = single(p.local())
	if p.chain == netfilter.Output {
		r.Src = s.local[:]
		if p.uid >= 0 {
			r.Owner = netfilter.Owner{Match: true, UID: uint32(p.uid)}
		}
	} else {
		r.Dst = s.local[:]
	}
	if p.dpt >= 0 && p.proto.HasPorts() {
		s.ports[0] = netfilter.Port(uint16(p.dpt))
		r.Ports = s.ports[:]
	}
	if p.icmpType >= 0 && p.icmpCode >= 0 && (p.proto == netfilter.ICMP || p.proto == netfilter.ICMPv6) {
		r.ICMP = netfilter.ICMPType{Match: true, Type: uint8(p.icmpType), Code: uint8(p.icmpCode)}
	}
	return r
}
