package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// pve reads a line of Proxmox's firewall log (pvefw-logger.c):
// "VMID LEVEL CHAIN 24/Sep/2026:10:00:00 +0200 ", VMID 0 being the host.
func (h *head) pve(s string) (ok bool) {
	c := cursor{s: s}
	vm, level, chain := c.until(' '), c.until(' '), c.until(' ')
	if !isDecimal(vm) || !isDecimal(level) || chain == "" {
		return false
	}
	r := stampReader{s: s, i: c.i}
	var st stamp
	st.day = r.digits(2)
	r.byte('/')
	if r.i+3 <= len(s) {
		st.month = monthOf(s[r.i : r.i+3])
		r.i += 3
	}
	r.byte('/')
	st.year, st.hasYear = r.digits(4), true
	r.byte(':')
	r.clock(&st)
	r.byte(' ')
	r.zone(&st)
	r.byte(' ')
	if r.bad || !st.hasOffset || !st.inRange() {
		return false
	}
	*h = head{
		carrier: carrierPVE, origin: fromPVE, tag: chain, vm: vm,
		stamp: st, msg: s[r.i:], at: r.i,
	}
	return true
}

// pve reads the message of such a line. What stands before IN= or OUT= is no
// free text, and either is missing where there is no such interface.
func (p *Parser) pve(h *head, ev *record.Event) (Result, error) {
	at := strings.Index(" "+h.msg, " IN=")
	if out := strings.Index(" "+h.msg, " OUT="); at < 0 || out >= 0 && out < at {
		at = out
	}
	if at < 0 {
		return Result{}, &Error{h.at, "no interface: " + quote(h.msg)}
	}
	ev.Kind = record.Netfilter
	m := packet{cursor: cursor{s: h.msg, i: at}, base: h.at, f: &ev.Fields, ev: ev}
	m.pveMessage()
	if m.err != nil {
		return Result{}, m.err
	}
	limited, _ := p.readPrefix(h.msg[:at], &ev.Fields)
	f := &ev.Fields
	f[record.FZone] = h.vm
	if f[record.FChain] == "" {
		switch f[record.FChain] = h.tag; h.tag {
		case "PVEFW-HOST-IN":
			f[record.FChain] = chainInput
		case "PVEFW-HOST-OUT":
			f[record.FChain] = chainOutput
		}
	}
	return Result{Kind: Event, Fields: m.fields(), Limited: limited}, nil
}

// pveMessage reads what print_pkt writes, which is like the kernel's text but
// not the same.
func (p *packet) pveMessage() {
	p.may("IN=", record.FIn, iface)
	p.may("OUT=", record.FOut, iface)
	p.may("PHYSIN=", record.FPhysin, bridgePort)
	p.may("PHYSOUT=", record.FPhysout, bridgePort)
	p.may("MAC=", record.FMac, header)
	if p.nextIs6() {
		p.pveIP6()
	} else {
		p.pveIP4()
	}
	p.may("mark=", record.FMark, u32)
	if p.err == nil && !p.done() {
		p.fail("text after the packet")
	}
}

// pveIP4 reads what print_iphdr and print_arp write.
func (p *packet) pveIP4() {
	p.must("SRC=", record.FSrc, ip4)
	p.must("DST=", record.FDst, ip4)
	if p.next("PROTO=ARP ") {
		p.must("PROTO=", record.FProto, anything)
		if !p.word("REQUEST") && !p.word("NAK") && !p.may("CODE=", record.FOpcode, u16) {
			if !p.word("REPLY") {
				p.fail("not an ARP operation")
			}
			p.must("MAC=", record.FArpMacsrc, mac)
		}
		return
	}
	p.must("LEN=", record.FLen, u16)
	p.must("TOS=", record.FTos, hexadecimal)
	p.must("PREC=", record.FPrec, hexadecimal)
	p.must("TTL=", record.FTTL, u8)
	p.must("ID=", record.FID, u16)
	fragment := p.may("FRAG=", record.FFragOffset, u16)
	p.flags(record.FFrag, "DF", "MF")
	p.pveTransport(fragment)
}

// pveIP6 reads what print_ip6hdr writes, but for routing headers.
func (p *packet) pveIP6() {
	p.must("SRC=", record.FSrc, ip6)
	p.must("DST=", record.FDst, ip6)
	p.must("LEN=", record.FLen, u32)
	p.must("TC=", record.FTc, u8)
	p.must("FLOWLBL=", record.FFlowlbl, u32)
	p.must("HOPLIMIT=", record.FHoplimit, u8)
	start, fragment := p.i, false
	for {
		if p.may("NEXTHDR=", record.FExt, anything) {
			continue
		}
		if !p.may("FRAG=", record.FFragOffset, u16) {
			break
		}
		fragment = fragment || p.f[record.FFragOffset] != "0"
		p.must("ID=", record.FFragID, signed)
		p.word("MF")
	}
	p.f[record.FExt] = strings.TrimSuffix(p.s[start:p.i], " ")
	p.pveTransport(fragment)
}

// pveTransport reads what print_ipproto writes. It prints the ports of a later
// fragment as well, though what it takes for them is the middle of the data.
func (p *packet) pveTransport(fragment bool) {
	p.must("PROTO=", record.FProto, anything)
	proto := &p.f[record.FProto]
	header := p.f
	if fragment {
		header = new(record.Fields)
	}
	outer := p.f
	p.f = header
	switch *proto {
	case "TCP":
		p.ports(false)
		p.must("SEQ=", record.FSeq, u32)
		p.must("ACK=", record.FAck, u32)
		p.must("WINDOW=", record.FWindow, u16)
		p.flags(record.FFlags, "URG", "ACK", "PSH", "RST", "SYN", "FIN")
		p.may("URGP=", record.FUrgp, u16)
	case "UDP":
		p.ports(false)
		if n := strings.Index(p.rest(), "mark="); n > 0 && p.s[p.i+n-1] != ' ' { // the logger forgets the blank
			p.s = p.s[:p.i+n] + " " + p.s[p.i+n:]
		}
		p.must("LEN=", record.FUlen, u16)
	case "SCTP":
		p.ports(false)
		*proto = "132"
	case "ICMP", "ICMPV6":
		p.pveICMP()
		if *proto == "ICMPV6" {
			*proto = "ICMPv6"
		}
	case "IGMP":
		*proto = "2"
	case "AH", "ESP":
	default:
		if p.err == nil && !scan(u8).has(*proto) {
			p.fail("not a protocol")
		}
	}
	p.f = outer
}

// pveICMP reads what print_icmp and print_icmp6 write: type, code, and what the
// type has, of which only the common part is kept.
func (p *packet) pveICMP() {
	p.must("TYPE=", record.FIcmpType, u8)
	p.must("CODE=", record.FIcmpCode, u8)
	if p.may("ID=", record.FIcmpID, u16) {
		p.must("SEQ=", record.FIcmpSeq, u16)
	}
	p.may("MTU=", record.FMtu, u32)
	for _, key := range [...]string{
		"PARAMETER=", "HOPLIMIT=", "RA=", "LIFETIME=", "REACHABLE=", "RETRANSMIT=", "NA=", "TARGET=", "GATEWAY=",
	} {
		if p.err == nil && p.lit(key) {
			p.until(' ')
		}
	}
}
