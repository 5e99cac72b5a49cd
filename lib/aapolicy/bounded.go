package aapolicy

import (
	"slices"
	"strings"
)

// bounded is a map of at most max keys: those that come first in their order,
// however many were added and in whatever order. Once a key has been left out it
// is never needed again, since there are max keys before it for good; so the
// values of those that stay miss nothing.
type bounded[K comparable, V any] struct {
	entries map[K]*V
	max     int
	order   func(K) string
	last    string // of the keys that were kept when some were left out
	full    bool   // some were
}

func newBounded[K comparable, V any](max int, order func(K) string) bounded[K, V] {
	return bounded[K, V]{entries: make(map[K]*V), max: max, order: order}
}

// get returns the value of the key; nil when it has none.
func (b *bounded[K, V]) get(key K) *V { return b.entries[key] }

// add returns an empty value for a key that has none, or nil if the key is left
// out.
func (b *bounded[K, V]) add(key K) *V {
	if b.full && b.order(key) > b.last {
		return nil
	}
	v := new(V)
	b.entries[key] = v
	if len(b.entries) > b.max+b.max/4 { // seldom, for it costs a sort
		b.trim()
		return b.entries[key]
	}
	return v
}

// trim leaves out what is beyond the bound.
func (b *bounded[K, V]) trim() {
	if len(b.entries) <= b.max {
		return
	}
	type place struct {
		order string
		key   K
	}
	places := make([]place, 0, len(b.entries))
	for key := range b.entries {
		places = append(places, place{b.order(key), key})
	}
	slices.SortFunc(places, func(x, y place) int { return strings.Compare(x.order, y.order) })
	for _, p := range places[b.max:] {
		delete(b.entries, p.key)
	}
	b.full, b.last = true, places[b.max-1].order
}

// cut reports whether keys were left out.
func (b *bounded[K, V]) cut() bool {
	b.trim()
	return b.full
}
