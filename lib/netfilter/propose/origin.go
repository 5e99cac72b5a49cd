package propose

import (
	"slices"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
	"github.com/sl-suite/sl/lib/netfilter/ruleset"
	"github.com/sl-suite/sl/lib/record"
)

// Reasons for less trust, in Evidence.Reason.
const (
	whyLine        = "the word of the daemon that the line came through"
	whyNoPrefix    = "no rule of the ruleset logs with this prefix"
	whyOtherPrefix = "the rules of the ruleset that log with this prefix match other packets"
	whyNoInterface = "the host has no such interface"
	whyTooMany     = "there are more lines with this prefix than the ruleset's rules counted packets"
)

// maxPrefixes is how many log prefixes of a ruleset are told apart: the bits of
// origins.
const maxPrefixes = 64

// origins are the prefixes of a ruleset that the events of a rule had, a bit
// each.
type origins uint64

// prove holds an event against what is known of the host, and lowers its trust if
// it cannot have come from there.
func (p *Proposer) prove(pkt *packet, f *record.Fields, ev *record.Event) {
	if p.opts.Ruleset != nil {
		p.provePrefix(pkt, f[record.FPrefix], ev)
	}
	if p.opts.Interfaces != nil {
		p.proveInterfaces(pkt, f, ev)
	}
}

// proveInterfaces looks whether the host has the interfaces.
func (p *Proposer) proveInterfaces(pkt *packet, f *record.Fields, ev *record.Event) {
	for _, name := range [...]string{pkt.in, pkt.out, f[record.FPhysin], f[record.FPhysout]} {
		if name != "" && !slices.Contains(p.opts.Interfaces, name) {
			distrust(&ev.Trust, &ev.Reason, whyNoInterface)
			p.note(strangeInterface, name, ev)
			return
		}
	}
}

// provePrefix looks whether a rule that logs writes such a line.
func (p *Proposer) provePrefix(pkt *packet, prefix string, ev *record.Event) {
	if pkt.family == "" || pkt.chain == "" {
		return
	}
	rule := pkt.service(&p.scratch)
	p.scratch.peer[0] = single(pkt.peer())
	rule = rule.WithPeers(p.scratch.peer[:])
	origin, id := p.opts.Ruleset.Origin(prefix, &rule)
	switch origin {
	case ruleset.Matching:
		if ev.PrefixTrust > ev.Trust { // what was not known when the line was parsed
			ev.Trust, ev.Reason = ev.PrefixTrust, ""
			if ev.Trust < record.TrustKernel {
				ev.Reason = whyLine
			}
		}
	case ruleset.NoPrefix:
		distrust(&ev.Trust, &ev.Reason, whyNoPrefix)
		p.note(strangePrefix, prefix, ev)
	case ruleset.OtherPrefix:
		distrust(&ev.Trust, &ev.Reason, whyOtherPrefix)
		p.note(strangePacket, prefix, ev)
	}
	if id < 0 || id >= maxPrefixes {
		return
	}
	pkt.origins = 1 << id
	for len(p.lines) <= id {
		p.lines = append(p.lines, byTrust{})
	}
	p.lines[id].add(ev)
}

// distrust lowers a trust to that of a line which any local user can write.
func distrust(trust *record.Trust, reason *string, why string) {
	if *trust > record.TrustLog {
		*trust, *reason = record.TrustLog, why
	}
}

// overcounted are, for each trust, the prefixes of which there are more lines that are
// believed no less than the rules counted packets.
func (p *Proposer) overcounted() (over [levels]origins) {
	for id := range p.lines {
		counted, ok := p.opts.Ruleset.Counted(id)
		sum := uint64(0)
		for trust := levels - 1; ok && trust >= 0; trust-- {
			n := p.lines[id][trust].Count
			if sum += min(n, 1<<64-1-sum); sum > counted {
				over[trust] |= 1 << id
			}
		}
	}
	return over
}

// present takes from a rule the peers for which the ruleset does already what it
// says; some is false if none are left.
func (p *Proposer) present(r netfilter.Rule) (fate ruleset.Fate, rest netfilter.Rule, some bool) {
	fate = p.opts.Ruleset.Fate(r)
	have := fate.Dropped
	if r.Verdict == netfilter.Accept {
		have = fate.Accepted
	}
	if len(have) == 0 {
		return fate, r, true
	}
	peers, some := outside(addrs.Union(have), r.Family, r.Peers())
	return fate, r.WithPeers(peers), some
}
