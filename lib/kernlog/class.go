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

// classes maps each class to the fields that its denials must have, one of each
// row. A class without rows is known, and no rule language has a rule for it.
var classes = map[string][][]record.Field{
	classFile:      nil, // see checkFile
	classCap:       {{record.FCapname}},
	classNet:       {{record.FFamily}, {record.FSockType}},
	classRlimits:   {{record.FRlimit}, {record.FValue}},
	classMount:     {nameFields},
	classPtrace:    nil, // Linux 4.13 left mask and peer out
	classSignal:    {maskFields, {record.FSignal}, {record.FPeer}},
	classPosixMQ:   {maskFields, {record.FName}},
	classSysvMQ:    {maskFields, {record.FName}},
	classIOUring:   {maskFields},
	classNamespace: {maskFields},
	classDBus:      {{record.FMask}, {record.FBus}},
	"none":         nil, "unknown": nil, "domain": nil, "xmatch": nil, "label": nil, "module": nil, "lsm": nil,
}

var (
	// maskFields say what was denied, or for an AUDIT what was requested.
	maskFields = []record.Field{record.FDeniedMask, record.FDenied, record.FRequestedMask, record.FRequested}
	// nameFields say on what, or why the kernel could not find its name.
	nameFields = []record.Field{record.FName, record.FInfo}
	// targetFields say into which profile.
	targetFields = []record.Field{record.FTarget, record.FName, record.FInfo}
)

// operations maps operations to their class, for kernels that do not name it
// (security/apparmor/include/audit.h). Those before Linux 2.6.36 are told by
// their first word.
var operations = map[string]string{
	"capable": classCap,

	"open": classFile, "getattr": classFile, "truncate": classFile, "unlink": classFile,
	"mkdir": classFile, "rmdir": classFile, "mknod": classFile, "link": classFile, "symlink": classFile,
	"rename_src": classFile, "rename_dest": classFile, "chmod": classFile, "chown": classFile,
	"file_receive": classFile, "file_perm": classFile, "file_lock": classFile, "file_mmap": classFile,
	"file_mprotect": classFile, "file_inherit": classFile, "exec": classFile, "sysctl": classFile,
	"change_hat": classFile, "change_profile": classFile, "change_onexec": classFile,
	"stack": classFile, "stack_onexec": classFile, "setprocattr": classFile,

	"mount": classMount, "umount": classMount, "pivotroot": classMount,

	"create": classNet, "post_create": classNet, "bind": classNet, "connect": classNet, "listen": classNet,
	"accept": classNet, "sendmsg": classNet, "recvmsg": classNet, "getsockname": classNet,
	"getpeername": classNet, "getsockopt": classNet, "setsockopt": classNet, "socket_shutdown": classNet,

	"ptrace": classPtrace, "signal": classSignal, "setrlimit": classRlimits,
	"userns_create": classNamespace, "uring_override": classIOUring, "uring_sqpoll": classIOUring,
	"sysv_mqueue": classSysvMQ,
}

// transitions are the operations of class file that name a profile, no file.
const transitions = " change_hat change_profile change_onexec stack stack_onexec setprocattr "

// classOf returns the class of an operation, "" for one that is not known.
func classOf(f *record.Fields) string {
	op := f[record.FOperation]
	if f[record.FFamily] != "" && op != "exec" {
		return classNet // also file_perm, file_inherit and getattr of a socket
	}
	if c, ok := operations[op]; ok {
		return c
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
	if _, known := classes[class]; class != "" && !known {
		return "an unknown class: " + quote(class)
	}
	if class == "" {
		class = classOf(f)
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
	for _, row := range classes[class] {
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
	case isOneOf(f[record.FOperation], transitions):
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
