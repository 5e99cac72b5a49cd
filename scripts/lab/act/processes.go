package act

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func processes() []Act {
	seen := func(name string, do func(s *Scene) error) Act { return Act{Name: name, Seen: true, Do: do} }
	return []Act{
		seen("fork", func(*Scene) error { return errnoError(cloneAndExit(uintptr(unix.SIGCHLD))) }),
		seen("fork without a signal", func(*Scene) error { return errnoError(cloneAndExit(0)) }),
		seen("fork with shared memory", func(*Scene) error {
			return errnoError(cloneAndExit(unix.CLONE_VFORK | uintptr(unix.SIGCHLD)))
		}),
		seen("fork into a user namespace", func(*Scene) error {
			return errnoError(cloneAndExit(unix.CLONE_NEWUSER | uintptr(unix.SIGCHLD)))
		}),
		{Name: "make a thread that is traced", Moot: "a thread that is made by hand has no stack of its own to live on", Do: func(*Scene) error {
			return errnoError(cloneAndExit(0x50f00 | unix.CLONE_PTRACE))
		}},
		seen("fork by clone3", func(*Scene) error { return errnoError(clone3AndExit()) }),
		seen("execute a program", func(*Scene) error { return unix.Exec("/bin/echo", []string{"echo", executed}, nil) }),
		seen("execute the own program", func(*Scene) error {
			return unix.Exec("/proc/self/exe", []string{"program", executed}, nil)
		}),
		seen("execute by descriptor", func(s *Scene) error {
			fd, err := unix.Open("/bin/echo", unix.O_PATH, 0)
			if err != nil {
				fd = s.LeftFile
			}
			return execute(fd, "")
		}),
		seen("execute from memory", func(*Scene) error {
			fd, err := unix.MemfdCreate("program", 0)
			if err != nil {
				return err
			}
			if _, err := unix.Write(fd, []byte("#!/bin/echo "+executed+"\n")); err != nil {
				return err
			}
			return execute(fd, "")
		}),
		{Name: "load a shared library by the kernel", Do: func(*Scene) error { return reached(call(unix.SYS_REMAP_FILE_PAGES, 0, 0, 0, 0, 0)) }},
		{Name: "wait for a process", Do: func(*Scene) error {
			_, err := unix.Wait4(-1, nil, 0, nil)
			return reached(err)
		}},
		{Name: "ask whether a process has ended", Do: func(*Scene) error {
			_, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			return reached(err)
		}},
		{Name: "ask for another's use of resources", Do: func(*Scene) error {
			_, err := unix.Wait4(-1, nil, unix.WNOHANG, new(unix.Rusage))
			return reached(err)
		}},
		{Name: "signal a process", Do: func(s *Scene) error { return unix.Kill(s.Victim, 0) }},
		seen("kill a process", func(s *Scene) error { return unix.Kill(s.Victim, unix.SIGKILL) }),
		seen("kill a process by tgkill", func(s *Scene) error { return unix.Tgkill(s.Victim, s.Victim, unix.SIGKILL) }),
		seen("kill a thread by tkill", func(s *Scene) error { return call(unix.SYS_TKILL, s.Victim, int(unix.SIGKILL)) }),
		{Name: "signal the parent", Do: func(*Scene) error { return unix.Kill(unix.Getppid(), 0) }},
		{Name: "signal the parent by a descriptor", Do: func(*Scene) error {
			fd, err := unix.PidfdOpen(unix.Getppid(), 0)
			if err != nil {
				return err
			}
			return unix.PidfdSendSignal(fd, 0, nil, 0)
		}},
		{Name: "take the parent's standard error", Do: func(*Scene) error {
			fd, err := unix.PidfdOpen(unix.Getppid(), 0)
			if err != nil {
				return err
			}
			return holds(unix.PidfdGetfd(fd, 2, 0))
		}},
		{Name: "trace the parent", Do: func(*Scene) error { return unix.PtraceSeize(unix.Getppid()) }},
		{Name: "signal all processes", Do: func(*Scene) error { return unix.Kill(-1, 0) }},
		seen("queue a signal", func(s *Scene) error {
			info := [32]int32{int32(unix.SIGTERM), 0, -1}
			return call(unix.SYS_RT_SIGQUEUEINFO, s.Victim, int(unix.SIGTERM), unsafe.Pointer(&info))
		}),
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
			return holds(unix.PidfdGetfd(fd, 0, 0))
		}},
		{Name: "trace a process", Do: func(s *Scene) error { return unix.PtraceAttach(s.Victim) }},
		{Name: "seize a process", Do: func(s *Scene) error { return unix.PtraceSeize(s.Victim) }},
		{Name: "be traced", Do: func(*Scene) error { return call(unix.SYS_PTRACE, 0, 0, 0, 0) }},
		{Name: "read another's memory", Do: func(s *Scene) error {
			b := make([]byte, 4)
			_, err := unix.ProcessVMReadv(s.Victim, []unix.Iovec{{Base: &b[0], Len: 4}}, []unix.RemoteIovec{{Base: uintptr(s.VictimText), Len: 4}}, 0)
			return provided(string(b) == "\x7fELF", err)
		}},
		seen("write another's memory", func(s *Scene) error {
			b := []byte("e")
			_, err := unix.ProcessVMWritev(s.Victim, []unix.Iovec{{Base: &b[0], Len: 1}}, []unix.RemoteIovec{{Base: uintptr(s.VictimData), Len: 1}}, 0)
			return err
		}),
		{Name: "advise another's memory", Do: func(s *Scene) error { return reached(call(unix.SYS_PROCESS_MADVISE, -1, 0, 0, 0, 0)) }},
		{Name: "read another's file in /proc", Do: func(*Scene) error { return readPath(unix.AT_FDCWD, "/proc/1/status") }},
		{Name: "compare two processes", Do: func(s *Scene) error { return call(unix.SYS_KCMP, unix.Getpid(), unix.Getpid(), 1, 0, 0) }},
		seen("change another's priority", func(s *Scene) error { return unix.Setpriority(unix.PRIO_PROCESS, s.Victim, 5) }),
		seen("choose processors for another", func(s *Scene) error {
			var set unix.CPUSet
			set.Set(0)
			return unix.SchedSetaffinity(s.Victim, &set)
		}),
		{Name: "schedule in real time", Do: func(*Scene) error {
			priority := int32(1)
			return call(unix.SYS_SCHED_SETSCHEDULER, 0, 1, unsafe.Pointer(&priority))
		}},
		{Name: "start a session", Do: func(*Scene) error {
			id, err := unix.Setsid()
			return provided(id == unix.Getpid(), err)
		}},
		{Name: "change the process group", Do: func(*Scene) error {
			err := unix.Setpgid(0, 0)
			return provided(unix.Getpgrp() == unix.Getpid(), err)
		}},
		{Name: "catch a signal", Do: func(*Scene) error {
			var ignore [4]uint64
			ignore[0] = 1
			return call(unix.SYS_RT_SIGACTION, int(unix.SIGTERM), unsafe.Pointer(&ignore), 0, 8)
		}},
	}
}

// execute executes the file of a descriptor, or one beneath it.
func execute(fd int, path string) error {
	argv, envp := [3]*byte{&[]byte("echo\x00")[0], &[]byte(executed + "\x00")[0]}, [1]*byte{}
	flags := 0
	if path == "" {
		flags = unix.AT_EMPTY_PATH
	}
	return call(unix.SYS_EXECVEAT, fd, path, unsafe.Pointer(&argv), unsafe.Pointer(&envp), flags)
}

// cloneAndExit makes a process that says that it is there and ends.
//
//go:nosplit
//go:norace
func cloneAndExit(flags uintptr) syscall.Errno {
	r, _, errno := syscall.RawSyscall6(unix.SYS_CLONE, flags, 0, 0, 0, 0, 0)
	if errno == 0 && r == 0 {
		sayAndExit()
	}
	return errno
}

//go:nosplit
//go:norace
func clone3AndExit() syscall.Errno {
	args := [8]uint64{4: uint64(unix.SIGCHLD)}
	r, _, errno := syscall.RawSyscall6(unix.SYS_CLONE3, uintptr(unsafe.Pointer(&args)), unsafe.Sizeof(args), 0, 0, 0, 0)
	if errno == 0 && r == 0 {
		sayAndExit()
	}
	return errno
}

//go:nosplit
//go:norace
func sayAndExit() {
	said := [...]byte{'c', 'h', 'i', 'l', 'd', '\n'} // SaidChild, without a pointer to the heap
	syscall.RawSyscall6(unix.SYS_WRITE, 1, uintptr(unsafe.Pointer(&said)), unsafe.Sizeof(said), 0, 0, 0)
	syscall.RawSyscall6(unix.SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0)
}

func errnoError(errno syscall.Errno) error {
	if errno != 0 {
		return errno
	}
	return nil
}
