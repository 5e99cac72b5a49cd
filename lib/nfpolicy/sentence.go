package nfpolicy

import (
	"time"

	"github.com/sl-suite/sl/lib/netfilter"
)

// sentence decides about the sources that Block counted. Those to be blocked are
// one proposal for each chain and family; the others are remarks.
func (p *Proposer) sentence(s *settlement) []*proposal {
	type front struct {
		chain  byte
		family netfilter.Family
	}
	type side struct {
		*proposal
		all brief
	}
	fronts := make(map[front]*side)
	var order []*side
	var spared, weak, cut brief
	protected := p.never()
	for _, v := range p.sources.trim() {
		d := p.sources.rows[v]
		switch {
		case protected.Contains(v.source()):
			p.phrases.merge(&spared, &d.brief)
			continue
		case !d.enough(&p.opts):
			if d.more != nil && d.more.cut {
				p.phrases.merge(&cut, &d.brief)
			} else {
				p.phrases.merge(&weak, &d.brief)
			}
			continue
		}
		at := front{v.chain, v.family()}
		if fronts[at] == nil {
			rule := netfilter.Rule{
				Family: at.family, Chain: netfilter.Chains()[v.chain], Verdict: netfilter.Drop,
				Timeout: uint32(p.opts.Expire / time.Second),
			}
			fronts[at] = &side{proposal: &proposal{rule: rule}}
			order = append(order, fronts[at])
		}
		f := fronts[at]
		f.peers = append(f.peers, single(v.source()))
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
