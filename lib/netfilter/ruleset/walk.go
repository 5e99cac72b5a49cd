package ruleset

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
)

// Bounds of one walk: the kernel jumps no deeper than 16 (NFT_JUMP_STACK_SIZE),
// and a ruleset that takes more steps is not followed to its end.
const (
	maxDepth = 16
	maxSteps = 1 << 20
)

// walker follows packets through the chains of one hook. The peers of those that
// can still be on their way are a list of blocks that share no address; where
// some of a peer's packets end and others go on, it stays in the list.
type walker struct {
	query   netfilter.Rule // without peers
	accepts lists          // peers of which packets may be accepted
	drops   lists          // peers of which packets may be dropped
	reached lists          // peers that come to our own chain
	by      string         // the first that drops all packets of some peers
	steps   int

	translates bool // addresses are translated somewhere
}

// lists are lists of peers, each once: the same list may come to many rules, and
// be very long.
type lists [][]netip.Prefix

func (l *lists) add(list []netip.Prefix) {
	if len(list) == 0 || slices.ContainsFunc(*l, func(same []netip.Prefix) bool { return &same[0] == &list[0] && len(same) == len(list) }) {
		return
	}
	*l = append(*l, list)
}

// start takes all peers through a base chain.
func (w *walker) start(b base, all []netip.Prefix) {
	left := w.chain(b.chain, all, 0)
	w.end(b.policy, left)
	if b.policy == drop && len(left) > 0 && w.by == "" {
		w.by = fmt.Sprintf("the policy of chain %s", b.chain.name)
	}
}

// end takes packets to a verdict.
func (w *walker) end(a action, list []netip.Prefix) {
	if a != drop {
		w.accepts.add(list)
	}
	if a != accept {
		w.drops.add(list)
	}
}

// chain takes peers through a chain and returns those that come back from it.
func (w *walker) chain(c *chain, list []netip.Prefix, depth int) (back []netip.Prefix) {
	if c.name == ownChain(c.table, w.query.Chain) {
		w.reached.add(list)
	}
	if depth > maxDepth {
		w.steps = maxSteps + 1
	}
	for i := range c.rules {
		if w.steps += 1; len(list) == 0 || w.steps > maxSteps {
			return back
		}
		r := &c.rules[i]
		hit := r.match.relate(&w.query, true)
		if hit.none || r.match.natted && !w.translates {
			continue
		}
		matched, others := list, []netip.Prefix(nil)
		if set := r.match.peers(w.query.Chain); set != nil {
			matched, others = set.Split(list)
		}
		if len(matched) == 0 {
			continue
		}
		stay := w.act(c, r, matched, depth, &back, hit.all)
		if hit.all {
			list = addrs.Join(stay, others)
		}
	}
	return addrs.Join(back, list)
}

// act does with packets what a rule says, and returns those for the next rule.
func (w *walker) act(c *chain, r *rule, list []netip.Prefix, depth int, back *[]netip.Prefix, all bool) []netip.Prefix {
	switch r.action {
	case leave:
		*back = addrs.Join(*back, list)
	case jump, goOn:
		came := list
		if target := c.table.chains[r.target]; target != nil {
			came = w.chain(target, list, depth+1)
		} else {
			w.end(unknown, list)
		}
		if r.action == jump {
			return came
		}
		*back = addrs.Join(*back, came)
	default:
		w.end(r.action, list)
		if r.action == drop && all && w.by == "" {
			w.by = r.text
		}
	}
	return nil
}

// jumps reports whether a chain can be left for the one of that name.
func jumps(c *chain, name string) bool {
	seen := map[string]bool{}
	var visit func(*chain) bool
	visit = func(c *chain) bool {
		if c == nil || seen[c.name] {
			return false
		}
		seen[c.name] = true
		for i := range c.rules {
			if t := c.rules[i].target; t != "" && (t == name || visit(c.table.chains[t])) {
				return true
			}
		}
		return false
	}
	return name != "" && visit(c)
}

// ownChain is the name of the chain that proposed rules go to, if it is in the
// table.
func ownChain(t *table, c netfilter.Chain) string {
	switch {
	case t.nft && t.name == "inet filter":
		return "sl-" + string(c)
	case !t.nft && t.name == "filter":
		return "SL-" + strings.ToUpper(string(c))
	}
	return ""
}
