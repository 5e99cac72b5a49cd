package netfilter

import (
	"fmt"
	"strconv"
)

// Proto is a transport protocol by its IANA number. 0 stands for every
// protocol: as a number in a rule it would be an IPv6 hop-by-hop header, which
// iptables cannot match ("-p 0" means all) and no packet has for a transport.
type Proto uint8

// The protocols that have a name in rules. The others are numbers: a name would
// be looked up in /etc/protocols, which need not be there.
const (
	AnyProto Proto = 0
	ICMP     Proto = 1
	TCP      Proto = 6
	UDP      Proto = 17
	ICMPv6   Proto = 58
	SCTP     Proto = 132
	UDPLite  Proto = 136
)

type protoInfo struct {
	proto Proto
	name  string // in Attrs, and of the header in nft
	ports bool   // has ports that rules can match
}

var protoInfos = [...]protoInfo{
	{TCP, "tcp", true},
	{UDP, "udp", true},
	{ICMP, "icmp", false},
	{ICMPv6, "icmpv6", false},
	{SCTP, "sctp", true},
	{UDPLite, "udplite", true},
}

// String returns the protocol's name, or its number.
func (p Proto) String() string {
	for _, info := range protoInfos {
		if info.proto == p {
			return info.name
		}
	}
	return strconv.Itoa(int(p))
}

// HasPorts reports whether rules can match the protocol's ports.
func (p Proto) HasPorts() bool {
	for _, info := range protoInfos {
		if info.proto == p {
			return info.ports
		}
	}
	return false
}

// protoByName is the inverse of String for names.
func protoByName(name string) (Proto, bool) {
	for _, info := range protoInfos {
		if info.name == name {
			return info.proto, true
		}
	}
	return 0, false
}

// protoByNumber reads a number from 1 to 255.
func protoByNumber(word string) (Proto, error) {
	n, err := strconv.ParseUint(word, 10, 8)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no protocol number", bounded(word))
	}
	return Proto(n), nil
}

// check refuses a protocol that no packet of the family has.
//
// IPv6 extension headers are headers before the transport's, not transports:
// the kernel passes over them (ipv6_find_hdr), so a rule for one matches
// nothing or, with AH and a fragment, not what it says.
func (p Proto) check(f Family) error {
	if f == IP && p == ICMPv6 || f == IP6 && p == ICMP {
		return fmt.Errorf("protocol %s does not go with family %s", p, f)
	}
	if f == IP6 {
		switch p {
		case 43, 44, 51, 60: // routing, fragment, authentication, destination options
			return fmt.Errorf("protocol %d is an IPv6 extension header", p)
		}
	}
	return nil
}
