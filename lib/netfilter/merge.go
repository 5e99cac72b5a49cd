package netfilter

import (
	"net/netip"
	"slices"
)

// Merge returns rules that match exactly what the given ones match, in the order
// of Compare. Rules that differ in nothing but peers and ports become one rule
// for each set of peers, and that set is written in the fewest CIDR blocks.
//
// The result depends on nothing but the packets that the rules match together,
// so Merge is associative and commutative, and merging twice changes nothing. No
// rule is wider than the ones it was made from: {A may reach 22} and {B may
// reach 80} do not let B reach 22.
//
// A source that is to be dropped for different times is dropped for the longest.
// Everybody, for a time, is two rules of half of the addresses each.
//
// The rules must be ones that Check accepts. A rule may come out with more
// addresses than a line can hold: see Split.
//
// Ranges of ports that overlap with different peers each have to be cut into
// many. Rules that are made to need more than two million addresses that way are
// not merged but only gathered by their ports, which costs little and is exact,
// but not associative; AppendFile refuses them.
func Merge(rules []Rule) []Rule {
	merged, _ := merge(rules, maxTangle)
	return merged
}

// maxTangle is how many addresses the spans of one group may need together.
const maxTangle = 2 << 20

// merge is Merge with the bound named; ok is false if some rules were only
// gathered.
func merge(rules []Rule, most int) (merged []Rule, ok bool) {
	groups := make(map[string][]Rule)
	var key []byte
	for _, r := range rules {
		frame := r
		frame.Ports = nil
		key = frame.AppendKey(key[:0])
		groups[string(key)] = append(groups[string(key)], r)
	}
	ok = true
	for _, group := range groups {
		group = gather(group)
		if group[0].Proto.HasPorts() {
			spans, few := spansOf(group, most)
			if few {
				group = mergeSpans(group[0], spans)
			}
			ok = ok && few
		}
		merged = append(merged, group...)
	}
	merged = outlast(merged)
	slices.SortFunc(merged, Compare)
	return merged, ok
}

// gather makes one rule of those rules of a frame that have the same ports.
func gather(group []Rule) []Rule {
	same := make(map[string][]Rule)
	for _, r := range group {
		key := string(r.AppendKey(nil))
		same[key] = append(same[key], r)
	}
	var out []Rule
	for _, rules := range same {
		r := rules[0].WithPeers(blocks(peersOf(rules)))
		if r.Timeout > 0 && len(r.Src) == 0 { // a set cannot hold everybody in one block
			low, high := halves(r.Family)
			out = append(out, r.WithPeers([]netip.Prefix{low}), r.WithPeers([]netip.Prefix{high}))
			continue
		}
		out = append(out, r)
	}
	return out
}

// mergeSpans makes rules of spans; all else is taken from one of the rules.
func mergeSpans(frame Rule, spans []span) []Rule {
	frame = frame.WithPeers(nil)
	frame.Ports = nil
	every := inEverySpan(spans)
	var out []Rule
	if len(every.Ranges()) > 0 {
		out = append(out, frame.WithPeers(blocks(every)))
	}
	// Ports with the same peers are one rule.
	ports := make(map[string][]PortRange)
	peers := make(map[string][]netip.Prefix)
	for _, s := range spans {
		list, ok := beyond(s.peers, every)
		if !ok {
			continue
		}
		key := string(appendPrefixKey(nil, list))
		ports[key] = append(ports[key], s.ports)
		peers[key] = list
	}
	for key, list := range peers {
		r := frame.WithPeers(list)
		r.Ports = NormalPorts(ports[key])
		out = append(out, r)
	}
	return out
}
