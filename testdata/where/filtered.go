// Command filtered executes a program under a seccomp filter, as container engines and
// systemd(1) do it:
//
//	filtered RULES PROGRAM [ARGUMENT...]
//
// RULES is an object of JSON, see type rules. It is for tests: only root can start it,
// for the filter is loaded without no_new_privs.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type rules struct {
	Default uint32   // what becomes of a call that no list has: SECCOMP_RET_...
	Allow   []uint32 // numbers of calls
	Deny    []uint32 // EPERM
	Unknown []uint32 // ENOSYS
	Pretend []uint32 // 0, and the call is not made
	Above   uint32   // from this number on: EPERM, unless it is 0
	Threads bool     // clone(2) makes no namespaces
	Keep    *uint64  // the capabilities that are kept, all where it is null
	User    uint32
}

func main() {
	runtime.LockOSThread() // a filter is a thread's
	var r rules
	if err := json.Unmarshal([]byte(os.Args[1]), &r); err != nil {
		fail(err)
	}
	program := r.program()
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if _, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog))); errno != 0 {
		fail(errno)
	}
	if r.Keep != nil {
		for c := uintptr(0); c < 41; c++ {
			if *r.Keep>>c&1 == 0 {
				unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0) // the execution takes the rest
			}
		}
	}
	if r.User != 0 {
		id := uintptr(r.User)
		unix.RawSyscall(unix.SYS_SETGROUPS, 0, 0, 0)
		unix.RawSyscall(unix.SYS_SETRESGID, id, id, id)
		unix.RawSyscall(unix.SYS_SETRESUID, id, id, id)
	}
	fail(syscall.Exec(os.Args[2], os.Args[2:], os.Environ()))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "filtered:", err)
	os.Exit(125)
}

const (
	load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	least  = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
	anySet = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	ret    = unix.BPF_RET
)

// program compiles the rules; the first that a call fits counts.
func (r *rules) program() []unix.SockFilter {
	const argument0 = 16 // of struct seccomp_data, the lower half
	p := []unix.SockFilter{{Code: load}}
	list := func(numbers []uint32, action uint32) {
		for _, n := range numbers {
			p = append(p, unix.SockFilter{Code: equal, K: n, Jf: 1}, unix.SockFilter{Code: ret, K: action})
		}
	}
	if r.Threads {
		const namespaces = 0x7e020000
		p = append(p, unix.SockFilter{Code: equal, K: unix.SYS_CLONE, Jf: 4}, unix.SockFilter{Code: load, K: argument0},
			unix.SockFilter{Code: anySet, K: namespaces, Jf: 1}, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
			unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
	}
	list(r.Unknown, unix.SECCOMP_RET_ERRNO|uint32(unix.ENOSYS))
	list(r.Deny, unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM))
	list(r.Pretend, unix.SECCOMP_RET_ERRNO)
	list(r.Allow, unix.SECCOMP_RET_ALLOW)
	if r.Above != 0 {
		p = append(p, unix.SockFilter{Code: least, K: r.Above, Jf: 1}, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)})
	}
	return append(p, unix.SockFilter{Code: ret, K: r.Default})
}
