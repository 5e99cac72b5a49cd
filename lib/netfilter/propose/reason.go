package propose

// reason says why no rule is proposed for a packet.
type reason uint8

const (
	usable reason = iota
	noVerdict
	noAddress
	noChain
	badInterface
	vlanTag
	group
	badSource
	badDestination
	fragment
	prerouting
	invalidState
	tooOften
	noRoute
	listed
	unproven
	badProtocol
	noPort
	notOpening
	udpReply
	icmpError
	icmpReply
	icmpOther
	outgoing
	spoofable
	never
	belowThreshold
	blockedAlready
	noTime
	manyVisits
	strangePrefix
	strangePacket
	strangeInterface
	tooManyLines
	presentWhole
	presentPartly
	shadowed
	notCalled
)

// reasons are the notes that people read. A note is made once for each reason
// and, where detailed, for each interface or prefix that it names.
var reasons = [...]struct {
	kind string // Note.Kind
	text string // a %s in it is replaced by the quoted detail
	hint string
}{
	noVerdict: {
		"verdict", "the log prefix %s does not say whether the packet was dropped",
		"%p", // see prefixHint
	},
	noAddress:    {"address", "a frame without IP addresses", ""},
	noChain:      {"chain", "neither an interface nor the prefix says which chain the packet was in", "sl-parse --prefix TEXT=VERDICT:CHAIN"},
	badInterface: {"interface", "the interface name %s cannot stand in a rule", ""},
	vlanTag: {
		"vlan", "the frame has a VLAN tag: it is for an interface of its own, which the log does not name",
		"log in the chains input and forward, which see the interface of the VLAN",
	},
	group:          {"group", "sent to a broadcast or multicast address, which is not the host's own", ""},
	badSource:      {"source", "the source cannot be a host on a network, or is the destination too", ""},
	badDestination: {"destination", "the destination cannot be a host on a network", ""},
	fragment:       {"fragment", "a later fragment has no ports, and a rule without ports would allow all", ""},
	prerouting: {
		"prerouting", "the packet was dropped before the chains that rules go to: no rule in them can let it through",
		"change the rule that logs, in prerouting",
	},
	invalidState: {
		"invalid", "the packet was dropped for the state of its connection, or its form, before any port was looked at: a rule for the port changes nothing",
		"a route back that goes another way, or a connection older than the firewall, makes packets invalid",
	},
	tooOften: {
		"rate", "the packet was dropped because its source came too often: the port is allowed, and a rule for it would take the limit away",
		"look at the limit; --block counts such a source",
	},
	noRoute: {
		"route", "the packet was dropped because no way leads back to its source by the interface that it came in by", "look at the routes, or at rp_filter; the source may be forged",
	},
	listed: {"list", "the packet was dropped because its source is on a list of addresses", "take it off that list, if it should not be there"},
	unproven: {
		"unproven", "nothing in the log proves that the destination is this host's own: where the rule that logs stands in prerouting, the rule that is proposed does nothing",
		"--ruleset shows where that rule stands, and sl-parse --prefix='TEXT=drop:INPUT' says it",
	},
	badProtocol: {"protocol", "no rule can name the protocol %s", ""},
	noPort:      {"port", "the packet is too short to have ports or an icmp type", ""},
	notOpening:  {"reply", "tcp without SYN, or with ACK, opens no connection", "let established connections pass before the rule that logs"},
	udpReply:    {"reply", "udp from a well-known port to a high one is an answer", "let established connections pass before the rule that logs"},
	icmpError:   {"icmp-error", "an icmp error belongs to another packet", "let related connections pass before the rule that logs"},
	icmpReply:   {"reply", "an icmp reply belongs to a request", "let established connections pass before the rule that logs"},
	icmpOther:   {"icmp", "an icmp type that no host needs", ""},
	outgoing:    {"outgoing", "the host's own packets are no reason to block anybody", ""},
	spoofable:   {"spoofable", "anybody can forge the source of such a packet", "--spoofable blocks it all the same"},
	never: {
		"never", "the source is the host itself, is one that every host needs, or is named as never to be blocked", "",
	},
	belowThreshold: {"threshold", "the source has not done enough to be blocked", "--min-hits, --min-ports and --min-hosts set how much is enough"},
	blockedAlready: {"threshold", "lines that are believed more are enough to have the source blocked", ""},
	noTime:         {"time", "the log does not say when, and only packets near each other count", "sl-parse --year and --tz say what a log leaves out; without --within all count"},
	manyVisits:     {"limit", "a source sent so much that not all times are remembered: only the first count", "look at less at a time"},
	strangePrefix: {
		"origin", "no rule of the ruleset logs with the prefix %s: the lines are from before it was loaded, or forged", "their trust is log at most",
	},
	strangePacket: {
		"origin", "the rules of the ruleset that log with the prefix %s match other packets: the lines are from before it was loaded, or forged", "their trust is log at most",
	},
	strangeInterface: {
		"origin", "the host has no interface %s: it is there no more, or the lines are forged", "their trust is log at most",
	},
	tooManyLines: {
		"origin", "there are more lines with the prefix %s than its rules counted packets: some are from before the rules were loaded, or forged",
		"counters start at 0 when rules are loaded: compare the lines since then, each once",
	},
	presentWhole:  {"present", "the ruleset does this already: no rule is proposed", ""},
	presentPartly: {"present", "the ruleset does this already for a part of the addresses: the rules are for the others", ""},
	shadowed:      {"shadowed", "the rules have no effect for some of their packets, which end before at %s", "jump to the chain of the rules earlier"},
	notCalled:     {"unused", "no rule of the ruleset jumps to the chain of the rules for %s", "sl-iptables(1) shows where the jump stands"},
}
