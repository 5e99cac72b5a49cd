package calls

// lastSignal is the highest of the real-time ones.
const lastSignal = 64

// Wait is the process that an ordinary user's shell waits for while its only
// child does the work in namespaces. It reads and writes nothing; it learns how
// the child ended and ends the same way.
func Wait() Policy {
	return Policy{Name: "wait", Calls: append(core(),
		Call{"wait4", "how the child ended; no usage of resources", []Cond{is(3, 0)}},
		Call{"kill", "itself, by the child's signal; a second filter keeps it from others", []Cond{atMost(1, lastSignal)}},
	)}
}
