package sandbox

import (
	"slices"
	"strings"
)

// Why it is enough that one layer stops an act. sl(7) shows it.
var oneIsEnough = []struct {
	why  string
	acts []string
}{
	{"it changes the process itself and nothing else", []string{
		"a memory barrier in all processes", "adopt orphans", "advise another's memory", "advise to poison memory", "be traced",
		"become dumpable", "bind memory to a node", "catch a signal", "change the local descriptor table", "change the process group",
		"change the program's name", "change the security label", "grow the data segment", "keep capabilities", "let others trace",
		"load a shared library by the kernel", "load another filter", "make a thread that is traced", "map memory that grows down",
		"map memory to execute", "map shared memory", "move memory", "move the thread's segment", "put a descriptor in another's place",
		"register restartable sequences", "set a robust list", "set an alarm", "start a session", "switch the randomness of addresses off",
		"unshare: files", "wait for a shared futex", "seal memory", "wake a futex of another size", "wait for a futex by its mask",
		"move those that wait for a futex", "bind memory to a home node", "wait for several futexes", "free a dying process's memory",
	}},
	{"it tells what is no secret", []string{
		"32-bit call: getpid", "ask for a limit", "ask for random bytes", "ask for the kernel's version", "ask for the machine's load",
		"ask how much can be read", "ask who one is", "compare two processes", "read a processor's clock",
		"read the own memory by another's call", "read the time stamp by a trap", "ask for the security label", "list the security modules",
		"list the mounts", "ask for a mount", "list the namespaces", "ask for the cache of standard input",
	}},
	{"what it makes is confined as it is, and within its limits", []string{
		"execute the own program", "fork", "fork by clone3", "fork by fork's own number", "fork into a user namespace", "fork with shared memory",
		"fork without a signal", "wait for a process", "ask whether a process has ended", "ask for another's use of resources",
	}},
	{"what it makes is of its own user, and of its own namespace where there is one", []string{
		"add a key", "ask for a key", "attach shared memory", "make a message queue", "make a semaphore", "make a timer",
		"set up asynchronous input and output",
	}},
	{"the standard descriptors were given to it, and only a filter can say for what", []string{
		"accept on standard input", "change a descriptor's flags", "change the terminal's settings", "change the terminal's size",
		"close standard output", "close standard output by a number above 32 bits", "copy between files", "lock standard output",
		"map memory into a pipe", "map standard input", "own a descriptor's signals", "read from standard error",
		"read standard error by a number above 32 bits", "send a descriptor on standard output", "splice standard input to standard output",
		"tee a pipe", "watch standard input by epoll", "write at a position", "write several buffers", "write to standard input",
		"type into the terminal:", "give the terminal another discipline:", "type into the console:",
	}},
	{"the folder was given to it, and only a filter can say for what", []string{
		"cut a file in the folder", "exchange two files", "make a nameless file in the folder", "make a set-user-id file",
		"map a program of the folder", "set the set-user-id bit",
	}},
	{"the call answers well even where it reaches nothing", []string{"set a quota", "signal all processes"}},
	{"only the empty root folder of a namespace hides names, and Landlock is about contents", []string{
		"ask for access to a file", "change the folder", "look at a file", "look at a file by statx", "read a link",
		"read an extended attribute by getxattrat", "list extended attributes by listxattrat", "read a file's attributes by file_getattr",
	}},
	{"the other process is of the same user, whom no other layer keeps from it", []string{
		"change another's priority", "choose processors for another", "limit another process",
	}},
	{"the limit is not lowered, because it counts all processes of the user", []string{"raise the number of processes"}},
	{"a filter cannot read a path, and without a namespace the folder's descriptor leads to the whole tree", []string{
		"climb to the root from the folder", "follow a link to a folder out of the folder", "leave the folder upwards",
		"make a file beside the folder", "move a file out of the folder", "open an absolute path from the folder",
	}},
	{"every program may have memory, and only the limit says how much", []string{"take all memory"}},
	{"it takes no call to look: it is there or not", []string{"read the environment"}},
}

// enough returns the reason for an act; empty where there is none. A name that ends in a
// colon stands for all acts that begin so.
func enough(name string) string {
	begins, _, several := strings.Cut(name, ":")
	for _, group := range oneIsEnough {
		if slices.Contains(group.acts, name) || several && slices.Contains(group.acts, begins+":") {
			return group.why
		}
	}
	return ""
}
