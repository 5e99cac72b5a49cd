package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// Place is where a rule stands.
type Place struct {
	File string // with its folder
	Line int    // from 1
}

// String returns "file:line".
func (p Place) String() string { return p.File + ":" + strconv.Itoa(p.Line) }

// Rule is one rule of the installed policy.
type Rule struct {
	Place
	Text string // as it stands there, blanks and comments left out; the beginning of a long one
	Deny bool
}

// clause is a rule taken apart as far as all classes have in common.
type clause struct {
	*Rule
	priority int
	owner    ownership
	words    []word // behind the qualifiers
	origin   int    // which file it is from, where that matters
}

// ownership says for whom a file rule is.
type ownership uint8

const (
	everybody ownership = iota
	ownerOnly
	othersOnly
)

// newClause reads the qualifiers in front of a rule.
func newClause(place Place, words []word) *clause {
	c := &clause{Rule: &Rule{Place: place, Text: shown(textOf(words))}, words: words}
	for len(c.words) > 0 {
		n := 1
		switch w := c.words[0]; {
		case w.quoted:
			return c
		case w.key && w.text == "priority" && len(c.words) > 1:
			c.priority, _ = strconv.Atoi(c.words[1].text)
			n = 2
		case w.text == "audit" || w.text == "quiet" || w.text == "allow" || w.text == "safe" || w.text == "unsafe":
		case w.text == "deny":
			c.Deny = true
		case w.text == "owner":
			c.owner = ownerOnly
		case w.text == "other":
			c.owner = othersOnly
		default:
			return c
		}
		c.words = c.words[n:]
	}
	return c
}

// textOf writes the words down again.
func textOf(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && !words[i-1].key && !w.close && words[i-1].text != "(" {
			b.WriteByte(' ')
		}
		switch {
		case w.quoted:
			b.WriteString(`"` + w.text + `"`)
		case w.key:
			b.WriteString(w.text + "=")
		default:
			b.WriteString(w.text)
		}
	}
	return b.String() + ","
}

// condition of a rule: name=value, name=(values) or name in (values); those of
// peer=(...) begin with "peer.".
type clauseCondition struct {
	name   string
	in     bool
	values []string
}

// body is what stands behind the keyword.
type body struct {
	list       []string // words in front of the conditions: accesses, families, options
	conditions []clauseCondition
	operands   []string // paths and other values
	arrow      []string // what is behind "->"
}

// parseBody takes the words behind the keyword apart. isWord tells the words of
// the class from operands.
func parseBody(words []word, isWord func(string) bool) (b body, err error) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w.key:
			c := clauseCondition{name: w.text}
			i = b.values(&c, words, i+1)
		case i+1 < len(words) && !w.quoted && words[i+1].text == "in" && !words[i+1].quoted:
			c := clauseCondition{name: w.text, in: true}
			i = b.values(&c, words, i+2)
		case w.open && w.text == "(":
			for i++; i < len(words) && !words[i].close; i++ {
				b.list = append(b.list, words[i].text)
			}
		case w.text == "->" && !w.quoted:
			for _, a := range words[i+1:] {
				b.arrow = append(b.arrow, a.text)
			}
			return b, nil
		case w.open || w.close:
			return b, fmt.Errorf("%q in a rule", w.text)
		case !w.quoted && isWord(w.text):
			b.list = append(b.list, w.text)
		default:
			b.operands = append(b.operands, w.text)
		}
	}
	return b, nil
}

// values reads the value at words[i], or the list there, and returns the place of
// its last word.
func (b *body) values(c *clauseCondition, words []word, i int) int {
	if i >= len(words) {
		b.conditions = append(b.conditions, *c)
		return i
	}
	if !words[i].open {
		c.values = []string{words[i].text}
		b.conditions = append(b.conditions, *c)
		return i
	}
	for i++; i < len(words) && !words[i].close; i++ {
		if words[i].key {
			inner := clauseCondition{name: c.name + "." + words[i].text}
			i = b.values(&inner, words, i+1)
		} else {
			c.values = append(c.values, words[i].text)
		}
	}
	if len(c.values) > 0 {
		b.conditions = append(b.conditions, *c)
	}
	return i
}

// only is an error when there are conditions other than these, or operands or an
// arrow.
func (b *body) only(conditions ...string) error {
	for _, c := range b.conditions {
		known := false
		for _, name := range conditions {
			known = known || c.name == name
		}
		if !known {
			return fmt.Errorf("condition %q", c.name)
		}
	}
	if len(b.operands) > 0 {
		return fmt.Errorf("word %q", b.operands[0])
	}
	if len(b.arrow) > 0 {
		return fmt.Errorf("an arrow")
	}
	return nil
}

// names returns what the rule asks of the name.
func (b *body) names(s *scope, condition string, path bool) (names, error) {
	for _, c := range b.conditions {
		if c.name == condition {
			return s.names(c.values, path)
		}
	}
	return anything, nil
}
