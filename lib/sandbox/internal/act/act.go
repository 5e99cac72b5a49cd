// Package act is what somebody who has taken over a confined program would try.
//
// An [Act] is one attempt. It is made in a process of its own, from inside a
// sandbox, where it must not have its effect; and once outside of one, to see
// that the attempt would work.
package act

import "slices"

// An Act is one attempt. Do returns nil when it had its effect, else why not; most
// confined processes do not live to say so.
type Act struct {
	Name string
	Do   func(*Scene) error

	// Terminal acts have a terminal as standard input.
	Terminal bool
	// Folder acts need a folder that the program may write to.
	Folder bool
	// Harmful acts are not tried outside of a sandbox.
	Harmful bool
}

// All lists the acts; their names are different.
func All() []Act {
	return slices.Concat(files(), descriptors(), folders(), sockets(), processes(), memory(),
		privileges(), namespaces(), kernel(), limits(), terminals(), foreign())
}

// Find returns the act of that name.
func Find(name string) (Act, bool) {
	all := All()
	i := slices.IndexFunc(all, func(a Act) bool { return a.Name == name })
	if i < 0 {
		return Act{}, false
	}
	return all[i], true
}
