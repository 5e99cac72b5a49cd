package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// truth is the value of a condition: a condition that is not understood is
// neither true nor false.
type truth uint8

const (
	unknown truth = iota
	yes
	no
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return unknown
}

// condition evaluates the words behind "if".
type condition struct {
	words []word
	scope *scope
}

// truth returns the value of the whole condition.
func (s *scope) truth(words []word) truth {
	c := condition{words, s}
	t := c.or(0)
	if len(c.words) > 0 {
		return unknown
	}
	return t
}

func (c *condition) accept(text string) bool {
	if len(c.words) == 0 || c.words[0].quoted || c.words[0].text != text {
		return false
	}
	c.words = c.words[1:]
	return true
}

func (c *condition) or(depth int) truth {
	t := c.and(depth)
	for c.accept("or") {
		u := c.and(depth)
		switch {
		case t == yes || u == yes:
			t = yes
		case t == unknown || u == unknown:
			t = unknown
		}
	}
	return t
}

func (c *condition) and(depth int) truth {
	t := c.not(depth)
	for c.accept("and") {
		u := c.not(depth)
		switch {
		case t == no || u == no:
			t = no
		case t == unknown || u == unknown:
			t = unknown
		}
	}
	return t
}

func (c *condition) not(depth int) truth {
	negate := false
	for c.accept("not") {
		negate = !negate
	}
	t := c.term(depth)
	if negate {
		return t.not()
	}
	return t
}

func (c *condition) term(depth int) truth {
	if c.accept("(") && depth < maxDepth {
		t := c.or(depth + 1)
		if !c.accept(")") {
			return unknown
		}
		return t
	}
	defined := c.accept("defined")
	if !defined && len(c.words) >= 3 {
		if t, ok := c.comparison(); ok {
			return t
		}
	}
	if len(c.words) == 0 {
		return unknown
	}
	name := c.words[0].text
	c.words = c.words[1:]
	switch {
	case name == "true" || name == "false":
		return truthOf(name == "true")
	case len(name) < 2:
		return unknown
	}
	plain := name[:1] + trimBraces(name[1:])
	switch name[0] {
	case '$':
		value, ok := c.scope.booleans[plain]
		if defined {
			return truthOf(ok)
		}
		if ok {
			return truthOf(value)
		}
	case '@':
		if _, ok := c.scope.variables[plain]; defined {
			return truthOf(ok)
		}
	}
	return unknown
}

// comparison reads VALUE OPERATOR VALUE; ok is false when that is not what
// follows.
func (c *condition) comparison() (t truth, ok bool) {
	op := c.words[1].text
	compare, ok := comparisons[op]
	if !ok && op != "in" {
		return unknown, false
	}
	left, right := c.values(c.words[0]), c.values(c.words[2])
	c.words = c.words[3:]
	switch {
	case op == "in":
		all := len(left) > 0
		for _, v := range left {
			all = all && slices.Contains(right, v)
		}
		return truthOf(all), true
	case len(left) != 1 || len(right) != 1:
		return unknown, true
	}
	a, errA := strconv.ParseInt(left[0], 10, 64)
	b, errB := strconv.ParseInt(right[0], 10, 64)
	order := cmp.Compare(a, b)
	if errA != nil || errB != nil {
		order = strings.Compare(left[0], right[0])
	}
	return truthOf(compare(order)), true
}

// comparisons tell from how two values are ordered whether the operator holds.
var comparisons = map[string]func(order int) bool{
	"==": func(o int) bool { return o == 0 }, "!=": func(o int) bool { return o != 0 },
	"<": func(o int) bool { return o < 0 }, "<=": func(o int) bool { return o <= 0 },
	">": func(o int) bool { return o > 0 }, ">=": func(o int) bool { return o >= 0 },
}

// values returns the values of a variable, or of a text that has some in it.
func (c *condition) values(w word) []string {
	texts, _ := c.scope.expand(w.text)
	return texts
}

func trimBraces(s string) string {
	if len(s) >= 2 && s[0] == '{' && s[len(s)-1] == '}' {
		return s[1 : len(s)-1]
	}
	return s
}
