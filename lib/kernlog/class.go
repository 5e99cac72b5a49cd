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

// required returns the fields that the denials of a class must have, one of each
// row. A class without rows is known, and no rule language has a rule for it.
func required(class string) (rows [][]record.Field, known bool) {
	switch class {
	case classFile: // see checkFile
	case classPtrace: // Linux 4.13 left mask and peer out
	case classCap:
		rows = capFields
	case classNet:
		rows = netFields
	case classRlimits:
		rows = rlimitFields
	case classMount:
		rows = mountFields
	case classSignal:
		rows = signalFields
	case classPosixMQ, classSysvMQ:
		rows = queueFields
	case classIOUring, classNamespace:
		rows = maskOnly
	case classDBus:
		rows = busFields
	case "none", "unknown", "domain", "xmatch", "label", "module", "lsm":
	default:
		return nil, false
	}
	return rows, true
}

var (
	// maskFields say what was denied, or for an AUDIT what was requested.
	maskFields = []record.Field{record.FDeniedMask, record.FDenied, record.FRequestedMask, record.FRequested}
	// nameFields say on what, or why the kernel could not find its name.
	nameFields = []record.Field{record.FName, record.FInfo}
	// targetFields say into which profile.
	targetFields = []record.Field{record.FTarget, record.FName, record.FInfo}

	capFields    = [][]record.Field{{record.FCapname}}
	netFields    = [][]record.Field{{record.FFamily}, {record.FSockType}}
	rlimitFields = [][]record.Field{{record.FRlimit}, {record.FValue}}
	mountFields  = [][]record.Field{nameFields}
	signalFields = [][]record.Field{maskFields, {record.FSignal}, {record.FPeer}}
	queueFields  = [][]record.Field{maskFields, {record.FName}}
	maskOnly     = [][]record.Field{maskFields}
	busFields    = [][]record.Field{{record.FMask}, {record.FBus}}
)

// isTransition reports whether an operation of class file names a profile, no file.
func isTransition(operation string) bool {
	switch operation {
	case "change_hat", "change_profile", "change_onexec", "stack", "stack_onexec", "setprocattr":
		return true
	}
	return false
}

// classOf returns the class of an operation, for kernels that do not name it
// (security/apparmor/include/audit.h), and "" for one that is not known. Those
// before Linux 2.6.36 are told by their first word.
func classOf(f *record.Fields) string {
	op := f[record.FOperation]
	if f[record.FFamily] != "" && op != "exec" {
		return classNet // also file_perm, file_inherit and getattr of a socket
	}
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

// check holds the fields of a message against what its verdict and class must
// say, and fills in the class. It returns what is wrong, or "". user says that
// a user-space object manager wrote the message, old that a kernel before
// Linux 2.6.36 did.
func check(f *record.Fields, user, old bool) string {
	class := f[record.FClass]
	if class == "" {
		class = classOf(f)
	}
	rows, known := required(class)
	if class != "" && !known {
		return "an unknown class: " + quote(class)
	}
	if user && class != classDBus {
		return "not of class dbus, and so not for a user-space program to say: " + quote(f[record.FOperation])
	}
	switch v := f[record.FVerdict]; v {
	case "STATUS", "HINT", "ERROR":
		return "" // they tell, and deny nothing
	case "DENIED", "ALLOWED", "KILLED":
		if f[record.FDeniedMask] == "" && f[record.FDenied] == "" && (f[record.FRequestedMask] != "" || f[record.FRequested] != "") {
			return "what was requested without what was denied"
		}
	case "AUDIT":
	default:
		return "an unknown verdict: " + quote(v)
	}
	if class == "" {
		return "an unknown operation: " + quote(f[record.FOperation])
	}
	f[record.FClass] = class
	if old && class == classCap && f[record.FCapname] == "" {
		f[record.FCapname] = f[record.FName]
	}
	if f[record.FProfile] == "" && f[record.FOperation] != "change_hat" { // a hat of a task without profile
		return "no profile"
	}
	for _, row := range rows {
		if !hasOne(f, row) {
			return "no " + row[0].String() + ", which class " + class + " must have"
		}
	}
	switch class {
	case classFile:
		return checkFile(f, old)
	case classCap:
		return checkCapability(f)
	}
	return ""
}

// checkFile holds for file_audit_cb (security/apparmor/file.c): where there is a
// mask, owner and file system uid follow, without which a line was cut.
func checkFile(f *record.Fields, old bool) string {
	switch {
	case isTransition(f[record.FOperation]):
		if !hasOne(f, targetFields) {
			return "no target"
		}
	case !hasOne(f, maskFields):
		return "no mask"
	case !hasOne(f, nameFields):
		return "no name"
	case !old && (f[record.FFsuid] == "" || f[record.FOuid] == ""):
		return "no fsuid and ouid"
	}
	return ""
}

// hasOne reports whether one of the fields is there.
func hasOne(f *record.Fields, row []record.Field) bool {
	for _, field := range row {
		if f[field] != "" {
			return true
		}
	}
	return false
}
