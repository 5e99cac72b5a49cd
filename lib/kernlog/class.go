package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// Classes of mediation, as the kernel names them since Linux 6.2
// (security/apparmor/lib.c, aa_class_names; include/apparmor.h), and dbus,
// which user space mediates.
const (
	classFile      = "file"
	classCap       = "cap"
	classNet       = "net"
	classRlimits   = "rlimits"
	classMount     = "mount"
	classPtrace    = "ptrace"
	classSignal    = "signal"
	classPosixMQ   = "posix_mqueue"
	classSysvMQ    = "sysv_mqueue"
	classIOUring   = "io_uring"
	classNamespace = "namespace"
	classDBus      = "dbus"
)

// classOf returns the class of a message of a kernel that does not name it, before
// Linux 6.2, and "" where it does not show. The fields say it where they are those of
// one call-back alone: a socket in the file system is a file under the operation
// connect, and a socket is one under file_perm.
func classOf(f *record.Fields, seen *record.FieldSet) string {
	switch {
	case seen.Has(record.FFamily), seen.Has(record.FSockType):
		return classNet
	case seen.Has(record.FFsuid) && (seen.Has(record.FRequestedMask) || seen.Has(record.FDeniedMask)):
		return classFile
	case seen.Has(record.FCapability), seen.Has(record.FCapname):
		return classCap
	case seen.Has(record.FRlimit):
		return classRlimits
	case seen.Has(record.FSignal):
		return classSignal
	case seen.Has(record.FBus):
		return classDBus
	case seen.Has(record.FTcontext):
		return classIOUring
	case seen.Has(record.FFstype), seen.Has(record.FSrcname):
		return classMount
	}
	return classOfOperation(f[record.FOperation])
}

// classOfOperation returns the class of an operation (security/apparmor/include/audit.h),
// and "" for one that is not known. Those before Linux 2.6.36 are told by their first
// word.
func classOfOperation(op string) string {
	switch op {
	case "open", "getattr", "truncate", "unlink", "mkdir", "rmdir", "mknod", "link", "symlink",
		"rename_src", "rename_dest", "chmod", "chown", "file_receive", "file_perm", "file_lock", "file_mmap",
		"file_mprotect", "file_inherit", "exec", "sysctl",
		"change_hat", "change_profile", "change_onexec", "stack", "stack_onexec", "setprocattr":
		return classFile
	case "capable":
		return classCap
	case "mount", "umount", "pivotroot":
		return classMount
	case "create", "post_create", "bind", "connect", "listen", "accept", "sendmsg", "recvmsg",
		"getsockname", "getpeername", "getsockopt", "setsockopt", "socket_shutdown":
		return classNet
	case "ptrace":
		return classPtrace
	case "signal":
		return classSignal
	case "setrlimit":
		return classRlimits
	case "userns_create":
		return classNamespace
	case "uring_override", "uring_sqpoll":
		return classIOUring
	case "sysv_mqueue":
		return classSysvMQ
	}
	prefix, _, _ := strings.Cut(op, "_")
	switch prefix {
	case "inode", "file", "path", "xattr":
		return classFile
	case "socket":
		return classNet
	case "dbus":
		return classDBus
	}
	return ""
}

// check holds the fields of a message against what its verdict says and what the
// call-back of its class writes, and fills in the class. It returns what is wrong, or
// "". user says that a user-space object manager wrote the message, old that a kernel
// before Linux 2.6.36 did.
func check(f *record.Fields, seen *record.FieldSet, user, old bool) string {
	class := f[record.FClass]
	if isNameless(class) {
		if of := classOf(f, seen); of != "" {
			class = of
		}
	}
	rows, known := callbackOf(class)
	if class != "" && !known {
		return "an unknown class: " + quote(class)
	}
	if user && class != classDBus {
		return "not of class dbus, and so not for a user-space program to say: " + quote(f[record.FOperation])
	}
	switch v := f[record.FVerdict]; v {
	case "STATUS", "HINT", "ERROR":
		return "" // they tell, and deny nothing
	case "DENIED", "ALLOWED", "KILLED", "AUDIT":
	default:
		return "an unknown verdict: " + quote(v)
	}
	if class == "" {
		return "an unknown operation: " + quote(f[record.FOperation])
	}
	f[record.FClass] = class
	if old && class == classCap && f[record.FCapname] == "" {
		f[record.FCapname] = f[record.FName]
		seen.Add(record.FCapname)
	}
	// A task without profile can ask for a hat; of a label that cannot be printed the
	// kernel writes the key.
	if !seen.Has(record.FProfile) && !seen.Has(record.FLabel) && f[record.FOperation] != "change_hat" {
		return "no profile"
	}
	for i := range rows {
		if !rows[i].mayLack() {
			continue
		}
		if what := rows[i].lacks(f, seen, old); what != "" {
			return what + ", which class " + class + " must have"
		}
	}
	if class == classCap {
		return checkCapability(f)
	}
	return ""
}

// isNameless reports whether the kernel had no name for the class, whose number it
// has.
func isNameless(class string) bool { return class == "" || class == "unknown" || class == "none" }
