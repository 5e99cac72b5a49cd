package ruleset

import (
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
)

func (o *options) ports() {
	var list []netfilter.PortRange
	for text := range strings.SplitSeq(o.value(), ",") {
		first, last, open := strings.Cut(text, ":")
		if !open {
			last = first
		}
		a, errA := strconv.ParseUint(first, 10, 16)
		b, errB := strconv.ParseUint(last, 10, 16)
		if errA != nil || errB != nil || a > b {
			o.match.more = true
			return
		}
		list = append(list, netfilter.PortRange{First: uint16(a), Last: uint16(b)})
	}
	o.match.addPorts(list, o.not)
}

// addPorts takes a condition on the destination port.
func (m *match) addPorts(list []netfilter.PortRange, not bool) {
	if m.ports != nil {
		m.more = true
		return
	}
	ports := netfilter.NormalPorts(list)
	if ports == nil {
		ports = []netfilter.PortRange{{First: 0, Last: 65535}}
	}
	if not {
		ports = otherPorts(ports)
	}
	m.ports = ports
}

// otherPorts are the ports between those of a sorted list; not nil.
func otherPorts(list []netfilter.PortRange) []netfilter.PortRange {
	out := []netfilter.PortRange{}
	next := 0
	for _, p := range list {
		if int(p.First) > next {
			out = append(out, netfilter.PortRange{First: uint16(next), Last: p.First - 1})
		}
		next = int(p.Last) + 1
	}
	if next <= 65535 {
		out = append(out, netfilter.PortRange{First: uint16(next), Last: 65535})
	}
	return out
}
