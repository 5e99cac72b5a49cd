package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// packet reads the grammar of net/netfilter/nf_log_syslog.c by recursive
// descent. Each method reads one production; after the first thing that is not
// as the kernel writes it, err is set and the rest reads nothing.
type packet struct {
	cursor
	base  int // offset of s in the line
	f     *record.Fields
	ev    *record.Event
	inner bool            // inside the [...] of an ICMP error
	read  record.FieldSet // of values that were read, quoted ones included
	alien bool            // it has a form that no kernel writes
	ulogd dialect         // whether ulogd wrote it
	err   error
}

// message reads from IN= to the end of the line.
func (p *packet) message() {
	p.must("IN=", record.FIn, iface)
	p.must("OUT=", record.FOut, iface)
	p.may("PHYSIN=", record.FPhysin, bridgePort)
	p.may("PHYSOUT=", record.FPhysout, bridgePort)
	mac := p.mac()
	switch {
	case p.next("SRC="):
		p.ip()
	case p.lit("ARP "):
		p.arp()
	case p.truncated():
	case p.done() && mac: // a protocol that the kernel does not know
	default:
		p.fail("no packet")
	}
	if p.err == nil && !p.done() {
		p.fail("text after the packet")
	}
}

// mac reads what dump_mac_header writes; it returns whether it names a protocol.
func (p *packet) mac() bool {
	if p.may("MAC=", record.FMac, header) {
		p.may("TUNNEL=", record.FTunnel, tunnel)
		return p.f[record.FMac] != ""
	}
	if !p.may("MACSRC=", record.FMacsrc, mac) {
		return false
	}
	p.must("MACDST=", record.FMacdst, mac)
	if p.may("VPROTO=", record.FVproto, hexadecimal) {
		p.must("VID=", record.FVid, u16)
	}
	p.must("MACPROTO=", record.FMacproto, hexadecimal)
	return p.err == nil
}

// ip reads a packet from SRC= on.
func (p *packet) ip() {
	if p.nextIs6() {
		p.ip6()
	} else {
		p.ip4()
	}
}

// nextIs6 reports whether the address behind the next key is one of IPv6.
func (p *packet) nextIs6() bool {
	i := p.i
	for i < len(p.s) && p.s[i] != ':' && p.s[i] != ' ' {
		i++
	}
	return i < len(p.s) && p.s[i] == ':'
}

// ip4 reads what dump_ipv4_packet writes.
func (p *packet) ip4() {
	p.must("SRC=", record.FSrc, ip4)
	p.must("DST=", record.FDst, ip4)
	if p.next("PROTO=ARP ") && p.isUlogd() {
		p.ulogdARP()
		return
	}
	p.must("LEN=", record.FLen, u16)
	p.must("TOS=", record.FTos, hexadecimal)
	p.must("PREC=", record.FPrec, hexadecimal)
	p.must("TTL=", record.FTTL, u8)
	p.must("ID=", record.FID, u16)
	p.flags(record.FFrag, "CE", "DF", "MF")
	fragment := p.may("FRAG:", record.FFragOffset, u16)
	p.options(record.FExt)
	if p.truncated() {
		return
	}
	if fragment && !p.next("PROTO=") {
		p.owner() // of AH there is nothing then
		return
	}
	p.transport(fragment)
}

// ip6 reads what dump_ipv6_packet writes.
func (p *packet) ip6() {
	p.must("SRC=", record.FSrc, ip6)
	p.must("DST=", record.FDst, ip6)
	p.must("LEN=", record.FLen, u32)
	p.must("TC=", record.FTc, u8)
	p.must("HOPLIMIT=", record.FHoplimit, u8)
	p.must("FLOWLBL=", record.FFlowlbl, u32)
	fragment, last := p.extensions()
	if last || p.err != nil || p.truncated() || p.atEnd() {
		return // a header that no PROTO= follows: ESP, or the rest of a fragment
	}
	if !p.next("PROTO=") && p.isUlogd() {
		p.owner() // ulogd has no word for most protocols over IPv6
		return
	}
	p.transport(fragment)
}

// transport reads the upper protocol, and what stands behind it.
func (p *packet) transport(fragment bool) {
	p.must("PROTO=", record.FProto, protocol)
	switch p.f[record.FProto] {
	case "TCP":
		p.tcp(fragment)
	case "UDP", "UDPLITE":
		p.udp(fragment)
	case "SCTP":
		p.sctp()
	case "ICMP":
		p.icmp(fragment)
	case "ICMPv6":
		p.icmp6(fragment)
	case "AH", "ESP":
		if !fragment && !p.incomplete() {
			p.must("SPI=", record.FSpi, hexadecimal)
		}
	}
	if fragment {
		p.ulogdIncomplete()
	}
	p.owner()
}

// owner reads what follows a packet that is not quoted: who sent it, its mark.
func (p *packet) owner() {
	if p.inner {
		return
	}
	if p.may("UID=", record.FUID, u32) && !(p.isUlogd() && !p.next("GID=")) {
		p.must("GID=", record.FGID, u32)
	}
	p.may("MARK=", record.FMark, hexadecimal)
}

// must reads key=value and a blank.
func (p *packet) must(key string, to record.Field, value scan) {
	if p.err != nil {
		return
	}
	if !p.lit(key) {
		p.fail("no " + key)
		return
	}
	p.value(key, to, value)
}

// may reads key=value and a blank if the key is next.
func (p *packet) may(key string, to record.Field, value scan) bool {
	return p.err == nil && p.lit(key) && p.value(key, to, value)
}

// value reads the value behind a key, and a blank.
func (p *packet) value(key string, to record.Field, value scan) bool {
	end := value(p.s, p.i)
	if end < 0 || end < len(p.s) && p.s[end] != ' ' {
		p.fail("not a value of " + key)
		return false
	}
	p.f[to] = p.s[p.i:end]
	p.read.Add(to)
	p.i = min(end+1, len(p.s))
	return true
}

// fields returns the fields that may have a value.
func (p *packet) fields() record.FieldSet {
	set := p.read
	for _, f := range [...]record.Field{
		record.FVerdict, record.FPrefix, record.FChain, record.FZone, record.FHook, record.FCause, // of the prefix
		record.FFlags, record.FFrag, record.FExt, record.FProto, record.FTCPOpt, record.FIncomplete, record.FTruncated,
	} {
		set.Add(f) // what is not read by value
	}
	return set
}

// flags reads words that stand in a fixed order, each of which may be absent.
func (p *packet) flags(to record.Field, words ...string) {
	start, end := p.i, p.i
	for _, w := range words {
		if p.err == nil && p.word(w) {
			end = p.i
		}
	}
	p.f[to] = strings.TrimSuffix(p.s[start:end], " ")
}

// options reads "OPT (HEX) ".
func (p *packet) options(to record.Field) {
	start := p.i
	if p.err != nil || !p.lit("OPT (") {
		return
	}
	v := p.until(')')
	if v != "TRUNCATED" && !scan(hexadecimal).has(v) || p.s[p.i-1] != ')' {
		p.i = start
		p.fail("not options")
		return
	}
	p.f[to] = v
	if !p.lit(" ") && !p.atEnd() {
		p.fail("no blank after the options")
	}
}

// truncated reads "TRUNCATED", after which the packet has no more.
func (p *packet) truncated() bool {
	if p.err != nil || !p.lit("TRUNCATED") {
		return false
	}
	p.f[record.FTruncated] = "TRUNCATED"
	p.lit(" ")
	return true
}

// incomplete reads "INCOMPLETE [N bytes] ", after which the header has no more.
func (p *packet) incomplete() bool {
	start := p.i
	if p.err != nil || !p.lit("INCOMPLETE [") {
		return p.ulogdIncomplete()
	}
	n := p.until(' ')
	if !scan(u32).has(n) || !p.word("bytes]") {
		p.i = start
		p.fail("not a number of bytes")
		return false
	}
	p.f[record.FIncomplete] = n
	return true
}

// atEnd reports whether the packet ends here.
func (p *packet) atEnd() bool {
	return p.done() || p.inner && p.s[p.i] == ']'
}

func (p *packet) fail(what string) {
	if p.err == nil {
		p.err = &Error{p.base + p.i, what + ": " + quote(p.rest())}
	}
}
