package apparmor

import (
	"cmp"
	"slices"
	"strings"
)

// Target returns r without what Union unites: rules with the same target are
// one rule. It is a key, not a rule: its text may be none.
func (r Rule) Target() Rule {
	r.Body = r.Body.target()
	return r
}

// Union returns the rule that grants what r and o grant together. They have the
// same Target.
func (r Rule) Union(o Rule) Rule {
	r.Body = r.Body.union(o.Body)
	return r
}

// Compare orders rules by class, then by what they are about, then by text.
func Compare(a, b Rule) int {
	if a == b {
		return 0
	}
	return KeyOf(a, a.Text()).Compare(KeyOf(b, b.Text()))
}

// Key is what rules are ordered by, for sorting many.
type Key struct {
	class   Class
	subject string
	Text    string // of the rule
}

// KeyOf returns the key of the rule, whose text it shares.
func KeyOf(r Rule, text string) Key { return Key{r.Body.Class(), subject(r.Body), text} }

// Compare orders keys as [Compare] orders their rules.
func (k Key) Compare(o Key) int {
	if k.class != o.class {
		return cmp.Compare(k.class, o.class)
	}
	if c := strings.Compare(k.subject, o.subject); c != 0 {
		return c
	}
	return strings.Compare(k.Text, o.Text)
}

// SameSubject reports whether the rules are about the same: only then can they
// have the same target.
func (k Key) SameSubject(o Key) bool { return k.class == o.class && k.subject == o.subject }

// subject is the path of a file, whoever owns it, and the target of other rules:
// rules with the same target stand side by side.
func subject(b Body) string {
	switch b := b.(type) {
	case File:
		return b.Path.text
	case Link:
		return b.Name.text
	}
	return string(b.target().appendText(nil))
}

// Merge returns the fewest rules that grant the same, in the order of Compare:
// one for each target, and none for the owner of a file where what it grants is
// granted to everybody. Merging is associative, commutative and idempotent.
func Merge(rules []Rule) []Rule {
	byTarget := make(map[Rule]Rule, len(rules))
	for _, r := range rules {
		key := r.Target()
		if have, ok := byTarget[key]; ok {
			r = have.Union(r)
		}
		byTarget[key] = r
	}
	type keyed struct {
		Key
		rule Rule
	}
	list := make([]keyed, 0, len(byTarget))
	for _, r := range byTarget {
		if r, ok := withoutShared(r, byTarget); ok {
			list = append(list, keyed{KeyOf(r, r.Text()), r})
		}
	}
	slices.SortFunc(list, func(a, b keyed) int { return a.Compare(b.Key) })
	merged := make([]Rule, len(list))
	for i, k := range list {
		merged[i] = k.rule
	}
	return merged
}

// withoutShared takes from a rule for the owner what the rule for everybody
// grants; ok is false when nothing is left of it.
func withoutShared(r Rule, byTarget map[Rule]Rule) (rest Rule, ok bool) {
	everybody, owned := r.ForEverybody()
	if !owned {
		return r, true
	}
	shared, found := byTarget[everybody.Target()]
	if !found {
		return r, true
	}
	return r.Beyond(shared)
}

// ForEverybody returns the rule for the owner of a file without that limit; ok is
// false for a rule that has none.
func (r Rule) ForEverybody() (everybody Rule, ok bool) {
	switch b := r.Body.(type) {
	case File:
		ok, b.Owner = b.Owner, false
		r.Body = b
	case Link:
		ok, b.Owner = b.Owner, false
		r.Body = b
	}
	return r, ok
}

// Beyond returns what a rule for the owner of a file grants that shared, about
// the same file, does not grant to everybody; ok is false when that is nothing.
func (r Rule) Beyond(shared Rule) (rest Rule, ok bool) {
	if b, file := r.Body.(File); file {
		r.Body, ok = b.minus(shared.Body.(File))
	}
	return r, ok
}
