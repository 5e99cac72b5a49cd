package ruleset

import (
	"net/netip"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
)

// Fate is what becomes of the first packets that a rule matches, by the address
// of the other side. What is in none of the lists is not known.
type Fate struct {
	Accepted []netip.Prefix // all of them are accepted
	Dropped  []netip.Prefix // all of them are dropped or rejected

	// Jumped reports whether a rule jumps to the chain that the rule is proposed
	// for. Unreached are then those that a rule there cannot help, because they
	// are dropped before, or in another base chain; By says where.
	Jumped    bool
	Unreached []netip.Prefix
	By        string
}

// Fate follows the first packets that a rule matches. The rule's own verdict
// does not matter, but for TCP: only a packet that is to be accepted is sure to
// be a SYN.
func (rs *Ruleset) Fate(r netfilter.Rule) Fate {
	all := r.Peers()
	if len(all) == 0 {
		all = []netip.Prefix{netfilter.Everything(r.Family)}
	}
	var drops, dropped, unreached lists
	var f Fate
	known := false
	for _, b := range rs.bases {
		main := b.hook == string(r.Chain)
		if !rs.concerns(b.chain.table, r.Family) || !main && !beside(b.hook, r.Chain) {
			continue
		}
		known = known || main
		w := rs.walk(b, r, all, main)
		if w.steps > maxSteps {
			return Fate{}
		}
		drops = append(drops, w.drops...)
		ended := addrs.Without(all, w.accepts...)
		dropped.add(ended)
		if jumps(b.chain, ownChain(b.chain.table, r.Chain)) {
			f.Jumped = true
			ended = addrs.Without(ended, w.reached...)
		}
		unreached.add(ended)
		if f.By == "" && len(ended) > 0 {
			f.By = w.by
		}
	}
	if !known {
		return Fate{}
	}
	f.Accepted = addrs.Without(all, drops...)
	f.Dropped = addrs.Union(dropped...).Prefixes()
	if f.Jumped {
		f.Unreached = addrs.Union(unreached...).Prefixes()
	}
	return f
}

// walk follows the peers through a base chain. Beside the hook where they are
// asked about, packets may have other addresses and ports, if some are
// translated; and a device's own hook is not everybody's way.
func (rs *Ruleset) walk(b base, r netfilter.Rule, all []netip.Prefix, main bool) *walker {
	w := &walker{query: r.WithPeers(nil), translates: rs.translates}
	if main || !rs.translates {
		w.start(b, all)
	} else {
		w.query.Src, w.query.Dst, w.query.Ports = nil, nil, nil
		w.start(b, []netip.Prefix{netfilter.Everything(r.Family)})
		for _, l := range [...]*lists{&w.accepts, &w.drops} {
			if len(*l) > 0 {
				*l = lists{all}
			}
		}
	}
	if b.hook == "ingress" || b.hook == "egress" {
		w.accepts = lists{all}
	}
	return w
}

// concerns reports whether a table sees packets of a family. What iptables-nft
// made is known better from iptables-save, if that was given.
func (rs *Ruleset) concerns(t *table, f netfilter.Family) bool {
	return !t.dormant && t.families&familyOf(f) != 0 && !(t.foreign && rs.saved&familyOf(f) != 0)
}

// beside reports whether the packets of a chain pass another hook, too.
func beside(hook string, c netfilter.Chain) bool {
	switch hook {
	case "ingress", "prerouting":
		return c != netfilter.Output
	case "egress", "postrouting":
		return c != netfilter.Input
	}
	return false
}
