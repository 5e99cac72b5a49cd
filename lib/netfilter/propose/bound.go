package propose

import (
	"maps"
	"slices"
)

// smallest is a map that holds at most a given weight: the rows with the
// smallest keys. What is in it at the end depends on what was put in and not on
// the order, so that a flood of hostile lines costs bounded memory and the
// result is still the same for the same input.
//
// In between it holds up to a quarter more, to be cut rarely.
type smallest[K comparable, V any] struct {
	most    int
	compare func(a, b K) int
	weigh   func(V) int // never less than before for the same row; nil: 1 each
	dropped func(V)     // takes the rows that are cut off; nil: nobody wants them

	rows   map[K]V
	weight int  // at least what weigh says of all rows
	cut    bool // some rows were dropped: those from limit on
	limit  K
}

// admits reports whether a row of this key can still be among the smallest.
func (s *smallest[K, V]) admits(k K) bool {
	return !s.cut || s.compare(k, s.limit) < 0
}

// put adds a row that is not there yet, and reports whether it is among the
// smallest: if not, it is not there.
func (s *smallest[K, V]) put(k K, v V) bool {
	if !s.admits(k) {
		return false
	}
	if s.rows == nil {
		s.rows = make(map[K]V)
	}
	s.rows[k] = v
	s.grow(s.weightOf(v))
	return s.admits(k)
}

// grow notes that some row became heavier.
func (s *smallest[K, V]) grow(n int) {
	s.weight += n
	if s.weight > s.most+s.most/4 {
		s.trim()
	}
}

// trim cuts to the bound and returns the keys, sorted.
func (s *smallest[K, V]) trim() []K {
	keys := slices.AppendSeq(make([]K, 0, len(s.rows)), maps.Keys(s.rows))
	slices.SortFunc(keys, s.compare)
	s.weight = 0
	for i, k := range keys {
		w := s.weightOf(s.rows[k])
		if s.weight+w > s.most {
			s.cut, s.limit = true, k
			for _, k := range keys[i:] {
				if s.dropped != nil {
					s.dropped(s.rows[k])
				}
				delete(s.rows, k)
			}
			return keys[:i]
		}
		s.weight += w
	}
	return keys
}

func (s *smallest[K, V]) weightOf(v V) int {
	if s.weigh == nil {
		return 1
	}
	return s.weigh(v)
}
