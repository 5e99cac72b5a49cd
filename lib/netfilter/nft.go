package netfilter

import (
	"net/netip"
	"strconv"
	"strings"
)

// nftTable is the table that our chains stand in: the one that Debian's
// /etc/nftables.conf has its own chains in. A jump cannot leave a table.
const nftTable = "inet filter"

// appendNFT writes
//
//	add rule inet filter sl-input iifname "eth0" ip saddr { 192.0.2.0/24, 198.51.100.7 } ip daddr 203.0.113.1 tcp dport 22 accept
//
// The order of the matches is the one that is cheapest to leave early. What times
// out is in a set.
func appendNFT(dst []byte, r Rule) []byte {
	if r.Timeout > 0 {
		return appendNFTElements(dst, r)
	}
	dst = append(dst, "add rule "+nftTable+" "...)
	dst = append(dst, nftChain(r.Chain)...)
	if !nftSaysFamily(r) {
		dst = append(dst, " meta nfproto "...)
		dst = append(dst, nfproto(r.Family)...)
	}
	dst = appendQuoted(dst, " iifname ", r.In)
	dst = appendQuoted(dst, " oifname ", r.Out)
	dst = appendNFTPrefixes(dst, r.Family, " saddr ", r.Src)
	dst = appendNFTPrefixes(dst, r.Family, " daddr ", r.Dst)
	dst = appendNFTTransport(dst, r)
	if r.Owner.Match {
		dst = append(dst, " meta skuid "...)
		dst = strconv.AppendUint(dst, uint64(r.Owner.UID), 10)
	}
	dst = append(dst, ' ')
	return append(dst, r.Verdict...)
}

// nftSaysFamily reports whether a match of the rule implies its family. In a
// table of family inet one of them must.
func nftSaysFamily(r Rule) bool {
	return len(r.Src) > 0 || len(r.Dst) > 0 || r.ICMP.Match
}

func nfproto(f Family) string {
	if f == IP {
		return "ipv4"
	}
	return "ipv6"
}

func appendQuoted(dst []byte, key, name string) []byte {
	if name == "" {
		return dst
	}
	dst = append(dst, key...)
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, '"')
}

func appendNFTPrefixes(dst []byte, f Family, key string, list []netip.Prefix) []byte {
	if len(list) == 0 {
		return dst
	}
	dst = append(dst, ' ')
	dst = append(dst, f...)
	dst = append(dst, key...)
	return appendNFTSet(dst, list, appendPrefix)
}

// appendNFTSet writes one element as it is, several as an anonymous set.
func appendNFTSet[E any](dst []byte, list []E, element func([]byte, E) []byte) []byte {
	if len(list) == 1 {
		return element(dst, list[0])
	}
	before := "{ "
	for _, e := range list {
		dst = append(dst, before...)
		dst = element(dst, e)
		before = ", "
	}
	return append(dst, " }"...)
}

func appendNFTTransport(dst []byte, r Rule) []byte {
	switch {
	case r.Proto == AnyProto:
		return dst
	case r.ICMP.Match:
		name := r.Proto.String()
		dst = append(dst, " "+name+" type "...)
		dst = strconv.AppendUint(dst, uint64(r.ICMP.Type), 10)
		dst = append(dst, " "+name+" code "...)
		return strconv.AppendUint(dst, uint64(r.ICMP.Code), 10)
	case len(r.Ports) > 0:
		dst = append(dst, " "+r.Proto.String()+" dport "...)
		return appendNFTSet(dst, r.Ports, func(dst []byte, p PortRange) []byte { return p.append(dst, '-') })
	default:
		dst = append(dst, " meta l4proto "...)
		return strconv.AppendUint(dst, uint64(r.Proto), 10)
	}
}

// parseNFT reads what appendNFT writes, and some more: Parse compares.
func parseNFT(c *cursor) (Rule, error) {
	var r Rule
	if c.take("add element " + nftTable) {
		return parseNFTElements(c)
	}
	c.want("add rule " + nftTable)
	r.Chain = c.chain()
	r.Family = parseNFTFamily(c)
	if c.take("iifname") {
		r.In = c.quoted()
	}
	if c.take("oifname") {
		r.Out = c.quoted()
	}
	for _, f := range [...]Family{IP, IP6} {
		if c.take(string(f) + " saddr") {
			r.Family = f
			r.Src = parseNFTSet(c, c.prefix)
		}
		if c.take(string(f) + " daddr") {
			r.Family = f
			r.Dst = parseNFTSet(c, c.prefix)
		}
	}
	parseNFTTransport(c, &r)
	if c.take("meta skuid") {
		r.Owner = Owner{Match: true, UID: uint32(c.number(32))}
	}
	r.Verdict = Verdict(c.word())
	return r, c.end()
}

// parseNFTFamily takes the family where no address says it.
func parseNFTFamily(c *cursor) Family {
	for _, f := range [...]Family{IP, IP6} {
		if c.take("meta nfproto " + nfproto(f)) {
			return f
		}
	}
	return ""
}

func parseNFTTransport(c *cursor, r *Rule) {
	if c.take("meta l4proto") {
		p, err := protoByNumber(c.word())
		if err != nil {
			c.fail(err)
		}
		r.Proto = p
		return
	}
	p, ok := protoByName(c.peek())
	if !ok {
		return
	}
	r.Proto = p
	name := c.word()
	switch {
	case c.take("dport"):
		r.Ports = parseNFTSet(c, func(word string) PortRange { return c.port(word, '-') })
	case c.take("type"):
		r.ICMP = ICMPType{Match: true, Type: uint8(c.number(8))}
		c.want(name + " code")
		r.ICMP.Code = uint8(c.number(8))
		r.Family = IP
		if p == ICMPv6 {
			r.Family = IP6
		}
	default:
		c.unexpected(c.peek())
	}
}

// quoted takes a name in quotes.
func (c *cursor) quoted() string {
	word := c.word()
	if len(word) < 2 || word[0] != '"' || word[len(word)-1] != '"' {
		c.unexpected(word)
		return ""
	}
	return word[1 : len(word)-1]
}

// parseNFTSet takes what appendNFTSet writes.
func parseNFTSet[E any](c *cursor, element func(string) E) []E {
	if !c.take("{") {
		return []E{element(c.word())}
	}
	var list []E
	for c.err == nil {
		word, more := strings.CutSuffix(c.word(), ",")
		list = append(list, element(word))
		if !more {
			c.want("}")
			break
		}
	}
	return list
}
