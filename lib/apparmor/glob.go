package apparmor

import (
	"errors"
	"strings"
)

// machine accepts the names that a pattern of the policy matches, with all that
// apparmor_parser takes in one (parser/parser_regex.c, convert_aaregex_to_pcre):
// ? * ** [set] {one,other} and escapes. A state is the byte that was read last;
// the first is the one before any.
//
// It accepts a little more than the parser does, which lets a glob that is a whole
// component match something only.
type machine struct {
	takes  []byteSet // by state: the bytes that lead to it
	next   [][]int   // by state: the states behind it
	accept []bool
}

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) add(c byte)     { s[c>>6] |= 1 << (c & 63) }
func (s byteSet) has(c byte) bool { return s[c>>6]>>(c&63)&1 != 0 }

func (s byteSet) inverted() byteSet { return byteSet{^s[0], ^s[1], ^s[2], ^s[3]} }

func one(c byte) (s byteSet) {
	s.add(c)
	return s
}

// anyByte and inName are what the globs take: no name holds a zero byte.
func anyByte() byteSet { return one(0).inverted() }

func inName() byteSet {
	s := one(0)
	s.add('/')
	return s.inverted()
}

// maxStates bounds a machine; a name has at most MaxName bytes.
const maxStates = 4 * MaxName

// newMachine returns the machine of an escaped text without variables.
func newMachine(text string) (*machine, error) {
	m := &machine{takes: make([]byteSet, 1, len(text)+1), next: make([][]int, 1, len(text)+1)}
	r := globReader{machine: m, rest: text}
	whole, err := r.sequence(0)
	if err != nil {
		return nil, err
	}
	m.next[0] = whole.first
	m.accept = make([]bool, len(m.takes))
	for _, state := range whole.last {
		m.accept[state] = true
	}
	m.accept[0] = whole.empty
	return m, nil
}

// stretch is a part of a machine.
type stretch struct {
	first, last []int
	empty       bool // it accepts the empty text
}

// then returns s followed by t.
func (m *machine) then(s, t stretch) stretch {
	for _, state := range s.last {
		m.next[state] = append(m.next[state], t.first...)
	}
	both := stretch{first: s.first, last: t.last, empty: s.empty && t.empty}
	if s.empty {
		both.first = append(both.first[:len(both.first):len(both.first)], t.first...)
	}
	if t.empty {
		both.last = append(both.last[:len(both.last):len(both.last)], s.last...)
	}
	return both
}

// state returns a new state alone; with many, one that can follow itself, or not
// be there.
func (m *machine) state(takes byteSet, many bool) stretch {
	n := len(m.takes)
	m.takes = append(m.takes, takes)
	m.next = append(m.next, nil)
	if many {
		m.next[n] = []int{n}
	}
	return stretch{first: []int{n}, last: []int{n}, empty: many}
}

var errGlob = errors.New("a glob that is not understood")

// globReader makes a machine out of a text.
type globReader struct {
	*machine
	rest string
}

// sequence reads up to the end, or inside braces up to what ends an alternative.
func (r *globReader) sequence(depth int) (stretch, error) {
	whole := stretch{empty: true}
	for r.rest != "" && !(depth > 0 && strings.IndexByte(",}", r.rest[0]) >= 0) {
		part, err := r.element(depth)
		if err != nil {
			return whole, err
		}
		if len(r.takes) > maxStates {
			return whole, errGlob
		}
		whole = r.then(whole, part)
	}
	return whole, nil
}

func (r *globReader) element(depth int) (stretch, error) {
	switch c := r.rest[0]; c {
	case '{':
		return r.alternatives(depth + 1)
	case '}':
		return stretch{}, errGlob
	case '[':
		return r.set()
	case '*':
		r.rest = r.rest[1:]
		if rest, ok := strings.CutPrefix(r.rest, "*"); ok {
			r.rest = rest
			return r.state(anyByte(), true), nil
		}
		return r.state(inName(), true), nil
	case '?':
		r.rest = r.rest[1:]
		return r.state(inName(), false), nil
	}
	c, err := r.literal()
	return r.state(one(c), false), err
}

// literal reads a byte that stands for itself, or an escaped one.
func (r *globReader) literal() (byte, error) {
	if r.rest[0] != '\\' {
		c := r.rest[0]
		r.rest = r.rest[1:]
		return c, nil
	}
	t, n, err := escapeToken(r.rest)
	if err != nil { // the policy may escape what need not be
		if len(r.rest) < 2 || ordinaryLetter(r.rest[1]) {
			return 0, errGlob
		}
		t, n = token{c: r.rest[1]}, 2
	}
	r.rest = r.rest[n:]
	return t.c, nil
}

func ordinaryLetter(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// maxDepth bounds how deep braces stand in braces.
const maxDepth = 50

func (r *globReader) alternatives(depth int) (all stretch, err error) {
	if depth > maxDepth {
		return all, errGlob
	}
	for {
		r.rest = r.rest[1:] // the "{" or ","
		part, err := r.sequence(depth)
		if err != nil || r.rest == "" {
			return all, errGlob
		}
		all.first = append(all.first, part.first...)
		all.last = append(all.last, part.last...)
		all.empty = all.empty || part.empty
		if r.rest[0] == '}' {
			r.rest = r.rest[1:]
			return all, nil
		}
	}
}

// set reads "[abc]", "[a-z]" or "[^abc]".
func (r *globReader) set() (stretch, error) {
	body, rest, ok := strings.Cut(r.rest[1:], "]")
	if !ok || body == "" || strings.ContainsAny(body, `\[`) {
		return stretch{}, errGlob
	}
	r.rest = rest
	body, not := strings.CutPrefix(body, "^")
	var s byteSet
	for i := 0; i < len(body); i++ {
		low, high := body[i], body[i]
		if i+2 < len(body) && body[i+1] == '-' {
			high = body[i+2]
			i += 2
		}
		for c := int(low); c <= int(high); c++ {
			s.add(byte(c))
		}
	}
	if not {
		s.add(0)
		s = s.inverted()
	}
	return r.state(s, false), nil
}
