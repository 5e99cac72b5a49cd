package nfpolicy

import (
	"cmp"
	"hash/fnv"
	"slices"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// Bounds of the visits that are remembered, where it counts how near each other
// they are: of one source, the first, and of all.
const (
	maxVisits      = 1 << 12
	maxVisitWeight = 1 << 19
)

// visit is that a source sent packets at one time.
type visit struct {
	at   int64 // nanoseconds since 1970
	n    uint32
	host uint32 // a hash of the destination: who finds two that are the same counts as less
	port int32  // -1 for none
}

func compareVisits(a, b visit) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.port, b.port), cmp.Compare(a.host, b.host))
}

// visitsOf are the visits that an event stands for: one, or, if its packets came
// at times too far from each other, the two that are known. None if the event
// has no time.
func visitsOf(pkt *packet, ev *record.Event, within time.Duration) []visit {
	last, ok := parseInstant(cmp.Or(ev.Last, ev.Time))
	if !ok {
		return nil
	}
	h := fnv.New32a()
	addr := pkt.dst.As16()
	h.Write(addr[:])
	v := visit{at: last.nanos, n: uint32(min(max(ev.Count, 1), 1<<31)), host: h.Sum32(), port: int32(pkt.dpt)}
	first, ok := parseInstant(cmp.Or(ev.First, ev.Time))
	if v.n == 1 || !ok || last.nanos-first.nanos <= int64(within) {
		return []visit{v}
	}
	v.n = 1
	w := v
	w.at = first.nanos
	return []visit{w, v}
}

// insertVisit puts a visit into a sorted list; lost reports whether one had to
// be left out, which is the last.
func insertVisit(list []visit, v visit) (out []visit, lost bool) {
	at, found := slices.BinarySearchFunc(list, v, compareVisits)
	if found {
		list[at].n += min(v.n, 1<<32-1-list[at].n)
		return list, false
	}
	if len(list) < maxVisits {
		return slices.Insert(list, at, v), false
	}
	if at < len(list) {
		copy(list[at+1:], list[at:])
		list[at] = v
	}
	return list, true
}

// busy reports whether visits that are no further apart than Within reach one of
// the thresholds.
func (o *Options) busy(list []visit) bool {
	hits := uint64(0)
	ports, hosts := make(map[int32]int), make(map[uint32]int)
	start := 0
	for _, v := range list {
		hits += uint64(v.n)
		if v.port >= 0 {
			ports[v.port]++
		}
		hosts[v.host]++
		for ; v.at-list[start].at > int64(o.Within); start++ {
			old := list[start]
			hits -= uint64(old.n)
			leave(ports, old.port)
			leave(hosts, old.host)
		}
		if o.reached(hits, len(ports), len(hosts)) {
			return true
		}
	}
	return false
}

// leave takes one off a count.
func leave[K comparable](counts map[K]int, k K) {
	if counts[k]--; counts[k] <= 0 {
		delete(counts, k)
	}
}

// reached reports whether a source has done enough to be blocked.
func (o *Options) reached(hits uint64, ports, hosts int) bool {
	return o.MinHits > 0 && hits >= uint64(o.MinHits) ||
		o.MinPorts > 0 && ports >= o.MinPorts ||
		o.MinHosts > 0 && hosts >= o.MinHosts
}
