package kernlog

import "github.com/sl-suite/sl/lib/record"

// arp reads what dump_arp_packet writes after "ARP ": the payload only for
// Ethernet and IPv4.
func (p *packet) arp() {
	p.must("HTYPE=", record.FHtype, u16)
	p.must("PTYPE=", record.FPtype, hexadecimal)
	p.must("OPCODE=", record.FOpcode, u16)
	if p.done() || p.incomplete() {
		return
	}
	p.must("MACSRC=", record.FArpMacsrc, mac)
	p.must("IPSRC=", record.FIpsrc, ip4)
	p.must("MACDST=", record.FArpMacdst, mac)
	p.must("IPDST=", record.FIpdst, ip4)
}
