package ruleset

import (
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
)

// kinds is a condition on what the routing table says of the destination: "-m
// addrtype --dst-type LOCAL" of iptables, "fib daddr type local" of nft.
type kinds struct {
	list []string // in lower case: "local", "unicast", "broadcast", ...
	not  bool
}

// relateKind compares what a destination is with the condition. What comes to
// input is for an address of the host, what is forwarded for one of another host,
// unless it is for a group. A rule for every address is for groups, too.
func relateKind(q *netfilter.Rule, k *kinds) relation {
	kind := "unicast"
	switch {
	case k == nil:
		return always
	case len(q.Dst) == 0: // in output the query has none, and others may be the host's own
		return maybe
	case q.Chain == netfilter.Input:
		kind = "local"
	}
	for _, p := range q.Dst {
		if !p.IsSingleIP() || p.Addr().IsMulticast() || p.Addr().String() == "255.255.255.255" {
			return maybe
		}
	}
	return yes(slices.Contains(k.list, kind) != k.not)
}

func (o *options) dstType() {
	list := strings.Split(strings.ToLower(o.value()), ",")
	if o.match.kinds != nil {
		o.match.more = true
		return
	}
	o.match.kinds = &kinds{list, o.not}
}

// fib reads "fib daddr type local". With an interface in the question it is about
// more than the address.
func (c condition) fib(left any) bool {
	flags := listOf(fieldOf(left, "flags"))
	if text(fieldOf(left, "result")) != "type" || len(flags) != 1 || text(flags[0]) != "daddr" || c.m.kinds != nil {
		return false
	}
	k := &kinds{not: c.not}
	for _, e := range c.list {
		k.list = append(k.list, text(bare(e)))
	}
	c.m.kinds = k
	return true
}
