package propose

import (
	"cmp"
	"encoding/binary"
	"iter"
	"net/netip"
)

// addresses is a table whose keys are an address and a byte that tells the rows of
// one address apart. Like smallest it keeps the rows with the smallest keys: those
// of IPv4 before those of IPv6.
//
// There can be very many rows, so the keys hold no pointers, and those of IPv4 are
// one word, which a map finds fastest.
type addresses[V any] struct {
	most    int
	weigh   func(V) int
	dropped func(V)
	four    *smallest[four, V] // nil as long as there is none
	six     *smallest[six, V]
}

// place is a key.
type place struct {
	addr netip.Addr
	tag  uint8
}

// four is a place in IPv4: the address, and the tag in the lowest byte.
type four uint64

// six is a place in IPv6.
type six struct {
	high, low uint64
	tag       uint8
}

func (p place) four() four {
	b := p.addr.As4()
	return four(binary.BigEndian.Uint32(b[:]))<<8 | four(p.tag)
}

func (p place) six() six {
	b := p.addr.As16()
	return six{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:]), p.tag}
}

func (k four) place() place {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(k>>8))
	return place{netip.AddrFrom4(b), uint8(k)}
}

func (k six) place() place {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], k.high)
	binary.BigEndian.PutUint64(b[8:], k.low)
	return place{netip.AddrFrom16(b), k.tag}
}

func compareSix(a, b six) int {
	return cmp.Or(cmp.Compare(a.high, b.high), cmp.Compare(a.low, b.low), cmp.Compare(a.tag, b.tag))
}

// get returns a row, if there is one.
func (t *addresses[V]) get(p place) (v V, ok bool) {
	switch {
	case p.addr.Is4() && t.four != nil:
		v, ok = t.four.rows[p.four()]
	case !p.addr.Is4() && t.six != nil:
		v, ok = t.six.rows[p.six()]
	}
	return v, ok
}

// put adds a row that is not there yet, and reports whether there was room.
func (t *addresses[V]) put(p place, v V) bool {
	if p.addr.Is4() {
		if t.four == nil {
			t.four = &smallest[four, V]{most: t.most, compare: cmp.Compare[four], weigh: t.weigh, dropped: t.dropped}
		}
		if !t.four.put(p.four(), v) {
			return false
		}
	} else {
		if t.six == nil {
			t.six = &smallest[six, V]{most: t.most, compare: compareSix, weigh: t.weigh, dropped: t.dropped}
		}
		if !t.six.put(p.six(), v) {
			return false
		}
	}
	if t.four == nil || t.six == nil || t.four.weight+t.six.weight <= t.most+t.most/4 {
		return true
	}
	t.trim()
	_, ok := t.get(p)
	return ok
}

// grow notes that the row of an address became heavier.
func (t *addresses[V]) grow(a netip.Addr, n int) {
	if a.Is4() {
		t.four.grow(n)
	} else {
		t.six.grow(n)
	}
}

// trim cuts to the bound and returns the keys, sorted.
func (t *addresses[V]) trim() (fours []four, sixes []six) {
	left := t.most
	if t.four != nil {
		if fours = t.four.trim(); t.four.cut {
			left = 0
		} else {
			left -= t.four.weight
		}
	}
	if t.six != nil {
		t.six.most = left
		sixes = t.six.trim()
	}
	return fours, sixes
}

// all cuts to the bound and gives the rows in order.
func (t *addresses[V]) all() iter.Seq2[place, V] {
	return func(yield func(place, V) bool) {
		fours, sixes := t.trim()
		for _, k := range fours {
			if !yield(k.place(), t.four.rows[k]) {
				return
			}
		}
		for _, k := range sixes {
			if !yield(k.place(), t.six.rows[k]) {
				return
			}
		}
	}
}

// size is how many rows there are; cut reports whether some had no room.
func (t *addresses[V]) size() (n int) {
	if t.four != nil {
		n += len(t.four.rows)
	}
	if t.six != nil {
		n += len(t.six.rows)
	}
	return n
}

func (t *addresses[V]) cut() bool {
	return t.four != nil && t.four.cut || t.six != nil && t.six.cut
}
