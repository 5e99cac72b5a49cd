package ruleset

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
)

// match is the conditions of a rule. A packet that does not meet those that are
// named here is not matched; with more, others must hold, too, that are not
// understood.
type match struct {
	families families
	src, dst *addrs.Set // nil is every address
	in, out  *names
	protos   *protos
	ports    []netfilter.PortRange // destination; nil is every port
	icmp     *icmp
	uid      *uids
	kinds    *kinds
	notNew   bool // not for the first packet of a connection
	natted   bool // only for connections whose addresses were translated
	refused  bool // for packets that the kernel refuses if they are for the host
	notSYN   bool // not for TCP with SYN alone
	onlySYN  bool // only for TCP with SYN and without ACK, FIN and RST
	more     bool
}

type protos [256]bool

type icmp struct{ kind, code int } // code -1 is every code

type uids struct {
	first, last uint64
	not         bool
}

// names are interfaces by name; a '*' at the end stands for any rest.
type names struct {
	list []string
	not  bool
}

func (n *names) has(name string) bool {
	return slices.ContainsFunc(n.list, func(s string) bool {
		start, open := strings.CutSuffix(s, "*")
		return s == name || open && strings.HasPrefix(name, start)
	}) != n.not
}

// relation says how the packets of a query are matched: none of them, all, or
// neither is known.
type relation struct{ none, all bool }

var (
	always = relation{all: true}
	hardly = relation{none: true}
	maybe  = relation{}
)

func yes(all bool) relation { return relation{none: !all, all: all} }

func both(a, b relation) relation { return relation{a.none || b.none, a.all && b.all} }

// relate compares all conditions but those on the addresses of the other side
// with a query. first says that it is about first packets.
func (m *match) relate(q *netfilter.Rule, first bool) relation {
	r := yes(m.families&familyOf(q.Family) != 0)
	if r.none || first && (m.notNew || m.refused && q.Chain != netfilter.Forward) {
		return hardly
	}
	opens := first && q.Proto == netfilter.TCP && q.Verdict == netfilter.Accept
	switch {
	case m.notSYN && opens:
		return hardly
	case m.notSYN, m.onlySYN && !opens, m.more:
		r = both(r, maybe)
	}
	local := m.dst
	if q.Chain == netfilter.Output {
		local = m.src
	}
	r = both(r, relateAddrs(q.Local(), local))
	r = both(r, relateName(q.In, m.in))
	r = both(r, relateName(q.Out, m.out))
	r = both(r, m.relateTransport(q))
	if first {
		r = both(r, relateKind(q, m.kinds))
	} else if m.kinds != nil { // a packet that is logged can be for a group
		r = both(r, maybe)
	}
	if m.natted || m.refused {
		r = both(r, maybe)
	}
	if m.uid != nil {
		switch id := uint64(q.Owner.UID); {
		case !q.Owner.Match:
			r = both(r, maybe)
		default:
			r = both(r, yes((m.uid.first <= id && id <= m.uid.last) != m.uid.not))
		}
	}
	return r
}

func relateAddrs(list []netip.Prefix, set *addrs.Set) relation {
	switch {
	case set == nil:
		return always
	case len(list) == 0:
		return maybe
	}
	r := relation{none: true, all: true}
	for _, p := range list {
		r.none = r.none && !set.OverlapsPrefix(p)
		r.all = r.all && set.ContainsPrefix(p)
	}
	return r
}

func relateName(name string, n *names) relation {
	switch {
	case n == nil:
		return always
	case name == "":
		return maybe
	}
	return yes(n.has(name))
}

func (m *match) relateTransport(q *netfilter.Rule) relation {
	r := always
	if m.protos != nil {
		if q.Proto == netfilter.AnyProto {
			return maybe
		}
		r = yes(m.protos[q.Proto])
	}
	if m.ports != nil {
		r = both(r, relatePorts(q.Ports, m.ports))
	}
	if m.icmp != nil {
		switch {
		case !q.ICMP.Match:
			r = both(r, maybe)
		default:
			r = both(r, yes(m.icmp.kind == int(q.ICMP.Type) && (m.icmp.code < 0 || m.icmp.code == int(q.ICMP.Code))))
		}
	}
	return r
}

func relatePorts(asked, ports []netfilter.PortRange) relation {
	if len(asked) == 0 {
		return maybe
	}
	r := relation{none: true, all: true}
	for _, a := range asked {
		inside := false
		for _, p := range ports {
			inside = inside || p.First <= a.First && a.Last <= p.Last
			r.none = r.none && (p.Last < a.First || a.Last < p.First)
		}
		r.all = r.all && inside
	}
	return r
}

// peers are the addresses of the other side that a rule is for.
func (m *match) peers(c netfilter.Chain) *addrs.Set {
	if c == netfilter.Output {
		return m.dst
	}
	return m.src
}
