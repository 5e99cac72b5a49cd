package nfpolicy

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
	"go4.org/netipx"
)

// Bounds of what Block remembers.
const (
	maxSources = 1 << 17
	maxOwn     = 1 << 10
)

// visitor is a source, as one chain sees it. It is small and has no pointers: there
// can be very many.
type visitor struct {
	addr  [16]byte
	is4   bool
	chain byte // index in netfilter.Chains
}

// chainNumbers are the numbers of the chains in a visitor.
var chainNumbers = map[netfilter.Chain]byte{netfilter.Input: 0, netfilter.Output: 1, netfilter.Forward: 2}

func visitorOf(chain netfilter.Chain, a netip.Addr) visitor {
	return visitor{a.As16(), a.Is4(), chainNumbers[chain]}
}

// source is the visitor's address.
func (v visitor) source() netip.Addr {
	a := netip.AddrFrom16(v.addr)
	if v.is4 {
		return a.Unmap()
	}
	return a
}

func (v visitor) family() netfilter.Family {
	if v.is4 {
		return netfilter.IP
	}
	return netfilter.IP6
}

// compareVisitors orders as the addresses are ordered: those of IPv4 first.
func compareVisitors(a, b visitor) int {
	switch {
	case a.is4 && !b.is4:
		return -1
	case b.is4 && !a.is4:
		return 1
	}
	return cmp.Or(bytes.Compare(a.addr[:], b.addr[:]), cmp.Compare(a.chain, b.chain))
}

// deeds is what a visitor has done.
type deeds struct {
	brief
	origins origins
	more    *details // nil where only packets are counted
}

// details are what only some thresholds need.
type details struct {
	ports  []uint16     // sorted, at most MinPorts of them
	hosts  []netip.Addr // sorted, at most MinHosts of them
	visits []visit      // sorted, with Within
	cut    bool         // some visits had no room
}

// weight is what a source costs, in visits.
func (d *deeds) weight() int {
	if d.more == nil {
		return visitorCosts
	}
	return visitorCosts + len(d.more.visits)
}

// visitorCosts is the weight of a source without visits.
const visitorCosts = 4

// block takes a packet that was not let through and counts it against its
// source.
func (p *Proposer) block(pkt *packet, ev *record.Event) {
	if pkt.chain == netfilter.Output {
		p.note(outgoing, "", ev)
		return
	}
	if pkt.chain == netfilter.Input && p.own.admits(pkt.dst) {
		if _, ok := p.own.rows[pkt.dst]; !ok {
			p.own.put(pkt.dst, struct{}{})
		}
	}
	if why := pkt.judgeVisit(p.opts.Spoofable); why != usable {
		p.note(why, "", ev)
		return
	}
	var visits []visit
	if p.opts.Within > 0 {
		if visits = visitsOf(pkt, ev, p.opts.Within); len(visits) == 0 {
			p.note(noTime, "", ev)
			return
		}
	}
	v := visitorOf(pkt.chain, pkt.src)
	d := p.sources.rows[v]
	if d == nil {
		if !p.sources.admits(v) {
			p.tuples.left.Add(ev)
			return
		}
		d = new(deeds)
		p.sources.put(v, d)
		if p.sources.rows[v] == nil { // cut off at once
			p.tuples.left.Add(ev)
			return
		}
	}
	p.phrases.add(&d.brief, ev)
	d.origins |= pkt.origins
	if p.opts.MinPorts > 0 || p.opts.MinHosts > 0 || p.opts.Within > 0 {
		p.detail(d, pkt, visits)
	}
}

// detail counts what more than the number of packets is to be known.
func (p *Proposer) detail(d *deeds, pkt *packet, visits []visit) {
	before := d.weight()
	if d.more == nil {
		d.more = new(details)
	}
	m := d.more
	if p.opts.Within > 0 {
		for _, v := range visits {
			var lost bool
			m.visits, lost = insertVisit(m.visits, v)
			m.cut = m.cut || lost
		}
		p.sources.grow(d.weight() - before)
		return
	}
	if pkt.dpt >= 0 {
		m.ports = remember(m.ports, uint16(pkt.dpt), p.opts.MinPorts, cmp.Compare)
	}
	m.hosts = remember(m.hosts, pkt.dst, p.opts.MinHosts, netip.Addr.Compare)
}

// remember inserts into a sorted list that needs to be no longer than most.
func remember[E any](list []E, e E, most int, compare func(a, b E) int) []E {
	if len(list) >= most {
		return list
	}
	at, found := slices.BinarySearchFunc(list, e, compare)
	if found {
		return list
	}
	return slices.Insert(list, at, e)
}

// judgeVisit says why a packet does not speak against its source.
func (p *packet) judgeVisit(spoof bool) reason {
	switch p.proto {
	case netfilter.TCP:
		switch {
		case p.dpt < 0:
			return noPort
		case !p.opens() && !p.probes():
			return notOpening
		}
		return usable
	case netfilter.UDP, netfilter.UDPLite:
		if p.answersUDP() {
			return udpReply
		}
	case netfilter.ICMP, netfilter.ICMPv6:
		if why := p.judgeICMP(); why == icmpError || why == icmpReply {
			return why
		}
	}
	if !spoof {
		return spoofable
	}
	return usable
}

// enough reports whether a source reached any of the thresholds.
func (d *deeds) enough(o *Options) bool {
	hits := d.count
	if d.rest != nil {
		hits += min(d.rest.Count, 1<<64-1-hits)
	}
	switch m := d.more; {
	case m == nil:
		return o.reached(hits, 0, 0)
	case o.Within > 0:
		return o.busy(m.visits)
	default:
		return o.reached(hits, len(m.ports), len(m.hosts))
	}
}

// never is the set of sources that are never blocked.
func (p *Proposer) never() *netipx.IPSet {
	list := slices.Concat(alwaysNeeded, p.opts.Never)
	for _, a := range p.own.trim() {
		list = append(list, single(a))
	}
	return setOf(list)
}

// alwaysNeeded are blocks that no host can do without: this network, loopback,
// link-local, multicast and broadcast (RFC 6890).
var alwaysNeeded = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("224.0.0.0/4"),
	netip.MustParsePrefix("255.255.255.255/32"),
	netip.MustParsePrefix("::/127"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("ff00::/8"),
}
