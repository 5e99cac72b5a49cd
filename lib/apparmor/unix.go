package apparmor

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// Unix grants accesses to Unix sockets of one type. An address is "@" and the
// abstract name, "none" for a socket without one, or "auto" for a name that the
// kernel chooses; sockets in the file system are File rules. The zero Pattern is
// "any".
type Unix struct {
	Access    Set // of SocketAccesses
	Type      string
	Addr      Pattern
	PeerLabel Pattern // PeerLabel, PeerAddr: only with accesses that are all of PeerAccesses
	PeerAddr  Pattern
}

// Class returns ClassUnix.
func (Unix) Class() Class { return ClassUnix }

func (u Unix) appendText(dst []byte) []byte {
	dst = append(dst, "unix "...)
	dst = SocketAccesses.appendList(dst, u.Access)
	dst = append(dst, " type="...)
	dst = append(dst, u.Type...)
	if u.Addr != (Pattern{}) {
		dst = append(dst, " addr="...)
		dst = u.Addr.appendName(dst)
	}
	return appendPeer(dst, "label", u.PeerLabel, "addr", u.PeerAddr)
}

// appendPeer appends the condition on the peer, if there is one.
func appendPeer(dst []byte, name1 string, value1 Pattern, name2 string, value2 Pattern) []byte {
	if value1 == (Pattern{}) && value2 == (Pattern{}) {
		return dst
	}
	dst = append(dst, " peer=("...)
	if value1 != (Pattern{}) {
		dst = append(append(dst, name1...), '=')
		dst = value1.appendName(dst)
		if value2 != (Pattern{}) {
			dst = append(dst, ", "...)
		}
	}
	if value2 != (Pattern{}) {
		dst = append(append(dst, name2...), '=')
		dst = value2.appendName(dst)
	}
	return append(dst, ')')
}

func (u Unix) appendAttrs(attrs []record.Attr) []record.Attr {
	attrs = append(attrs,
		record.Attr{Name: "access", List: SocketAccesses.Words(u.Access)},
		record.Attr{Name: "sock_type", Text: u.Type})
	attrs = appendPattern(attrs, "addr", u.Addr)
	attrs = appendPattern(attrs, "peer_label", u.PeerLabel)
	return appendPattern(attrs, "peer_addr", u.PeerAddr)
}

func parseUnix(s *scanner) Body {
	u := Unix{Access: s.list(SocketAccesses)}
	s.expect(" type=")
	u.Type = s.wordOf(socketTypes)
	if s.accept(" addr=") {
		u.Addr = s.socketAddr()
	}
	if !s.accept(" peer=(") {
		return u
	}
	both := false
	if s.accept("label=") {
		u.PeerLabel = s.name()
		both = s.accept(", ")
	}
	if both || u.PeerLabel == (Pattern{}) {
		s.expect("addr=")
		u.PeerAddr = s.socketAddr()
	}
	s.expect(")")
	if u.Access.Minus(PeerAccesses) != (Set{}) {
		s.fail("a peer beside an access that has none")
	}
	return u
}

func (s *scanner) socketAddr() Pattern {
	p := s.nameOf(s.patternOf(true))
	if p.text != "none" && p.text != "auto" && (!strings.HasPrefix(p.text, "@") || strings.HasPrefix(p.text, "@{")) {
		s.fail("%q is no socket address", p.text)
	}
	return p
}

func (u Unix) target() Body {
	u.Access = Set{}
	return u
}

func (u Unix) union(o Body) Body {
	u.Access = u.Access.Union(o.(Unix).Access)
	return u
}
