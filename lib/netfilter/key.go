package netfilter

import (
	"encoding/binary"
	"net/netip"
)

// AppendKey appends bytes that are the same for two rules if they differ in
// nothing but their peers, and only then. The bytes have no other meaning.
func (r Rule) AppendKey(dst []byte) []byte {
	for _, s := range [...]string{string(r.Chain), string(r.Verdict), string(r.Family), r.In, r.Out} {
		dst = append(append(dst, s...), 0)
	}
	dst = append(dst, byte(r.Proto), bit(r.ICMP.Match), r.ICMP.Type, r.ICMP.Code, bit(r.Owner.Match))
	dst = binary.BigEndian.AppendUint32(dst, r.Owner.UID)
	dst = binary.BigEndian.AppendUint32(dst, r.Timeout)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(r.Ports)))
	for _, p := range r.Ports {
		dst = binary.BigEndian.AppendUint16(dst, p.First)
		dst = binary.BigEndian.AppendUint16(dst, p.Last)
	}
	return appendPrefixKey(dst, r.Local())
}

// appendPrefixKey writes a list of one family as bytes that tell it from others.
func appendPrefixKey(dst []byte, list []netip.Prefix) []byte {
	for _, p := range list {
		a := p.Addr().As16()
		dst = append(append(dst, a[:]...), byte(p.Bits()))
	}
	return dst
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
