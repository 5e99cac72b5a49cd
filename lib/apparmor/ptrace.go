package apparmor

import "github.com/sl-suite/sl/lib/record"

// Ptrace grants tracing a peer or reading its state, or that the peer does.
type Ptrace struct {
	Access Set // of PtraceAccesses
	Peer   Pattern
}

// PtraceAccesses are the accesses of ptrace rules.
var PtraceAccesses = vocabulary("ptrace access", "read", "readby", "trace", "tracedby")

// Class returns ClassPtrace.
func (Ptrace) Class() Class { return ClassPtrace }

func (p Ptrace) appendText(dst []byte) []byte {
	dst = append(dst, "ptrace "...)
	dst = PtraceAccesses.appendList(dst, p.Access)
	dst = append(dst, " peer="...)
	return p.Peer.appendName(dst)
}

func (p Ptrace) appendAttrs(attrs []record.Attr) []record.Attr {
	attrs = append(attrs, record.Attr{Name: "access", List: PtraceAccesses.Words(p.Access)})
	return appendPattern(attrs, "peer", p.Peer)
}

func parsePtrace(s *scanner) Body {
	p := Ptrace{Access: s.list(PtraceAccesses)}
	s.expect(" peer=")
	p.Peer = s.name()
	return p
}

func (p Ptrace) target() Body {
	p.Access = Set{}
	return p
}

func (p Ptrace) union(o Body) Body {
	p.Access = p.Access.Union(o.(Ptrace).Access)
	return p
}
