package main

// random is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
// generators, 2014). It is here because its numbers never change with a release
// of Go, and because one can be begun for every denial at no cost.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1. The bias of the remainder is of no
// account for the small n of a log.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// between returns a number from low to high, both included.
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

func pick[T any](r *random, list []T) T { return list[r.below(len(list))] }
