package propose

import (
	"slices"
	"strings"
)

// boundedKey is a key with a place among all, and a size in bytes.
type boundedKey interface {
	comparable
	order() string
	size() int
}

// bounded is a map of bounded size: it keeps those keys that come first in their
// order, as many as there is room for, however many were added and in whatever
// order. A key that has been left out once is never needed again, since what comes
// before it fills the room for good; so the values of those that stay miss nothing.
type bounded[K boundedKey, V any] struct {
	entries map[K]*V
	max     int    // keys
	room    int    // bytes of keys
	bytes   int    // of the keys there are
	full    bool   // some were left out ...
	from    string // ... from here on
}

func newBounded[K boundedKey, V any](max, room int) bounded[K, V] {
	return bounded[K, V]{entries: make(map[K]*V), max: max, room: room}
}

// get returns the value of the key; nil when it has none.
func (b *bounded[K, V]) get(key K) *V { return b.entries[key] }

// add returns an empty value for a key that has none, or nil if the key is left
// out.
func (b *bounded[K, V]) add(key K) *V {
	if b.full && key.order() >= b.from {
		return nil
	}
	v := new(V)
	b.entries[key] = v
	b.bytes += key.size()
	if len(b.entries) > b.max+b.max/4 || b.bytes > b.room+b.room/4 { // seldom, for it costs a sort
		b.trim()
		return b.entries[key]
	}
	return v
}

// trim leaves out what is beyond the bounds.
func (b *bounded[K, V]) trim() {
	if len(b.entries) <= b.max && b.bytes <= b.room {
		return
	}
	type place struct {
		order string
		key   K
	}
	places := make([]place, 0, len(b.entries))
	for key := range b.entries {
		places = append(places, place{key.order(), key})
	}
	slices.SortFunc(places, func(x, y place) int { return strings.Compare(x.order, y.order) })
	n := 0
	for b.bytes = 0; n < len(places) && n < b.max; n++ {
		if b.bytes+places[n].key.size() > b.room {
			break
		}
		b.bytes += places[n].key.size()
	}
	for _, p := range places[n:] {
		delete(b.entries, p.key)
	}
	b.full, b.from = true, places[n].order
}

// cut reports whether keys were left out.
func (b *bounded[K, V]) cut() bool {
	b.trim()
	return b.full
}
