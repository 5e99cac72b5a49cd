package kernlog

import (
	"github.com/sl-suite/sl/lib/record"
)

// ports reads what TCP and UDP begin with; ok is false where the packet has no
// such header, and none is to be read.
func (p *packet) ports(fragment bool) (ok bool) {
	if fragment || p.incomplete() {
		return false
	}
	p.must("SPT=", record.FSpt, u16)
	p.must("DPT=", record.FDpt, u16)
	return p.err == nil
}

// tcp reads what nf_log_dump_tcp_header writes. There are logs with the length of
// UDP in its place, which no kernel has written.
func (p *packet) tcp(fragment bool) {
	if !p.ports(fragment) {
		return
	}
	if p.may("LEN=", record.FUlen, u16) {
		p.alien = true
		return
	}
	if p.may("SEQ=", record.FSeq, u32) {
		p.must("ACK=", record.FAck, u32)
	}
	p.must("WINDOW=", record.FWindow, u16)
	if p.next("RES=") || !p.isUlogd() {
		p.must("RES=", record.FRes, hexadecimal)
	}
	p.flags(record.FFlags, "AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN")
	if !p.may("URGn=", record.FUrgp, u16) { // Ubiquiti
		p.must("URGP=", record.FUrgp, u16)
	}
	p.options(record.FTCPOpt)
}

// udp reads what nf_log_dump_udp_header writes.
func (p *packet) udp(fragment bool) {
	if p.ports(fragment) {
		p.must("LEN=", record.FUlen, u16)
	}
}

// icmp reads the ICMP part of dump_ipv4_packet.
func (p *packet) icmp(fragment bool) {
	if !p.icmpType(fragment) {
		return
	}
	if p.ulogdICMP() {
		return
	}
	kind, code := p.f[record.FIcmpType], p.f[record.FIcmpCode]
	switch kind {
	case "0", "8": // echo
		p.echo()
	case "12":
		p.must("PARAMETER=", record.FPointer, u32)
	case "3", "4", "5", "11": // unreachable, source quench, redirect, time exceeded
		if kind == "5" {
			p.must("GATEWAY=", record.FGateway, ip4)
		}
		p.quoted()
		if kind == "3" && code == "4" { // fragmentation needed
			p.must("MTU=", record.FMtu, u32)
		}
	}
}

// icmp6 reads the ICMPv6 part of dump_ipv6_packet.
func (p *packet) icmp6(fragment bool) {
	if !p.icmpType(fragment) {
		return
	}
	if p.ulogdICMP() {
		return
	}
	kind := p.f[record.FIcmpType]
	switch kind {
	case "128", "129": // echo
		p.echo()
	case "1", "2", "3", "4": // unreachable, too big, time exceeded, parameter problem
		if kind == "4" {
			p.must("POINTER=", record.FPointer, hexadecimal)
		}
		p.quoted()
		if kind == "2" {
			p.must("MTU=", record.FMtu, u32)
		}
	}
}

// icmpType reads type and code; ok is false where nothing is to follow.
func (p *packet) icmpType(fragment bool) (ok bool) {
	if fragment || p.incomplete() {
		return false
	}
	p.must("TYPE=", record.FIcmpType, u8)
	p.must("CODE=", record.FIcmpCode, u8)
	return !p.incomplete() && p.err == nil
}

func (p *packet) echo() {
	p.must("ID=", record.FIcmpID, u16)
	p.must("SEQ=", record.FIcmpSeq, u16)
}

// quoted reads "[PACKET] ", the packet that an ICMP error is about. It is
// another flow, and goes to Inner; in it there is no further one.
func (p *packet) quoted() {
	if p.inner || p.err != nil {
		return
	}
	if !p.lit("[") {
		p.fail("no quoted packet")
		return
	}
	outer := p.f
	p.ev.Inner = new(record.Fields)
	p.f, p.inner = p.ev.Inner, true
	if !p.truncated() {
		p.ip()
	}
	p.f, p.inner = outer, false
	if p.err == nil && !p.word("]") {
		p.fail("no end of the quoted packet")
	}
}
