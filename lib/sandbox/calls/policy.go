// Package calls says which system calls a confined program may make, and why.
//
// It is data: lib/sandbox/compile turns it into the programs that the kernel
// runs, and those are what a stage loads. A call that is not listed, or whose
// arguments fit none of its lines, ends the process (SIGSYS); in the programs of the
// system, which nobody here can list the calls of, it is refused.
//
// The numbers of descriptors are fixed, so that nothing has to be patched when
// a program is loaded:
//
//	0 1 2   standard input, output, error
//	3       the Go runtime's epoll instance
//	4       the eventfd that wakes it
//	5...    inputs that were opened before the confinement; of a program that has
//	        a companion, the first is the socket to it; in a program that may open
//	        files itself, those files, up to 15
//	16..31  folders, in a program that has any
package calls

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// A Policy is the whole list of one kind of program.
type Policy struct {
	Name  string // pure, read, follow, open, write, wait, run or run-network
	Calls []Call // what is allowed
	// Tolerant: the kernel seems not to know what is not listed (ENOSYS), and goes on.
	// It is for programs which are not ours.
	Tolerant bool
	// Of a tolerant policy: what ends the process all the same, and what gets an error
	// of its own.
	Never   []Call
	Refused []Refusal
}

// A Refusal is a call that gets an error.
type Refusal struct {
	Call
	Errno syscall.Errno
}

// A Call allows one system call where all of its conditions hold. Several lines for
// one call are alternatives.
type Call struct {
	Name string // as in the kernel's tables for x86-64
	Why  string
	When []Cond
}

// A Cond holds where argument Arg (from 0), masked, compares with Value. The
// kernel hands a filter the full 64-bit register.
type Cond struct {
	Arg   uint
	Op    Op
	Mask  uint64 // only for Masked
	Value uint64
}

// Op is how a Cond compares.
type Op uint8

const (
	Equal  Op = iota
	AtMost    // unsigned
	Masked    // arg & Mask == Value
)

// All lists the policies for an architecture (Go's name for it), in a fixed order.
func All(arch string) []Policy {
	return []Policy{Pure(), Read(), Follow(), Open(arch), Write(arch), Wait(), Run(arch), RunNetwork(arch)}
}

func is(arg uint, v uint64) Cond     { return Cond{Arg: arg, Op: Equal, Value: v} }
func atMost(arg uint, v uint64) Cond { return Cond{Arg: arg, Op: AtMost, Value: v} }

// low compares the lower half of the register: the kernel reads no more of an
// int, and Go leaves the upper half of a negative one to chance.
func low(arg uint, v uint64) Cond {
	return Cond{Arg: arg, Op: Masked, Mask: 1<<32 - 1, Value: v}
}

// only holds where no bit but the given ones is set.
func only(arg uint, bits uint64) Cond {
	return Cond{Arg: arg, Op: Masked, Mask: ^bits, Value: 0}
}

// Descriptors, see the package comment.
const (
	stdin   = 0
	stdout  = 1
	stderr  = 2
	epoll   = 3
	eventfd = 4
	input   = 5  // the first of them
	folders = 16 // the first of 16

	companion = input // the socket to it
)

// ended lets a program ask how its only child, a companion, has ended: any child
// (-1), without waiting, without its use of resources.
func ended() Call {
	return Call{"wait4", "how the companion ended", []Cond{low(0, 1<<32-1), low(2, unix.WNOHANG), is(3, 0)}}
}

// folder holds for the descriptor of a folder.
func folder(arg uint) Cond {
	return Cond{Arg: arg, Op: Masked, Mask: ^uint64(folders - 1), Value: folders}
}

// nofollow is O_NOFOLLOW, <asm/fcntl.h>.
func nofollow(arch string) uint64 {
	if arch == "arm64" {
		return 0o100000
	}
	return 0o400000
}

// onDescriptors allows the call where its first argument is one of those from
// input up to end, which is a power of two. A bound from below alone would let
// 1<<32 and 1 pass, and the kernel takes that for 1. So it is 5, 6 and 7, 8 to 15,
// and so on, each one comparison under a mask.
func onDescriptors(end uint64, c Call) []Call {
	const first, pair = input, input + 1
	calls := []Call{{c.Name, c.Why, append([]Cond{is(0, first)}, c.When...)}}
	for from, size := uint64(pair), uint64(2); from < end; from, size = from+size, max(from+size, 8) {
		within := Cond{Arg: 0, Op: Masked, Mask: ^(size - 1), Value: from}
		calls = append(calls, Call{c.Name, c.Why, append([]Cond{within}, c.When...)})
	}
	return calls
}
