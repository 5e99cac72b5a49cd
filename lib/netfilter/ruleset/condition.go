package ruleset

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
	"go4.org/netipx"
)

// condition takes one condition into a match; if it is not understood, as more.
func (n *nftReader) condition(t *table, m *match, left any, op string, right any) {
	payload := fieldOf(left, "payload")
	protocol, field := text(fieldOf(payload, "protocol")), text(fieldOf(payload, "field"))
	m.carries(protocol)
	elements, ok := n.elements(t, right)
	if op != "==" && op != "!=" && op != "in" || !ok {
		m.more = true
		return
	}
	if name, named := right.(string); named && n.ending[t.name+" "+strings.TrimPrefix(name, "@")] {
		m.more = true
	}
	c := condition{m, elements, op == "!="}
	if payload != nil {
		ok = c.payload(protocol, field)
	} else if key, isMeta := fieldOf(fieldOf(left, "meta"), "key").(string); isMeta {
		ok = c.meta(key)
	} else if key, isCT := fieldOf(fieldOf(left, "ct"), "key").(string); isCT {
		ok = key == "state" && c.state() || key == "status" && c.status()
	} else if fib := fieldOf(left, "fib"); fib != nil {
		ok = c.fib(fib)
	} else if flags, isFlags := fieldOf(left, "&").([]any); isFlags {
		ok = c.flags(flags)
	} else {
		ok = false
	}
	m.more = m.more || !ok
}

// condition is a match with its elements. Its methods report whether they
// understood it; what they did not understand they leave out.
type condition struct {
	m    *match
	list []any
	not  bool
}

// carries takes what a field says by being there: the packet has its header.
func (m *match) carries(protocol string) {
	switch proto, known := protocolByName(protocol); {
	case protocol == "ip":
		m.families &= v4
	case protocol == "ip6":
		m.families &= v6
	case known:
		m.protos = m.protos.and(func(p int) bool { return p == proto })
	}
}

func (c condition) payload(protocol, field string) bool {
	if protocol == "ip" || protocol == "ip6" {
		switch field {
		case "saddr":
			return c.addresses(&c.m.src)
		case "daddr":
			return c.addresses(&c.m.dst)
		case "protocol":
			return c.protocols()
		}
		return false
	}
	proto, known := protocolByName(protocol)
	switch {
	case field == "dport" && (known || protocol == "th"):
		return c.ports()
	case field == "type" || field == "code":
		return c.icmp(field, proto)
	}
	return false // "tcp flags syn" too: it is true if any of them is set
}

func (c condition) meta(key string) bool {
	switch key {
	case "iifname", "iif":
		return c.names(&c.m.in)
	case "oifname", "oif":
		return c.names(&c.m.out)
	case "l4proto":
		return c.protocols()
	case "nfproto", "protocol":
		return c.families()
	case "skuid":
		return c.owner()
	}
	return false
}

// addresses reads addresses, blocks and ranges.
func (c condition) addresses(to **addrs.Set) bool {
	var b netipx.IPSetBuilder
	for _, e := range c.list {
		e = bare(e)
		if p := fieldOf(e, "prefix"); p != nil {
			text, _ := fieldOf(p, "addr").(string)
			bits, _ := fieldOf(p, "len").(float64)
			a, err := netip.ParseAddr(text)
			if err != nil {
				return false
			}
			b.AddPrefix(netip.PrefixFrom(a, int(bits)).Masked())
			continue
		}
		first, last, ok := ends(e)
		a, errA := netip.ParseAddr(text(first))
		z, errZ := netip.ParseAddr(text(last))
		if !ok || errA != nil || errZ != nil {
			return false
		}
		b.AddRange(netipx.IPRangeFrom(a, z))
	}
	if *to != nil {
		return false
	}
	set := addrs.Built(&b)
	if c.not {
		set = set.Others()
	}
	*to = set
	return true
}

func (c condition) ports() bool {
	var list []netfilter.PortRange
	for _, e := range c.list {
		first, last, ok := ends(bare(e))
		a, errA := strconv.ParseUint(text(first), 10, 16)
		b, errB := strconv.ParseUint(text(last), 10, 16)
		if !ok || errA != nil || errB != nil || a > b {
			return false
		}
		list = append(list, netfilter.PortRange{First: uint16(a), Last: uint16(b)})
	}
	if len(list) == 0 {
		return false
	}
	c.m.addPorts(list, c.not)
	return true
}

func (c condition) protocols() bool {
	var set protos
	for _, e := range c.list {
		n, ok := protocolByName(text(bare(e)))
		if !ok {
			return false
		}
		set[n] = true
	}
	c.m.protos = c.m.protos.and(func(p int) bool { return set[p] != c.not })
	return true
}

func (c condition) families() bool {
	var f families
	for _, e := range c.list {
		switch text(bare(e)) {
		case "ipv4", "ip", "2":
			f |= v4
		case "ipv6", "ip6", "10":
			f |= v6
		}
	}
	if c.not {
		f ^= v4 | v6
	}
	c.m.families &= f
	return true
}

func (c condition) names(to **names) bool {
	n := &names{not: c.not}
	for _, e := range c.list {
		name, ok := bare(e).(string)
		if !ok || *to != nil {
			return false
		}
		n.list = append(n.list, name)
	}
	*to = n
	return true
}

func (c condition) owner() bool {
	if len(c.list) != 1 || c.m.uid != nil {
		return false
	}
	first, last, ok := ends(bare(c.list[0]))
	a, errA := strconv.ParseUint(text(first), 10, 32)
	b, errB := strconv.ParseUint(text(last), 10, 32)
	if !ok || errA != nil || errB != nil {
		return false
	}
	c.m.uid = &uids{a, b, c.not}
	return true
}
