package apparmor

import (
	"math/bits"
	"slices"
	"strings"
)

// A shape is a pattern of the tables here: bytes and the globs "*" and "**", no two
// of them side by side. Where in it a name has come to is a bit of places.
type shape struct {
	text         string // a byte for each element, "*" for a glob
	names, paths places // which of them are "*" and "**"
}

// places are numbers of elements that a name has been matched by; behind the last
// one, by all.
type places uint64

// maxShape is how many elements a shape has at most.
const maxShape = 63

// newShape returns the shape of a text that has no escapes and no variables; ok is
// false for another, and for one that is too long.
func newShape(text string) (s shape, ok bool) {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '*' && i+1 < len(text) && text[i+1] == '*' {
			s.paths |= 1 << len(b)
			i++
		} else if text[i] == '*' {
			s.names |= 1 << len(b)
		}
		b = append(b, text[i])
	}
	s.text = string(b)
	return s, len(b) <= maxShape && plain(strings.ReplaceAll(text, "*", ""))
}

func (s *shape) globs() places { return s.names | s.paths }

// start is where a name begins.
func (s *shape) start() places { return s.closed(1) }

// closed adds the places behind globs, which can match nothing.
func (s *shape) closed(at places) places { return at | at&s.globs()<<1 }

// step returns where one byte of the set can lead.
func (s *shape) step(at places, takes *byteSet) (to places) {
	to = at & s.paths
	if takes.beyondSlash() {
		to |= at & s.names
	}
	for rest := at &^ s.globs() & (1<<len(s.text) - 1); rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(uint64(rest))
		if takes.has(s.text[i]) {
			to |= 1 << (i + 1)
		}
	}
	return s.closed(to)
}

// beyondSlash reports whether there is another byte than "/" in the set.
func (s *byteSet) beyondSlash() bool {
	return s[0]&^(1<<'/')|s[1]|s[2]|s[3] != 0
}

func (s *shape) accepts(at places) bool { return at>>len(s.text)&1 != 0 }

// meets reports whether some name is accepted by both.
func (m *machine) meets(s *shape) bool { return m.meetsIn(make([]places, len(m.takes)), s) }

// meetsIn is meets with room for where each state has come to.
func (m *machine) meetsIn(at []places, s *shape) bool {
	clear(at)
	at[0] = s.start()
	if m.accept[0] && s.accepts(at[0]) {
		return true
	}
	todo := append(make([]int, 0, 64), 0)
	for len(todo) > 0 {
		state := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, next := range m.next[state] {
			more := s.step(at[state], &m.takes[next]) &^ at[next]
			if more == 0 {
				continue
			}
			if at[next] |= more; m.accept[next] && s.accepts(more) {
				return true
			}
			todo = append(todo, next)
		}
	}
	return false
}

// maxWithin bounds the work of within.
const maxWithin = 20000

// within reports whether the shape matches every name that the machine accepts. It
// may say no where that is hard to find out.
func (m *machine) within(s *shape) bool {
	type pair struct {
		state int
		at    places
	}
	first := pair{0, s.start()}
	seen := map[pair]bool{first: true}
	todo := []pair{first}
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if m.accept[p.state] && !s.accepts(p.at) || p.at == 0 || len(seen) > maxWithin {
			return false
		}
		for _, next := range m.next[p.state] {
			for _, c := range s.telling(m.takes[next]) {
				to := pair{next, s.step(p.at, &c)}
				if !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
	}
	return true
}

// telling returns sets of one byte of the set, one for each way that the shape
// can take: each of its own bytes, a slash and any other.
func (s *shape) telling(takes byteSet) (list []byteSet) {
	add := func(c byte) {
		if takes.has(c) {
			takes[c>>6] &^= 1 << (c & 63)
			list = append(list, one(c))
		}
	}
	add('/')
	for i := range len(s.text) {
		if s.globs()>>i&1 == 0 {
			add(s.text[i])
		}
	}
	for c := range 256 {
		if takes.has(byte(c)) {
			return append(list, one(byte(c)))
		}
	}
	return list
}

// matches reports whether the shape matches the name.
func (s *shape) matches(name string) bool { return s.matchesFrom(0, name) }

// matchesFrom is matches for the elements from i on. It tries each length of a
// glob, so it is for shapes with few of them.
func (s *shape) matchesFrom(i int, name string) bool {
	for ; i < len(s.text); i++ {
		if s.globs()>>i&1 == 0 {
			if name == "" || name[0] != s.text[i] {
				return false
			}
			name = name[1:]
			continue
		}
		wide := s.paths>>i&1 != 0
		if i+1 == len(s.text) {
			return wide || strings.IndexByte(name, '/') < 0
		}
		for n := range len(name) + 1 {
			if s.matchesFrom(i+1, name[n:]) {
				return true
			}
			if n < len(name) && !wide && name[n] == '/' {
				break
			}
		}
		return false
	}
	return name == ""
}

// machine returns the machine of a pattern without variables. What is none, and
// what has a variable, is taken for one that matches anything: the worst.
func (p Pattern) machine() *machine {
	if !p.hasVariable() {
		if m, err := newMachine(p.text); err == nil {
			return m
		}
	}
	m, _ := newMachine("**")
	return m
}

// overlaps reports whether some name is matched by the pattern and by the text of
// a shape.
func (p Pattern) overlaps(text string) bool {
	s, ok := newShape(text)
	return !ok || p.machine().meets(&s)
}

// accepts reports whether the machine accepts the name.
func (m *machine) accepts(name string) bool {
	at := []int{0}
	for i := range len(name) {
		var next []int
		for _, state := range at {
			for _, to := range m.next[state] {
				if m.takes[to].has(name[i]) && !slices.Contains(next, to) {
					next = append(next, to)
				}
			}
		}
		if at = next; at == nil {
			return false
		}
	}
	return slices.ContainsFunc(at, func(state int) bool { return m.accept[state] })
}

// meetsMachine reports whether some name is accepted by both.
func (m *machine) meetsMachine(o *machine) bool {
	type pair struct{ a, b int }
	seen := map[pair]bool{{}: true}
	todo := []pair{{}}
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if m.accept[p.a] && o.accept[p.b] {
			return true
		}
		for _, a := range m.next[p.a] {
			for _, b := range o.next[p.b] {
				if to := (pair{a, b}); m.takes[a].meets(&o.takes[b]) && !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
	}
	return false
}

func (s *byteSet) meets(o *byteSet) bool {
	return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3] != 0
}
