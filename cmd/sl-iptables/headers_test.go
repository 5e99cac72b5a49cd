package main

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// Headers of packets, from the IP header on.

// ports are the two ports that TCP, UDP, UDP-Lite and SCTP start with.
func ports(dpt uint16, rest ...byte) []byte {
	return append([]byte{0x13, 0x88, byte(dpt >> 8), byte(dpt)}, rest...)
}

// The TCP flags, in the byte and, for the first two reserved bits, beside it.
const (
	fin, syn, rst, psh, ack, urg, ece, cwr = 1, 2, 4, 8, 16, 32, 64, 128
)

func tcp(dpt uint16, flags byte, options ...byte) []byte {
	words := byte(5 + len(options)/4)
	return append(ports(dpt, 0, 0, 0, 1, 0, 0, 0, 0, words<<4, flags, 0x20, 0, 0, 0, 0, 0), options...)
}

func udp(dpt uint16, data ...byte) []byte {
	return append(ports(dpt, 0, byte(8+len(data)), 0, 0), data...)
}

func icmp(kind, code byte, rest ...byte) []byte {
	return append([]byte{kind, code, 0, 0, 0, 0, 0, 0}, rest...)
}

// withOptions puts IPv4 options into a packet: a recorded route.
func withOptions(packet []byte) []byte {
	route := []byte{7, 11, 12, 1, 1, 1, 1, 2, 2, 2, 2, 0} // RFC 791, full
	p := slices.Concat(packet[:20], route, packet[20:])
	p[0] = 0x45 + byte(len(route)/4)
	binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
	return sum4(p)
}

func ipv4(id uint16, proto byte, src, dst netip.Addr, payload []byte) []byte {
	h := make([]byte, 20, 20+len(payload))
	h[0], h[8], h[9] = 0x45, 64, proto
	binary.BigEndian.PutUint16(h[2:], uint16(20+len(payload)))
	binary.BigEndian.PutUint16(h[4:], id)
	copy(h[12:], src.AsSlice())
	copy(h[16:], dst.AsSlice())
	return sum4(append(h, payload...))
}

// sum4 puts the checksum into an IPv4 header.
func sum4(p []byte) []byte {
	p[10], p[11] = 0, 0
	sum := uint32(0)
	for i := 0; i < int(p[0]&15)*4; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(p[i:]))
	}
	sum = sum>>16 + sum&0xffff
	binary.BigEndian.PutUint16(p[10:], ^uint16(sum+sum>>16))
	return p
}

// fragments4 cuts the payload of an IPv4 packet after so many bytes, a multiple of
// eight.
func fragments4(packet []byte, size int) [][]byte {
	const more = 0x2000
	var out [][]byte
	payload := packet[20:]
	for at := 0; at < len(payload); at += size {
		end := min(at+size, len(payload))
		f := slices.Concat(packet[:20], payload[at:end])
		offset := uint16(at / 8)
		if end < len(payload) {
			offset |= more
		}
		binary.BigEndian.PutUint16(f[2:], uint16(len(f)))
		binary.BigEndian.PutUint16(f[6:], offset)
		out = append(out, sum4(f))
	}
	return out
}

func ipv6(label uint16, next byte, src, dst netip.Addr, payload []byte) []byte {
	h := make([]byte, 40, 40+len(payload))
	h[0], h[6], h[7] = 0x60, next, 64
	binary.BigEndian.PutUint16(h[2:], label)
	binary.BigEndian.PutUint16(h[4:], uint16(len(payload)))
	copy(h[8:], src.AsSlice())
	copy(h[24:], dst.AsSlice())
	return append(h, payload...)
}

// fragments6 cuts the payload of an IPv6 packet after so many bytes, a multiple of
// eight.
func fragments6(packet []byte, size int) [][]byte {
	const fragment = 44
	var out [][]byte
	payload := packet[40:]
	for at := 0; at < len(payload); at += size {
		end := min(at+size, len(payload))
		more := byte(0)
		if end < len(payload) {
			more = 1
		}
		header := []byte{packet[6], 0, byte(at >> 8), byte(at) | more, 0, 0, packet[2], packet[3]}
		f := slices.Concat(packet[:40], header, payload[at:end])
		f[6] = fragment
		binary.BigEndian.PutUint16(f[4:], uint16(len(f)-40))
		out = append(out, f)
	}
	return out
}
