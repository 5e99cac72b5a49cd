package apparmor

import "github.com/sl-suite/sl/lib/record"

// Userns grants creating user namespaces.
type Userns struct{}

// Class returns ClassUserns.
func (Userns) Class() Class { return ClassUserns }

func (Userns) appendText(dst []byte) []byte { return append(dst, "userns create"...) }

func (Userns) appendAttrs(attrs []record.Attr) []record.Attr {
	return append(attrs, record.Attr{Name: "access", List: []string{"create"}})
}

func parseUserns(s *scanner) Body {
	s.expect("create")
	return Userns{}
}

func (u Userns) target() Body    { return u }
func (u Userns) union(Body) Body { return u }
