package repeat

import (
	"hash/maphash"
	"math/bits"

	"github.com/sl-suite/sl/lib/record"
)

// A Window remembers the last audit records that went by. The kernel numbers
// them, so a record that a second log holds, too, can be told from another event
// with the same words: the audit time, the serial and every field are the same.
// (One system call can make several records with one serial, hence the fields.)
//
// Only a 64-bit hash under a random seed is kept of each, so the memory does not
// depend on the text, and nobody can make two records collide on purpose. The
// hashes stand in a table with linear probing (Knuth, TAOCP 3, 6.4), since every
// record of a log asks it twice.
type Window struct {
	seed  maphash.Seed
	ring  []Key // in the order of arrival
	next  int
	slots []Key // each at the slot that its low bits name or behind it; 0 is free
}

// A Key stands for one audit record in a Window; the zero Key is of an event
// that has no audit id, and is never met again.
type Key uint64

// NewWindow remembers size records.
func NewWindow(size int) *Window {
	return &Window{seed: maphash.MakeSeed(), ring: make([]Key, 0, size), slots: make([]Key, 1<<bits.Len(uint(2*size)))}
}

// Key returns the key of ev, which has no other Fields than those of a set. It may be called by several goroutines at a time.
func (w *Window) Key(ev *record.Event, set record.FieldSet) Key {
	if ev.Audit == "" {
		return 0
	}
	var buf [512]byte // most records fit
	text := append(buf[:0], ev.Audit...)
	for i, some := range set {
		for ; some != 0; some &= some - 1 {
			f := 64*i + bits.TrailingZeros64(some)
			if value := ev.Fields[f]; value != "" {
				text = append(text, 0, byte(f), byte(len(value)), byte(len(value)>>8))
				text = append(text, value...)
			}
		}
	}
	return Key(max(maphash.Bytes(w.seed, text), 1))
}

// Again reports whether a record was seen before, and remembers it if not.
func (w *Window) Again(key Key) bool {
	if key == 0 {
		return false
	}
	at := w.find(key)
	if w.slots[at] == key {
		return true
	}
	if len(w.ring) < cap(w.ring) {
		w.ring = append(w.ring, key)
	} else {
		w.forget(w.ring[w.next])
		w.ring[w.next] = key
		w.next = (w.next + 1) % len(w.ring)
		at = w.find(key)
	}
	w.slots[at] = key
	return false
}

// find returns the slot of a key, or the free one where it belongs.
func (w *Window) find(key Key) int {
	mask := len(w.slots) - 1
	i := int(key) & mask
	for w.slots[i] != key && w.slots[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

// forget frees the slot of a key, and moves up what could then not be found any
// more.
func (w *Window) forget(key Key) {
	mask := len(w.slots) - 1
	free := w.find(key)
	w.slots[free] = 0
	for i := (free + 1) & mask; w.slots[i] != 0; i = (i + 1) & mask {
		home := int(w.slots[i]) & mask
		if (i-home)&mask >= (i-free)&mask {
			w.slots[free], w.slots[i] = w.slots[i], 0
			free = i
		}
	}
}
