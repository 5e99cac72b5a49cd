package propose

import (
	"net/netip"
	"slices"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
	"github.com/sl-suite/sl/lib/record"
)

// settlement is what all that was added so far comes to.
type settlement struct {
	rules   []settled
	remarks map[noteKey]*record.Evidence // notes that are not about one event
	never   [levels]*addrs.Set           // Block: who must not be blocked
}

// settled is a rule with its peers.
type settled struct {
	rule netfilter.Rule
	from *proposal
}

func (s *settlement) remark(why reason, detail string, e *record.Evidence) {
	key := reasonKey(why, detail)
	key.trust = e.Trust
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
	if p.opts.Mode == Block {
		for trust := range s.never {
			s.never[trust] = p.never(trust)
		}
	}
	over := p.overcounted()
	for id := range p.lines {
		for trust := range over {
			if e := &p.lines[id][trust]; over[trust]&(1<<id) != 0 && e.Count > 0 {
				s.remark(tooManyLines, p.opts.Ruleset.Prefix(id), e)
			}
		}
	}
	unsure := p.places.unproven()
	for trust := range unsure {
		if e := &unsure[trust]; e.Count > 0 {
			s.remark(unproven, "", e)
		}
	}
	for _, prop := range p.proposals(s, over) {
		rule, ok := p.decide(s, prop)
		if ok && p.opts.Ruleset != nil {
			rule, ok = p.compare(s, rule, prop)
		}
		prop.peers = nil // they can be many, and the rule has those that count
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
		if r, ok = p.decide(s, &narrow); !ok {
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
func (p *Proposer) decide(s *settlement, prop *proposal) (rule netfilter.Rule, ok bool) {
	if prop.rule.Verdict == netfilter.Accept {
		peers, made := p.opts.widen(prop.rule.Family, prop.peers)
		if made != "" {
			prop.made = unionOf(prop.made, []string{made})
		}
		return prop.rule.WithPeers(peers), true
	}
	peers, ok := netfilter.NormalPrefixes(prop.peers), true
	if never := s.never[prop.trust]; never != nil {
		peers, ok = outside(never, prop.rule.Family, peers)
	}
	return prop.rule.WithPeers(peers), ok
}

// proposals are the tuples and, in Block, the sources to be blocked; those with a
// prefix of which there are too many lines with less trust.
func (p *Proposer) proposals(s *settlement, over [levels]origins) []*proposal {
	var out []*proposal
	byKey := make(map[string]*proposal)
	add := func(prop *proposal) {
		if prop.origins&over[prop.trust] != 0 {
			distrust(&prop.evidence.Trust, &prop.evidence.Reason, whyTooMany)
			prop.trust = prop.evidence.Trust
		}
		key := string(appendKey(nil, &prop.rule, prop.trust))
		same := byKey[key]
		if same == nil {
			byKey[key] = prop
			out = append(out, prop)
			return
		}
		same.peers = append(same.peers, prop.peers...)
		same.made = unionOf(same.made, prop.made)
		same.evidence.Merge(&prop.evidence)
		same.origins |= prop.origins
	}
	for _, key := range p.tuples.table.trim() {
		t := p.tuples.table.rows[key]
		add(&proposal{
			rule: t.rule, trust: t.trust, peers: t.list(), made: t.made, evidence: p.phrases.evidence(&t.evidence), origins: t.origins,
		})
	}
	for _, b := range p.sentence(s) {
		add(b)
	}
	return out
}

// outside is what of a rule's peers is not in a set, and whether there is any. What
// is left of the fewest blocks is in the fewest blocks again.
func outside(set *addrs.Set, f netfilter.Family, peers []netip.Prefix) (rest []netip.Prefix, some bool) {
	all := netfilter.Everything(f)
	if len(peers) == 0 {
		peers = []netip.Prefix{all}
	}
	if _, rest = set.Split(peers); len(rest) == 1 && rest[0] == all {
		return nil, true
	}
	return rest, len(rest) > 0
}
