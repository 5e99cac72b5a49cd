package calls

// inputsEnd is a power of two above the numbers of all inputs that there can be.
const inputsEnd = 2048

// Read is a program that reads files which were opened for it: sl-read.
func Read() Policy {
	calls := append(core(), Call{"read", "the stream", []Cond{is(0, stdin)}})
	calls = append(calls, onDescriptors(inputsEnd, Call{"read", "an input", nil})...)
	// mmap(2) of a file is not here: one that its writer cuts would end the process.
	return Policy{Name: "read", Calls: append(calls, onDescriptors(inputsEnd, Call{"pread64", "a journal, which is read by its index", nil})...)}
}
