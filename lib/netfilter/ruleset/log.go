package ruleset

import (
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
)

// logRule is a rule that writes to the kernel's log.
type logRule struct {
	match   match
	prefix  int    // its id
	packets uint64 // that it counted
	counts  bool   // it has a counter
}

// addLog takes a rule that logs.
func (rs *Ruleset) addLog(m match, prefix string, packets uint64, counts bool) {
	prefix = strings.TrimSpace(prefix)
	id := slices.Index(rs.prefixes, prefix)
	if id < 0 {
		id = len(rs.prefixes)
		rs.prefixes = append(rs.prefixes, strings.Clone(prefix))
	}
	rs.logs = append(rs.logs, logRule{m, id, packets, counts})
}

// Origin says how a log line goes with the rules that log.
type Origin uint8

// The origins.
const (
	Unjudged    Origin = iota // the rules that log such packets are not all known
	Matching                  // a rule with this prefix matches the packet
	NoPrefix                  // no rule writes this prefix
	OtherPrefix               // the rules with this prefix match other packets
)

// Origin looks for a rule that logs the packet, whose addresses are single, with
// this prefix. The id of a prefix that some rule has is for Counted; it is -1
// otherwise.
func (rs *Ruleset) Origin(prefix string, packet *netfilter.Rule) (o Origin, id int) {
	f := familyOf(packet.Family)
	if !rs.Covers(packet.Family) || rs.blindLogs&f&^rs.saved != 0 {
		return Unjudged, -1
	}
	prefix = strings.TrimSpace(prefix)
	o, id = NoPrefix, -1
	for i := range rs.logs {
		l := &rs.logs[i]
		if l.match.families&f == 0 {
			continue
		}
		if rs.prefixes[l.prefix] != prefix {
			continue
		}
		o, id = OtherPrefix, l.prefix
		if l.match.mayLog(packet) {
			return Matching, id
		}
	}
	return o, id
}

// mayLog reports whether a rule can match a packet.
func (m *match) mayLog(packet *netfilter.Rule) bool {
	return !m.relate(packet, false).none && !relateAddrs(packet.Peers(), m.peers(packet.Chain)).none
}

// Counted is how many packets the rules with a prefix have counted together, and
// whether all of them count. Counters start at 0 when a rule is loaded.
func (rs *Ruleset) Counted(id int) (packets uint64, ok bool) {
	for _, l := range rs.logs {
		if l.prefix == id {
			if !l.counts {
				return 0, false
			}
			packets += l.packets
		}
	}
	return packets, true
}

// Prefix is the log prefix of an id, without blanks around it.
func (rs *Ruleset) Prefix(id int) string { return rs.prefixes[id] }
