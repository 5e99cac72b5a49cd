package repeat

import (
	"hash/maphash"

	"github.com/sl-suite/sl/lib/record"
)

// A Window remembers the last audit records that went by. The kernel numbers
// them, so a record that a second log holds, too, can be told from another event
// with the same words: the audit time, the serial and every field are the same.
// (One system call can make several records with one serial, hence the fields.)
//
// Only a 64-bit hash under a random seed is kept of each, so the memory does not
// depend on the text, and nobody can make two records collide on purpose.
type Window struct {
	seed maphash.Seed
	seen map[Key]struct{}
	ring []Key // in the order of arrival
	next int
}

// A Key stands for one audit record in a Window; the zero Key is of an event
// that has no audit id, and is never met again.
type Key uint64

// NewWindow remembers size records.
func NewWindow(size int) *Window {
	return &Window{seed: maphash.MakeSeed(), seen: make(map[Key]struct{}), ring: make([]Key, 0, size)}
}

// Key returns the key of ev. It may be called by several goroutines at a time.
func (w *Window) Key(ev *record.Event) Key {
	if ev.Audit == "" {
		return 0
	}
	var h maphash.Hash
	h.SetSeed(w.seed)
	h.WriteString(ev.Audit)
	for f, value := range ev.Fields {
		if value != "" {
			h.WriteByte(0)
			h.WriteByte(byte(f))
			h.WriteString(value)
		}
	}
	return Key(max(h.Sum64(), 1))
}

// Again reports whether a record was seen before, and remembers it if not.
func (w *Window) Again(key Key) bool {
	if key == 0 {
		return false
	}
	if _, again := w.seen[key]; again {
		return true
	}
	if len(w.ring) < cap(w.ring) {
		w.ring = append(w.ring, key)
	} else {
		delete(w.seen, w.ring[w.next])
		w.ring[w.next] = key
		w.next = (w.next + 1) % len(w.ring)
	}
	w.seen[key] = struct{}{}
	return false
}
