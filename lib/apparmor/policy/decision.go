package policy

import (
	"slices"

	"github.com/sl-suite/sl/lib/apparmor"
)

// Decision is the answer to whether the policy allows what a rule would.
type Decision struct {
	State State
	By    []*Rule // the rules that allow it, or the one that denies it
}

// State is the answer in one word.
type State uint8

// The answers.
const (
	Open    State = iota // no rule speaks of some part of it
	Allowed              // rules allow every part of it
	Denied               // a deny rule has some part of it, and no rule that allows can change that
)

// take adds what decides one part; nil for no rule.
func (d *Decision) take(by *clause) {
	switch {
	case d.State == Denied:
	case by == nil, by.Deny && by.priority < 0: // a rule without a priority of its own overrides it
		d.State, d.By = Open, nil
	case by.Deny:
		d.State, d.By = Denied, []*Rule{by.Rule}
	case d.State == Allowed && !slices.Contains(d.By, by.Rule):
		d.By = append(d.By, by.Rule)
	}
}

// overrides reports whether of two rules that match this one decides: that of the
// higher priority, and among equals one that denies.
func (c *clause) overrides(by *clause) bool {
	return by == nil || c.priority > by.priority || c.priority == by.priority && c.Deny && !by.Deny
}

// accessRule is a rule of any class but file and link.
type accessRule struct {
	*clause
	match matcher
}

// wholeRule returns the rule "all" that decides for the class. There is none for a
// change of the profile (parser/all_rule.cc).
func (p *Profile) wholeRule(class apparmor.Class) *clause {
	if class == apparmor.ClassChangeProfile && !p.HasFlag("unconfined") {
		return nil
	}
	return p.files.wholeRule()
}

// decide answers for a rule of any class but file and link.
func (p *Profile) decide(r apparmor.Rule) Decision {
	d := Decision{State: Allowed}
	for _, part := range r.Parts() {
		by := p.wholeRule(part.Body.Class())
		for _, rule := range p.access[part.Body.Class()] {
			if p.files.counts(rule.clause) && rule.match(part.Body) && rule.overrides(by) {
				by = rule.clause
			}
		}
		d.take(by)
	}
	return d
}
