package propose

import (
	"cmp"
	"slices"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// maxVisits is how many visits of one source are remembered: the first.
const maxVisits = 1 << 12

// window is when a source came, as far as there was room.
type window struct {
	visits []visit // sorted
	cut    bool    // the last of them had no room
}

// visit is that a source sent packets at one time, to one host and port.
type visit struct {
	at   int64  // nanoseconds since 1970
	host uint32 // see hostNumber
	port uint16
	n    uint16 // how many, and hasPort
}

// There can be very many visits, so they are small. More packets than mostHits do
// not count: no threshold within a time is as high.
const (
	hasPort  = 1 << 15
	mostHits = hasPort - 1
)

func (v visit) hits() uint64 { return uint64(v.n & mostHits) }

func compareVisits(a, b visit) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.n&hasPort, b.n&hasPort), cmp.Compare(a.port, b.port), cmp.Compare(a.host, b.host))
}

// visitsOf are the visits that an event stands for: one, or, if its packets came
// at times too far from each other, the two that are known. None if the event
// has no time.
func (ps *phrases) visitsOf(pkt *packet, ev *record.Event, within time.Duration) []visit {
	last, ok := ps.instant(cmp.Or(ev.Last, ev.Time))
	if !ok {
		return nil
	}
	v := visit{at: last.nanos, host: hostNumber(pkt.dst), n: uint16(min(max(ev.Count, 1), mostHits))}
	one := visit{at: v.at, host: v.host, n: 1}
	if pkt.dpt >= 0 {
		v.port, one.port = uint16(pkt.dpt), uint16(pkt.dpt)
		v.n |= hasPort
		one.n |= hasPort
	}
	if v == one {
		return []visit{v}
	}
	first, ok := ps.instant(cmp.Or(ev.First, ev.Time))
	if !ok || last.nanos-first.nanos <= int64(within) {
		return []visit{v}
	}
	early := one
	early.at = first.nanos
	return []visit{early, one}
}

// add puts a visit in its place.
func (w *window) add(v visit) {
	at, found := slices.BinarySearchFunc(w.visits, v, compareVisits)
	switch {
	case found:
		same := &w.visits[at]
		same.n = same.n&hasPort | uint16(min(same.hits()+v.hits(), mostHits))
	case len(w.visits) < maxVisits:
		w.visits = slices.Insert(w.visits, at, v)
	default:
		w.cut = true
		if at < len(w.visits) {
			copy(w.visits[at+1:], w.visits[at:])
			w.visits[at] = v
		}
	}
}

// busy reports whether visits that are no further apart than Within reach one of
// the thresholds.
func (o *Options) busy(list []visit) bool {
	hits := uint64(0)
	ports, hosts := make(tally[uint16]), make(tally[uint32])
	start := 0
	for _, v := range list {
		hits += v.hits()
		if o.MinPorts > 0 && v.n&hasPort != 0 {
			ports[v.port]++
		}
		if o.MinHosts > 0 {
			hosts[v.host]++
		}
		for ; v.at-list[start].at > int64(o.Within); start++ {
			old := list[start]
			hits -= old.hits()
			if o.MinPorts > 0 && old.n&hasPort != 0 {
				ports.leave(old.port)
			}
			if o.MinHosts > 0 {
				hosts.leave(old.host)
			}
		}
		if o.reached(hits, len(ports), len(hosts)) {
			return true
		}
	}
	return false
}

// tally is how often there is each of some things.
type tally[K comparable] map[K]int

func (t tally[K]) leave(k K) {
	if t[k]--; t[k] <= 0 {
		delete(t, k)
	}
}

// reached reports whether a source has done enough to be blocked.
func (o *Options) reached(hits uint64, ports, hosts int) bool {
	return o.MinHits > 0 && hits >= uint64(o.MinHits) ||
		o.MinPorts > 0 && ports >= o.MinPorts ||
		o.MinHosts > 0 && hosts >= o.MinHosts
}
