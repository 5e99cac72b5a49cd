package broker

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/visible"
)

// defaultDanger is the danger from which a rule is refused where nobody says
// another: keys and passwords are 7 or 8. maxDanger is the highest limit: 9 and 10
// undo the confinement that they are a part of, and have to be named one by one.
const (
	defaultDanger = 7
	maxDanger     = 9
)

// Decisions say how dangerous a rule may be, and which rules are accepted all the
// same. The zero value names no rule and leaves the limit to others.
type Decisions struct {
	limit   uint8              // 0 where no line says it
	allowed map[grant]struct{} // what is named
}

// A grant is one rule accepted by name; with profile "" for every profile, and
// for firewalls.
type grant struct{ profile, rule string }

// ParseDecisions reads a file of decisions, line by line:
//
//	# a comment; empty lines are passed over
//	danger N               refuse rules of danger N (1 to 9) and above
//	allow RULE             accept this rule whatever its danger
//	allow-for "PROFILE" RULE   the same, for one AppArmor profile only
//
// RULE is the canonical text of a rule as sl-apparmor and sl-iptables write it,
// to the end of the line. Without a danger line the limit is 7, and nothing raises
// it above 9: a rule that dangerous has to be named. An error says name and line;
// there is no line that is passed over in silence.
func ParseDecisions(name string, text []byte) (Decisions, error) {
	return parseDecisions(name, text, languages())
}

func parseDecisions(name string, text []byte, known []language) (Decisions, error) {
	d := Decisions{allowed: map[grant]struct{}{}}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if err := d.line(strings.TrimSuffix(line, "\n"), known); err != nil {
			return Decisions{}, fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	return d, nil
}

// line takes one line in.
func (d *Decisions) line(line string, known []language) error {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case line == "" || line[0] == '#':
		return nil
	case !visible.Is(line):
		return fmt.Errorf("a character that does not show in %s", visible.Quote(line[:min(len(line), 200)]))
	case word == "danger":
		return d.setLimit(rest)
	case word == "allow":
		return d.allow("", rest, known)
	case word == "allow-for":
		quoted, rule, ok := strings.Cut(strings.TrimPrefix(rest, `"`), `" `)
		if !ok || quoted == "" || rest[0] != '"' {
			return fmt.Errorf(`want allow-for "PROFILE" RULE, have %.200q`, line)
		}
		return d.allow(quoted, rule, known)
	}
	return fmt.Errorf("unknown word %.200q: want danger, allow or allow-for", word)
}

func (d *Decisions) setLimit(s string) error {
	n, err := strconv.ParseUint(s, 10, 8)
	switch {
	case err != nil || n < 1 || n > maxDanger || s != strconv.FormatUint(n, 10):
		return fmt.Errorf("want danger 1 to %d, have %.200q", maxDanger, s)
	case d.limit != 0:
		return fmt.Errorf("second danger line")
	}
	d.limit = uint8(n)
	return nil
}

// allow names a rule. A text that no language knows would never match anything:
// it is a mistake, and whoever wrote it wants to hear of it now.
func (d *Decisions) allow(profile, rule string, known []language) error {
	for _, lang := range known {
		if text, err := lang.canonical(rule); err == nil && text == rule {
			d.allowed[grant{profile, rule}] = struct{}{}
			return nil
		}
		if s, err := lang.standing([]byte(indent + rule + "\n")); err == nil && len(s.refused) > 0 {
			return fmt.Errorf("a rule that earlier versions took and this one does not: take the line out: %.200q: %s", rule, s.refused[0].why)
		}
	}
	return fmt.Errorf("not the canonical text of a rule: %.200q", rule)
}

// names reports whether the rule is named, for the profile or for all.
func (d Decisions) names(profile, rule string) bool {
	_, everywhere := d.allowed[grant{"", rule}]
	_, here := d.allowed[grant{profile, rule}]
	return everywhere || here
}

// decisionLine is the line that names a rule.
func decisionLine(profile, rule string) string {
	if len(rule) > 1000 {
		rule = "RULE" // too long to be shown; the stream has it
	}
	if profile == "" {
		return "allow " + rule
	}
	return fmt.Sprintf("allow-for \"%s\" %s", profile, rule)
}
