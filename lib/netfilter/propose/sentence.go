package propose

import (
	"slices"
	"time"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// A front is where sources are blocked by one rule.
type front struct {
	chain  uint8
	family netfilter.Family
	trust  record.Trust
}

// side is what is known of a front.
type side struct {
	*proposal
	all brief
}

// verdicts are the evidence of the sources of one trust that are not blocked.
type verdicts struct{ spared, weak, cut, blocked brief }

// sentence decides about the sources that Block counted. Those to be blocked are
// one proposal for each chain, family and trust; the others are remarks.
//
// A source is blocked by what is believed most, as far as that is enough; what is
// believed less counts together with what is believed more.
func (p *Proposer) sentence(s *settlement) []*proposal {
	fronts := make(map[front]*side)
	var order []*side
	blocked := make(map[place]bool) // by what is believed more
	for trust := levels - 1; trust >= 0; trust-- {
		var v verdicts
		var now []place
		for at, own := range p.sources[trust].all() {
			d := p.together(at, trust, own)
			switch {
			case s.never[trust].Contains(at.addr):
				p.phrases.merge(&v.spared, &own.brief)
				continue
			case blocked[at]:
				p.phrases.merge(&v.blocked, &own.brief)
				continue
			case !d.enough(&p.opts):
				if d.window != nil && d.window.cut {
					p.phrases.merge(&v.cut, &own.brief)
				} else {
					p.phrases.merge(&v.weak, &own.brief)
				}
				continue
			}
			now = append(now, at)
			where := front{at.tag, familyOf(at.addr), record.Trust(trust)}
			f := fronts[where]
			if f == nil {
				f = p.side(where)
				fronts[where] = f
				order = append(order, f)
			}
			f.peers = append(f.peers, single(at.addr))
			p.phrases.merge(&f.all, &d.brief)
			f.origins |= d.origins
		}
		if trust > 0 {
			for _, at := range now {
				blocked[at] = true
			}
		}
		for why, b := range map[reason]*brief{never: &v.spared, belowThreshold: &v.weak, manyVisits: &v.cut, blockedAlready: &v.blocked} {
			if e := p.phrases.evidence(b); e.Count > 0 {
				s.remark(why, "", &e)
			}
		}
	}
	var out []*proposal
	for _, f := range order {
		f.evidence = p.phrases.evidence(&f.all)
		out = append(out, f.proposal)
	}
	return out
}

func (p *Proposer) side(where front) *side {
	rule := netfilter.Rule{
		Family: where.family, Chain: blockable[where.chain], Verdict: netfilter.Drop,
		Timeout: uint32(p.opts.Expire / time.Second),
	}
	return &side{proposal: &proposal{rule: rule, trust: where.trust}}
}

// together is what a source has done by lines of a trust, and by those that are
// believed more.
func (p *Proposer) together(at place, trust int, own *deeds) *deeds {
	all := own
	for level := trust + 1; level < levels; level++ {
		d, ok := p.sources[level].get(at)
		if !ok {
			continue
		}
		if all == own { // which stays as it is
			all = own.clone()
		}
		p.phrases.merge(&all.brief, &d.brief)
		all.origins |= d.origins
		if d.window != nil {
			all.visit(d.window.visits)
			all.window.cut = all.window.cut || d.window.cut
		}
		if d.variety != nil {
			for _, port := range d.variety.ports {
				all.variety.ports = remember(all.variety.ports, port, p.opts.MinPorts)
			}
			for _, host := range d.variety.hosts {
				all.variety.hosts = remember(all.variety.hosts, host, p.opts.MinHosts)
			}
		}
	}
	return all
}

func (d *deeds) clone() *deeds {
	c := *d
	if d.rest != nil {
		c.rest = new(record.Evidence)
		c.rest.Merge(d.rest)
	}
	if d.window != nil {
		c.window = &window{slices.Clone(d.window.visits), d.window.cut}
	}
	if d.variety != nil {
		c.variety = &variety{slices.Clone(d.variety.ports), slices.Clone(d.variety.hosts)}
	}
	return &c
}
