package apparmor

import "github.com/sl-suite/sl/lib/record"

// Link grants making the hard link Name to the file Target. The process needs
// no other access to either; whoever may use the new name needs it.
type Link struct {
	Owner  bool
	Name   Pattern
	Target Pattern
}

// Class returns ClassLink.
func (Link) Class() Class { return ClassLink }

func (l Link) appendText(dst []byte) []byte {
	if l.Owner {
		dst = append(dst, "owner "...)
	}
	dst = append(dst, "link "...)
	dst = l.Name.appendName(dst)
	dst = append(dst, " -> "...)
	return l.Target.appendName(dst)
}

func (l Link) appendAttrs(attrs []record.Attr) []record.Attr {
	if l.Owner {
		attrs = append(attrs, record.Attr{Name: "owner", Flag: true})
	}
	attrs = appendPattern(attrs, "path", l.Name)
	return appendPattern(attrs, "target", l.Target)
}

func parseLink(s *scanner, owner bool) Body {
	l := Link{Owner: owner, Name: s.path()}
	s.expect(" -> ")
	l.Target = s.path()
	return l
}

func (l Link) target() Body    { return l }
func (l Link) union(Body) Body { return l }
