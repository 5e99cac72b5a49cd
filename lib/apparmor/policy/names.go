package policy

import (
	"regexp"
	"slices"
)

// Bounds of the literal beginnings of one pattern.
const (
	maxHeads     = 64
	maxHeadSteps = 1 << 14 // elements looked at
)

// head is a literal beginning of what a pattern matches, or all of it.
type head struct {
	text  string
	whole bool
}

// heads returns literal beginnings of which every name that the pattern matches
// has one.
func heads(seq []element) []head {
	b := beginner{maxHeadSteps}
	return b.extend([]head{{whole: true}}, seq)
}

// beginner does the work of one call of heads.
type beginner struct{ steps int }

// extend puts seq behind those of the list that are whole, as far as there are
// not too many.
func (b *beginner) extend(list []head, seq []element) []head {
	for _, e := range seq {
		var next []head
		for _, h := range list {
			b.steps--
			switch {
			case !h.whole:
				next = append(next, h)
			case b.steps < 0:
				next = append(next, head{h.text, false})
			case e.kind == literal:
				next = append(next, head{h.text + e.text, true})
			case e.kind == alternation:
				for _, alt := range e.alts {
					next = append(next, b.extend([]head{h}, alt)...)
				}
			default:
				next = append(next, head{h.text, false})
			}
		}
		if len(next) > maxHeads {
			for i := range list {
				list[i].whole = false
			}
			return list
		}
		list = next
	}
	return list
}

// glob is one pattern of the policy, without variables.
type glob struct {
	seq   []element
	exact string // the one name that it matches, if isExact
	one   bool
	re    *regexp.Regexp // made when it is first needed
	bad   bool           // no expression could be made of it
}

func newGlob(text string) (*glob, error) {
	seq, err := parseGlob(text)
	if err != nil {
		return nil, err
	}
	g := &glob{seq: seq}
	if h := heads(seq); len(h) == 1 && h[0].whole {
		g.exact, g.one = h[0].text, true
	}
	return g, nil
}

// match reports whether the pattern matches the encoded name.
func (g *glob) match(name string) bool {
	if g.one {
		return name == g.exact
	}
	if g.re == nil && !g.bad {
		var err error
		g.re, err = compile(g.seq)
		g.bad = err != nil
	}
	return !g.bad && g.re.MatchString(name)
}

// names is what a condition of a rule asks of one name.
type names struct {
	any   bool // nothing is asked
	globs []*glob
}

var anything = names{any: true}

// match reports whether the condition holds for all of the encoded names; none
// stands for every name there is.
func (n names) match(all []string) bool {
	if n.any {
		return true
	}
	for _, name := range all {
		if !slices.ContainsFunc(n.globs, func(g *glob) bool { return g.match(name) }) {
			return false
		}
	}
	return len(all) > 0
}

// names returns the condition that the texts make together.
func (s *scope) names(texts []string, path bool) (names, error) {
	var n names
	for _, t := range texts {
		expand := s.expand
		if path {
			expand = s.paths
		}
		expanded, err := expand(t)
		if err != nil {
			return n, err
		}
		for _, e := range expanded {
			g, err := newGlob(e)
			if err != nil {
				return n, err
			}
			n.globs = append(n.globs, g)
		}
	}
	return n, nil
}
