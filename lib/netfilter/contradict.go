package netfilter

import (
	"net/netip"
	"slices"
)

// A rule that refuses stands before those that accept. So it can mean more than the
// address in it says: that somebody whom the file lets in is locked out, or that the
// host cannot talk to itself.
var (
	lockout = grade{7, "refuses an address that a rule of the file accepts"}
	oneself = grade{8, "refuses an own address of the host"}
)

// contradictions finds added rules that refuse, by name, what others accept by name.
// One that stands already is not found: it changes nothing.
func contradictions(standing, added []Rule, left func(int) bool, limit uint8) []Effect {
	if limit > oneself.level || !slices.ContainsFunc(added, func(r Rule) bool { return r.Verdict != Accept }) {
		return nil
	}
	accepts := mentioned(standing, added, left)
	var effects []Effect
	for _, g := range []grade{oneself, lockout} {
		e := Effect{Danger: g.level, Why: g.why}
		for i, r := range added {
			if r.Verdict == Accept || !left(i) || slices.ContainsFunc(effects, func(e Effect) bool { return slices.Contains(e.Rules, i) }) {
				continue
			}
			if g.level >= limit && accepts.refused(r, g == oneself) && !slices.ContainsFunc(standing, r.within) {
				e.Rules = append(e.Rules, i)
			}
		}
		if len(e.Rules) > 0 {
			effects = append(effects, e)
		}
	}
	return effects
}

// mention is a block that a rule accepts, or that it calls the host's own.
type mention struct {
	block netip.Prefix
	rule  *Rule
}

// mentions are sorted by their blocks.
type mentions struct{ peers, own []mention }

func mentioned(standing, added []Rule, left func(int) bool) mentions {
	var m mentions
	for i := range standing {
		m.take(&standing[i])
	}
	for i := range added {
		if left(i) {
			m.take(&added[i])
		}
	}
	for _, list := range [][]mention{m.peers, m.own} {
		slices.SortFunc(list, func(a, b mention) int { return comparePrefixes(a.block, b.block) })
	}
	return m
}

func (m *mentions) take(r *Rule) {
	if r.Verdict == Accept {
		for _, p := range r.Peers() {
			m.peers = append(m.peers, mention{p, r})
		}
	}
	if r.Chain != Forward {
		for _, p := range r.Local() {
			m.own = append(m.own, mention{p, r})
		}
	}
}

// refused reports whether a rule refuses the whole of a block that is mentioned.
func (m mentions) refused(r Rule, own bool) bool {
	list := m.peers
	if own {
		list = m.own
	}
	for _, p := range r.Peers() {
		at, _ := slices.BinarySearchFunc(list, p, func(n mention, p netip.Prefix) int { return comparePrefixes(n.block, p) })
		for ; at < len(list) && p.Contains(list[at].block.Addr()); at++ {
			if own && list[at].block.IsSingleIP() || !own && meets(r, *list[at].rule) {
				return true
			}
		}
	}
	return false
}

// meets reports whether packets of one peer can match both rules.
func meets(a, b Rule) bool {
	either := func(a, b string) bool { return a == "" || b == "" || a == b }
	return a.Chain == b.Chain && either(a.In, b.In) && either(a.Out, b.Out) &&
		(a.Proto == AnyProto || b.Proto == AnyProto || a.Proto == b.Proto && slices.ContainsFunc(rangesOf(a), func(p PortRange) bool {
			return slices.ContainsFunc(rangesOf(b), func(q PortRange) bool { return p.First <= q.Last && q.First <= p.Last })
		}))
}

// within reports whether the rule matches nothing that another with the same frame
// does not, and both refuse.
func (r Rule) within(o Rule) bool {
	a, b := r.WithPeers(nil), o.WithPeers(nil)
	a.Ports, b.Ports, a.Timeout, b.Timeout = nil, nil, 0, 0
	return Compare(a, b) == 0 && len(remove(r.Peers(), o.Peers())) == 0 &&
		!slices.ContainsFunc(r.Ports, func(p PortRange) bool {
			return !slices.ContainsFunc(rangesOf(o), func(q PortRange) bool { return q.First <= p.First && p.Last <= q.Last })
		}) && (len(r.Ports) > 0 || len(o.Ports) == 0)
}
