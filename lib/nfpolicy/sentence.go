package nfpolicy

import (
	"time"

	"github.com/sl-suite/sl/lib/netfilter"
)

// sentence decides about the sources that Block counted. Those to be blocked are
// one proposal for each chain and family; the others are remarks.
func (p *Proposer) sentence(s *settlement) []*proposal {
	type front struct {
		chain  uint8
		family netfilter.Family
	}
	type side struct {
		*proposal
		all brief
	}
	fronts := make(map[front]*side)
	var order []*side
	var spared, weak, cut brief
	for at, d := range p.sources.all() {
		switch {
		case s.never.Contains(at.addr):
			p.phrases.merge(&spared, &d.brief)
			continue
		case !d.enough(&p.opts):
			if d.window != nil && d.window.cut {
				p.phrases.merge(&cut, &d.brief)
			} else {
				p.phrases.merge(&weak, &d.brief)
			}
			continue
		}
		where := front{at.tag, familyOf(at.addr)}
		f := fronts[where]
		if f == nil {
			rule := netfilter.Rule{
				Family: where.family, Chain: blockable[at.tag], Verdict: netfilter.Drop,
				Timeout: uint32(p.opts.Expire / time.Second),
			}
			f = &side{proposal: &proposal{rule: rule}}
			fronts[where] = f
			order = append(order, f)
		}
		f.peers = append(f.peers, single(at.addr))
		p.phrases.merge(&f.all, &d.brief)
		f.origins |= d.origins
	}
	for why, b := range map[reason]*brief{never: &spared, belowThreshold: &weak, manyVisits: &cut} {
		if e := p.phrases.evidence(b); e.Count > 0 {
			s.remark(why, "", &e)
		}
	}
	var out []*proposal
	for _, f := range order {
		f.evidence = p.phrases.evidence(&f.all)
		out = append(out, f.proposal)
	}
	return out
}
