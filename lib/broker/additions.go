package broker

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// additions is the language of AppArmor local additions: a rule a line, inside
// the profile that includes the file.
type additions struct{ place *apparmor.Place }

// indent stands before each rule, as it does in /etc/apparmor.d/local/README.
const indent = "  "

// parse takes only plain rules. No denial in a log calls for a deny rule, and
// one that came in all the same could stop a service without being dangerous by
// the book.
func (additions) parse(text string) (apparmor.Rule, error) {
	r, err := apparmor.Parse(text)
	if err != nil {
		return r, err
	}
	if !r.Plain() {
		return r, errors.New("a rule with audit, allow or deny before it is yours to write by hand")
	}
	return r, nil
}

func (a additions) canonical(text string) (string, error) {
	r, err := a.parse(text)
	if err != nil {
		return "", err
	}
	return r.Text(), nil
}

func (a additions) parseAll(rules []string) ([]apparmor.Rule, error) {
	parsed := make([]apparmor.Rule, 0, len(rules))
	for _, text := range rules {
		r, err := a.parse(text)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, r)
	}
	return parsed, nil
}

func (a additions) grade(profiles, rules []string) ([]grade, error) {
	parsed, err := a.parseAll(rules)
	if err != nil {
		return nil, err
	}
	grades := make([]grade, 0, len(parsed))
	for _, r := range parsed {
		g := grade{rule: r.Text()}
		for _, profile := range profiles {
			if level, why := a.place.Danger(profile, r); level >= g.danger {
				g.danger, g.why = level, why
			}
		}
		grades = append(grades, g)
	}
	return grades, nil
}

// together finds nothing: rules of a profile do together what each does, and what
// they are merged to is graded.
func (additions) together(_, _ []string, _ uint8) ([]effect, error) { return nil, nil }

func (additions) byHand([]byte) error { return nil }

func (a additions) body(rules []string) ([]byte, error) {
	parsed, err := a.parseAll(rules)
	if err != nil {
		return nil, err
	}
	var body []byte
	for _, r := range apparmor.Merge(parsed) {
		body = append(body, indent...)
		body = r.AppendText(body)
		body = append(body, '\n')
	}
	return body, nil
}

func (a additions) rules(body []byte) ([]string, error) {
	s, err := a.standing(body)
	if err == nil && len(s.refused) > 0 {
		err = errors.New(s.refused[0].why)
	}
	return s.rules, err
}

func (a additions) standing(body []byte) (standing, error) {
	s := standing{body: body}
	number := 0
	for line := range strings.Lines(string(body)) {
		number++
		text, ok := strings.CutPrefix(line, indent)
		if !ok {
			return s, &lineError{number, fmt.Errorf("want %d blanks before a rule", len(indent))}
		}
		text = strings.TrimSuffix(text, "\n")
		again, err := a.canonical(text)
		switch {
		case err == nil && again == text:
			s.rules = append(s.rules, text)
		case err == nil:
			return s, &lineError{number, fmt.Errorf("not canonical: want %.200q", again)}
		case apparmor.Earlier(text):
			s.refused = append(s.refused, refused{text, err.Error()})
		default:
			return s, &lineError{number, err}
		}
	}
	return s, nil
}
