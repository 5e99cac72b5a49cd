package apparmor

import "slices"

// Parts returns rules that grant one access each and together what r grants: their
// union is r.
func (r Rule) Parts() (parts []Rule) {
	add := func(b Body) {
		part := r
		part.Body = b
		parts = append(parts, part)
	}
	switch b := r.Body.(type) {
	case File:
		for i := range len(fileLetters) {
			if one := FileAccess(1) << i; b.Access&one != 0 {
				add(File{Owner: b.Owner, Path: b.Path, Access: one})
			}
		}
		if b.Access != 0 && b.Exec != NoExec {
			b.Access = 0
			add(b)
		}
	case Network:
		for one := range b.Access.ones() {
			b.Access = one
			add(b)
		}
	case Unix:
		for one := range b.Access.ones() {
			b.Access = one
			add(b)
		}
	case Signal:
		for one := range b.Signals.ones() {
			b.Signals = one
			add(b)
		}
	case Ptrace:
		for one := range b.Access.ones() {
			b.Access = one
			add(b)
		}
	case DBus:
		for one := range b.Access.ones() {
			b.Access = one
			add(b)
		}
	case Mqueue:
		for one := range b.Access.ones() {
			b.Access = one
			add(b)
		}
	}
	if parts == nil {
		parts = []Rule{r}
	}
	return parts
}

// Without returns what r grants that o, of the same Target, does not; ok is false
// when that is nothing.
func (r Rule) Without(o Rule) (rest Rule, ok bool) {
	if _, file := r.Body.(File); file {
		return r.Beyond(o)
	}
	there := o.Parts()
	for _, part := range r.Parts() {
		switch {
		case slices.Contains(there, part):
		case !ok:
			rest, ok = part, true
		default:
			rest = rest.Union(part)
		}
	}
	return rest, ok
}

// ones calls yield with each word of the set alone.
func (s Set) ones() func(yield func(Set) bool) {
	return func(yield func(Set) bool) {
		for i := range s {
			for rest := s[i]; rest != 0; rest &= rest - 1 {
				var one Set
				one[i] = rest & -rest
				if !yield(one) {
					return
				}
			}
		}
	}
}
