// Package act is what somebody who has taken over a confined program would try.
//
// An [Act] is one attempt. It is made in a process of its own, from inside a
// sandbox, where it must not have its effect; and once outside of one, to see
// that the attempt would work.
package act

import "slices"

// An Act is one attempt. Do returns nil when it had its effect, else why not; most
// confined processes do not live to say so.
//
// An effect is more than a call that does not fail: bytes that were read, an id
// that the kernel then gives, another process that speaks. Where it is outside of
// the process, whoever watches looks for it, whatever the process says.
type Act struct {
	Name string
	Do   func(*Scene) error

	// Input is what the standard descriptors are.
	Input Input
	// Folder acts need a folder that the program may write to.
	Folder bool
	// Seen acts have their effect outside of the process, where it can be seen.
	Seen bool
	// Harm is what the act does to the machine where nothing confines it. It is
	// then made in a virtual machine only.
	Harm string
	// Moot is why the act has no effect that an unconfined process could show.
	Moot string
}

// An Input is a kind of standard descriptors.
type Input uint8

const (
	Pipes    Input = iota
	Terminal       // all three are the controlling terminal
	Sockets        // all three are sockets, and something waits in each to be read
	File           // standard input is a regular file
)

// All lists the acts; their names are different.
func All() []Act {
	return slices.Concat(files(), descriptors(), folders(), sockets(), processes(), memory(),
		privileges(), namespaces(), kernel(), newer(), limits(), terminals(), foreign())
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
