package broker

import (
	"fmt"
	"strconv"
	"strings"
)

// dangerLimit is the danger from which a rule is refused where no policy says
// less: 9 and 10 undo the confinement that they are a part of.
const dangerLimit = 9

// A Policy says how dangerous a rule may be, and which rules are accepted all
// the same. The zero Policy refuses from 9 on and names no rule.
type Policy struct {
	limit   uint8              // 0 stands for dangerLimit
	allowed map[grant]struct{} // what is named
}

// A grant is one rule accepted by name; with profile "" for every profile, and
// for firewalls.
type grant struct{ profile, rule string }

// ParsePolicy reads a danger policy, line by line:
//
//	# a comment; empty lines are passed over
//	danger N               refuse rules of danger N (1 to 9) and above
//	allow RULE             accept this rule whatever its danger
//	allow-for "PROFILE" RULE   the same, for one AppArmor profile only
//
// RULE is the canonical text of a rule as sl-apparmor and sl-iptables write it,
// to the end of the line. Nothing raises the limit above 9: a rule that
// dangerous has to be named. An error says name and line; there is no line that
// is passed over in silence.
func ParsePolicy(name string, text []byte) (Policy, error) {
	return parsePolicy(name, text, languages())
}

func parsePolicy(name string, text []byte, known []language) (Policy, error) {
	p := Policy{allowed: map[grant]struct{}{}}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if err := p.line(strings.TrimSuffix(line, "\n"), known); err != nil {
			return Policy{}, fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	return p, nil
}

// line takes one line in.
func (p *Policy) line(line string, known []language) error {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case line == "" || line[0] == '#':
		return nil
	case !printable(line):
		return fmt.Errorf("control character in %.200q", line)
	case word == "danger":
		return p.setLimit(rest)
	case word == "allow":
		return p.allow("", rest, known)
	case word == "allow-for":
		quoted, rule, ok := strings.Cut(strings.TrimPrefix(rest, `"`), `" `)
		if !ok || quoted == "" || rest[0] != '"' {
			return fmt.Errorf(`want allow-for "PROFILE" RULE, have %.200q`, line)
		}
		return p.allow(quoted, rule, known)
	}
	return fmt.Errorf("unknown word %.200q: want danger, allow or allow-for", word)
}

func (p *Policy) setLimit(s string) error {
	n, err := strconv.ParseUint(s, 10, 8)
	switch {
	case err != nil || n < 1 || n > dangerLimit || s != strconv.FormatUint(n, 10):
		return fmt.Errorf("want danger 1 to %d, have %.200q", dangerLimit, s)
	case p.limit != 0:
		return fmt.Errorf("second danger line")
	}
	p.limit = uint8(n)
	return nil
}

// allow names a rule. A text that no language knows would never match anything:
// it is a mistake, and the writer of the policy wants to hear of it now.
func (p *Policy) allow(profile, rule string, known []language) error {
	for _, lang := range known {
		if text, err := lang.canonical(rule); err == nil && text == rule {
			p.allowed[grant{profile, rule}] = struct{}{}
			return nil
		}
	}
	return fmt.Errorf("not the canonical text of a rule: %.200q", rule)
}

// refuses reports whether a rule of that danger is too dangerous to be written.
func (p Policy) refuses(profile, rule string, danger uint8) bool {
	limit := p.limit
	if limit == 0 {
		limit = dangerLimit
	}
	if danger < limit {
		return false
	}
	_, everywhere := p.allowed[grant{"", rule}]
	_, here := p.allowed[grant{profile, rule}]
	return !everywhere && !here
}

// policyLine is the line that names a rule.
func policyLine(profile, rule string) string {
	if len(rule) > 1000 {
		rule = "RULE" // too long to be shown; the stream has it
	}
	if profile == "" {
		return "allow " + rule
	}
	return fmt.Sprintf("allow-for \"%s\" %s", profile, rule)
}
