package netfilter

import (
	"net/netip"
	"strconv"
	"strings"
)

// appendIPTables writes, in the order of iptables-save,
//
//	-4 -A SL-INPUT -s 192.0.2.0/24,198.51.100.7/32 -d 203.0.113.1/32 -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT
//
// for Restore, and for IPTables the same after "iptables -w" or "ip6tables -w"
// in place of "-4" or "-6". No word needs quotes in a shell.
func appendIPTables(dst []byte, s Syntax, r Rule) []byte {
	dst = append(dst, iptablesCommand(s, r.Family)...)
	dst = append(dst, " -A "...)
	dst = append(dst, iptablesChain(r.Chain)...)
	dst = appendIPTablesPrefixes(dst, " -s ", r.Src)
	dst = appendIPTablesPrefixes(dst, " -d ", r.Dst)
	dst = appendOption(dst, " -i ", r.In)
	dst = appendOption(dst, " -o ", r.Out)
	dst = appendIPTablesTransport(dst, r)
	if r.Owner.Match {
		dst = append(dst, " -m owner --uid-owner "...)
		dst = strconv.AppendUint(dst, uint64(r.Owner.UID), 10)
	}
	return appendOption(dst, " -j ", strings.ToUpper(string(r.Verdict)))
}

// iptablesCommand is what a line starts with. iptables-restore passes over the
// lines that start with -6, and ip6tables-restore over those with -4.
func iptablesCommand(s Syntax, f Family) string {
	switch {
	case s == Restore && f == IP:
		return "-4"
	case s == Restore:
		return "-6"
	case f == IP:
		return "iptables -w"
	default:
		return "ip6tables -w"
	}
}

func appendOption(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(dst, key...)
	return append(dst, value...)
}

func appendIPTablesPrefixes(dst []byte, key string, list []netip.Prefix) []byte {
	for _, p := range list {
		dst = append(dst, key...)
		dst = p.AppendTo(dst)
		key = ","
	}
	return dst
}

// icmpMatch holds the words that iptables has for an ICMP type.
type icmpMatch struct {
	proto  Proto
	match  string
	option string
}

var icmpMatches = [...]icmpMatch{
	{ICMP, "icmp", "--icmp-type"},
	{ICMPv6, "icmp6", "--icmpv6-type"},
}

func appendIPTablesTransport(dst []byte, r Rule) []byte {
	if r.Proto == AnyProto {
		return dst
	}
	dst = appendOption(dst, " -p ", iptablesProto(r.Proto))
	if r.ICMP.Match {
		for _, m := range icmpMatches {
			if m.proto == r.Proto {
				dst = append(dst, " -m "+m.match+" "+m.option+" "...)
			}
		}
		dst = strconv.AppendUint(dst, uint64(r.ICMP.Type), 10)
		dst = append(dst, '/')
		return strconv.AppendUint(dst, uint64(r.ICMP.Code), 10)
	}
	if len(r.Ports) == 0 {
		return dst
	}
	key := " -m multiport --dports "
	if single(r) {
		key = " -m " + r.Proto.String() + " --dport "
	}
	for _, p := range r.Ports {
		dst = append(dst, key...)
		dst = p.append(dst, ':')
		key = ","
	}
	return dst
}

// single reports whether a rule has its ports by the match of its protocol, not
// by multiport. UDP-Lite has no match of its own.
func single(r Rule) bool { return len(r.Ports) == 1 && r.Proto != UDPLite }

// iptablesProto is a name that iptables knows by itself, or a number.
func iptablesProto(p Proto) string {
	switch p {
	case ICMPv6:
		return "ipv6-icmp"
	case TCP, UDP, ICMP, SCTP, UDPLite:
		return p.String()
	}
	return strconv.Itoa(int(p))
}

// parseIPTables reads what appendIPTables writes, and some more: Parse compares.
func parseIPTables(c *cursor, s Syntax) (Rule, error) {
	r := Rule{Family: IP}
	if !c.take(iptablesCommand(s, IP)) {
		r.Family = IP6
		c.want(iptablesCommand(s, IP6))
	}
	c.want("-A")
	r.Chain = c.chain()
	if c.take("-s") {
		r.Src = parseList(c, c.prefix)
	}
	if c.take("-d") {
		r.Dst = parseList(c, c.prefix)
	}
	if c.take("-i") {
		r.In = c.word()
	}
	if c.take("-o") {
		r.Out = c.word()
	}
	if c.take("-p") {
		parseIPTablesTransport(c, &r)
	}
	if c.take("-m owner --uid-owner") {
		r.Owner = Owner{Match: true, UID: uint32(c.number(32))}
	}
	c.want("-j")
	r.Verdict = Verdict(strings.ToLower(c.word()))
	return r, c.end()
}

func parseIPTablesTransport(c *cursor, r *Rule) {
	word := c.word()
	p, ok := protoByName(word)
	if word == iptablesProto(ICMPv6) {
		p, ok = ICMPv6, true
	}
	if !ok {
		var err error
		if p, err = protoByNumber(word); err != nil {
			c.fail(err)
		}
	}
	r.Proto = p
	for _, m := range icmpMatches {
		if c.take("-m " + m.match + " " + m.option) {
			kind, code, _ := strings.Cut(c.word(), "/")
			r.ICMP = ICMPType{Match: true, Type: uint8(c.numberIn(kind, 8)), Code: uint8(c.numberIn(code, 8))}
		}
	}
	if c.take("-m multiport --dports") || c.take("-m "+p.String()+" --dport") {
		r.Ports = parseList(c, func(word string) PortRange { return c.port(word, ':') })
	}
}

// parseList takes one word of elements with commas between them.
func parseList[E any](c *cursor, element func(string) E) []E {
	var list []E
	for word := range strings.SplitSeq(c.word(), ",") {
		list = append(list, element(word))
	}
	return list
}
