package main

import "slices"

// What a companion that runs the system's programs may do beside, because nobody can
// list their calls. None of it reaches a file that it may not read, a process of
// another user, or the network; TestPrograms of lib/sandbox has the other side.
var allowedToRun = slices.Concat(
	// other programs
	[]string{"adopt orphans", "execute a program", "execute by descriptor", "execute from memory", "execute the own program", "fork",
		"fork by fork's own number", "fork with shared memory", "fork without a signal", "wait for a process"},
	// what they do with themselves
	[]string{"a call with a high number", "a memory barrier in all processes", "advise to poison memory", "ask for a limit", "ask for random bytes",
		"ask for the kernel's version", "ask for the machine's load", "ask how much can be read", "ask who one is", "become dumpable",
		"bind memory to a node", "catch a signal", "change the local descriptor table", "change the process group", "change the program's name",
		"change the security label", "grow the data segment", "let others trace", "listen to a filter", "load a shared library by the kernel",
		"load another filter", "make a Landlock ruleset", "make a thread that is traced", "move memory", "move the thread's segment",
		"read a processor's clock", "read the time stamp by a trap", "register restartable sequences", "set a robust list", "set an alarm",
		"set up asynchronous input and output", "signal all processes", "start a session", "switch the randomness of addresses off",
		"wait for a shared futex"},
	// code in memory
	[]string{"make a secret memory file", "map a file of memory", "map memory that grows down", "map memory to execute", "map shared memory",
		"map the program's file"},
	// names, not contents; devices without a say
	[]string{"ask for access to a file", "change the folder", "look at a file", "look at a file by statx", "open a device",
		"open a file by path only", "read a link", "watch a folder"},
	// descriptors
	[]string{"accept on standard input", "change a descriptor's flags", "close standard output",
		"close standard output by a number above 32 bits", "copy between files", "duplicate a descriptor", "duplicate a descriptor by fcntl",
		"lock standard output", "make a pipe", "make a signal's descriptor", "make a timer", "make a timer's descriptor", "make an epoll instance",
		"make an eventfd", "map memory into a pipe", "own a descriptor's signals", "put a descriptor in another's place",
		"read from standard error", "read standard error by a number above 32 bits", "receive a descriptor on standard input",
		"send a descriptor on standard output", "splice standard input to standard output", "tee a pipe",
		"type into the terminal by the console", "watch standard input by epoll", "write at a position", "write several buffers",
		"write to standard input"},
	// in namespaces of its own
	[]string{"attach shared memory", "make a message queue", "make a semaphore"},
	// in an empty network; raw sockets are for the one that has a network to look at
	[]string{"make a socket pair", "make a socket: IPv4 datagram", "make a socket: IPv4 raw", "make a socket: IPv4 stream", "make a socket: IPv6 stream",
		"make a socket: MPTCP", "make a socket: audit", "make a socket: local", "make a socket: netfilter", "make a socket: packet",
		"make a socket: route", "make a socket: uevent"},
	// the same user's
	[]string{"change another's priority", "choose processors for another", "limit another process"},
)

// allows reports whether the program is meant to be able to.
func (b built) allows(act string) bool { return b.Runs && slices.Contains(allowedToRun, act) }
