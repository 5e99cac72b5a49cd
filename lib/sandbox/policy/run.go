package policy

import "golang.org/x/sys/unix"

// Run is a companion that runs the system's own programs, which nobody here can
// list the calls of: so it is a list of what none of them needs, and what a program
// that was taken over would look for. That it can change nothing is the business of
// Landlock, of its user, and of its namespaces.
func Run() Policy {
	// The flags of clone3 stand in memory, where a filter cannot read them.
	p := Policy{Name: "run", Deny: true, Unknown: []string{"clone3"}}
	for _, group := range []struct {
		why   string
		calls []string
	}{
		{"other processes", []string{"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"}},
		{"the mounts", []string{"mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount", "fspick",
			"move_mount", "open_tree", "mount_setattr"}},
		{"other namespaces", []string{"unshare", "setns"}},
		{"the kernel's own code", []string{"init_module", "finit_module", "delete_module", "kexec_load", "bpf"}},
		{"what has had many holes", []string{"io_uring_setup", "userfaultfd", "perf_event_open", "keyctl", "add_key", "request_key"}},
		{"the machine", []string{"reboot", "swapon", "swapoff", "acct", "quotactl", "syslog", "sethostname", "setdomainname",
			"settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "vhangup", "nfsservctl", "lookup_dcookie"}},
		{"files past their folders", []string{"open_by_handle_at", "name_to_handle_at", "fanotify_init", "mknodat"}},
	} {
		for _, name := range group.calls {
			p.Calls = append(p.Calls, Call{name, group.why, nil})
		}
	}
	for _, ns := range []struct {
		flag uint64
		what string
	}{
		{unix.CLONE_NEWNS, "mount"}, {unix.CLONE_NEWUTS, "uts"}, {unix.CLONE_NEWIPC, "ipc"}, {unix.CLONE_NEWUSER, "user"},
		{unix.CLONE_NEWPID, "pid"}, {unix.CLONE_NEWNET, "net"}, {unix.CLONE_NEWCGROUP, "cgroup"},
	} {
		p.Calls = append(p.Calls, Call{"clone", "a process in a " + ns.what + " namespace of its own",
			[]Cond{{Arg: 0, Op: Masked, Mask: ns.flag, Value: ns.flag}}})
	}
	// The network namespace is empty, but not every kind of socket is of it: vsock(7)
	// reaches the machine that this one is a guest of. The others are code that no
	// checker needs, and that has had many holes.
	for _, family := range []uint64{unix.AF_VSOCK, unix.AF_ALG, unix.AF_KEY, unix.AF_XDP, unix.AF_BLUETOOTH, unix.AF_CAN, unix.AF_TIPC,
		unix.AF_RDS, unix.AF_KCM, unix.AF_SMC, unix.AF_QIPCRTR, unix.AF_NFC} {
		p.Calls = append(p.Calls, Call{"socket", "a network that no namespace holds, or that nobody needs", []Cond{low(0, family)}})
	}
	return p
}
