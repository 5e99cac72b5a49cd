package sandbox

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const lastSignal = 64

// A sigaction is the kernel's struct of rt_sigaction(2) on x86-64 and arm64: the
// handler comes first, 0 is SIG_DFL and 1 SIG_IGN; the mask has 8 bytes.
type sigaction [4]uint64

const sigsetSize = 8

// fork makes a process with one thread and a copy of everything, in which the
// list runs. No handler of the Go runtime's may run there, so signals are
// blocked until those are gone; an ignored signal stays ignored. Where a step
// fails the child writes the failure to descriptor report and exits.
//
// The calling thread must be locked: the child dies with it (PR_SET_PDEATHSIG).
//
//go:nosplit
//go:norace
func fork(steps []step, report uintptr) (pid uintptr, errno syscall.Errno) {
	all, before := ^uint64(0), uint64(0)
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&before)), sigsetSize, 0, 0)
	pid, _, errno = syscall.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if errno == 0 && pid == 0 {
		defaultSignals(0)
		syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&before)), 0, sigsetSize, 0, 0)
		f := run(steps)
		syscall.RawSyscall6(unix.SYS_WRITE, report, uintptr(unsafe.Pointer(&f)), unsafe.Sizeof(f), 0, 0, 0)
		syscall.RawSyscall6(unix.SYS_EXIT_GROUP, 3, 0, 0, 0, 0, 0)
	}
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&before)), 0, sigsetSize, 0, 0)
	return pid, errno
}

// defaultSignals gives every signal that has a handler its default action, but
// not those whose bit (1<<(signal-1)) is set in keep. The kernel then acts on
// them without a call of the program's.
//
//go:nosplit
//go:norace
func defaultSignals(keep uint64) {
	var none, now sigaction
	for sig := uintptr(1); sig <= lastSignal; sig++ {
		if keep>>(sig-1)&1 != 0 {
			continue
		}
		syscall.RawSyscall6(unix.SYS_RT_SIGACTION, sig, 0, uintptr(unsafe.Pointer(&now)), sigsetSize, 0, 0)
		if now[0] > 1 {
			syscall.RawSyscall6(unix.SYS_RT_SIGACTION, sig, uintptr(unsafe.Pointer(&none)), 0, sigsetSize, 0, 0)
		}
	}
}
