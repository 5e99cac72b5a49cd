package calls

import "golang.org/x/sys/unix"

// Follow is a program that reads files which grow: its companion hands over the
// descriptor of each new one, by the socket that is the first input.
func Follow() Policy {
	p := Read()
	p.Name = "follow"
	p.Calls = append(p.Calls, Call{"recvmsg", "a descriptor; it is closed at any execution",
		[]Cond{is(0, companion), low(2, unix.MSG_CMSG_CLOEXEC)}})
	p.Calls = append(p.Calls, onDescriptors(inputsEnd, Call{"close", "a file that is read to its end", nil})...)
	p.Calls = append(p.Calls, onDescriptors(inputsEnd, Call{"fstat", "whose file it is", nil})...)
	p.Calls = append(p.Calls, ended())
	return p
}
