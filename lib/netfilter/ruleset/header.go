package ruleset

import (
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
)

// icmpTypes are the names that nft lists for ICMP types: icmp_type_tbl and
// icmp6_type_tbl in its src/proto.c.
var icmpTypes = map[int]map[string]int{
	1: {
		"echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5, "echo-request": 8,
		"router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12,
		"timestamp-request": 13, "timestamp-reply": 14, "info-request": 15, "info-reply": 16,
		"address-mask-request": 17, "address-mask-reply": 18,
	},
	58: {
		"destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4,
		"echo-request": 128, "echo-reply": 129, "mld-listener-query": 130, "mld-listener-report": 131,
		"mld-listener-done": 132, "mld-listener-reduction": 132, "nd-router-solicit": 133, "nd-router-advert": 134,
		"nd-neighbor-solicit": 135, "nd-neighbor-advert": 136, "nd-redirect": 137, "router-renumbering": 138,
		"ind-neighbor-solicit": 141, "ind-neighbor-advert": 142, "mld2-listener-report": 143,
	},
}

// icmp reads a type or a code. Of several types each may be meant, which is more
// than a match can say.
func (c condition) icmp(field string, proto int) bool {
	if len(c.list) != 1 || c.not {
		return false
	}
	word := text(bare(c.list[0]))
	n, err := strconv.ParseUint(word, 10, 8)
	if kind, ok := icmpTypes[proto][word]; ok && field == "type" {
		n, err = uint64(kind), nil
	}
	switch {
	case err != nil:
		return false
	case field == "type" && c.m.icmp == nil:
		c.m.icmp = &icmp{int(n), -1}
	case field == "code" && c.m.icmp != nil && c.m.icmp.code < 0:
		c.m.icmp = &icmp{c.m.icmp.kind, int(n)}
	default:
		return false
	}
	return true
}

// flags reads "tcp flags & (fin | syn | rst | ack) == syn".
func (c condition) flags(sides []any) bool {
	if len(sides) != 2 || text(fieldOf(fieldOf(sides[0], "payload"), "field")) != "flags" {
		return false
	}
	c.m.protos = c.m.protos.and(func(p int) bool { return p == int(netfilter.TCP) })
	mask, ok := flagNames(sides[1])
	if !ok || len(c.list) == 0 {
		return false
	}
	var set []string
	for _, e := range c.list {
		names, ok := flagNames(e)
		if !ok {
			return false
		}
		set = append(set, names...)
	}
	c.m.addFlags(mask, set, c.not)
	return true
}

// flagNames reads one name, a list of them, or names joined by '|'.
func flagNames(value any) ([]string, bool) {
	if name, ok := value.(string); ok {
		return []string{name}, true
	}
	list, ok := value.([]any)
	if !ok {
		list, ok = fieldOf(value, "|").([]any)
	}
	var out []string
	for _, v := range list {
		names, good := flagNames(v)
		ok = ok && good
		out = append(out, names...)
	}
	return out, ok
}

// icmp reads a type, or a type and a code.
func (o *options) icmp() {
	kind, code, coded := strings.Cut(o.value(), "/")
	k, err := strconv.ParseUint(kind, 10, 8)
	if err != nil || o.not {
		o.match.more = true
		return
	}
	i := &icmp{int(k), -1}
	if coded {
		c, err := strconv.ParseUint(code, 10, 8)
		if err != nil {
			o.match.more = true
			return
		}
		i.code = int(c)
	}
	o.match.icmp = i
}

// rtType reads the type of a routing header. One of type 0 the kernel refuses,
// behind the chain input (RFC 5095; ipv6_rthdr_rcv in net/ipv6/exthdrs.c).
func (o *options) rtType() {
	if o.value() != "0" || o.not {
		o.match.more = true
		return
	}
	o.match.refused = true
}

// tcpFlags reads a mask and the flags of it that must be set.
func (o *options) tcpFlags() {
	mask, set := o.value(), o.value()
	o.match.addFlags(strings.Split(mask, ","), strings.Split(set, ","), o.not)
}

// addFlags takes a condition on the flags of TCP. Of a first packet SYN is set,
// and ACK, FIN and RST are not.
func (m *match) addFlags(mask, set []string, not bool) {
	want := map[string]bool{}
	for _, f := range set {
		want[strings.ToUpper(f)] = true
	}
	meets := true
	for _, f := range mask {
		switch f = strings.ToUpper(f); f {
		case "SYN":
			meets = meets && want[f]
		case "ACK", "FIN", "RST":
			meets = meets && !want[f]
		default:
			m.more = true
			return
		}
	}
	if meets == not {
		m.notSYN = true
	} else {
		m.onlySYN = true
	}
}
