package calls

import "golang.org/x/sys/unix"

// Open is the companion of Follow: it opens files in the folders that it was
// given, for reading, and hands the descriptors over. It reads none of them: what
// it reads is what inotify(7) tells.
func Open(arch string) Policy {
	const (
		flags    = unix.O_CLOEXEC | unix.O_NONBLOCK
		filesEnd = folders
	)
	calls := append(core(),
		Call{"read", "which names in the folders have changed", []Cond{is(0, companion+1)}},
		Call{"read", "the end of the socket: the program has ended", []Cond{is(0, companion)}},
		Call{"sendmsg", "the descriptor of a file", []Cond{is(0, companion), low(2, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)}},
		Call{"openat", "the file that has the name now; no link is followed, no terminal becomes its own",
			[]Cond{folder(0), {Arg: 2, Op: Masked, Mask: ^uint64(flags), Value: nofollow(arch) | unix.O_NOCTTY}}},
	)
	for _, c := range []Call{
		{"fstat", "is it another file than before, or a shorter one?", nil},
		{"close", "it is neither, or is handed over", nil},
	} {
		calls = append(calls, onDescriptors(filesEnd, c)...)
	}
	return Policy{Name: "open", Calls: calls}
}
