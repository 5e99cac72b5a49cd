package calls

import (
	"slices"

	"golang.org/x/sys/unix"
)

// Run is a companion that runs the system's own programs, with their C library, of a
// release that nobody here knows. So a call that is not listed does not end them: it
// seems unknown to the kernel, for which a library has another way. The list is what
// apparmor_parser(8), nft(8), iptables-restore(8) and a shell need, and what other
// libraries use in its place. What they never need, and somebody who took one over
// would look for, ends the process.
//
// That they can change nothing is the business of Landlock, of their user, and of
// their namespaces, too.
func Run(arch string) Policy {
	p := Policy{Name: "run", Tolerant: true, Calls: runCalls(arch), Never: runNever(arch)}
	p.Refused = []Refusal{
		{Call{"socket", "the C library asks nscd and userdb by sockets, and goes on without", nil}, unix.EAFNOSUPPORT},
	}
	return p
}

// RunNetwork is Run over an empty network: firewall rules are loaded into it.
func RunNetwork(arch string) Policy {
	p := Run(arch)
	p.Name = "run-network"
	p.Calls = append(p.Calls, Call{"bind", "netlink, the only sockets that there is an address for", nil})
	socket := func(why string, family, kind, protocol uint64) {
		p.Calls = append(p.Calls, Call{"socket", why, []Cond{low(0, family), kindOfSocket(kind), low(2, protocol)}})
	}
	for _, kind := range []uint64{unix.SOCK_RAW, unix.SOCK_DGRAM} {
		socket("nft, iptables-nft", unix.AF_NETLINK, kind, unix.NETLINK_NETFILTER)
		socket("the names of interfaces", unix.AF_NETLINK, kind, unix.NETLINK_ROUTE)
	}
	socket("iptables-legacy: setsockopt(2)", unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_RAW)
	socket("ip6tables-legacy", unix.AF_INET6, unix.SOCK_RAW, unix.IPPROTO_RAW)
	p.Refused = nil
	for family := uint64(0); family < families; family++ {
		if family != unix.AF_NETLINK && family != unix.AF_INET && family != unix.AF_INET6 {
			p.Refused = append(p.Refused, Refusal{Call{"socket", "a path leads out of a network namespace, and so do some other families",
				[]Cond{low(0, family)}}, unix.EAFNOSUPPORT})
		}
	}
	return p
}

// families is above AF_MCTP (45), the last that the kernel has.
const families = 48

// kindOfSocket compares the second argument of socket(2) without its two flags.
func kindOfSocket(kind uint64) Cond {
	return Cond{Arg: 1, Op: Masked, Mask: (1<<32 - 1) &^ (unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK), Value: kind}
}

// namespaces are the flags of clone(2) that make one.
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWCGROUP

func runCalls(arch string) (calls []Call) {
	for _, group := range []struct {
		why   string
		calls []string
	}{
		{"files, where Landlock lets it", []string{"openat", "openat2", "close", "close_range", "read", "readv", "pread64", "preadv",
			"preadv2", "write", "writev", "pwrite64", "pwritev", "lseek", "fstat", "newfstatat", "statx", "statfs", "fstatfs", "faccessat",
			"faccessat2", "readlinkat", "getdents64", "getcwd", "chdir", "fchdir", "fadvise64", "flock", "dup", "dup3", "pipe2", "umask"}},
		{"in a folder of its own", []string{"ftruncate", "fsync", "fdatasync", "mkdirat", "unlinkat", "renameat2", "symlinkat"}},
		{"memory", []string{"brk", "mmap", "munmap", "mprotect", "mremap", "madvise"}},
		{"processes and threads", []string{"execve", "exit", "exit_group", "wait4", "waitid", "kill", "pidfd_open", "pidfd_send_signal",
			"getpid", "gettid", "getppid", "getpgid", "getsid", "set_tid_address", "set_robust_list", "rseq", "membarrier",
			"sched_yield", "sched_getaffinity", "restart_syscall"}},
		{"signals", []string{"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "rt_sigpending", "rt_sigtimedwait", "sigaltstack",
			"setitimer", "getitimer"}},
		{"waiting", []string{"ppoll", "pselect6", "epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2", "nanosleep", "clock_nanosleep"}},
		{"who and where one is, and when", []string{"getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "capget",
			"uname", "sysinfo", "getrusage", "times", "clock_gettime", "clock_getres", "gettimeofday", "getcpu", "getrandom", "getrlimit"}},
		{"messages to the program, and on what there is of sockets", []string{"sendto", "sendmsg", "recvfrom", "recvmsg", "getsockname",
			"getpeername", "setsockopt", "getsockopt", "shutdown"}},
	} {
		for _, name := range group.calls {
			calls = append(calls, Call{name, group.why, nil})
		}
	}
	if arch == "amd64" {
		for _, name := range []string{"open", "stat", "lstat", "access", "readlink", "poll", "select", "epoll_wait", "pipe", "dup2", "fork", "vfork",
			"getpgrp", "mkdir", "rmdir", "unlink", "rename", "symlink", "alarm", "time", "arch_prctl"} {
			calls = append(calls, Call{name, "an older name of one of the others", nil})
		}
	}
	calls = append(calls,
		Call{"clone", "a thread, or a process in the same namespaces", []Cond{{Arg: 0, Op: Masked, Mask: namespaces | unix.CLONE_PTRACE, Value: 0}}},
		Call{"tgkill", "Go's preemption", []Cond{low(2, uint64(unix.SIGURG))}},
		Call{"tgkill", "abort(3)", []Cond{low(2, uint64(unix.SIGABRT))}},
		Call{"prlimit64", "its own limits, which it cannot raise", []Cond{low(0, 0)}},
	)
	return append(calls, runOrders()...)
}

// futexOrders are FUTEX_WAIT, WAKE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET and WAKE_BITSET of
// <linux/futex.h>, private or not, by either clock: what libraries make locks of. Those
// that inherit priorities have had holes.
func futexOrders() (calls []Call) {
	const flags = 128 | 256
	for _, order := range []uint64{0, 1, 4, 5, 9, 10} {
		calls = append(calls, Call{"futex", "locks", []Cond{{Arg: 1, Op: Masked, Mask: (1<<32 - 1) &^ flags, Value: order}}})
	}
	return calls
}

// runOrders are calls that are many, by an argument.
func runOrders() (calls []Call) {
	calls = futexOrders()
	for _, kind := range []uint64{unix.SOCK_STREAM, unix.SOCK_SEQPACKET} {
		calls = append(calls, Call{"socketpair", "two ends of its own. Those of datagrams can be sent to a path, and connected to one",
			[]Cond{low(0, unix.AF_UNIX), kindOfSocket(kind)}})
	}
	for _, by := range []struct {
		name   string
		arg    uint
		why    string
		values []uint64
	}{
		{"ioctl", 1, "is it a terminal, and how much is there to read?", []uint64{unix.TCGETS, unix.TIOCGWINSZ, unix.TIOCINQ}},
		{"fcntl", 1, "descriptors of its own, and locks", []uint64{unix.F_DUPFD, unix.F_DUPFD_CLOEXEC, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL,
			unix.F_SETFL, unix.F_GETLK, unix.F_SETLK, unix.F_SETLKW, unix.F_GETPIPE_SZ, unix.F_SETPIPE_SZ}},
		{"prctl", 0, "its name, its mappings' names, what it can never have", []uint64{unix.PR_SET_NAME, unix.PR_GET_NAME, unix.PR_SET_VMA,
			unix.PR_CAPBSET_READ, unix.PR_GET_DUMPABLE, unix.PR_GET_NO_NEW_PRIVS, unix.PR_SET_PDEATHSIG}},
	} {
		for _, v := range by.values {
			calls = append(calls, Call{by.name, by.why, []Cond{low(by.arg, v)}})
		}
	}
	return calls
}

func runNever(arch string) (calls []Call) {
	for _, group := range []struct {
		why   string
		calls []string
	}{
		{"other processes", []string{"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_getfd"}},
		{"the mounts", []string{"mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount", "fspick",
			"move_mount", "open_tree", "mount_setattr"}},
		{"other namespaces", []string{"unshare", "setns"}},
		{"the kernel's own code", []string{"init_module", "finit_module", "delete_module", "kexec_load", "bpf"}},
		{"what has had many holes", []string{"io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "perf_event_open",
			"keyctl", "add_key", "request_key", "vmsplice", "modify_ldt", "io_setup"}},
		{"the machine", []string{"reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog", "sethostname", "setdomainname",
			"settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "vhangup", "nfsservctl", "lookup_dcookie", "iopl", "ioperm"}},
		{"files past their folders", []string{"open_by_handle_at", "name_to_handle_at", "fanotify_init", "mknod", "mknodat"}},
	} {
		for _, name := range group.calls {
			if arch != "amd64" && slices.Contains([]string{"mknod", "modify_ldt", "iopl", "ioperm"}, name) {
				continue // x86-64 only
			}
			calls = append(calls, Call{name, group.why, nil})
		}
	}
	for flag := uint64(1); flag <= namespaces; flag <<= 1 {
		if flag&namespaces != 0 {
			calls = append(calls, Call{"clone", "a process in a namespace of its own", []Cond{{Arg: 0, Op: Masked, Mask: flag, Value: flag}}})
		}
	}
	for _, order := range []uint64{unix.TIOCSTI, unix.TIOCLINUX, unix.TIOCSETD, unix.TIOCCONS, unix.TIOCSCTTY} {
		calls = append(calls, Call{"ioctl", "types into a terminal, or takes it over", []Cond{low(1, order)}})
	}
	return calls
}
