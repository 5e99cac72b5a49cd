package act

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// int80 makes a system call of the 32-bit kind: the numbers are i386's.
func int80(nr, a, b, c uint32) int32

// foreign are calls by other numbers than those that a filter for x86-64 knows.
func foreign() []Act {
	i386 := func(name string, nr, a, b, c uint32) Act {
		return Act{Name: "32-bit call: " + name, Do: func(*Scene) error {
			if r := int80(nr, a, b, c); r < 0 {
				return syscall.Errno(-r)
			}
			return nil
		}}
	}
	const x32 = 0x40000000
	return []Act{
		i386("getpid", 20, 0, 0, 0),
		i386("socket", 359, unix.AF_INET, unix.SOCK_STREAM, 0),
		i386("dup", 41, 0, 0, 0),
		{Name: "x32 call: getpid", Do: func(*Scene) error { return call(x32 | unix.SYS_GETPID) }},
		{Name: "x32 call: dup", Do: func(*Scene) error { return call(x32|unix.SYS_DUP, 0) }},
		{Name: "a call that no kernel has", Do: func(*Scene) error { return call(0x3fffffff) }},
		{Name: "a call with a high number", Do: func(*Scene) error { return call(1<<32|unix.SYS_DUP, 0) }},
		{Name: "change the local descriptor table", Do: func(*Scene) error { return call(unix.SYS_MODIFY_LDT, 0, 0, 0) }},
		{Name: "change the input and output privilege", Do: func(*Scene) error { return call(unix.SYS_IOPL, 3) }},
		{Name: "use an input and output port", Do: func(*Scene) error { return call(unix.SYS_IOPERM, 0x80, 1, 1) }},
		{Name: "move the thread's segment", Do: func(*Scene) error { return call(unix.SYS_ARCH_PRCTL, 0x1001, 0) }},
		{Name: "fork by fork's own number", Seen: true, Do: func(*Scene) error { return errnoError(forkAndExit()) }},
	}
}

//go:nosplit
//go:norace
func forkAndExit() syscall.Errno {
	r, _, errno := syscall.RawSyscall6(unix.SYS_FORK, 0, 0, 0, 0, 0, 0)
	if errno == 0 && r == 0 {
		sayAndExit()
	}
	return errno
}

// legacyOpen is open(2) itself, which newer architectures do not have.
func legacyOpen(path string) error {
	fd, err := result(unix.SYS_OPEN, path, unix.O_RDONLY, 0)
	return readOpened(int(fd), err)
}
