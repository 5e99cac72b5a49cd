package journal

import (
	"encoding/binary"
	"math/bits"
)

// hash is that of a payload: SipHash-2-4 with the file's id as key, or Jenkins'
// lookup3 in files without [Header.Keyed].
func (h *Header) hash(payload []byte) uint64 {
	if h.Keyed {
		return sipHash(&h.FileID, payload)
	}
	return lookup3(payload)
}

// sipHash is SipHash-2-4 of Aumasson and Bernstein (2012).
func sipHash(key *ID, p []byte) uint64 {
	v := sipStart(key)
	whole := len(p) &^ 7
	v.blocks(p[:whole])
	return v.end(p[whole:], uint64(len(p)))
}

type sip [4]uint64

func sipStart(key *ID) sip {
	k0, k1 := binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])
	return sip{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573}
}

// blocks takes a multiple of eight bytes.
func (v *sip) blocks(p []byte) {
	for ; len(p) >= 8; p = p[8:] {
		m := binary.LittleEndian.Uint64(p)
		v[3] ^= m
		sipRounds(v, 2)
		v[0] ^= m
	}
}

func (v *sip) end(p []byte, length uint64) uint64 {
	last := length << 56
	for i, c := range p {
		last |= uint64(c) << (8 * i)
	}
	v[3] ^= last
	sipRounds(v, 2)
	v[0] ^= last
	v[2] ^= 0xff
	sipRounds(v, 4)
	return v[0] ^ v[1] ^ v[2] ^ v[3]
}

func sipRounds(v *sip, n int) {
	a, b, c, d := v[0], v[1], v[2], v[3]
	for range n {
		a += b
		b = bits.RotateLeft64(b, 13) ^ a
		a = bits.RotateLeft64(a, 32)
		c += d
		d = bits.RotateLeft64(d, 16) ^ c
		a += d
		d = bits.RotateLeft64(d, 21) ^ a
		c += b
		b = bits.RotateLeft64(b, 17) ^ c
		c = bits.RotateLeft64(c, 32)
	}
	v[0], v[1], v[2], v[3] = a, b, c, d
}

// lookup3 is hashlittle2 of Jenkins' lookup3 (burtleburtle.net/bob/c/lookup3.c),
// both seeds 0; its first result is the upper half.
func lookup3(p []byte) uint64 {
	s := lookup3Start(uint64(len(p)))
	before := max(len(p)-1, 0) / 12 * 12
	s.blocks(p[:before])
	return s.end(p[before:])
}

type jenkins struct{ a, b, c uint32 }

func lookup3Start(length uint64) jenkins {
	n := 0xdeadbeef + uint32(length)
	return jenkins{n, n, n}
}

// blocks takes a multiple of twelve bytes, which are not the last.
func (s *jenkins) blocks(p []byte) {
	for ; len(p) >= 12; p = p[12:] {
		s.a, s.b, s.c = mix3(s.a+binary.LittleEndian.Uint32(p), s.b+binary.LittleEndian.Uint32(p[4:]), s.c+binary.LittleEndian.Uint32(p[8:]))
	}
}

// end takes the last bytes, at most twelve.
func (s *jenkins) end(p []byte) uint64 {
	if len(p) > 0 { // else nothing is mixed
		var rest [12]byte
		copy(rest[:], p)
		s.b, s.c = final3(s.a+binary.LittleEndian.Uint32(rest[:]), s.b+binary.LittleEndian.Uint32(rest[4:]), s.c+binary.LittleEndian.Uint32(rest[8:]))
	}
	return uint64(s.c)<<32 | uint64(s.b)
}

func mix3(a, b, c uint32) (uint32, uint32, uint32) {
	for _, n := range [2][3]int{{4, 6, 8}, {16, 19, 4}} {
		a = a - c ^ bits.RotateLeft32(c, n[0])
		c += b
		b = b - a ^ bits.RotateLeft32(a, n[1])
		a += c
		c = c - b ^ bits.RotateLeft32(b, n[2])
		b += a
	}
	return a, b, c
}

func final3(a, b, c uint32) (uint32, uint32) {
	c = (c ^ b) - bits.RotateLeft32(b, 14)
	a = (a ^ c) - bits.RotateLeft32(c, 11)
	b = (b ^ a) - bits.RotateLeft32(a, 25)
	c = (c ^ b) - bits.RotateLeft32(b, 16)
	a = (a ^ c) - bits.RotateLeft32(c, 4)
	b = (b ^ a) - bits.RotateLeft32(a, 14)
	c = (c ^ b) - bits.RotateLeft32(b, 24)
	return b, c
}
