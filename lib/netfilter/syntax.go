package netfilter

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// Syntax is a notation for rules.
type Syntax string

// The notations. The package comment shows one rule in each.
const (
	NFT      Syntax = "nft"              // a command of nft(8)
	Restore  Syntax = "iptables-restore" // a line for iptables-restore(8) and ip6tables-restore(8)
	IPTables Syntax = "iptables"         // a shell command of iptables(8) or ip6tables(8)
	IPSet    Syntax = "ipset"            // a command of ipset(8): one source to drop
)

// Syntaxes lists all notations.
func Syntaxes() []Syntax { return []Syntax{NFT, Restore, IPTables, IPSet} }

// limits says how much one rule can hold in a notation.
type limits struct {
	prefixes int // in each of Src and Dst; 0 for no list at all
	ports    int // in units: a range counts as one or, for multiport, as two
	wide     int // units of a range of more than one port
}

// limit returns the limits of a rule in a notation; false if there is no such
// notation.
func (s Syntax) limit(r Rule) (limits, bool) {
	switch s {
	case NFT:
		// A set as long as this makes a line of at most 200 KiB, so a rule
		// with its typed form stays well below the stream's 1 MiB. An element with a
		// time takes a hundred bytes of the message to the kernel, whose room in a
		// user namespace is 208 KiB (net.core.wmem_default).
		if r.Timeout > 0 {
			return limits{prefixes: 1024}, true
		}
		return limits{prefixes: 4096, ports: 4096, wide: 1}, true
	case Restore, IPTables:
		// iptables-restore takes words of at most 1023 bytes (add_param_to_argv
		// in iptables/xshared.c), an IPv6 block with its comma has up to 44;
		// multiport takes 15 ports (XT_MULTI_PORTS in xt_multiport.h).
		return limits{prefixes: 20, ports: 15, wide: 2}, true
	case IPSet:
		return limits{prefixes: 1}, true
	}
	return limits{}, false
}

// units is the room that a list of ports takes.
func (l limits) units(ports []PortRange) int {
	n := 0
	for _, p := range ports {
		n += l.unitsOf(p)
	}
	return n
}

func (l limits) unitsOf(p PortRange) int {
	if p.First == p.Last {
		return 1
	}
	return l.wide
}

// Text returns the rule in a notation: one line without its newline, printable
// ASCII. Parse reads it back.
//
// It fails for a rule that Check refuses, that the notation has no words for, or
// that is longer than a line may be: Split helps with the last.
func (r Rule) Text(s Syntax) (string, error) {
	l, ok := s.limit(r)
	if !ok {
		return "", fmt.Errorf("unknown syntax %q", bounded(string(s)))
	}
	if err := r.Check(); err != nil {
		return "", err
	}
	if len(r.Src) > l.prefixes || len(r.Dst) > l.prefixes || l.units(r.Ports) > l.ports {
		return "", fmt.Errorf("too many addresses or ports for one rule of %s", s)
	}
	switch s {
	case Restore, IPTables:
		if r.Timeout > 0 {
			return "", fmt.Errorf("%s has no rules that time out", s)
		}
		return string(appendIPTables(r.room(), s, r)), nil
	case NFT:
		return string(appendNFT(r.room(), r)), nil
	case IPSet:
		if err := checkIPSet(r); err != nil {
			return "", err
		}
	}
	return string(appendIPSet(nil, r)), nil
}

// room is a buffer for the text of the rule, large enough for most.
func (r Rule) room() []byte {
	return make([]byte, 0, 256+24*(len(r.Src)+len(r.Dst))+8*len(r.Ports))
}

// Parse reads one rule in its canonical text: Parse accepts exactly what Text
// writes, and nothing that means the same in other words.
func Parse(s Syntax, text string) (Rule, error) {
	var r Rule
	var err error
	c := &cursor{rest: text}
	switch s {
	case NFT:
		r, err = parseNFT(c)
	case Restore, IPTables:
		r, err = parseIPTables(c, s)
	case IPSet:
		r, err = parseIPSet(c)
	default:
		return Rule{}, fmt.Errorf("unknown syntax %q", bounded(string(s)))
	}
	if err != nil {
		return Rule{}, err
	}
	again, err := r.Text(s)
	if err != nil {
		return Rule{}, err
	}
	if again != text {
		return Rule{}, errors.New("not in canonical form")
	}
	return r, nil
}

// Split cuts a rule into rules that each fit into one line of a notation and
// together match the same packets. A rule that fits is returned as it is.
func Split(s Syntax, r Rule) []Rule {
	l, ok := s.limit(r)
	if !ok {
		return []Rule{r}
	}
	var out []Rule
	for _, src := range chunks(r.Src, l.prefixes) {
		for _, dst := range chunks(r.Dst, l.prefixes) {
			for _, ports := range l.chunks(r.Ports) {
				piece := r
				piece.Src, piece.Dst, piece.Ports = src, dst, ports
				out = append(out, piece)
			}
		}
	}
	return out
}

// chunks cuts a list, in order; an empty list is one empty piece.
func chunks(list []netip.Prefix, most int) [][]netip.Prefix {
	if len(list) <= most {
		return [][]netip.Prefix{list}
	}
	return slices.Collect(slices.Chunk(list, most))
}

func (l limits) chunks(ports []PortRange) [][]PortRange {
	if l.units(ports) <= l.ports || l.ports == 0 {
		return [][]PortRange{ports}
	}
	var out [][]PortRange
	start, used := 0, 0
	for i, p := range ports {
		if n := l.unitsOf(p); used+n > l.ports {
			out = append(out, ports[start:i])
			start, used = i, n
		} else {
			used += n
		}
	}
	return append(out, ports[start:])
}
