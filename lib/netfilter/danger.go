package netfilter

import "fmt"

// MaxDanger is the level of a rule that undoes the firewall.
const MaxDanger = 10

// judged is a rule with what takes long to find out, because it can have very many
// peers.
type judged struct {
	Rule
	everybody bool
}

// hazard is one thing that can be wrong with a rule.
type hazard struct {
	level uint8
	why   string
	holds func(judged) bool
}

// hazards are tried in order and the first that holds counts, so they stand
// from the worst down. 9 and 10 undo the firewall or cut off the host.
var hazards = [...]hazard{
	{10, "accepts everything from everybody", func(r judged) bool {
		return comesIn(r) && r.everybody && everyPort(r)
	}},
	{10, "refuses everybody", func(r judged) bool {
		return refuses(r) && len(r.Peers()) == 0 && r.Proto == AnyProto
	}},
	{9, "accepts a tunnel from everybody: what is inside passes no rule", func(r judged) bool {
		return comesIn(r) && r.everybody && tunnels[r.Proto]
	}},
	{9, "lets the host send everything everywhere", func(r judged) bool {
		return goesOut(r) && r.everybody && everyPort(r) && !r.Owner.Match
	}},
	{9, "refuses loopback, link-local or multicast addresses, which the host needs", func(r judged) bool {
		return refuses(r) && overlaps(r.Peers(), essential)
	}},
	{9, "refuses a large part of the Internet", func(r judged) bool {
		return refuses(r) && len(r.Peers()) > 0 && r.everybody
	}},
	{8, "accepts hundreds of ports from everybody", func(r judged) bool {
		return comesIn(r) && r.everybody && countPorts(r.Ports) > manyPorts
	}},
	{8, "refuses private addresses: perhaps the own network", func(r judged) bool {
		return refuses(r) && overlaps(r.Peers(), private)
	}},
	{7, "accepts a whole protocol from everybody", func(r judged) bool {
		return comesIn(r) && r.everybody && wholeProtocol(r)
	}},
	{7, "refuses a service to everybody", func(r judged) bool {
		return refuses(r) && len(r.Peers()) == 0
	}},
	{7, "lets one user send everything everywhere", func(r judged) bool {
		return goesOut(r) && r.everybody && everyPort(r)
	}},
	{6, "accepts messages that change routes, from everybody", func(r judged) bool {
		return comesIn(r) && r.everybody && r.ICMP.Match && routing[icmpKind{r.Proto, r.ICMP.Type}]
	}},
	{6, "refuses a block as large as a provider's", func(r judged) bool { return refuses(r) && wide(r) }},
	{5, "accepts everything from some sources", func(r judged) bool { return comesIn(r) && everyPort(r) }},
	{4, "accepts a block as large as a provider's", func(r judged) bool {
		return r.Verdict == Accept && !r.everybody && wide(r)
	}},
	{4, "accepts a whole protocol", func(r judged) bool { return r.Verdict == Accept && wholeProtocol(r) }},
	{3, "accepts a service from everybody", func(r judged) bool { return comesIn(r) && r.everybody && !r.ICMP.Match }},
	{3, "refuses a block: innocent neighbours too", func(r judged) bool { return refuses(r) && !singles(r) }},
	{2, "lets the host send to everybody", func(r judged) bool { return goesOut(r) && r.everybody }},
	{2, "accepts an icmp message from everybody", func(r judged) bool { return comesIn(r) && r.everybody }},
	{2, "refuses single addresses", refuses},
	{1, "accepts one service for some addresses", func(judged) bool { return true }},
}

// Danger says how much harm the rule can do, from 0 to MaxDanger, and why. It
// looks at nothing but the rule: the same rule is as dangerous whoever made it.
func Danger(rule Rule) (level uint8, why string) {
	r := judged{rule, everybody(rule)}
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
	if !comesIn(r) || !r.everybody {
		return 0, ""
	}
	for _, s := range services {
		if s.level > level && r.Proto == s.proto && containsPort(r.Ports, s.port) {
			level = s.level
			why = fmt.Sprintf("lets everybody reach %s port %d, %s", s.proto, s.port, s.what)
		}
	}
	return level, why
}

func comesIn(r judged) bool { return r.Verdict == Accept && r.Chain != Output }
func goesOut(r judged) bool { return r.Verdict == Accept && r.Chain == Output }
func refuses(r judged) bool { return r.Verdict != Accept }

// everyPort reports whether nothing narrows the rule down to a service.
func everyPort(r judged) bool {
	return r.Proto == AnyProto || (r.Proto == TCP || r.Proto == UDP) && len(r.Ports) == 0
}

func wholeProtocol(r judged) bool { return len(r.Ports) == 0 && !r.ICMP.Match }

// manyPorts is how many ports nobody needs one by one.
const manyPorts = 256

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
