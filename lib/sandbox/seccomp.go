package sandbox

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

//go:generate go run -tags seccomp ./compile bpf

// instructions are the program's, as the kernel takes them.
func instructions(program []byte) []unix.SockFilter {
	const size = unsafe.Sizeof(unix.SockFilter{})
	return unsafe.Slice((*unix.SockFilter)(unsafe.Pointer(&program[0])), len(program)/int(size))
}

// loadFilter gives every thread of the process the program, now and for ever.
// The kernel's word is 0; a positive number is a thread that could not take it.
// no_new_privs must be set.
func loadFilter(program []unix.SockFilter) error {
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	r, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(program)
	switch {
	case errno != 0:
		return fmt.Errorf("load: %w", errno)
	case r != 0:
		return fmt.Errorf("load: thread %d has another filter", r)
	}
	return nil
}
