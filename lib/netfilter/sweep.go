package netfilter

import (
	"cmp"
	"net/netip"
	"slices"
)

// stretch is a range of ports with the units of the peers that reach each of them.
type stretch struct {
	ports  PortRange
	before uint64 // by the rules that stand
	units  uint64 // by all
}

// grows reports whether added rules change what the peers of the ports are.
func (s stretch) grows() bool { return growth(s.units) > growth(s.before) }

// rangesOf returns the ports of a rule as ranges, also where they are all.
func rangesOf(r Rule) []PortRange {
	if ports := portsOf(r); ports != nil {
		return ports
	}
	return []PortRange{{0, maxPort}}
}

// sweep walks over the ports and returns those that are open to more than one
// organisation.
//
// To put the peers of a port together takes long, and few ports need it: where the
// sum of the units is small their union is.
func (w *weighing) sweep(parts []part) []stretch {
	type event struct{ port, part int } // a part starts, or ended before, at the port
	var events []event
	here := newCrowd(parts)
	for i, p := range here.parts {
		for _, ports := range rangesOf(*p.rule) {
			events = append(events, event{int(ports.First), i}, event{int(ports.Last) + 1, i})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Or(cmp.Compare(a.port, b.port), cmp.Compare(a.part, b.part)) })
	var out []stretch
	for i := 0; i < len(events); {
		at := events[i].port
		for ; i < len(events) && events[i].port == at; i++ {
			here.toggle(events[i].part)
		}
		if len(here.active) == 0 {
			continue
		}
		s := stretch{ports: PortRange{uint16(at), uint16(events[i].port - 1)}}
		s.before, s.units = here.weigh(&w.budget)
		if s.units > mostUnits {
			out = append(out, s)
		}
	}
	return out
}

// crowd are the parts that reach a port.
type crowd struct {
	parts  []part
	active map[int]struct{}
	before sums   // of those that stand
	all    sums   // of all
	floor  uint64 // the least that stands: on every port
}

func newCrowd(parts []part) *crowd {
	c := &crowd{parts: parts, active: map[int]struct{}{}}
	for _, p := range parts {
		if p.stands() && portsOf(*p.rule) == nil {
			c.floor = max(c.floor, p.units)
		}
	}
	return c
}

// joinSame makes one part of those that have the same ports, of those that stand and
// of the added ones.
func joinSame(parts []part) (out []part) {
	type ports struct {
		stands bool
		ranges string
	}
	same := map[ports][]int{}
	var key []byte
	for i, p := range parts {
		key = key[:0]
		for _, r := range portsOf(*p.rule) {
			key = append(key, byte(r.First>>8), byte(r.First), byte(r.Last>>8), byte(r.Last))
		}
		at := ports{p.stands(), string(key)}
		same[at] = append(same[at], i)
	}
	for _, list := range same {
		out = append(out, joined(parts, list))
	}
	return out
}

// joined is one part with the peers of those in a list.
func joined(parts []part, list []int) part {
	one := parts[list[0]]
	if len(list) == 1 {
		return one
	}
	var peers []netip.Prefix
	for _, i := range list {
		if parts[i].units == whole {
			return parts[i]
		}
		peers = append(peers, parts[i].rule.Peers()...)
	}
	few := FewestBlocks(peers)
	rule := one.rule.WithPeers(few)
	one.rule, one.units = &rule, sumUnits(few)
	return one
}

// sums are the units of parts, added up as if nothing were twice.
type sums struct {
	everybody int // parts without peers
	units     uint64
}

func (s *sums) change(units uint64, by int) {
	if units == whole {
		s.everybody += by
	} else if by > 0 {
		s.units += units
	} else {
		s.units -= units
	}
}

func (c *crowd) toggle(i int) {
	p, by := c.parts[i], 1
	if _, ok := c.active[i]; ok {
		by = -1
		delete(c.active, i)
	} else {
		c.active[i] = struct{}{}
	}
	c.all.change(p.units, by)
	if p.stands() {
		c.before.change(p.units, by)
	}
}

// weigh returns the units of the peers that stand, and of all.
func (c *crowd) weigh(budget *int) (before, units uint64) {
	if c.before.everybody > 0 {
		return whole, whole
	}
	if c.all.everybody == 0 && growth(c.all.units) == growth(c.floor) {
		return c.floor, c.floor // near enough: what is added cannot make a step of it
	}
	before, ok := c.union(c.before, budget, part.stands)
	if !ok {
		before = c.floor
	}
	if units, ok = c.union(c.all, budget, func(part) bool { return true }); !ok {
		units = whole
	}
	return before, units
}

// union returns the units of the parts that are counted, or their sum where that is
// no more than one organisation holds. ok is false where to put the peers together
// would take too long: then the rules have been made to.
func (c *crowd) union(s sums, budget *int, counts func(part) bool) (units uint64, ok bool) {
	if s.everybody > 0 {
		return whole, true
	}
	if s.units <= mostUnits {
		return s.units, true
	}
	var list []netip.Prefix
	for i := range c.active {
		if p := c.parts[i]; p.units > 0 && counts(p) {
			list = append(list, p.rule.Peers()...)
			if *budget -= len(p.rule.Peers()); *budget < 0 {
				return 0, false
			}
		}
	}
	return sumUnits(FewestBlocks(list)), true
}

// portSet is a set of ports that ranges are held against.
type portSet [maxPort + 2]int

func (s *portSet) add(ports PortRange) {
	for p := int(ports.First); p <= int(ports.Last); p++ {
		s[p+1] = 1
	}
}

// sum makes each entry the number of ports of the set below it.
func (s *portSet) sum() {
	for i := 1; i < len(s); i++ {
		s[i] += s[i-1]
	}
}

func (s *portSet) meets(ports PortRange) bool { return s[int(ports.Last)+1] > s[int(ports.First)] }
