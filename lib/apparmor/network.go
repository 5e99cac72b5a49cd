package apparmor

import (
	"net/netip"
	"strconv"

	"github.com/sl-suite/sl/lib/record"
)

// Network grants the use of sockets of one family and type. Without accesses it
// is the portable form, which grants all of them and takes no addresses.
type Network struct {
	Access Set // of SocketAccesses
	Family string
	Type   string
	Local  Endpoint
	Peer   Endpoint // only with accesses that are all of PeerAccesses
}

// Endpoint is an IP address and a port, either of which may be absent.
type Endpoint struct {
	IP      netip.Addr
	Port    uint16
	HasPort bool
}

// Class returns ClassNetwork.
func (Network) Class() Class { return ClassNetwork }

func (n Network) appendText(dst []byte) []byte {
	dst = append(dst, "network "...)
	if n.Access != (Set{}) {
		dst = SocketAccesses.appendList(dst, n.Access)
		dst = append(dst, ' ')
	}
	dst = append(dst, n.Family...)
	dst = append(dst, ' ')
	dst = append(dst, n.Type...)
	if n.Local != (Endpoint{}) {
		dst = append(dst, ' ')
		dst = n.Local.appendText(dst)
	}
	if n.Peer != (Endpoint{}) {
		dst = append(dst, " peer=("...)
		dst = n.Peer.appendText(dst)
		dst = append(dst, ')')
	}
	return dst
}

func (e Endpoint) appendText(dst []byte) []byte {
	if e.IP.IsValid() {
		dst = append(dst, "ip="...)
		dst = e.IP.AppendTo(dst)
		if e.HasPort {
			dst = append(dst, ' ')
		}
	}
	if e.HasPort {
		dst = append(dst, "port="...)
		dst = strconv.AppendUint(dst, uint64(e.Port), 10)
	}
	return dst
}

func (n Network) appendAttrs(attrs []record.Attr) []record.Attr {
	if n.Access != (Set{}) {
		attrs = append(attrs, record.Attr{Name: "access", List: SocketAccesses.Words(n.Access)})
	}
	attrs = append(attrs, record.Attr{Name: "family", Text: n.Family}, record.Attr{Name: "sock_type", Text: n.Type})
	attrs = n.Local.appendAttrs(attrs, "")
	return n.Peer.appendAttrs(attrs, "peer_")
}

func (e Endpoint) appendAttrs(attrs []record.Attr, prefix string) []record.Attr {
	if e.IP.IsValid() {
		attrs = append(attrs, record.Attr{Name: prefix + "ip", Text: e.IP.String()})
	}
	if e.HasPort {
		attrs = append(attrs, record.Attr{Name: prefix + "port", Text: strconv.Itoa(int(e.Port))})
	}
	return attrs
}

func parseNetwork(s *scanner) Body {
	var n Network
	extended := s.at("(")
	if extended {
		n.Access = s.list(SocketAccesses)
		s.expect(" ")
	}
	n.Family = s.wordOf(families)
	s.expect(" ")
	n.Type = s.wordOf(socketTypes)
	if !extended {
		return n
	}
	if s.at(" ip=") || s.at(" port=") {
		s.expect(" ")
		n.Local = s.endpoint()
	}
	if s.accept(" peer=(") {
		n.Peer = s.endpoint()
		s.expect(")")
		if n.Access.Minus(PeerAccesses) != (Set{}) {
			s.fail("a peer beside an access that has none")
		}
	}
	if n.hasAddress() && n.Family != "inet" && n.Family != "inet6" {
		s.fail("an address in a rule for family %s", n.Family)
	}
	return n
}

func (n Network) hasAddress() bool { return n.Local != (Endpoint{}) || n.Peer != (Endpoint{}) }

// endpoint reads "ip=1.2.3.4 port=5", "ip=1.2.3.4" or "port=5".
func (s *scanner) endpoint() (e Endpoint) {
	if s.accept("ip=") {
		ip, err := netip.ParseAddr(s.word("address"))
		if err != nil {
			s.fail("no address")
		}
		e.IP = ip
		if !s.accept(" port=") {
			return e
		}
	} else {
		s.expect("port=")
	}
	e.Port = uint16(s.number(16))
	e.HasPort = true
	return e
}

func (n Network) target() Body {
	n.Access = Set{}
	return n
}

// union of the portable form with accesses is the portable form: it grants all.
func (n Network) union(o Body) Body {
	m := o.(Network)
	if n.Access == (Set{}) || m.Access == (Set{}) {
		n.Access = Set{}
		return n
	}
	n.Access = n.Access.Union(m.Access)
	return n
}
