package netfilter

import "net/netip"

// service is a port that should not be open to everybody.
type service struct {
	proto Proto
	port  uint16
	level uint8
	what  string
}

// Level 9: no password, no encryption, or made for the machine room. Level 8: a
// login that strangers try day and night.
var services = [...]service{
	{TCP, 23, 9, "telnet"},
	{TCP, 111, 9, "portmapper"},
	{UDP, 111, 9, "portmapper"},
	{TCP, 135, 9, "windows rpc"},
	{TCP, 139, 9, "file sharing"},
	{TCP, 445, 9, "file sharing"},
	{UDP, 161, 9, "snmp"},
	{TCP, 512, 9, "rexec"},
	{TCP, 513, 9, "rlogin"},
	{TCP, 514, 9, "rsh"},
	{UDP, 623, 9, "ipmi"},
	{TCP, 2049, 9, "nfs"},
	{TCP, 2375, 9, "docker without tls"},
	{TCP, 2379, 9, "etcd"},
	{TCP, 4243, 9, "docker without tls"},
	{TCP, 6000, 9, "x11"},
	{TCP, 6379, 9, "redis"},
	{TCP, 9200, 9, "elasticsearch"},
	{TCP, 10250, 9, "kubelet"},
	{TCP, 11211, 9, "memcached"},
	{UDP, 11211, 9, "memcached"},
	{TCP, 27017, 9, "mongodb"},
	{TCP, 22, 8, "ssh"},
	{TCP, 1433, 8, "sql server"},
	{TCP, 1521, 8, "oracle"},
	{TCP, 2376, 8, "docker"},
	{TCP, 3306, 8, "mysql"},
	{TCP, 3389, 8, "remote desktop"},
	{UDP, 3389, 8, "remote desktop"},
	{TCP, 5432, 8, "postgresql"},
	{TCP, 5900, 8, "vnc"},
	{TCP, 5985, 8, "winrm"},
	{TCP, 5986, 8, "winrm"},
	{TCP, 6443, 8, "kubernetes"},
	{TCP, 8006, 8, "proxmox"},
	{TCP, 9090, 8, "cockpit"},
	{TCP, 10000, 8, "webmin"},
}

// public are the services that are made for strangers: the password or the key, where
// there is one, goes through an encrypted line, and the programs are written for
// what comes from everywhere.
var public = map[Proto][]uint16{
	TCP: {
		25,      // mail from other servers
		53, 853, // DNS
		80, 443, // the web
		465, 587, // mail from users
		993, 995, // mailboxes
		5222, 5269, // XMPP
		1194, // OpenVPN
		5349, // TURN
	},
	UDP: {
		53, 853, // DNS
		123,       // time
		443,       // the web
		500, 4500, // IPsec
		1194, 51820, // OpenVPN, WireGuard
		3478, 5349, // TURN
	},
}

// tunnels are the protocols that carry whole packets. ESP and AH are not among
// them: what they carry has been authenticated.
var tunnels = map[Proto]bool{
	4:   true, // IPv4 in IP
	41:  true, // IPv6 in IP
	47:  true, // GRE
	94:  true, // IPIP
	97:  true, // Ethernet in IP
	115: true, // L2TP
	137: true, // MPLS in IP
}

type icmpKind struct {
	proto Proto
	kind  uint8
}

// neighbours are the ICMPv6 messages by which hosts of one link find each other
// (RFC 4861): without them there is no IPv6.
var neighbours = []PortRange{kind(ICMPType{Type: 135}), kind(ICMPType{Type: 136})}

// routing are the ICMP messages that change where packets go.
var routing = map[icmpKind]bool{
	{ICMP, 5}:     true, // redirect
	{ICMP, 9}:     true, // router advertisement
	{ICMPv6, 134}: true, // router advertisement
	{ICMPv6, 137}: true, // redirect
}

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// Address blocks with a meaning of their own (RFC 6890).
var (
	// essential are the blocks without which a host does not work.
	essential = prefixes("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32",
		"::/127", "fe80::/10", "ff00::/8")
	// private are the blocks of a site's own networks.
	private = prefixes("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)

// overlaps reports whether any two of the blocks share an address.
func overlaps(list, table []netip.Prefix) bool {
	for _, p := range list {
		for _, t := range table {
			if p.Overlaps(t) {
				return true
			}
		}
	}
	return false
}

// inside reports whether a block is part of one of a table.
func inside(p netip.Prefix, table []netip.Prefix) bool {
	for _, t := range table {
		if t.Bits() <= p.Bits() && t.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

// Blocks shorter than these are a provider's, not a customer's.
var customerBits = map[Family]int{IP: 16, IP6: 32}

// wide reports whether a block of public addresses is larger than a customer's.
func wide(r judged) bool {
	for _, p := range r.Peers() {
		if p.Bits() < customerBits[r.Family] && !inside(p, private) {
			return true
		}
	}
	return false
}

// singles reports whether all peers are single addresses.
func singles(r judged) bool {
	for _, p := range r.Peers() {
		if !p.IsSingleIP() {
			return false
		}
	}
	return true
}
