package apparmor

import "github.com/sl-suite/sl/lib/record"

// IOUring grants a polling kernel thread (the zero value), or the use of
// credentials that another profile registered.
type IOUring struct {
	Label Pattern // whose credentials; zero for sqpoll
}

// Class returns ClassIOUring.
func (IOUring) Class() Class { return ClassIOUring }

// access is the word for what is granted.
func (u IOUring) access() string {
	if u.Label == (Pattern{}) {
		return "sqpoll"
	}
	return "override_creds"
}

func (u IOUring) appendText(dst []byte) []byte {
	dst = append(dst, "io_uring ("...)
	dst = append(dst, u.access()...)
	dst = append(dst, ')')
	if u.Label != (Pattern{}) {
		dst = u.Label.appendName(append(dst, " label="...))
	}
	return dst
}

func (u IOUring) appendAttrs(attrs []record.Attr) []record.Attr {
	attrs = append(attrs, record.Attr{Name: "access", List: []string{u.access()}})
	return appendPattern(attrs, "label", u.Label)
}

func parseIOUring(s *scanner) Body {
	var u IOUring
	if !s.accept("(sqpoll)") {
		s.expect("(override_creds) label=")
		u.Label = s.name()
	}
	return u
}

func (u IOUring) target() Body    { return u }
func (u IOUring) union(Body) Body { return u }
