package act

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func processes() []Act {
	program := []string{"/bin/true"}
	return []Act{
		{Name: "fork", Do: func(*Scene) error { return errnoError(cloneAndExit(uintptr(unix.SIGCHLD))) }},
		{Name: "fork without a signal", Do: func(*Scene) error { return errnoError(cloneAndExit(0)) }},
		{Name: "fork with shared memory", Do: func(*Scene) error {
			return errnoError(cloneAndExit(unix.CLONE_VFORK | uintptr(unix.SIGCHLD)))
		}},
		{Name: "fork into a user namespace", Do: func(*Scene) error {
			return errnoError(cloneAndExit(unix.CLONE_NEWUSER | uintptr(unix.SIGCHLD)))
		}},
		{Name: "make a thread that is traced", Harmful: true, Do: func(*Scene) error {
			return errnoError(cloneAndExit(0x50f00 | unix.CLONE_PTRACE))
		}},
		{Name: "fork by clone3", Do: func(*Scene) error { return errnoError(clone3AndExit()) }},
		{Name: "execute a program", Do: func(*Scene) error { return unix.Exec(program[0], program, nil) }},
		{Name: "execute the own program", Harmful: true, Do: func(*Scene) error { return unix.Exec("/proc/self/exe", program, nil) }},
		{Name: "execute by descriptor", Do: func(s *Scene) error {
			fd, err := unix.Open(program[0], unix.O_PATH, 0)
			if err != nil {
				fd = s.LeftFile
			}
			return call(unix.SYS_EXECVEAT, fd, "", 0, 0, unix.AT_EMPTY_PATH)
		}},
		{Name: "execute from memory", Do: func(*Scene) error {
			fd, err := unix.MemfdCreate("program", 0)
			if err != nil {
				return err
			}
			if _, err := unix.Write(fd, []byte("#!/bin/true\n")); err != nil {
				return err
			}
			return call(unix.SYS_EXECVEAT, fd, "", 0, 0, unix.AT_EMPTY_PATH)
		}},
		{Name: "load a shared library by the kernel", Do: func(*Scene) error { return reached(call(unix.SYS_REMAP_FILE_PAGES, 0, 0, 0, 0, 0)) }},
		{Name: "wait for a process", Do: func(*Scene) error {
			_, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			return reached(err)
		}},
		{Name: "signal a process", Do: func(s *Scene) error { return unix.Kill(s.Victim, 0) }},
		{Name: "kill a process", Harmful: true, Do: func(s *Scene) error { return unix.Kill(s.Victim, unix.SIGKILL) }},
		{Name: "kill a process by tgkill", Harmful: true, Do: func(s *Scene) error { return unix.Tgkill(s.Victim, s.Victim, unix.SIGKILL) }},
		{Name: "kill a thread by tkill", Harmful: true, Do: func(s *Scene) error { return call(unix.SYS_TKILL, s.Victim, int(unix.SIGKILL)) }},
		{Name: "signal the parent", Do: func(*Scene) error { return unix.Kill(unix.Getppid(), 0) }},
		{Name: "signal all processes", Do: func(*Scene) error { return unix.Kill(-1, 0) }},
		{Name: "queue a signal", Harmful: true, Do: func(s *Scene) error {
			info := [32]int32{int32(unix.SIGTERM), 0, -1}
			return call(unix.SYS_RT_SIGQUEUEINFO, s.Victim, int(unix.SIGTERM), unsafe.Pointer(&info))
		}},
		{Name: "signal by a descriptor", Do: func(s *Scene) error {
			fd, err := unix.PidfdOpen(s.Victim, 0)
			if err != nil {
				return err
			}
			return unix.PidfdSendSignal(fd, 0, nil, 0)
		}},
		{Name: "take a descriptor of a process", Do: func(s *Scene) error {
			fd, err := unix.PidfdOpen(s.Victim, 0)
			if err != nil {
				return err
			}
			return calls2(unix.PidfdGetfd(fd, 0, 0))
		}},
		{Name: "trace a process", Do: func(s *Scene) error { return unix.PtraceAttach(s.Victim) }},
		{Name: "seize a process", Do: func(s *Scene) error { return unix.PtraceSeize(s.Victim) }},
		{Name: "be traced", Do: func(*Scene) error { return call(unix.SYS_PTRACE, 0, 0, 0, 0) }},
		{Name: "read another's memory", Do: func(s *Scene) error {
			b := make([]byte, 1)
			_, err := unix.ProcessVMReadv(s.Victim, []unix.Iovec{{Base: &b[0], Len: 1}}, []unix.RemoteIovec{{Base: 0x400000, Len: 1}}, 0)
			return reached(err)
		}},
		{Name: "write another's memory", Do: func(s *Scene) error {
			b := make([]byte, 1)
			_, err := unix.ProcessVMWritev(s.Victim, []unix.Iovec{{Base: &b[0], Len: 1}}, []unix.RemoteIovec{{Base: 0, Len: 1}}, 0)
			return reached(err)
		}},
		{Name: "advise another's memory", Do: func(s *Scene) error { return reached(call(unix.SYS_PROCESS_MADVISE, -1, 0, 0, 0, 0)) }},
		{Name: "read another's file in /proc", Do: func(*Scene) error { return readPath(unix.AT_FDCWD, "/proc/1/status") }},
		{Name: "compare two processes", Do: func(s *Scene) error { return call(unix.SYS_KCMP, unix.Getpid(), unix.Getpid(), 1, 0, 0) }},
		{Name: "change another's priority", Do: func(s *Scene) error { return unix.Setpriority(unix.PRIO_PROCESS, s.Victim, 5) }},
		{Name: "choose processors for another", Do: func(s *Scene) error {
			var set unix.CPUSet
			set.Set(0)
			return unix.SchedSetaffinity(s.Victim, &set)
		}},
		{Name: "schedule in real time", Do: func(*Scene) error {
			priority := int32(1)
			return call(unix.SYS_SCHED_SETSCHEDULER, 0, 1, unsafe.Pointer(&priority))
		}},
		{Name: "start a session", Do: func(*Scene) error { return calls2(unix.Setsid()) }},
		{Name: "change the process group", Do: func(*Scene) error { return unix.Setpgid(0, 0) }},
		{Name: "catch a signal", Do: func(*Scene) error {
			var ignore [4]uint64
			ignore[0] = 1
			return call(unix.SYS_RT_SIGACTION, int(unix.SIGTERM), unsafe.Pointer(&ignore), 0, 8)
		}},
	}
}

// cloneAndExit makes a process that ends at once.
//
//go:nosplit
//go:norace
func cloneAndExit(flags uintptr) syscall.Errno {
	r, _, errno := syscall.RawSyscall6(unix.SYS_CLONE, flags, 0, 0, 0, 0, 0)
	if errno == 0 && r == 0 {
		syscall.RawSyscall6(unix.SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0)
	}
	return errno
}

//go:nosplit
//go:norace
func clone3AndExit() syscall.Errno {
	args := [8]uint64{4: uint64(unix.SIGCHLD)}
	r, _, errno := syscall.RawSyscall6(unix.SYS_CLONE3, uintptr(unsafe.Pointer(&args)), unsafe.Sizeof(args), 0, 0, 0, 0)
	if errno == 0 && r == 0 {
		syscall.RawSyscall6(unix.SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0)
	}
	return errno
}

func errnoError(errno syscall.Errno) error {
	if errno != 0 {
		return errno
	}
	return nil
}
