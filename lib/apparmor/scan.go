package apparmor

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/visible"
)

// scanner reads a rule from left to right. The first failure stays in err, and
// what is read after it has no meaning.
type scanner struct {
	text    string
	pos     int
	err     error
	earlier bool // take what version 0.1.0 took
}

func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf("byte %d: %s", s.pos, fmt.Sprintf(format, args...))
	}
}

// at reports whether the literal is next.
func (s *scanner) at(literal string) bool { return strings.HasPrefix(s.text[s.pos:], literal) }

// accept steps over the literal and reports whether it was there.
func (s *scanner) accept(literal string) bool {
	if !s.at(literal) {
		return false
	}
	s.pos += len(literal)
	return true
}

func (s *scanner) expect(literal string) {
	if !s.accept(literal) {
		s.fail("expected %q", literal)
	}
}

// word reads at least one byte of a word: letters, digits and "_", ".", "+",
// "-", ":" but no quote, blank, bracket or comma.
func (s *scanner) word(what string) string {
	start := s.pos
	for s.pos < len(s.text) && wordByte(s.text[s.pos]) {
		s.pos++
	}
	if s.pos == start {
		s.fail("expected %s", what)
	}
	return s.text[start:s.pos]
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_.+-:", c) >= 0
}

// wordOf reads a word of the vocabulary.
func (s *scanner) wordOf(v *Vocabulary) string {
	w := s.word(v.what)
	if s.err == nil && !v.Has(w) {
		s.fail("unknown %s %q", v.what, w)
	}
	return w
}

// list reads "(a, b)".
func (s *scanner) list(v *Vocabulary) (set Set) {
	s.expect("(")
	for s.err == nil {
		one, _ := v.Parse(s.wordOf(v))
		set = set.Union(one)
		if !s.accept(", ") {
			s.expect(")")
			break
		}
	}
	return set
}

// number reads a decimal number.
func (s *scanner) number(bits int) uint64 {
	w := s.word("number")
	n, err := strconv.ParseUint(w, 10, bits)
	if err != nil {
		s.fail("%q is no number of %d bits", w, bits)
	}
	return n
}

// name reads a quoted pattern, which may not be empty and has no variables: only in
// paths is it known what the parser makes of them.
func (s *scanner) name() Pattern {
	return s.nameOf(s.pattern())
}

func (s *scanner) nameOf(p Pattern) Pattern {
	if s.err == nil && !s.earlier && p.hasVariable() {
		s.fail("a variable in a name that is no path")
	}
	return p
}

// pattern reads a quoted pattern, which may not be empty.
func (s *scanner) pattern() Pattern { return s.patternOf(false) }

// patternOf is pattern; octal says that characters that do not show are octal.
func (s *scanner) patternOf(octal bool) Pattern {
	s.expect(`"`)
	start := s.pos
	if name, _, ok := strings.Cut(s.text[start:], `"`); ok && name != "" && len(name) <= MaxName && plain(name) { // most are
		s.pos += len(name) + 1
		return Pattern{name}
	}
	for s.pos < len(s.text) && s.text[s.pos] != '"' {
		if s.text[s.pos] == '\\' {
			s.pos++
		}
		s.pos++
	}
	if s.pos >= len(s.text) {
		s.pos = start
		s.fail("name without end")
		return Pattern{}
	}
	p := Pattern{s.text[start:s.pos]}
	hidden := visible.Hidden
	if s.earlier {
		hidden = acts
	}
	if err := p.checkFor(hidden, octal); err != nil {
		s.pos = start
		s.fail("%v", err)
	}
	s.expect(`"`)
	return p
}

// path reads a name that can be a path.
func (s *scanner) path() Pattern {
	p := s.pattern()
	if s.err != nil {
		return p
	}
	if !p.isPath() {
		s.fail("%q is no absolute path", p.text)
	} else if err := p.checkVariables(); err != nil && !s.earlier {
		s.fail("%v", err)
	}
	return p
}
