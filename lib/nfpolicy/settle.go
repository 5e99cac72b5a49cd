package nfpolicy

import (
	"slices"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// settlement is what all that was added so far comes to.
type settlement struct {
	rules   []settled
	remarks map[noteKey]*record.Evidence // notes that are not about one event
}

// settled is a rule with its peers.
type settled struct {
	rule netfilter.Rule
	from *proposal
}

func (s *settlement) remark(why reason, detail string, e *record.Evidence) {
	key := reasonKey(why, detail)
	if s.remarks[key] == nil {
		s.remarks[key] = new(record.Evidence)
	}
	s.remarks[key].Merge(e)
}

// settle decides what is proposed. It is done once for what was added.
func (p *Proposer) settle() *settlement {
	if p.settled != nil {
		return p.settled
	}
	s := &settlement{remarks: make(map[noteKey]*record.Evidence)}
	forged := p.overcounted()
	for id := range p.lines {
		if forged&(1<<id) != 0 {
			s.remark(tooManyLines, p.opts.Ruleset.Prefix(id), &p.lines[id])
		}
	}
	for _, prop := range p.proposals(s) {
		if prop.origins&forged != 0 {
			distrust(&prop.evidence.Trust, &prop.evidence.Reason, whyTooMany)
		}
		rule, ok := p.decide(prop)
		if ok && p.opts.Ruleset != nil {
			rule, ok = p.compare(s, rule, prop)
		}
		if ok {
			s.rules = append(s.rules, settled{rule, prop})
		}
	}
	p.settled = s
	return s
}

// compare holds a rule against the ruleset: what is there already is left out,
// and what would have no effect is said. ok is false if nothing is left.
func (p *Proposer) compare(s *settlement, r netfilter.Rule, prop *proposal) (left netfilter.Rule, ok bool) {
	fate, rest, some := p.present(r)
	switch {
	case !some:
		s.remark(presentWhole, "", &prop.evidence)
		return r, false
	case !slices.Equal(rest.Peers(), r.Peers()):
		s.remark(presentPartly, "", &prop.evidence)
		narrow := *prop
		narrow.peers = rest.Peers()
		if r, ok = p.decide(&narrow); !ok {
			return r, false
		}
		prop.made = narrow.made
	}
	switch {
	case !p.opts.Ruleset.Covers(r.Family):
	case !fate.Jumped:
		s.remark(notCalled, string(r.Chain), &prop.evidence)
	case r.Verdict == netfilter.Accept && len(fate.Unreached) > 0:
		s.remark(shadowed, fate.By, &prop.evidence)
	}
	return r, true
}

// decide gives a proposal its peers; ok is false if none are left.
func (p *Proposer) decide(prop *proposal) (rule netfilter.Rule, ok bool) {
	peers, ok := prop.peers, true
	switch {
	case prop.rule.Verdict == netfilter.Accept:
		var made string
		if peers, made = p.opts.widen(prop.rule.Family, peers); made != "" {
			prop.made = unionOf(prop.made, []string{made})
		}
	case p.opts.Mode == Block:
		peers, ok = without(peers, p.never())
	default:
		peers = netfilter.NormalPrefixes(peers)
	}
	return prop.rule.WithPeers(peers), ok
}

// proposals are the tuples and, in Block, the sources to be blocked.
func (p *Proposer) proposals(s *settlement) []*proposal {
	var out []*proposal
	byKey := make(map[string]*proposal)
	for _, key := range p.tuples.table.trim() {
		t := p.tuples.table.rows[key]
		byKey[key] = &proposal{rule: t.rule, peers: prefixesOf(t.peers.trim()), made: t.made, evidence: p.phrases.evidence(&t.evidence), origins: t.origins}
		out = append(out, byKey[key])
	}
	for _, b := range p.sentence(s) {
		if same := byKey[string(b.rule.AppendKey(nil))]; same != nil {
			same.peers = append(same.peers, b.peers...)
			same.evidence.Merge(&b.evidence)
			same.origins |= b.origins
			continue
		}
		out = append(out, b)
	}
	return out
}
