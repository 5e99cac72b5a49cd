package broker

import (
	"errors"

	"github.com/sl-suite/sl/lib/netfilter"
)

// firewall is the language of one notation of firewall rules.
type firewall struct{ syntax netfilter.Syntax }

func (f firewall) canonical(text string) (string, error) {
	r, err := netfilter.Parse(f.syntax, text)
	if err != nil {
		return "", err
	}
	return r.Text(f.syntax)
}

func (f firewall) parseAll(rules []string) ([]netfilter.Rule, error) {
	parsed := make([]netfilter.Rule, 0, len(rules))
	for _, text := range rules {
		r, err := netfilter.Parse(f.syntax, text)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, r)
	}
	return parsed, nil
}

// grade merges the rules and cuts them again: half of the Internet is as
// dangerous in a hundred lines as in one.
func (f firewall) grade(_, rules []string) ([]grade, error) {
	parsed, err := f.parseAll(rules)
	if err != nil {
		return nil, err
	}
	var grades []grade
	for _, whole := range netfilter.Merge(parsed) {
		level, why := netfilter.Danger(whole)
		for _, r := range netfilter.Split(f.syntax, whole) {
			text, err := r.Text(f.syntax)
			if err != nil {
				return nil, err
			}
			grades = append(grades, grade{text, level, why})
		}
	}
	return grades, nil
}

func (f firewall) together(standing, added []string, limit uint8) ([]effect, error) {
	old, err := f.parseAll(standing)
	if err != nil {
		return nil, err
	}
	rules, err := f.parseAll(added)
	if err != nil {
		return nil, err
	}
	var effects []effect
	for _, e := range netfilter.Together(old, rules, limit) {
		of := effect{danger: e.Danger, why: e.Why}
		for _, i := range e.Rules {
			of.rules = append(of.rules, added[i])
		}
		effects = append(effects, of)
	}
	return effects, nil
}

func (f firewall) byHand(before []byte) error {
	if at := netfilter.Emptied(f.syntax, before); at != nil {
		return &lineError{at.Line, at.Err}
	}
	return nil
}

func (f firewall) body(rules []string) ([]byte, error) {
	parsed, err := f.parseAll(rules)
	if err != nil {
		return nil, err
	}
	return netfilter.AppendFile(nil, f.syntax, parsed)
}

// standing is what rules returns: the grammar has not become narrower.
func (f firewall) standing(body []byte) (standing, error) {
	rules, err := f.rules(body)
	return standing{rules: rules}, err
}

func (f firewall) rules(body []byte) ([]string, error) {
	parsed, err := netfilter.ParseFile(f.syntax, body)
	var at *netfilter.LineError
	if errors.As(err, &at) {
		return nil, &lineError{at.Line, at.Err}
	}
	if err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(parsed))
	for _, r := range parsed {
		text, err := r.Text(f.syntax)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}
