package main

import "slices"

// What a companion that runs the system's programs may do, because these do it. None of
// it reaches a file that it may not read, a process of another user, a terminal, a socket
// of somebody else's, or the network; TestPrograms of lib/sandbox has the other side.
var allowedToRun = slices.Concat(
	// other programs
	[]string{"ask for another's use of resources", "ask whether a process has ended", "execute a program", "execute the own program", "fork",
		"fork by fork's own number", "fork with shared memory", "fork without a signal", "wait for a process"},
	// what they do with themselves
	[]string{"a call with a high number", "a memory barrier in all processes", "advise to poison memory", "ask for a limit", "ask for random bytes",
		"ask for the kernel's version", "ask for the machine's load", "ask who one is", "catch a signal", "change the program's name",
		"grow the data segment", "move memory", "move the thread's segment", "read a processor's clock", "register restartable sequences",
		"set a robust list", "set an alarm", "signal all processes", "wait for a shared futex"},
	// code in memory: the C library's
	[]string{"map memory that grows down", "map memory to execute", "map shared memory", "map the program's file"},
	// names, not contents; devices without a say
	[]string{"ask for access to a file", "change the folder", "look at a file", "look at a file by statx", "open a device",
		"open a file by path only", "read a link"},
	// descriptors: the standard ones are of /dev/null
	[]string{"change a descriptor's flags", "close standard output", "close standard output by a number above 32 bits", "duplicate a descriptor",
		"duplicate a descriptor by fcntl", "lock standard output", "make a pipe", "make an epoll instance", "make an eventfd",
		"put a descriptor in another's place", "watch standard input by epoll", "write at a position", "write several buffers",
		"write to standard input"},
	// two ends of its own; in an empty network, what loads firewall rules
	[]string{"make a socket pair", "make a socket: netfilter", "make a socket: route"},
)

// allowedBeside is what a program that has a companion asks when that has ended.
var allowedBeside = []string{"ask whether a process has ended"}

// allows reports whether the program is meant to be able to.
func (b built) allows(act string) bool {
	return b.Runs && slices.Contains(allowedToRun, act) || b.Beside && slices.Contains(allowedBeside, act)
}
