package netfilter

import (
	"fmt"
	"slices"
)

// MaxDanger is the level of a rule that undoes the firewall.
const MaxDanger = 10

// judged is a rule, or what rules do together, with what decides on its danger.
type judged struct {
	Rule
	ports []PortRange // or kinds of ICMP messages; nil for all
	reach reach       // of the peers
}

func judge(r Rule) judged {
	return judged{r, portsOf(r), reachOf(r.Family, unitsOf(r.Peers()))}
}

// portsOf returns the ports of a rule. A kind of ICMP messages is a port of its
// own, with the type in the upper byte. Nil are all.
func portsOf(r Rule) []PortRange {
	if r.ICMP.Match {
		return []PortRange{kind(r.ICMP)}
	}
	return r.Ports
}

// kind is an ICMP message as a port.
func kind(t ICMPType) PortRange { return Port(uint16(t.Type)<<8 | uint16(t.Code)) }

// hazard is one thing that can be wrong with a rule.
type hazard struct {
	level uint8
	why   string
	holds func(judged) bool
}

// hazards are tried in order and the first that holds counts, so they stand
// from the worst down. 9 and 10 undo the firewall or cut off the host.
var hazards = [...]hazard{
	{10, "accepts everything from everybody", func(r judged) bool { return opens(r) && everyPort(r) }},
	{10, "refuses everybody", func(r judged) bool {
		return refuses(r) && r.reach == total && everyPort(r) && (r.Proto == AnyProto || r.Proto == TCP)
	}},
	{9, "accepts a tunnel from everybody: what is inside passes no rule", func(r judged) bool {
		return opens(r) && tunnels[r.Proto]
	}},
	{9, "accepts a whole protocol from everybody", func(r judged) bool { return opens(r) && wholeProtocol(r) }},
	{9, "lets the host send everything everywhere", func(r judged) bool {
		return goesOut(r) && r.reach != narrow && everyPort(r) && !r.Owner.Match
	}},
	{9, "refuses loopback, link-local or multicast addresses, which the host needs", func(r judged) bool {
		return refuses(r) && overlaps(r.Peers(), essential)
	}},
	{9, "refuses everybody a protocol without which the host is cut off", func(r judged) bool {
		return refuses(r) && r.reach == total && vital(r)
	}},
	{9, "refuses a large part of the Internet", func(r judged) bool { return refuses(r) && r.reach == broad && vital(r) }},
	{9, "refuses hundreds of ports to everybody", func(r judged) bool {
		return refuses(r) && r.reach != narrow && r.Proto.HasPorts() && countPorts(r.ports) > manyPorts
	}},
	{8, "accepts hundreds of ports from everybody", func(r judged) bool {
		return opens(r) && r.Proto.HasPorts() && countPorts(r.ports) > manyPorts
	}},
	{8, "refuses private addresses: perhaps the own network", func(r judged) bool {
		return refuses(r) && overlaps(r.Peers(), private)
	}},
	{7, "accepts a service from everybody that is not made for strangers", func(r judged) bool {
		return opens(r) && r.Proto.HasPorts() && !forStrangers(r)
	}},
	{7, "refuses a service to everybody", func(r judged) bool { return refuses(r) && r.reach != narrow }},
	{7, "lets one user send everything everywhere", func(r judged) bool {
		return goesOut(r) && r.reach != narrow && everyPort(r)
	}},
	{6, "accepts messages that change routes, from everybody", func(r judged) bool { return opens(r) && routes(r) }},
	{6, "refuses a block as large as a provider's", func(r judged) bool { return refuses(r) && wide(r) }},
	{5, "accepts everything from some sources", func(r judged) bool {
		return comesIn(r) && everyPort(r) && r.Proto != SCTP && r.Proto != UDPLite
	}},
	{5, "lets the host send to hundreds of ports everywhere", func(r judged) bool {
		return goesOut(r) && r.reach != narrow && r.Proto.HasPorts() && countPorts(r.ports) > manyPorts
	}},
	{4, "accepts a block as large as a provider's", func(r judged) bool {
		return r.Verdict == Accept && r.reach == narrow && wide(r)
	}},
	{4, "accepts a whole protocol", func(r judged) bool { return r.Verdict == Accept && wholeProtocol(r) }},
	{3, "accepts a public service from everybody", func(r judged) bool { return opens(r) && r.Proto.HasPorts() }},
	{3, "refuses a block: innocent neighbours too", func(r judged) bool { return refuses(r) && !singles(r) }},
	{2, "lets the host send to everybody", func(r judged) bool { return goesOut(r) && r.reach != narrow }},
	{2, "accepts an icmp message from everybody", opens},
	{2, "refuses single addresses", refuses},
	{1, "accepts one service for some addresses", func(judged) bool { return true }},
}

// Danger says how much harm the rule can do, from 0 to MaxDanger, and why. It
// looks at nothing but the rule: the same rule is as dangerous whoever made it.
// What it does with other rules Together says.
func Danger(rule Rule) (level uint8, why string) { return judge(rule).danger() }

func (r judged) danger() (level uint8, why string) {
	level, why = exposure(r)
	for _, h := range hazards {
		if h.level <= level {
			break
		}
		if h.holds(r) {
			return h.level, h.why
		}
	}
	return level, why
}

// exposure is the danger of the worst service that the rule opens to everybody,
// 0 if it opens none of those in services.
func exposure(r judged) (level uint8, why string) {
	if !opens(r) {
		return 0, ""
	}
	for _, s := range services {
		if s.level > level && r.Proto == s.proto && containsPort(r.ports, s.port) {
			level = s.level
			why = fmt.Sprintf("lets everybody reach %s port %d, %s", s.proto, s.port, s.what)
		}
	}
	return level, why
}

func comesIn(r judged) bool { return r.Verdict == Accept && r.Chain != Output }
func goesOut(r judged) bool { return r.Verdict == Accept && r.Chain == Output }
func refuses(r judged) bool { return r.Verdict != Accept }

// opens reports whether the rule lets strangers in.
func opens(r judged) bool { return comesIn(r) && r.reach != narrow }

// everyPort reports whether nothing narrows the rule down to services.
func everyPort(r judged) bool {
	return r.Proto == AnyProto || r.Proto.HasPorts() && (len(r.ports) == 0 || countPorts(r.ports) > nearlyEvery)
}

// wholeProtocol reports whether nothing narrows the rule down to a part of its
// protocol.
func wholeProtocol(r judged) bool {
	return len(r.ports) == 0 || !r.Proto.HasPorts() && countPorts(r.ports) > manyKinds
}

// vital reports whether a host without what the rule is about is cut off.
func vital(r judged) bool {
	switch r.Proto {
	case AnyProto, TCP, UDP:
		return everyPort(r)
	case ICMPv6:
		return wholeProtocol(r) || slices.ContainsFunc(neighbours, func(p PortRange) bool { return containsPort(r.ports, p.First) })
	}
	return false
}

// forStrangers reports whether all ports are those of public services.
func forStrangers(r judged) bool {
	n := 0
	for _, port := range public[r.Proto] {
		if containsPort(r.ports, port) {
			n++
		}
	}
	return n > 0 && n == countPorts(r.ports)
}

// routes reports whether a message that changes routes is among the kinds.
func routes(r judged) bool {
	return slices.ContainsFunc(r.ports, func(p PortRange) bool {
		for t := int(p.First >> 8); t <= int(p.Last>>8); t++ {
			if routing[icmpKind{r.Proto, uint8(t)}] {
				return true
			}
		}
		return false
	})
}

const (
	manyPorts   = 256     // ports that nobody needs one by one
	nearlyEvery = 1 << 14 // ports of one program at most: those of a telephone exchange
	manyKinds   = 32      // kinds of ICMP messages: a host needs fewer of each family
)

func countPorts(ports []PortRange) int {
	n := 0
	for _, p := range ports {
		n += int(p.Last) - int(p.First) + 1
	}
	return n
}

func containsPort(ports []PortRange, port uint16) bool {
	for _, p := range ports {
		if p.First <= port && port <= p.Last {
			return true
		}
	}
	return false
}
