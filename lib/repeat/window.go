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
// depend on the text, and nobody can make two records collide on purpose.
//
// Each level of trust has its own: a line that anybody can have written neither
// takes the place of a better one that says the same nor makes it be forgotten.
type Window struct {
	seed   maphash.Seed
	size   int
	levels [record.TrustKernel + 1]*level // nil as long as nothing has come
}

// A level is a table with linear probing (Knuth, TAOCP 3, 6.4), since every
// record of a log asks it twice.
type level struct {
	ring  []Key // in the order of arrival
	next  int
	slots []Key // each at the slot that its low bits name or behind it; 0 is free
}

// A Key stands for one audit record in a Window; the zero Key is of an event
// that has no audit id, and is never met again.
type Key uint64

// NewWindow remembers size records of each level.
func NewWindow(size int) *Window { return &Window{seed: maphash.MakeSeed(), size: size} }

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

// Again reports whether a record was seen before with this trust or a higher one,
// and remembers it if not.
func (w *Window) Again(key Key, trust record.Trust) bool {
	if key == 0 {
		return false
	}
	for _, l := range w.levels[trust:] {
		if l != nil && l.slots[l.find(key)] == key {
			return true
		}
	}
	if w.levels[trust] == nil {
		w.levels[trust] = &level{ring: make([]Key, 0, w.size), slots: make([]Key, 1<<bits.Len(uint(2*w.size)))}
	}
	w.levels[trust].add(key)
	return false
}

// add remembers a key that is not there, and forgets the oldest where there is no room.
func (l *level) add(key Key) {
	if len(l.ring) < cap(l.ring) {
		l.ring = append(l.ring, key)
	} else {
		l.forget(l.ring[l.next])
		l.ring[l.next] = key
		l.next = (l.next + 1) % len(l.ring)
	}
	l.slots[l.find(key)] = key
}

// find returns the slot of a key, or the free one where it belongs.
func (l *level) find(key Key) int {
	mask := len(l.slots) - 1
	i := int(key) & mask
	for l.slots[i] != key && l.slots[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

// forget frees the slot of a key, and moves up what could then not be found any
// more.
func (l *level) forget(key Key) {
	mask := len(l.slots) - 1
	free := l.find(key)
	l.slots[free] = 0
	for i := (free + 1) & mask; l.slots[i] != 0; i = (i + 1) & mask {
		home := int(l.slots[i]) & mask
		if (i-home)&mask >= (i-free)&mask {
			l.slots[free], l.slots[i] = l.slots[i], 0
			free = i
		}
	}
}
