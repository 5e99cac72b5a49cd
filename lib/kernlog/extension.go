package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// extensions reads the extension headers of dump_ipv6_packet, which stand
// between "OPT ( " and ") " where the rule asks for options, and bare where it
// does not. fragment is true for all but the first of a packet; last says that
// nothing follows the headers.
func (p *packet) extensions() (fragment, last bool) {
	start := p.i
	end := start
	for p.err == nil && !last {
		open := p.lit("OPT ( ")
		var any bool
		any, last = p.extension(&fragment, open)
		if !open && !any {
			break
		}
		if open && p.f[record.FTruncated] == "" && !p.closed(last) {
			break
		}
		end = p.i
	}
	p.f[record.FExt] = strings.TrimSuffix(p.s[start:end], " ")
	return fragment, last
}

// closed reads the ")" of an extension header. Behind the last one the kernel
// writes no blank.
func (p *packet) closed(last bool) bool {
	if p.err != nil || !p.lit(")") {
		p.fail("no end of the extension header")
		return false
	}
	if !p.lit(" ") && !(last && p.atEnd()) {
		p.fail("text after an extension header")
		return false
	}
	return true
}

// extension reads one header; any is false for one that says nothing (hop by
// hop, routing, destination). last is true where the kernel stops after it.
func (p *packet) extension(fragment *bool, open bool) (any, last bool) {
	switch {
	case p.next("FRAG: ") && p.isUlogd():
		p.must("FRAG: ", record.FFragOffset, u16)
		p.must("ID: ", record.FFragID, hexadecimal)
		*fragment = p.f[record.FFragOffset] != "0"
		return true, false
	case p.lit("FRAG:"):
		if p.truncated() {
			return true, true
		}
		offset, id := p.f[record.FFragOffset], p.f[record.FFragID]
		p.value("FRAG:", record.FFragOffset, u16)
		p.word("INCOMPLETE") // more fragments follow
		p.must("ID:", record.FFragID, hexadecimal)
		if *fragment { // a second header does not make it the first fragment
			p.f[record.FFragOffset], p.f[record.FFragID] = offset, id
		}
		*fragment = p.f[record.FFragOffset] != "0"
		return true, false
	case open && p.lit("AH "):
		return true, p.spi(*fragment)
	case open && p.lit("ESP "):
		p.f[record.FProto] = "ESP"
		p.spi(*fragment)
		return true, true
	}
	return false, *fragment && open && p.next(")") && !p.next(") ")
}

// spi reads the index of AH or ESP; it returns whether there is none to read.
func (p *packet) spi(fragment bool) bool {
	if fragment || p.incomplete() {
		return true
	}
	p.must("SPI=", record.FSpi, hexadecimal)
	return false
}
