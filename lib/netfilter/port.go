package netfilter

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// PortRange is the ports from First to Last, both included.
type PortRange struct {
	First, Last uint16
}

const maxPort = 1<<16 - 1

// Port is the range of one port.
func Port(n uint16) PortRange { return PortRange{n, n} }

// append writes the range with the dash that the syntax wants.
func (p PortRange) append(dst []byte, dash byte) []byte {
	dst = strconv.AppendUint(dst, uint64(p.First), 10)
	if p.Last != p.First {
		dst = append(dst, dash)
		dst = strconv.AppendUint(dst, uint64(p.Last), 10)
	}
	return dst
}

// String returns "22" or "80-90".
func (p PortRange) String() string { return string(p.append(nil, '-')) }

// parsePort reads what append writes.
func parsePort(word string, dash byte) (PortRange, error) {
	first, last := word, word
	if i := strings.IndexByte(word, dash); i >= 0 {
		first, last = word[:i], word[i+1:]
	}
	a, errFirst := strconv.ParseUint(first, 10, 16)
	b, errLast := strconv.ParseUint(last, 10, 16)
	if errFirst != nil || errLast != nil || b < a {
		return PortRange{}, fmt.Errorf("%q is no port or range of ports", bounded(word))
	}
	return PortRange{uint16(a), uint16(b)}, nil
}

// NormalPorts returns the same ports as the fewest ranges, sorted. All ports
// together are nil, which matches them all; so are none.
func NormalPorts(ports []PortRange) []PortRange {
	sorted := slices.SortedFunc(slices.Values(ports), comparePorts)
	var out []PortRange
	for _, p := range sorted {
		if n := len(out); n > 0 && int(p.First) <= int(out[n-1].Last)+1 {
			out[n-1].Last = max(out[n-1].Last, p.Last)
			continue
		}
		out = append(out, p)
	}
	if len(out) == 1 && out[0] == (PortRange{0, maxPort}) {
		return nil
	}
	return out
}

func comparePorts(a, b PortRange) int {
	return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last))
}

// checkPorts says why a list is not what NormalPorts makes.
func checkPorts(ports []PortRange) error {
	for i, p := range ports {
		switch {
		case p.Last < p.First:
			return errors.New("a range of ports ends before it starts")
		case i > 0 && int(p.First) <= int(ports[i-1].Last)+1:
			return errors.New("ports are not sorted and apart")
		case p == PortRange{0, maxPort}:
			return errors.New("all ports are written as none")
		}
	}
	return nil
}
