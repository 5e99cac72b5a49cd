package kernlog

import "github.com/sl-suite/sl/lib/record"

// arp reads what dump_arp_packet writes after "ARP ": the payload only for
// Ethernet and IPv4.
func (p *packet) arp() {
	p.must("HTYPE=", record.FHtype, isU16)
	p.must("PTYPE=", record.FPtype, isHex)
	p.must("OPCODE=", record.FOpcode, isU16)
	if p.done() || p.incomplete() {
		return
	}
	p.must("MACSRC=", record.FArpMacsrc, isMAC)
	p.must("IPSRC=", record.FIpsrc, isIP4)
	p.must("MACDST=", record.FArpMacdst, isMAC)
	p.must("IPDST=", record.FIpdst, isIP4)
}
