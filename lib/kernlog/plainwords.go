package kernlog

// plainWords reads a prefix that says a verdict in plain words, whoever wrote it: it has
// nothing but words that are known here, and exactly one of them is a verdict. So
// "iptables denied: " is a drop, and "no drop for Bob: " says nothing.
func (r *reading) plainWords(text string) bool {
	verdicts := 0
	for i := 0; i < len(text); {
		if !isLetter(text[i]) && !isDigit(text[i]) {
			if text[i] >= 0x80 || text[i] < ' ' {
				return false
			}
			i++
			continue
		}
		end := i
		for end < len(text) && (isLetter(text[end]) || isDigit(text[end])) {
			end++
		}
		var buf [longestPlain]byte
		if end-i > len(buf) {
			return false
		}
		n := copy(buf[:], text[i:end])
		for k := range buf[:n] {
			if 'A' <= buf[k] && buf[k] <= 'Z' {
				buf[k] |= 0x20
			}
		}
		i = end
		says, known := plainWord(string(buf[:n]))
		if !known {
			return false
		}
		if says.verdict != "" {
			verdicts++
			r.verdict = says.verdict
		}
		if says.cause != "" {
			r.cause = says.cause
		}
		if says.hook != "" {
			r.chain = says.hook
		}
	}
	return verdicts == 1
}

// longestPlain bounds a word in plain words, in bytes.
const longestPlain = 16

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// meaning is what a word says.
type meaning struct{ verdict, cause, hook string }

// plainWord returns what a word in lower case says; known is false for a word that
// may say anything.
func plainWord(w string) (m meaning, known bool) {
	switch w {
	case "drop", "drops", "dropped", "dropping", "deny", "denies", "denied", "denying",
		"block", "blocks", "blocked", "blocking", "refuse", "refuses", "refused", "refusing",
		"discard", "discards", "discarded":
		return meaning{verdict: verdictDrop}, true
	case "reject", "rejects", "rejected", "rejecting":
		return meaning{verdict: verdictReject}, true
	case "accept", "accepts", "accepted", "accepting", "allow", "allows", "allowed", "allowing",
		"pass", "passes", "passed", "passing", "permit", "permits", "permitted":
		return meaning{verdict: verdictAccept}, true
	case "invalid", "malformed", "bogus", "fragment", "fragments":
		return meaning{cause: causeInvalid}, true
	case "rate", "limit", "limited", "ratelimit", "flood", "synflood":
		return meaning{cause: causeRate}, true
	case "spoof", "spoofed", "martian":
		return meaning{cause: causeRoute}, true
	case "rpfilter":
		return meaning{cause: causeRoute, hook: chainPrerouting}, true
	case "blacklist", "blacklisted", "blocklist", "denylist", "banned", "ban":
		return meaning{cause: causeList}, true
	case "prerouting", "raw", "dnat", "mangle":
		return meaning{hook: chainPrerouting}, true
	case "input":
		return meaning{hook: chainInput}, true
	case "output":
		return meaning{hook: chainOutput}, true
	case "forward":
		return meaning{hook: chainForward}, true
	case "in", "incoming", "inbound", "ingress", "out", "outgoing", "outbound", "egress", // sides, of a zone perhaps
		"fwd", "forwarded", "forwarding", "chain", "table", "filter", "nat", "policy", "default", "final", "rule", "all",
		"iptables", "ip6tables", "iptable", "ipt", "nft", "nftables", "netfilter", "xtables",
		"fw", "firewall", "kernel", "log", "logged", "logging",
		"packet", "packets", "connection", "connections", "traffic", "new", "state",
		"tcp", "udp", "icmp", "icmpv6", "ip", "ip4", "ip6", "ipv4", "ipv6",
		"wan", "lan":
		return meaning{}, true
	}
	return meaning{}, false
}
