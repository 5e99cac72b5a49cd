package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// scope is what the names in a policy file stand for.
type scope struct {
	variables map[string][]string // "@NAME", raw values
	booleans  map[string]bool     // "$NAME"
	aliases   []alias
}

type alias struct{ from, to string }

func newScope() *scope {
	return &scope{variables: make(map[string][]string), booleans: make(map[string]bool)}
}

// inner returns a scope for the inside of a profile: what it sets stays there.
func (s *scope) inner() *scope {
	in := newScope()
	for k, v := range s.variables {
		in.variables[k] = v
	}
	for k, v := range s.booleans {
		in.booleans[k] = v
	}
	in.aliases = slices.Clone(s.aliases)
	return in
}

// assign carries out an assignment. A variable keeps its first "=", as
// apparmor_parser refuses a second.
func (s *scope) assign(n *node) {
	if n.name[0] == '$' {
		s.booleans[n.name] = strings.TrimSpace(n.value) == "true"
		return
	}
	have, defined := s.variables[n.name]
	values := splitValues(n.value)
	switch {
	case n.op == "+=":
		s.variables[n.name] = slices.Concat(have, values)
	case n.op == ":=" || !defined:
		s.variables[n.name] = values
	}
}

// splitValues splits at blanks that are not in quotes.
func splitValues(text string) (values []string) {
	l := lexer{text: text, line: 1}
	for {
		l.space()
		if l.pos >= len(l.text) {
			return values
		}
		if l.peek(0) == '"' {
			values = append(values, l.quoted().text)
			continue
		}
		start := l.pos
		if n := strings.IndexAny(l.text[l.pos:], " \t\r"); n >= 0 {
			l.pos += n
		} else {
			l.pos = len(l.text)
		}
		values = append(values, l.text[start:l.pos])
	}
}

// Bounds of what one text with variables can become.
const (
	maxExpansions = 4096    // texts
	maxExpanded   = 1 << 20 // bytes of all of them
	maxSteps      = 1 << 16 // variables looked up
)

var errExpansions = errors.New("variables that make too many texts")

// expand returns the texts that the text stands for, one for each combination of
// values.
func (s *scope) expand(text string) ([]string, error) {
	if !strings.Contains(text, "@{") {
		return []string{text}, nil
	}
	e := expander{scope: s, steps: maxSteps}
	return e.expand(text, 0)
}

// expander does the work of one call of expand.
type expander struct {
	*scope
	steps int // that are left
}

func (e *expander) expand(text string, depth int) ([]string, error) {
	before, name, after, ok := cutVariable(text)
	if !ok {
		return []string{text}, nil
	}
	if e.steps--; e.steps < 0 {
		return nil, errExpansions
	}
	if depth > maxDepth {
		return nil, errors.New("variables without end")
	}
	values, defined := e.variables["@"+name]
	if !defined {
		return nil, fmt.Errorf("@{%s} is not defined", name)
	}
	tails, err := e.expand(after, depth) // after is shorter: it ends
	if err != nil {
		return nil, err
	}
	var texts []string
	size := 0
	for _, v := range values {
		heads, err := e.expand(v, depth+1)
		if err != nil {
			return nil, err
		}
		if len(texts)+len(heads)*len(tails) > maxExpansions {
			return nil, errExpansions
		}
		for _, h := range heads {
			for _, t := range tails {
				texts = append(texts, before+h+t)
				if size += len(before) + len(h) + len(t); size > maxExpanded {
					return nil, errExpansions
				}
			}
		}
	}
	return texts, nil
}

// cutVariable finds the first variable of a text.
func cutVariable(text string) (before, name, after string, ok bool) {
	for i := 0; i+1 < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '@' && text[i+1] == '{':
			// "@" and an alternation is no variable: an abstract socket's name
			if name, after, ok = strings.Cut(text[i+2:], "}"); !ok || isVariable(name) {
				return text[:i], name, after, ok
			}
		}
	}
	return text, "", "", false
}

// isVariable reports whether the text can be the name of a variable
// (parser/parser_lex.l, VARIABLE_NAME).
func isVariable(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// paths returns the texts of a path: variables replaced, aliases added, doubled
// slashes made one, as apparmor_parser does.
func (s *scope) paths(text string) ([]string, error) {
	texts, err := s.expand(text)
	if err != nil {
		return nil, err
	}
	for i := range texts {
		texts[i] = singleSlashes(texts[i])
	}
	for _, t := range texts {
		for _, a := range s.aliases {
			if rest, ok := strings.CutPrefix(t, a.from); ok {
				texts = append(texts, singleSlashes(a.to+rest))
			}
		}
	}
	return texts, nil
}

func singleSlashes(s string) string {
	if !strings.Contains(s, "//") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] != '/' || i == 0 || s[i-1] != '/' {
			b = append(b, s[i])
		}
	}
	return string(b)
}
