package apparmor

import (
	"fmt"
	"strings"
)

// token is one element of a pattern.
type token struct {
	kind tokenKind
	c    byte   // of a literalByte
	name string // of a variable
}

type tokenKind uint8

const (
	literalByte tokenKind = iota
	anyName               // *
	anyPath               // **
	oneChar               // ?
	variable              // @{NAME}
)

func (t token) text() string {
	switch t.kind {
	case anyName:
		return "*"
	case anyPath:
		return "**"
	case oneChar:
		return "?"
	}
	return "@{" + t.name + "}"
}

// tokens takes the escaped text apart. Texts with the other globs of AppArmor
// ([], {}) are errors: nothing here makes them.
func (p Pattern) tokens() ([]token, error) {
	tokens := make([]token, 0, len(p.text))
	for rest := p.text; rest != ""; {
		t, n, err := nextToken(rest)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		rest = rest[n:]
	}
	return tokens, nil
}

func nextToken(s string) (t token, n int, err error) {
	switch c := s[0]; {
	case c == '\\':
		return escapeToken(s)
	case strings.HasPrefix(s, "**"):
		return token{kind: anyPath}, 2, nil
	case c == '*':
		return token{kind: anyName}, 1, nil
	case c == '?':
		return token{kind: oneChar}, 1, nil
	case strings.HasPrefix(s, "@{"):
		return variableToken(s)
	case strings.IndexByte(escaped, c) >= 0:
		return t, 0, fmt.Errorf("%q without backslash in a name", c)
	default:
		return token{c: c}, 1, nil
	}
}

func escapeToken(s string) (t token, n int, err error) {
	if len(s) >= 2 && strings.IndexByte(escaped, s[1]) >= 0 {
		return token{c: s[1]}, 2, nil
	}
	if len(s) >= 4 && octal(s[1]) && s[1] <= '3' && octal(s[2]) && octal(s[3]) {
		return token{c: (s[1]-'0')<<6 | (s[2]-'0')<<3 | (s[3] - '0')}, 4, nil
	}
	return t, 0, fmt.Errorf("unknown escape %q in a name", s[:min(len(s), 4)])
}

func octal(c byte) bool { return c >= '0' && c <= '7' }

func variableToken(s string) (t token, n int, err error) {
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return t, 0, fmt.Errorf("variable without end in a name")
	}
	name := s[2:end]
	for i := 0; i < len(name); i++ {
		c := name[i] | 0x20
		if c >= 'a' && c <= 'z' || i > 0 && (name[i] >= '0' && name[i] <= '9' || name[i] == '_') {
			continue
		}
		return t, 0, fmt.Errorf("%q is no name of a variable", name)
	}
	if name == "" {
		return t, 0, fmt.Errorf("variable without name")
	}
	return token{kind: variable, name: name}, end + 1, nil
}
