package netfilter

import (
	"errors"
	"fmt"
	"net/netip"
)

// Family is the network protocol that a rule is about.
type Family string

// The families, by the names that nft gives them.
const (
	IP  Family = "ip"  // IPv4
	IP6 Family = "ip6" // IPv6
)

// Chain is the path of a packet through the host. The kernel calls the hooks
// LOCAL_IN, LOCAL_OUT and FORWARD.
type Chain string

// The chains that a rule can stand in.
const (
	Input   Chain = "input"
	Output  Chain = "output"
	Forward Chain = "forward"
)

// Verdict is what a rule does with the packets it matches.
type Verdict string

// The verdicts. A reject answers with the kernel's default ICMP error.
const (
	Accept Verdict = "accept"
	Drop   Verdict = "drop"
	Reject Verdict = "reject"
)

// Rule is one firewall rule. All of its matches must hold; a match that is
// empty matches everything.
//
// A Rule is canonical: its addresses and ports are sorted, disjoint and as few
// as can be, and a match that would hold for every packet is left empty. Check
// says whether it is; Normal makes lists so.
type Rule struct {
	Family  Family
	Chain   Chain
	In      string         // interface it came in by; never in output
	Out     string         // interface it leaves by; never in input
	Proto   Proto          // transport protocol
	Src     []netip.Prefix // source addresses
	Dst     []netip.Prefix // destination addresses
	Ports   []PortRange    // destination ports, of a Proto that has ports
	ICMP    ICMPType       // of Proto ICMP or ICMPv6
	Owner   Owner          // of the sending socket, only in output
	Verdict Verdict
	Timeout uint32 // seconds until it ends, 0 for never; only of sources to drop
}

// ICMPType matches one kind of ICMP message: type and code.
type ICMPType struct {
	Match bool // false matches every kind, and Type and Code are 0
	Type  uint8
	Code  uint8
}

// Owner matches packets sent by the sockets of one user.
type Owner struct {
	Match bool // false matches everybody, and UID is 0
	UID   uint32
}

// noUID is (uid_t)-1, which the kernel takes for "no user".
const noUID = 1<<32 - 1

// Check says why r is not a canonical rule that every syntax can express
// without loss; nil if it is one. IPSet and long lists have limits of their own.
func (r Rule) Check() error {
	if r.Family != IP && r.Family != IP6 {
		return fmt.Errorf("unknown family %q", bounded(string(r.Family)))
	}
	switch r.Verdict {
	case Accept, Drop, Reject:
	default:
		return fmt.Errorf("unknown verdict %q", bounded(string(r.Verdict)))
	}
	if err := r.checkPath(); err != nil {
		return err
	}
	if err := r.checkTransport(); err != nil {
		return err
	}
	if err := checkPrefixes(r.Family, r.Src); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if err := checkPrefixes(r.Family, r.Dst); err != nil {
		return fmt.Errorf("destination: %w", err)
	}
	return r.checkTimeout()
}

// checkPath checks what depends on the packet's way through the host.
func (r Rule) checkPath() error {
	switch r.Chain {
	case Input, Output, Forward:
	default:
		return fmt.Errorf("unknown chain %q", bounded(string(r.Chain)))
	}
	for _, name := range [...]string{r.In, r.Out} {
		if name != "" && !ValidInterface(name) {
			return fmt.Errorf("interface name %q cannot stand in a rule", bounded(name))
		}
	}
	switch {
	case r.Chain == Output && r.In != "":
		return errors.New("a packet in output has no interface it came in by")
	case r.Chain == Input && r.Out != "":
		return errors.New("a packet in input has no interface it leaves by")
	case r.Owner.Match && r.Chain != Output:
		return errors.New("only a packet in output has an owner")
	case !r.Owner.Match && r.Owner.UID != 0, r.Owner.UID == noUID:
		return errors.New("not a user id")
	}
	return nil
}

// checkTransport checks the protocol and what only some protocols have.
func (r Rule) checkTransport() error {
	if err := r.Proto.check(r.Family); err != nil {
		return err
	}
	if len(r.Ports) > 0 && !r.Proto.HasPorts() {
		return fmt.Errorf("protocol %s has no ports", r.Proto)
	}
	if err := checkPorts(r.Ports); err != nil {
		return err
	}
	switch {
	case r.ICMP.Match && r.Proto != ICMP && r.Proto != ICMPv6:
		return fmt.Errorf("protocol %s has no icmp type", r.Proto)
	case !r.ICMP.Match && r.ICMP != ICMPType{}:
		return errors.New("icmp type without a match")
	}
	return nil
}

// Peers returns the addresses of the other side: the sources of what comes in
// or passes through, the destinations of what the host sends.
func (r Rule) Peers() []netip.Prefix {
	if r.Chain == Output {
		return r.Dst
	}
	return r.Src
}

// WithPeers returns r with other addresses for the other side.
func (r Rule) WithPeers(peers []netip.Prefix) Rule {
	if r.Chain == Output {
		r.Dst = peers
	} else {
		r.Src = peers
	}
	return r
}

// Local returns the addresses of this side, the one that Peers is not.
func (r Rule) Local() []netip.Prefix {
	if r.Chain == Output {
		return r.Src
	}
	return r.Dst
}

// bounded cuts text from outside that is to be quoted in an error.
func bounded(s string) string {
	const longest = 64
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}
