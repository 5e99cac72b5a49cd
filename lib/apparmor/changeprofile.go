package apparmor

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// ChangeProfile grants changing to the profile Profile, at once or at the next
// exec; with Stack, being confined by it and by the present one together.
type ChangeProfile struct {
	Stack   bool
	Profile Pattern
}

// Class returns ClassChangeProfile.
func (ChangeProfile) Class() Class { return ClassChangeProfile }

func (c ChangeProfile) appendText(dst []byte) []byte {
	dst = append(dst, `change_profile -> "`...)
	if c.Stack {
		dst = append(dst, '&')
	}
	dst = append(dst, c.Profile.text...)
	return append(dst, '"')
}

func (c ChangeProfile) appendAttrs(attrs []record.Attr) []record.Attr {
	if c.Stack {
		attrs = append(attrs, record.Attr{Name: "stack", Flag: true})
	}
	return appendPattern(attrs, "to", c.Profile)
}

func parseChangeProfile(s *scanner) Body {
	var c ChangeProfile
	s.expect("-> ")
	c.Profile = s.name()
	if rest, ok := strings.CutPrefix(c.Profile.text, "&"); ok {
		c = ChangeProfile{Stack: true, Profile: Pattern{rest}}
	}
	if s.err == nil && (c.Profile.text == "" || strings.ContainsAny(c.Profile.text[:1], ":&")) {
		s.fail("expected a profile of this policy namespace")
	}
	return c
}

func (c ChangeProfile) target() Body    { return c }
func (c ChangeProfile) union(Body) Body { return c }
