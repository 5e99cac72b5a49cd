package propose

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"slices"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
	"github.com/sl-suite/sl/lib/record"
)

// Bounds of what Block remembers.
const (
	maxSources = 1 << 17
	maxOwn     = 1 << 10
)

// deeds is what a source has done in one chain.
type deeds struct {
	brief
	origins origins
	window  *window  // with Within
	variety *variety // without Within, where ports or hosts are counted
}

// variety is the different ports and hosts, no more than are needed.
type variety struct {
	ports []uint16 // sorted, at most MinPorts of them
	hosts []uint32 // sorted, at most MinHosts of them
}

// visitorCosts is what a source weighs; a visit weighs 1.
const visitorCosts = 4

func (d *deeds) weight() int {
	if d.window == nil {
		return visitorCosts
	}
	return visitorCosts + len(d.window.visits)
}

// blockable are the chains where sources are blocked. Their numbers are the tags
// in the table of sources.
var blockable = [...]netfilter.Chain{netfilter.Input, netfilter.Forward}

// visitor is the place of a packet's source in the table of sources.
func visitor(pkt *packet) place {
	return place{pkt.src, uint8(slices.Index(blockable[:], pkt.chain))}
}

// hostNumber tells hosts apart. Those of IPv6 are hashed: a source that finds two
// with the same number has reached one less.
func hostNumber(a netip.Addr) uint32 {
	if a.Is4() {
		b := a.As4()
		return binary.BigEndian.Uint32(b[:])
	}
	h := fnv.New32a()
	b := a.As16()
	h.Write(b[:])
	return h.Sum32()
}

// block takes a packet that was not let through and counts it against its
// source.
func (p *Proposer) block(pkt *packet, ev *record.Event) {
	if pkt.chain == netfilter.Output {
		p.note(outgoing, "", ev)
		return
	}
	if pkt.chain == netfilter.Input {
		p.owns(pkt.dst, ev.Trust)
	}
	if why := pkt.judgeVisit(p.opts.Spoofable); why != usable {
		p.note(why, "", ev)
		return
	}
	var visits []visit
	if p.opts.Within > 0 {
		if visits = p.phrases.visitsOf(pkt, ev, p.opts.Within); len(visits) == 0 {
			p.note(noTime, "", ev)
			return
		}
	}
	at := visitor(pkt)
	sources := &p.sources[ev.Trust]
	d, _ := sources.get(at)
	if d == nil {
		d = new(deeds)
		if !sources.put(at, d) {
			p.tuples.left.add(ev)
			return
		}
	}
	p.phrases.add(&d.brief, ev)
	d.origins |= pkt.origins
	switch {
	case p.opts.Within > 0:
		before := d.weight()
		d.visit(visits)
		sources.grow(pkt.src, d.weight()-before)
	case p.opts.MinPorts > 0 || p.opts.MinHosts > 0:
		if d.variety == nil {
			d.variety = new(variety)
		}
		if pkt.dpt >= 0 {
			d.variety.ports = remember(d.variety.ports, uint16(pkt.dpt), p.opts.MinPorts)
		}
		d.variety.hosts = remember(d.variety.hosts, hostNumber(pkt.dst), p.opts.MinHosts)
	}
}

// owns takes an address of the host's own.
func (p *Proposer) owns(a netip.Addr, trust record.Trust) {
	if a == p.lastOwn[trust] {
		return
	}
	p.lastOwn[trust] = a
	if _, there := p.own[trust].get(place{addr: a}); !there {
		p.own[trust].put(place{addr: a}, struct{}{})
	}
}

// visit remembers when a source came.
func (d *deeds) visit(visits []visit) {
	if d.window == nil {
		d.window = new(window)
	}
	for _, v := range visits {
		d.window.add(v)
	}
}

// remember inserts into a sorted list that needs to be no longer than most.
func remember[E cmp.Ordered](list []E, e E, most int) []E {
	if len(list) >= most {
		return list
	}
	at, found := slices.BinarySearch(list, e)
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
	switch {
	case d.window != nil:
		return o.busy(d.window.visits)
	case d.variety != nil:
		return o.reached(hits, len(d.variety.ports), len(d.variety.hosts))
	}
	return o.reached(hits, 0, 0)
}

// never is the set of sources that no rule of a trust ever blocks. The host's own
// addresses are among them as far as lines say so that are believed no less.
func (p *Proposer) never(trust int) *addrs.Set {
	list := slices.Concat(alwaysNeeded, p.opts.Never)
	for level := trust; level < levels; level++ {
		for at := range p.own[level].all() {
			list = append(list, single(at.addr))
		}
	}
	return addrs.Union(list)
}

// alwaysNeeded are blocks that no host can do without: this network, loopback,
// link-local, multicast and broadcast (RFC 6890).
var alwaysNeeded = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("224.0.0.0/4"),
	netip.MustParsePrefix("255.255.255.255/32"),
	netip.MustParsePrefix("::/127"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("ff00::/8"),
}
