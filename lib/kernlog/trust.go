package kernlog

import "github.com/sl-suite/sl/lib/record"

// Why an event is believed no further; "" goes with TrustKernel alone.
const (
	reasonUnknown  = "nothing says where the line was read"
	reasonNotFile  = "not read from a file: anybody may have written it"
	reasonWritable = "others than root can write the file"
	reasonForeign  = "the line names another writer than the kernel"
	reasonNoTag    = "the line names no writer"
	reasonDaemon   = "the word of the syslog daemon, through which it came"
	reasonClient   = "any local user can send the journal such an entry"
	reasonBus      = "the word of the system's bus, which is a program"
	reasonFields   = "any process can send the journal such fields, and nothing says that the system's bus did"
	reasonOther    = "not this machine's own journal: whoever sent the entry has chosen its fields"
	reasonSyslog   = "any local user can have syslog write such a line"
	reasonNotAudit = "not auditd's own log, for which sl-read --audit=FILE vouches, or behind a line that is not auditd's"
	reasonUser     = "a record of user space: any process with CAP_AUDIT_WRITE can send one"
	reasonNode     = "the line names the host it came from, and that host chose its words"
	reasonPrefix   = "no known log prefix: text of the kernel's own can hold a name that is a whole packet"
	reasonMarks    = "the line has marks of priorities in its middle, which were taken out"
	reasonNoKernel = "no kernel writes such a message: TCP with the length of UDP"
)

// trust says how far the origin that a line claims can be believed in a source.
func trust(h *head, src *record.Source) (record.Trust, string) {
	switch {
	case src == nil:
		return record.TrustNone, reasonUnknown
	case h.carrier == carrierKmsg && src.Kind == "device":
		if h.origin != fromKernel {
			return record.TrustNone, reasonForeign
		}
		if src.Path != "/dev/kmsg" || src.UID != 0 || !ownersOnly(src) {
			return record.TrustNone, reasonWritable
		}
		return record.TrustKernel, ""
	case src.Kind != "file":
		return record.TrustNone, reasonNotFile
	case !ownersOnly(src) || !isSystem(src.UID) && src.Audit != record.AuditVouched:
		return record.TrustNone, reasonWritable
	case h.origin == fromProgram, h.origin == fromPVE:
		return record.TrustNone, reasonForeign
	case h.carrier == carrierAudit:
		return auditTrust(h, src)
	case h.origin == fromKernel && src.UID == 0 && (h.input == inputKlog || h.input == inputKmsg):
		return record.TrustDaemon, reasonDaemon
	case h.carrier == carrierSyslog, h.carrier == carrierSyslog5:
		return record.TrustLog, reasonSyslog
	}
	return record.TrustNone, reasonNoTag // saved dmesg output, bare messages
}

// auditTrust says how far a line in auditd's form can be believed. Its form is no
// proof: a message to some syslog daemons can hold a newline and, behind it, such a
// line. What sl-read says of the file is one.
func auditTrust(h *head, src *record.Source) (record.Trust, string) {
	switch {
	case src.Audit != record.AuditPath && src.Audit != record.AuditVouched:
		return record.TrustLog, reasonNotAudit
	case h.host != "": // auditd takes records from other hosts, as they send them (auditd.conf(5), tcp_listen_port)
		return record.TrustDaemon, reasonNode
	}
	return record.TrustKernel, ""
}

// believe writes down how far an event can be believed whose line has that trust:
// what the line says may earn less.
func (h *head) believe(ev *record.Event, trust record.Trust, reason string) {
	if ev.Reason != "" { // the message itself earns none
		return
	}
	if h.user && trust > record.TrustDaemon {
		trust, reason = record.TrustDaemon, reasonUser
	}
	if h.strange && trust > record.TrustLog {
		ev.PrefixTrust = trust
		trust, reason = record.TrustLog, reasonPrefix
	}
	ev.Trust, ev.Reason = trust, reason
}

// ownersOnly reports whether the mode of a source lets neither group nor others
// write.
func ownersOnly(src *record.Source) bool {
	digits := src.Mode
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '7' || i >= len(digits)-2 && digits[i]&2 != 0 {
			return false
		}
	}
	return len(digits) >= 3
}

// isSystem reports whether a user is root or the user of a service, as the syslog
// daemon may be one: their uids are below 1000 (Debian Policy, 9.2.2; login.defs(5),
// SYS_UID_MAX). Nobody's is above.
func isSystem(uid uint32) bool { return uid < 1000 }
