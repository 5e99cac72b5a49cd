package installed

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

// take adds what decides one part.
func (d *Decision) take(r *Rule) {
	switch {
	case d.State == Denied:
	case r != nil && r.Deny:
		d.State, d.By = Denied, []*Rule{r}
	case r == nil:
		d.State, d.By = Open, nil
	case d.State == Allowed && !slices.Contains(d.By, r):
		d.By = append(d.By, r)
	}
}

// accessRule is a rule of any class but file and link.
type accessRule struct {
	*clause
	match func(apparmor.Body) bool // of one part, see parts
}

// decide answers for a rule of any class but file and link.
func (p *Profile) decide(b apparmor.Body) Decision {
	d := Decision{State: Allowed}
	for _, part := range parts(b) {
		var by *accessRule
		for _, r := range p.access[part.Class()] {
			if p.files.counts(r.clause) && r.match(part) && (by == nil || r.priority > by.priority || r.priority == by.priority && r.Deny && !by.Deny) {
				by = r
			}
		}
		if by == nil {
			d.take(nil)
		} else {
			d.take(by.Rule)
		}
	}
	return d
}

// parts returns bodies that grant one access each and together what b grants.
func parts(b apparmor.Body) (list []apparmor.Body) {
	switch b := b.(type) {
	case apparmor.Network:
		for one := range ones(b.Access) {
			b.Access = one
			list = append(list, b)
		}
	case apparmor.Unix:
		for one := range ones(b.Access) {
			b.Access = one
			list = append(list, b)
		}
	case apparmor.Signal:
		for one := range ones(b.Signals) {
			b.Signals = one
			list = append(list, b)
		}
	case apparmor.Ptrace:
		for one := range ones(b.Access) {
			b.Access = one
			list = append(list, b)
		}
	case apparmor.DBus:
		for one := range ones(b.Access) {
			b.Access = one
			list = append(list, b)
		}
	case apparmor.Mqueue:
		for one := range ones(b.Access) {
			b.Access = one
			list = append(list, b)
		}
	}
	if list == nil {
		list = []apparmor.Body{b}
	}
	return list
}

// ones calls yield with every word of the set alone.
func ones(set apparmor.Set) func(yield func(apparmor.Set) bool) {
	return func(yield func(apparmor.Set) bool) {
		for i := range set {
			for rest := set[i]; rest != 0; rest &= rest - 1 {
				var one apparmor.Set
				one[i] = rest & -rest
				if !yield(one) {
					return
				}
			}
		}
	}
}
