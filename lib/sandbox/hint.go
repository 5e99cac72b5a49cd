package sandbox

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Hint says what a person can do about it, "" where that is not known.
func (e *LayerError) Hint() string {
	var hinted interface{ Hint() string }
	if errors.As(e.Err, &hinted) {
		return hinted.Hint()
	}
	var errno syscall.Errno
	errors.As(e.Err, &errno)
	switch {
	case errno == unix.ENOENT && strings.Contains(e.Error(), "/proc/"):
		return "proc(5) has to be mounted on /proc"
	case errno == unix.EMFILE || errno == unix.ENFILE:
		return "raise the limit on open files: ulimit -n, LimitNOFILE="
	case errno == unix.EFBIG:
		return "raise the limit on the size of files: ulimit -f, LimitFSIZE="
	case errno == unix.EAGAIN:
		return "raise the limit on processes: ulimit -u, LimitNPROC=, TasksMax=, pids.max"
	case errno == unix.ENOMEM:
		return "raise the limit on memory: ulimit -v, LimitAS=, MemoryMax="
	case errno == unix.EPERM && strings.Contains(e.Error(), "/uid_map"): // verify_root_map of the kernel's kernel/user_namespace.c
		return "root without CAP_SETFCAP can make no user namespace: CapabilityBoundingSet= and the like have to leave it, or another user runs this; see ENVIRONMENTS in sl(7)"
	case e.Layer == layerNamespaces:
		return namespacesHint()
	}
	return ""
}

// namespacesHint names what forbids them, as far as the system says.
func namespacesHint() string {
	if !rootIsMount() {
		return "in a chroot there are no user namespaces"
	}
	for _, f := range []struct{ path, forbids, name string }{
		{"/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces"},
		{"/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone"},
		{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns"},
	} {
		if text, err := readFile(f.path); err == nil && strings.TrimSpace(text) == f.forbids {
			return f.name + " is " + f.forbids + ", which forbids user namespaces to users; see ENVIRONMENTS in sl(7)"
		}
	}
	if underFilter() {
		return "the seccomp filter that this was started under forbids namespaces, as containers and RestrictNamespaces= do; see ENVIRONMENTS in sl(7)"
	}
	return "see ENVIRONMENTS in sl(7)"
}
