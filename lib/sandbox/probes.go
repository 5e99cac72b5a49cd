package sandbox

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// Who needs a call.
type needs uint8

const (
	always needs = iota
	withRoot
	withFolders
	withCompanion
	withNamespaces // and can be left out with them
	withName
)

// A probe is a call with arguments that change nothing but the child that makes it:
// most fail, with EINVAL, EBADF or EFAULT.
type probe struct {
	name  string
	nr    uintptr
	args  [6]uintptr
	group needs
	done  bool // it succeeds: all others must fail
}

// isFaked reports whether a filter says that the call was made, as it can with an errno
// of 0: nothing that is asked for afterwards would hold.
func (p probe) isFaked(errno syscall.Errno) bool { return errno == 0 && !p.done }

// isRefusal reports whether it is a filter that says so: the kernel has another word
// for each probe. Of what only root may do it can be its own, and ENOSYS is also the
// word of a kernel without Landlock.
func (p probe) isRefusal(errno syscall.Errno) bool {
	switch errno {
	case unix.EPERM, unix.EACCES, unix.EAFNOSUPPORT:
		return p.group != withRoot
	case unix.ENOSYS:
		return p.nr != unix.SYS_LANDLOCK_CREATE_RULESET && p.nr != unix.SYS_LANDLOCK_ADD_RULE && p.nr != unix.SYS_LANDLOCK_RESTRICT_SELF
	}
	return false
}

// allProbes are the calls of both starts that the Go runtime has not made before main.
func allProbes() []probe {
	const none = ^uintptr(0) // no descriptor, user, operation, signal or pointer
	call := func(group needs, name string, nr uintptr, args ...uintptr) probe {
		p := probe{name: name, nr: nr, group: group}
		copy(p.args[:], args)
		return p
	}
	succeeds := func(p probe) probe {
		p.done = true
		return p
	}
	return []probe{
		succeeds(call(always, "prctl", unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 0, 0, 0, 0)), // no core file
		succeeds(call(always, "prctl", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)),
		call(always, "seccomp", unix.SYS_SECCOMP, none, 0, 0),
		succeeds(call(always, "landlock_create_ruleset", unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)),
		call(always, "landlock_add_rule", unix.SYS_LANDLOCK_ADD_RULE, none, unix.LANDLOCK_RULE_PATH_BENEATH, 0, 0),
		call(always, "landlock_restrict_self", unix.SYS_LANDLOCK_RESTRICT_SELF, none, 0),
		call(always, "capset", unix.SYS_CAPSET, 0, 0),
		call(always, "close_range", unix.SYS_CLOSE_RANGE, 1, 0, 0),
		call(always, "dup3", unix.SYS_DUP3, none, none, 0),
		call(always, "execveat", unix.SYS_EXECVEAT, none, 0, 0, 0, 0),
		call(always, "fcntl", unix.SYS_FCNTL, none, unix.F_GETFD, 0),
		call(always, "fstat", unix.SYS_FSTAT, none, 0),
		call(always, "memfd_create", unix.SYS_MEMFD_CREATE, 0, 0),
		call(always, "pread64", unix.SYS_PREAD64, none, 0, 0, 0),
		call(always, "prlimit64", unix.SYS_PRLIMIT64, 0, none, 0, 0),
		succeeds(call(always, "umask", unix.SYS_UMASK, 0o077)),
		call(always, "chdir", unix.SYS_CHDIR, 0),
		succeeds(call(always, "setresgid", unix.SYS_SETRESGID, none, none, none)),
		succeeds(call(always, "setresuid", unix.SYS_SETRESUID, none, none, none)),
		call(always, "epoll_create1", unix.SYS_EPOLL_CREATE1, none),
		call(always, "eventfd2", unix.SYS_EVENTFD2, 0, none),
		call(always, "epoll_ctl", unix.SYS_EPOLL_CTL, none, unix.EPOLL_CTL_DEL, none, 0),
		call(always, "epoll_pwait", unix.SYS_EPOLL_PWAIT, none, 0, 0, 0, 0, 0),
		call(always, "clone", unix.SYS_CLONE, unix.CLONE_THREAD, 0, 0, 0, 0), // needs CLONE_VM
		call(always, "tgkill", unix.SYS_TGKILL, 0, 0, 0),
		call(always, "madvise", unix.SYS_MADVISE, 1, 0, unix.MADV_DONTNEED),
		call(withCompanion, "socketpair", unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_SEQPACKET, 0, 0),
		succeeds(call(withCompanion, "setsid", unix.SYS_SETSID)),
		call(withCompanion, "sendmsg", unix.SYS_SENDMSG, none, 0, 0),
		call(withCompanion, "recvmsg", unix.SYS_RECVMSG, none, 0, 0),
		call(withFolders, "flock", unix.SYS_FLOCK, none, 0),
		call(withFolders, "fsync", unix.SYS_FSYNC, none),
		call(withFolders, "fchmod", unix.SYS_FCHMOD, none, 0),
		call(withFolders, "fchown", unix.SYS_FCHOWN, none, none, none),
		call(withFolders, "fsetxattr", unix.SYS_FSETXATTR, none, 0, 0, 0, 0),
		call(withFolders, "renameat2", unix.SYS_RENAMEAT2, none, 0, none, 0, 0),
		call(withFolders, "unlinkat", unix.SYS_UNLINKAT, none, 0, 0),
		succeeds(call(withNamespaces, "unshare", unix.SYS_UNSHARE, 0)),
		call(withNamespaces, "mount", unix.SYS_MOUNT, 0, 0, 0, 0, 0),
		call(withNamespaces, "mount_setattr", unix.SYS_MOUNT_SETATTR, none, 0, 0, 0, 0),
		call(withNamespaces, "umount2", unix.SYS_UMOUNT2, 0, 0),
		call(withNamespaces, "pivot_root", unix.SYS_PIVOT_ROOT, 0, 0),
		call(withNamespaces, "mkdirat", unix.SYS_MKDIRAT, none, 0, 0),
		call(withNamespaces, "fchmodat", unix.SYS_FCHMODAT, none, 0, 0),
		call(withNamespaces, "newfstatat", unix.SYS_NEWFSTATAT, none, 0, 0, 0),
		call(withNamespaces, "statfs", unix.SYS_STATFS, 0, 0),
		call(withNamespaces, "uname", unix.SYS_UNAME, 0),
		succeeds(call(withNamespaces, "socket", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_DGRAM, 0)),
		call(withName, "sethostname", unix.SYS_SETHOSTNAME, 0, none),
		call(withRoot, "setgroups", unix.SYS_SETGROUPS, none, 0),
	}
}
