package apparmor

import (
	"errors"
	"fmt"

	"github.com/sl-suite/sl/lib/record"
)

// MaxText bounds the text of one rule, in bytes: two names of [MaxName] bytes,
// each byte an octal escape, and the words around them.
const MaxText = 8*MaxName + 1024

// Rule is one rule. Rules are comparable: equal rules are the same rule.
type Rule struct {
	Audit bool // log the access even where it is allowed
	Mode  Mode // what is done to what the body names
	Body  Body // what the rule is about: File, Capability, ...
}

// Mode is the second qualifier of a rule.
type Mode uint8

// The modes. Allow means the same as none; it is kept because texts differ.
const (
	NoMode Mode = iota
	Allow
	Deny
)

// Body is the part of a rule behind its qualifiers: one of the types of this
// package, one for each class.
type Body interface {
	Class() Class

	appendText(dst []byte) []byte
	appendAttrs(dst []record.Attr) []record.Attr

	// target is the body without what union unites; union is given a body
	// with the same target.
	target() Body
	union(Body) Body
}

// Class says which kind of access a rule is about. The order is the one in
// which rules are listed.
type Class uint8

// The classes of rules.
const (
	ClassRlimit Class = iota
	ClassCapability
	ClassNetwork
	ClassUnix
	ClassMount
	ClassUmount
	ClassPivotRoot
	ClassUserns
	ClassIOUring
	ClassMqueue
	ClassDBus
	ClassSignal
	ClassPtrace
	ClassChangeProfile
	ClassFile
	ClassLink
)

var classNames = [...]string{
	"rlimit", "capability", "network", "unix", "mount", "umount", "pivot_root", "userns",
	"io_uring", "mqueue", "dbus", "signal", "ptrace", "change_profile", "file", "link",
}

// String returns the keyword of the class; "file" for path rules.
func (c Class) String() string { return classNames[c] }

// Text returns the canonical text of the rule: one line, no blank at either
// end, a comma last. Only printable ASCII and printable UTF-8 is in it.
func (r Rule) Text() string { return string(r.AppendText(nil)) }

// AppendText appends what Text returns.
func (r Rule) AppendText(dst []byte) []byte {
	if r.Audit {
		dst = append(dst, "audit "...)
	}
	switch r.Mode {
	case Allow:
		dst = append(dst, "allow "...)
	case Deny:
		dst = append(dst, "deny "...)
	}
	return append(r.Body.appendText(dst), ',')
}

// Plain reports whether the rule has no qualifier but owner: it grants an
// access and does nothing else.
func (r Rule) Plain() bool { return !r.Audit && r.Mode == NoMode }

// Parser returns the first major version of apparmor_parser that takes the rule.
func (r Rule) Parser() int {
	switch b := r.Body.(type) {
	case Mqueue, IOUring, Userns:
		return 4
	case Network:
		if b.Access != (Set{}) {
			return 4
		}
	case Mount:
		if b.Options.Intersects(laterOptions) {
			return 4
		}
	}
	return 3
}

// Attrs returns the typed view of a rule that its record carries: the class,
// the qualifiers, then the properties in a fixed order.
func Attrs(r Rule) []record.Attr {
	attrs := append(make([]record.Attr, 0, 4), record.Attr{Name: "class", Text: r.Body.Class().String()}) // 4: a file rule
	if r.Audit {
		attrs = append(attrs, record.Attr{Name: "audit", Flag: true})
	}
	switch r.Mode {
	case Allow:
		attrs = append(attrs, record.Attr{Name: "allow", Flag: true})
	case Deny:
		attrs = append(attrs, record.Attr{Name: "deny", Flag: true})
	}
	return r.Body.appendAttrs(attrs)
}

// Parse reads the canonical text of one rule. The error names the byte at which
// the text stops being one. Parse(r.Text()) == r for every r that Parse
// returned, and r.Text() == text.
func Parse(text string) (Rule, error) {
	if len(text) > MaxText {
		return Rule{}, fmt.Errorf("rule of %d bytes: at most %d", len(text), MaxText)
	}
	r, err := parse(text)
	if err != nil {
		return Rule{}, err
	}
	var stack [256]byte
	if canonical := r.AppendText(stack[:0]); string(canonical) != text {
		return Rule{}, fmt.Errorf("not the canonical text, which is %q", canonical)
	}
	return r, nil
}

// parse is Parse for a text that may not be canonical.
func parse(text string) (Rule, error) {
	s := scanner{text: text}
	r := s.rule()
	if s.err == nil && s.pos != len(text) {
		s.fail("text after the rule")
	}
	return r, s.err
}

// Check reports why r has no canonical text: a field is missing, or two of its
// fields contradict each other.
func (r Rule) Check() error {
	_, err := r.Reread(r.Text())
	return err
}

// Reread is Check for a rule whose text is there already. It returns the same rule,
// whose names are parts of the text.
func (r Rule) Reread(text string) (Rule, error) {
	if len(text) > MaxText {
		return r, fmt.Errorf("rule of %d bytes: at most %d", len(text), MaxText)
	}
	got, err := parse(text)
	if err == nil && got != r { // the same rule has the same text, so text is canonical
		err = errors.New("a field has a value that the text cannot show")
	}
	return got, err
}

// bodies are the parsers of the classes by what a body begins with; file and
// link rules begin with neither.
var bodies = []struct {
	word  string
	parse func(*scanner) Body
}{
	{"capability ", parseCapability},
	{"network ", parseNetwork},
	{"unix ", parseUnix},
	{"signal ", parseSignal},
	{"ptrace ", parsePtrace},
	{"mount ", parseMount},
	{"umount ", parseUmount},
	{"pivot_root ", parsePivotRoot},
	{"change_profile ", parseChangeProfile},
	{"dbus ", parseDBus},
	{"mqueue ", parseMqueue},
	{"io_uring ", parseIOUring},
	{"userns ", parseUserns},
	{"set rlimit ", parseRlimit},
}

func (s *scanner) rule() (r Rule) {
	r.Audit = s.accept("audit ")
	if s.accept("allow ") {
		r.Mode = Allow
	} else if s.accept("deny ") {
		r.Mode = Deny
	}
	r.Body = s.body(r.Mode == Deny)
	s.expect(",")
	return r
}

func (s *scanner) body(deny bool) Body {
	owner := s.accept("owner ")
	if !owner && !s.at(`"`) {
		for _, b := range bodies {
			if s.accept(b.word) {
				return b.parse(s)
			}
		}
	}
	if s.accept("link ") {
		return parseLink(s, owner)
	}
	return parseFile(s, owner, deny)
}

// appendPattern appends the attribute of a name, if there is one: the exact
// bytes of a literal, else the escaped text with its globs under name_glob.
func appendPattern(attrs []record.Attr, name string, p Pattern) []record.Attr {
	if p == (Pattern{}) {
		return attrs
	}
	if literal, ok := p.Literal(); ok {
		return append(attrs, record.Attr{Name: name, Text: literal})
	}
	return append(attrs, record.Attr{Name: name + "_glob", Text: p.text})
}
