package propose

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// Bounds of what is remembered, in rows. With 32 bytes a peer and about 500 a
// tuple that is some 20 MiB at worst.
const (
	maxPeers   = 1 << 17 // of one tuple
	maxTuples  = 1 << 18 // weight of all tuples
	tupleCosts = 16      // weight of a tuple without peers
)

// tuple is a rule to be, whatever its peers: chain, interface, protocol, port and
// own address. What was seen of it in lines of one trust becomes one rule.
type tuple struct {
	rule     netfilter.Rule // without peers
	trust    record.Trust
	peers    addresses[struct{}] // blocks, the tag being their length
	made     []string            // sorted
	evidence brief
	origins  origins
}

// weight is capped, because peers hold some more than their bound until they
// are cut.
func (t *tuple) weight() int { return tupleCosts + min(t.peers.size(), t.peers.most) }

// tuples finds tuples by their key.
type tuples struct {
	table smallest[string, *tuple]
	peers int     // most peers of one
	key   []byte  // reused
	left  byTrust // what had no room
	*phrases
}

// newTuples returns an empty table for tuples of this weight together, with so
// many peers each.
func newTuples(weight, peers int, ps *phrases) *tuples {
	ts := &tuples{peers: peers, phrases: ps}
	ts.table = smallest[string, *tuple]{
		most: weight, compare: strings.Compare, weigh: (*tuple).weight,
		dropped: func(t *tuple) {
			e := ps.evidence(&t.evidence)
			ts.left.merge(&e)
		},
	}
	return ts
}

// appendKey appends what a tuple is found by. A higher trust comes first, so that what
// is believed less takes no room from it.
func appendKey(dst []byte, r *netfilter.Rule, trust record.Trust) []byte {
	return r.AppendKey(append(dst, '0'+byte(record.TrustKernel-trust)))
}

// find returns the tuple of a rule without peers, whose lists are copied where
// it is new; nil if there is no room for it. ok is false for a rule that cannot
// be written.
func (ts *tuples) find(r *netfilter.Rule, trust record.Trust) (t *tuple, ok bool) {
	ts.key = appendKey(ts.key[:0], r, trust)
	if t := ts.table.rows[string(ts.key)]; t != nil {
		return t, true
	}
	if r.Check() != nil {
		return nil, false
	}
	key := string(ts.key)
	if !ts.table.admits(key) {
		return nil, true
	}
	t = &tuple{rule: *r, trust: trust}
	t.rule.In, t.rule.Out = strings.Clone(r.In), strings.Clone(r.Out)
	t.rule.Src, t.rule.Dst, t.rule.Ports = slices.Clone(r.Src), slices.Clone(r.Dst), slices.Clone(r.Ports)
	t.peers.most = ts.peers
	if !ts.table.put(key, t) {
		return nil, true
	}
	return t, true
}

// addEvent takes a packet from or to a peer. It reports whether there can be such
// a rule.
func (ts *tuples) addEvent(r *netfilter.Rule, peer netip.Prefix, made []string, from origins, ev *record.Event) bool {
	t, ok := ts.find(r, ev.Trust)
	if t == nil {
		if ok {
			ts.left.add(ev)
		}
		return ok
	}
	ts.add(&t.evidence, ev)
	t.origins |= from
	t.made = unionOf(t.made, made)
	ts.addPeers(t, peer)
	return true
}

// addRule takes a rule that was made elsewhere.
func (ts *tuples) addRule(r *netfilter.Rule, peers []netip.Prefix, made []string, e *record.Evidence) {
	t, _ := ts.find(r, e.Trust)
	if t == nil {
		ts.left.merge(e)
		return
	}
	if t.evidence.rest == nil {
		t.evidence.rest = new(record.Evidence)
	}
	t.evidence.rest.Merge(e)
	t.made = unionOf(t.made, made)
	ts.addPeers(t, peers...)
}

func (ts *tuples) addPeers(t *tuple, peers ...netip.Prefix) {
	before := t.weight()
	for _, p := range peers {
		at := place{p.Addr(), uint8(p.Bits())}
		if _, ok := t.peers.get(at); !ok {
			t.peers.put(at, struct{}{})
		}
	}
	ts.table.grow(t.weight() - before)
}

// maxMade bounds the names of generalisations of one rule.
const maxMade = 16

// unionOf is the sorted list of the smallest members of two.
func unionOf(a, b []string) []string {
	if len(b) == 0 {
		return a
	}
	all := slices.Concat(a, b)
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), maxMade)]
}

// list is the peers, sorted.
func (t *tuple) list() []netip.Prefix {
	list := make([]netip.Prefix, 0, t.peers.size())
	for p := range t.peers.all() {
		list = append(list, netip.PrefixFrom(p.addr, int(p.tag)))
	}
	return list
}
