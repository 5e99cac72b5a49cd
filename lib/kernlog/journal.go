package kernlog

import (
	"strconv"
	"strings"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// An Entry is what counts of one entry of systemd's journal. Only the journal
// itself writes the fields that begin with an underscore: it drops those that a
// client sends (systemd.journal-fields(7)). So they say who wrote the message,
// where whoever printed the entry can be believed.
type Entry struct {
	fields  [numEntryFields]string
	values  [numEntryFields]uint8 // how many the field has: 0, 1, or 2 for more
	leftOut bool                  // the message was too long for whoever printed it
}

// entryField is a field of an entry that is read; all others are passed over.
type entryField uint8

const (
	entryMessage entryField = iota
	entryTransport
	entryFacility
	entryIdentifier
	entryPid
	entryHost
	entrySerial
	entryAuditType
	entrySourceTime // microseconds, what the message says
	entryTime       // microseconds, when the journal took it
	entryUID
	entryExe
	entryUnit
	entryUserUnit
	entryPolicy // of dbus-broker, as the rest
	entryAction
	entrySender
	entryReceiver
	entryType
	entryDestination
	entryPath
	entryInterface
	entryMember
	numEntryFields
)

var entryNames = [numEntryFields]string{
	"MESSAGE", "_TRANSPORT", "SYSLOG_FACILITY", "SYSLOG_IDENTIFIER", "_PID", "_HOSTNAME", "_AUDIT_ID", "_AUDIT_TYPE",
	"_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP", "_UID", "_EXE", "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT",
	"DBUS_BROKER_POLICY_TYPE", "DBUS_BROKER_TRANSMIT_ACTION", "DBUS_BROKER_SENDER_SECURITY_LABEL", "DBUS_BROKER_RECEIVER_SECURITY_LABEL",
	"DBUS_BROKER_MESSAGE_TYPE", "DBUS_BROKER_MESSAGE_DESTINATION", "DBUS_BROKER_MESSAGE_PATH", "DBUS_BROKER_MESSAGE_INTERFACE",
	"DBUS_BROKER_MESSAGE_MEMBER",
}

// entryFieldOf returns the field of a name; ok is false for one that is not read.
func entryFieldOf(name string) (f entryField, ok bool) {
	for f, n := range entryNames {
		if n == name {
			return entryField(f), true
		}
	}
	return 0, false
}

// add takes one value of a field.
func (e *Entry) add(f entryField, value string) {
	e.values[f] = min(e.values[f]+1, 2)
	e.fields[f] = value
}

// get returns the value of a field, and "" where it has none or more than one:
// nothing is earned by a field that says two things.
func (e *Entry) get(f entryField) string {
	if e.values[f] != 1 {
		return ""
	}
	return e.fields[f]
}

// Message returns the text of the entry, log text; "" where it has none.
func (e *Entry) Message() string { return e.get(entryMessage) }

// ParseEntry takes one journal entry apart. It is like [Parser.Parse] but for
// the trust, which the entry's own fields earn: the entry must come from the
// journal, through programs that the caller believes. Offsets in an [*Error]
// are those of the message.
func (p *Parser) ParseEntry(e *Entry, ev *record.Event) (Result, error) {
	*ev = record.Event{}
	h := e.head()
	if e.get(entryPolicy) == "apparmor" && h.origin != fromKernel && h.origin != fromAudit {
		return e.broker(&h, ev)
	}
	if e.Message() == "" {
		if e.leftOut && (h.origin == fromKernel || h.origin == fromAudit) {
			return Result{}, &Error{0, "the journal entry has no MESSAGE, or one of more than 64 KiB: journalctl leaves out those of 4 KiB unless it is told --all"}
		}
		return Result{}, nil
	}
	res, err := p.message(&h, ev)
	if err != nil || res.Kind != Event {
		*ev = record.Event{}
		if h.origin == fromProgram {
			err = nil
		}
		if res.Kind == Loss {
			res.Trust, res.Reason = e.trust(&h)
			return res, err
		}
		if h.origin != fromProgram { // the fields say who wrote it, so a program's text is no message
			err = unread(h.msg, &h, err)
		}
		if err != nil {
			res = Result{}
		}
		return res, err
	}
	ev.Carrier, ev.Count, ev.Host = h.carrier, 1, h.host
	level, why := e.trust(&h)
	h.believe(ev, level, why)
	if h.origin == fromAudit && ev.Audit == "" {
		ev.Audit, ev.Time = e.audit()
	}
	if ev.Time == "" {
		ev.Time = e.time()
	}
	return res, nil
}

// head says who wrote the entry. What a client sent is named as in syslog, but
// neither the kernel nor the audit subsystem is a client.
func (e *Entry) head() head {
	h := head{
		carrier: carrierJournal, origin: fromProgram, tag: e.get(entryIdentifier), host: e.get(entryHost),
		msg: strings.TrimRight(e.Message(), " \t\r\n"),
	}
	switch e.get(entryTransport) {
	case "kernel": // journald-kmsg.c; what a process writes to /dev/kmsg has another facility, or its number
		if e.get(entryFacility) == "0" && e.values[entryPid] == 0 {
			h.origin = fromKernel
		}
	case "audit": // journald-audit.c
		h.origin = fromAudit
		h.user = e.values[entryAuditType] > 0 && !isKernelType(auditType(e.get(entryAuditType)))
	default:
		if _, o := tag(h.tag + ":"); o == fromDBus {
			h.origin = o
		}
	}
	return h
}

// trust says how far the journal's own fields let the entry be believed.
func (e *Entry) trust(h *head) (record.Trust, string) {
	switch h.origin {
	case fromKernel, fromAudit:
		return record.TrustKernel, ""
	case fromDBus:
		return record.TrustLog, reasonClient
	}
	return record.TrustNone, reasonForeign
}

// audit puts the id of an audit record together again, which the journal keeps
// in two fields: the event is the same as in auditd's log.
func (e *Entry) audit() (id, rfc3339 string) {
	usec, ok := microseconds(e.get(entrySourceTime))
	serial := e.get(entrySerial)
	if !ok || !isDecimal(serial) {
		return "", ""
	}
	id = strconv.FormatInt(usec/1e6, 10) + "." + strconv.FormatInt(1000+usec/1e3%1e3, 10)[1:] + ":" + serial
	rfc3339, err := auditTime(id, 0)
	if err != nil {
		return "", ""
	}
	return id, rfc3339
}

// time returns when the message was written, else when the journal took it.
func (e *Entry) time() string {
	for _, f := range [...]entryField{entrySourceTime, entryTime} {
		if usec, ok := microseconds(e.get(f)); ok {
			return time.UnixMicro(usec).UTC().Format(time.RFC3339Nano)
		}
	}
	return ""
}

// microseconds reads a time since 1970; ok is false where it is none, or none
// that RFC 3339 can say.
func microseconds(s string) (usec int64, ok bool) {
	if !isDecimal(s) {
		return 0, false
	}
	usec, err := strconv.ParseInt(s, 10, 64)
	return usec, err == nil && usec/1e6 <= maxAuditSeconds
}
