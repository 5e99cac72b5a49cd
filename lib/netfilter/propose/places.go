package propose

import (
	"net/netip"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

const (
	hookPrerouting = "PREROUTING"
	hookInput      = "INPUT"
)

// maxPlaces bounds the addresses of which it is remembered whether they are the host's.
const maxPlaces = 1 << 12

// places are the destinations of rules for the host, and what proves them to be its own:
// a packet that came in is logged with IN= alone in prerouting as well, where it may still
// be for another.
type places struct {
	own     map[netip.Addr]record.Trust // proven, by a line of that trust
	doubted map[netip.Addr]*byTrust     // what rules rest on
	rest    byTrust                     // the same, of those that there was no room for
}

// prove takes the address that is the host's own in a packet of which that is certain.
func (p *places) prove(pkt *packet, trust record.Trust) {
	switch {
	case pkt.family == "":
	case pkt.chain == netfilter.Output:
		p.add(pkt.src, trust)
	case pkt.chain == netfilter.Input && pkt.hook == hookInput:
		p.add(pkt.dst, trust)
	}
}

func (p *places) add(a netip.Addr, trust record.Trust) {
	before, known := p.own[a]
	if known && before >= trust || !known && len(p.own) >= maxPlaces {
		return
	}
	if p.own == nil {
		p.own = make(map[netip.Addr]record.Trust)
	}
	p.own[a] = trust
}

// doubt takes an event from which a rule for the host was made.
func (p *places) doubt(dst netip.Addr, ev *record.Event) {
	e := p.doubted[dst]
	if e == nil {
		if len(p.doubted) >= maxPlaces {
			p.rest.add(ev)
			return
		}
		if p.doubted == nil {
			p.doubted = make(map[netip.Addr]*byTrust)
		}
		e = new(byTrust)
		p.doubted[dst] = e
	}
	e.add(ev)
}

// unproven is what the rules rest on whose destination no line that is believed as much
// proves to be the host's.
func (p *places) unproven() (all byTrust) {
	all = p.rest
	for dst, events := range p.doubted {
		proof, proven := p.own[dst]
		for trust := range events {
			if e := &events[trust]; e.Count > 0 && !(proven && proof >= e.Trust) {
				all.merge(e)
			}
		}
	}
	return all
}
