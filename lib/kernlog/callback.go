package kernlog

import "github.com/sl-suite/sl/lib/record"

// A callback is a function that writes what one class of mediation says of a denial.
// The kernel has written verdict, operation, class, info, error, namespace, profile or
// label, and name before it, where there is such a thing (security/apparmor/audit.c,
// audit_pre), and pid and comm (security/lsm_audit.c, dump_common_audit_data). All
// others write in the order of their rows.
type callback struct {
	class string
	where string // the function
	rows  []row
}

// A row is fields of a message, and when they are in it. What may be absent means
// that any would do, or that there is none yet: it is for whoever makes a rule to say
// what follows. What is written together was cut where a part of it is missing.
type row struct {
	need   need
	fields []record.Field
	when   string
}

type need uint8

const (
	always  need = iota // each of them
	oneOf               // one of them at least
	unitary             // all or none
	letters             // a mask and each of them, or none where the operation is letterless
)

// callbacks are those of Linux 4.15 to 7.2 and of the D-Bus daemons. A class without
// rows is known, and no rule language has a rule for it.
var callbacks = [...]callback{
	{classFile, "file.c, file_audit_cb", []row{
		{oneOf, []record.Field{record.FName, record.FInfo}, "name: unless its lookup failed, then info says why; a transition may have a target alone"},
		{letters, []record.Field{record.FFsuid, record.FOuid}, "if a letter of files was requested: by all but transitions and connections"},
		{unitary, []record.Field{record.FRequestedMask}, "the same"},
		{unitary, []record.Field{record.FDeniedMask}, "if a letter of files was denied: no AUDIT has it"},
		{unitary, []record.Field{record.FTarget}, "a link's other name; the profile of an exec or a transition"},
	}},
	{classCap, "capability.c, audit_cb", []row{
		{always, []record.Field{record.FCapname}, ""}, // before Linux 2.6.36 name=, without the number
		{unitary, []record.Field{record.FCapability}, "since Linux 2.6.36"},
	}},
	{classNet, "net.c, audit_net_cb; lsm_audit.c, LSM_AUDIT_DATA_NET", []row{
		{always, []record.Field{record.FFamily, record.FSockType}, ""},
		{unitary, []record.Field{record.FLaddr}, "if it is not zero; so for all eight"},
		{unitary, []record.Field{record.FLport}, ""},
		{unitary, []record.Field{record.FFaddr}, ""},
		{unitary, []record.Field{record.FFport}, ""},
		{unitary, []record.Field{record.FSaddr}, ""},
		{unitary, []record.Field{record.FSport}, ""},
		{unitary, []record.Field{record.FDaddr}, ""},
		{unitary, []record.Field{record.FDest}, ""},
		{unitary, []record.Field{record.FPath}, "a Unix socket with a name"},
		{unitary, []record.Field{record.FProtocol}, "by all since Linux 2.6.36"},
		{unitary, []record.Field{record.FRequestedMask}, "if a word of sockets was requested"},
		{unitary, []record.Field{record.FDeniedMask}, "if one was denied: the word may be allowed, and the socket closed all the same"},
		{unitary, []record.Field{record.FRequested}, "fine mediation of Ubuntu 14.04"},
		{unitary, []record.Field{record.FDenied}, "the same"},
		{unitary, []record.Field{record.FAddr}, "family unix with fine mediation"},
		{unitary, []record.Field{record.FPeerAddr}, "the same, of an operation that has a peer"},
		{unitary, []record.Field{record.FPeer}, "if the peer is known"},
	}},
	{classRlimits, "resource.c, audit_cb", []row{
		{always, []record.Field{record.FRlimit, record.FValue}, ""},
		{unitary, []record.Field{record.FPeer}, "the limit of another process"},
	}},
	{classMount, "mount.c, audit_cb", []row{
		{oneOf, []record.Field{record.FName, record.FInfo}, "name: unless its lookup failed"},
		{unitary, []record.Field{record.FFstype}, "a new mount"},
		{unitary, []record.Field{record.FSrcname}, "unless it is NULL, or detached"},
		{unitary, []record.Field{record.FFlags}, "if one is set"},
		{unitary, []record.Field{record.FOptions}, "if the file system has some"},
	}},
	{classPtrace, "ipc.c, audit_ptrace_cb", []row{
		{unitary, []record.Field{record.FRequestedMask}, "since Linux 4.14"},
		{unitary, []record.Field{record.FDeniedMask}, "the same; no AUDIT has it"},
		{unitary, []record.Field{record.FPeer}, "since Linux 4.14"},
	}},
	{classSignal, "ipc.c, audit_signal_cb", []row{
		{unitary, []record.Field{record.FRequestedMask}, "if it is to send or to receive"},
		{unitary, []record.Field{record.FDeniedMask}, "the same; no AUDIT has it"},
		{always, []record.Field{record.FSignal, record.FPeer}, ""},
	}},
	{classPosixMQ, "ipc.c, audit_mqueue_cb", queueRows},
	{classSysvMQ, "ipc.c, audit_mqueue_cb", queueRows},
	{classIOUring, "io_uring.c, audit_uring_cb", []row{
		{oneOf, []record.Field{record.FRequested, record.FDenied}, ""},
		{unitary, []record.Field{record.FTcontext}, "the override of credentials"},
	}},
	{classNamespace, "task.c, audit_ns_cb", []row{
		{oneOf, []record.Field{record.FRequested, record.FDenied}, ""},
		{unitary, []record.Field{record.FTarget}, "Ubuntu: the profile that takes its place"},
		{unitary, []record.Field{record.FExecpath}, "Ubuntu: the program"},
	}},
	{classDBus, "dbus-daemon's bus/apparmor.c, dbus-broker's bus/apparmor.c", []row{
		{always, []record.Field{record.FBus, record.FMask}, ""},
		{unitary, []record.Field{record.FName}, "bind: the name; a message: whom it is for or from, if that is said"},
		{unitary, []record.Field{record.FPath}, "if the message has one; so for the next two"},
		{unitary, []record.Field{record.FInterface}, ""},
		{unitary, []record.Field{record.FMember}, ""},
		{unitary, []record.Field{record.FPid}, "if the bus knows it"},
		{unitary, []record.Field{record.FPeerPid}, "the same"},
		{unitary, []record.Field{record.FPeerLabel}, "unless the peer is yet to be started"},
	}},
	{"none", "", nil}, {"unknown", "", nil}, {"domain", "", nil}, {"xmatch", "", nil},
	{"label", "", nil}, {"module", "", nil}, {"lsm", "", nil}, {"X", "", nil},
}

// queueRows are those of both kinds of message queue.
var queueRows = []row{
	{unitary, []record.Field{record.FName}, "posix: unless its lookup failed; sysv: the key, later than the class"},
	{unitary, []record.Field{record.FRequested}, "if a word of queues was requested"},
	{unitary, []record.Field{record.FDenied}, "if one was denied: no AUDIT has it"},
	{unitary, []record.Field{record.FFsuid, record.FOuid}, "if a letter of files was requested"},
}

// callbackOf returns the rows of a class; known is false for one that no kernel has.
func callbackOf(class string) (rows []row, known bool) {
	for i := range callbacks {
		if callbacks[i].class == class {
			return callbacks[i].rows, true
		}
	}
	return nil, false
}

// mayLack reports whether the row can be wrong at all.
func (r *row) mayLack() bool { return r.need != unitary || len(r.fields) > 1 }

// lacks returns what of the row is missing that cannot be, or "".
func (r *row) lacks(f *record.Fields, seen *record.FieldSet, old bool) string {
	found := 0
	for _, field := range r.fields {
		if seen.Has(field) {
			found++
		}
	}
	masked := r.need != letters || seen.Has(record.FRequestedMask) || seen.Has(record.FDeniedMask)
	switch {
	case found == len(r.fields) && masked:
		return ""
	case r.need == unitary && (found == 0 || old):
		return ""
	case r.need == letters && masked && old, r.need == letters && !masked && found == 0 && letterless(f[record.FOperation]):
		return ""
	case !masked:
		return "no mask"
	case r.need == oneOf && (found > 0 || f[record.FOperation] == "change_hat" || seen.Has(record.FTarget) && letterless(f[record.FOperation])):
		return ""
	}
	missing := r.fields[0]
	for _, field := range r.fields {
		if seen.Has(missing) {
			missing = field
		}
	}
	return "no " + missing.String()
}

// letterless reports whether an operation of class file may ask for nothing that has
// a letter of files (security/apparmor/include/file.h, AA_AUDIT_FILE_MASK): it
// names a profile, or connects to the socket of another.
func letterless(operation string) bool {
	switch operation {
	case "change_hat", "change_profile", "change_onexec", "stack", "stack_onexec", "setprocattr",
		"connect", "accept", "listen", "bind", "getsockname", "getpeername", "getsockopt", "setsockopt", "socket_shutdown", "sendmsg", "recvmsg":
		return true
	}
	return false
}
