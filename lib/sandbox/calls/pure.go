package calls

// Pure is a program that turns standard input into standard output and has no
// other file: sl-parse and the generators.
func Pure() Policy {
	return Policy{Name: "pure", Calls: append(core(),
		Call{"read", "the stream", []Cond{is(0, stdin)}},
	)}
}
