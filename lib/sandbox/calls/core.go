package calls

import "golang.org/x/sys/unix"

// core is what a Go program without cgo needs to live: memory, threads, time,
// preemption, the end. The runtime's files that make the calls are named.
func core() []Call {
	const (
		private = unix.MAP_ANONYMOUS | unix.MAP_PRIVATE
		rw      = unix.PROT_READ | unix.PROT_WRITE
		noFD    = 1<<32 - 1
		// <linux/futex.h>: FUTEX_WAIT and FUTEX_WAKE with FUTEX_PRIVATE_FLAG.
		wait, wake = 0 | 128, 1 | 128
		// os_linux.go, cloneFlags; the assembly adds CLONE_SETTLS on x86-64.
		thread = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES |
			unix.CLONE_SIGHAND | unix.CLONE_SYSVSEM | unix.CLONE_THREAD
	)
	calls := []Call{
		{"write", "results", []Cond{is(0, stdout)}},
		{"write", "messages, and the runtime's own last words", []Cond{is(0, stderr)}},

		{"epoll_pwait", "the scheduler waits for timers and wake-ups; no signal mask",
			[]Cond{is(0, epoll), is(4, 0)}},
		{"write", "netpoll_epoll.go, netpollBreak: wakes that wait", []Cond{is(0, eventfd), is(2, 8)}},
		{"read", "netpoll_epoll.go, netpoll: takes the wake-up back", []Cond{is(0, eventfd), is(2, 8)}},
		{"futex", "threads sleep on their own process's memory",
			[]Cond{low(1, wait)}},
		{"futex", "and are woken", []Cond{low(1, wake)}},
		{"nanosleep", "usleep of sysmon; the rest is not wanted back", []Cond{is(1, 0)}},
		{"sched_yield", "lock_futex.go and the garbage collector spin", nil},
		{"clock_gettime", "where the vDSO cannot answer: CLOCK_REALTIME, CLOCK_MONOTONIC", []Cond{atMost(0, 1)}},
		{"restart_syscall", "the kernel's own way to go on after SIGSTOP and SIGCONT", nil},

		{"munmap", "the heap gives memory back", nil},
		{"madvise", "mem_linux.go: pages to give back", []Cond{low(2, unix.MADV_DONTNEED)}},
		{"madvise", "huge pages wanted", []Cond{low(2, unix.MADV_HUGEPAGE)}},
		{"madvise", "and no longer wanted", []Cond{low(2, unix.MADV_NOHUGEPAGE)}},
		{"madvise", "made at once", []Cond{low(2, unix.MADV_COLLAPSE)}},

		{"clone", "a thread and nothing else; a new process shares none of this",
			[]Cond{{Arg: 0, Op: Masked, Mask: ^uint64(unix.CLONE_SETTLS), Value: thread}}},
		{"sigaltstack", "each thread's signal stack", nil},
		{"rt_sigprocmask", "signals are blocked while a thread is made", []Cond{is(3, 8)}},
		{"rt_sigreturn", "the way out of a signal handler", nil},
		{"getpid", "os_linux.go, signalM: the first argument of tgkill", nil},
		{"gettid", "os_linux.go, minit: a new thread's number", nil},
		{"tgkill", "preemption. SIGURG does nothing by default, so whom it reaches need not be checked",
			[]Cond{is(2, uint64(unix.SIGURG))}},
		{"exit", "a thread ends", nil},
		{"exit_group", "the process ends", nil},
	}
	// mem_linux.go: reserve (NONE), commit (RW, FIXED); stacks for threads, tables
	// that are mostly empty. Never PROT_EXEC, never a descriptor.
	for _, flags := range []uint64{private, private | unix.MAP_FIXED, private | unix.MAP_STACK, private | unix.MAP_NORESERVE} {
		for _, prot := range []uint64{unix.PROT_NONE, rw} {
			calls = append(calls, Call{"mmap", "anonymous memory of its own",
				[]Cond{low(2, prot), low(3, flags), low(4, noFD), is(5, 0)}})
		}
	}
	return calls
}
