package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// The text of ulogd (util/printpkt.c) is like the kernel's but not the same: TOS= has
// no 0x, RES= and the packet that an ICMP error quotes are missing, SCTP has its ports,
// and MARK= has no 0x and is there even where it is 0. What is more, the parts of an
// ICMP message go by its code, as if that were the type.

// dialect says who wrote a packet.
type dialect uint8

const (
	notAsked dialect = iota
	ofKernel
	ofUlogd
)

// isUlogd reports whether ulogd wrote the packet, by the two numbers that it writes in
// another way than the kernel. It is only asked where the two differ.
func (p *packet) isUlogd() bool {
	if p.ulogd == notAsked {
		p.ulogd = ofKernel
		if tos := p.f[record.FTos]; tos != "" && !p.inner && !strings.HasPrefix(tos, "0x") {
			p.ulogd = ofUlogd
		}
		const mark = "MARK=" // INCOMPLETE may stand before it without a blank
		if at := strings.LastIndex(p.s, mark); at >= p.i && !p.inner && !strings.HasPrefix(p.s[at+len(mark):], "0x") {
			p.ulogd = ofUlogd
		}
	}
	return p.ulogd == ofUlogd
}

// sctp reads the ports, which the kernel does not write.
func (p *packet) sctp() {
	if p.err == nil && !p.isUlogd() {
		p.fail("not a protocol of the kernel's words")
		return
	}
	p.f[record.FProto] = "132" // as the kernel has it
	p.ports(false)
}

// ulogdICMP reads what follows type and code; ok is false for a packet of the kernel's.
func (p *packet) ulogdICMP() (ok bool) {
	if p.err != nil || p.next("[") || !p.isUlogd() {
		return false
	}
	if p.may("ID=", record.FIcmpID, u16) {
		p.must("SEQ=", record.FIcmpSeq, u16)
	}
	p.may("PARAMETER=", record.FPointer, u32)
	p.may("GATEWAY=", record.FGateway, ip4)
	p.may("MTU=", record.FMtu, u32)
	return true
}

// ulogdIncomplete reads "INCOMPLETE", with neither a number nor a blank behind it.
func (p *packet) ulogdIncomplete() bool {
	if p.err != nil || !p.next("INCOMPLETE") || !p.isUlogd() {
		return false
	}
	p.lit("INCOMPLETE")
	p.f[record.FIncomplete] = "0"
	p.lit(" ")
	return true
}

// ulogdARP reads what printpkt_arp writes behind the addresses.
func (p *packet) ulogdARP() {
	p.must("PROTO=", record.FProto, anything)
	if p.word("REQUEST") || p.word("NAK") || p.may("CODE=", record.FOpcode, u16) {
		p.owner()
		return
	}
	if p.err == nil && !p.word("REPLY") {
		p.fail("not an ARP operation")
	}
	p.may("REPLY_MAC=", record.FArpMacsrc, mac)
	p.owner()
}
