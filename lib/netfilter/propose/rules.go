package propose

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// proposal is a rule before its peers are decided upon.
type proposal struct {
	rule     netfilter.Rule // without peers
	trust    record.Trust
	peers    []netip.Prefix
	made     []string
	evidence record.Evidence
	origins  origins
}

// Rules returns the rules for all that was added so far, sorted. It may be
// called again when more was added. One rule is for one port, so that its
// evidence is its own; whoever writes a file merges them.
//
// A rule with more peers than a line of the syntax can hold is returned in
// pieces, with its count shared out among them, so that sums stay right.
func (p *Proposer) Rules() ([]record.Rule, error) {
	type piece struct {
		rule netfilter.Rule
		text record.Rule
	}
	var pieces []piece
	for _, s := range p.settle().rules {
		split := netfilter.Split(p.opts.Syntax, s.rule)
		for i, r := range split {
			text, err := p.write(r, s.from, share(s.from.evidence.Count, i, len(split)))
			if err != nil {
				return nil, err
			}
			pieces = append(pieces, piece{r, text})
		}
	}
	slices.SortFunc(pieces, func(a, b piece) int {
		return cmp.Or(netfilter.Compare(a.rule, b.rule), cmp.Compare(b.text.Evidence.Trust, a.text.Evidence.Trust))
	})
	rules := make([]record.Rule, len(pieces))
	for i := range pieces {
		rules[i] = pieces[i].text
	}
	return rules, nil
}

// write makes the record of a rule.
func (p *Proposer) write(r netfilter.Rule, prop *proposal, count uint64) (record.Rule, error) {
	text, err := r.Text(p.opts.Syntax)
	if err != nil {
		return record.Rule{}, err
	}
	danger, why := netfilter.Danger(r)
	evidence := prop.evidence
	evidence.Count = count
	return record.Rule{
		Lang: record.Netfilter, Syntax: string(p.opts.Syntax),
		Family: string(r.Family), Chain: string(r.Chain),
		Text: text, Typed: netfilter.Attrs(r), Made: prop.made,
		Danger: danger, Why: why, Evidence: evidence,
	}, nil
}

// share is the part of a count that the piece i of n gets: all nearly the same,
// none 0 unless there are fewer than pieces.
func share(count uint64, i, n int) uint64 {
	part, rest := count/uint64(n), count%uint64(n)
	if uint64(i) < rest {
		part++
	}
	return max(part, 1)
}
