package kernlog

import (
	"strconv"
	"strings"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// auditRecord is an audit record whose type may carry an AppArmor message.
type auditRecord struct {
	verdict string // of the types 1501 to 1507, else ""
	user    bool   // USER_AVC: a user-space object manager wrote the body
	decoded bool   // its values were decoded by somebody: aa-log does, and puts them in quotes
	id      string // "seconds.millis:serial", "" where the carrier drops it
	time    string // RFC 3339
	body    string // the message, or for USER_AVC what stands between msg=' and the end
	at      int    // offset of body in the line
}

// Types of audit records, include/uapi/linux/audit.h and libaudit.h.
const (
	typeUserAVC = 1107
	typeAVC     = 1400
	typeAA      = 1500 // the first of AppArmor's own, used before Linux 2.6.36
)

// isUserType reports whether user space sends records of a type: AUDIT_USER and the
// two ranges of messages (include/uapi/linux/audit.h; kernel/audit.c,
// audit_receive_msg).
func isUserType(kind int) bool {
	return kind == 1005 || 1100 <= kind && kind <= 1199 || 2100 <= kind && kind <= 2999
}

// isKernelType reports whether a type is known, and not of user space.
func isKernelType(kind int) bool { return kind > 0 && !isUserType(kind) }

// aaTypes are AppArmor's own types from typeAA on: the names that auditd gives
// them, behind "APPARMOR_", which are the verdicts.
var aaTypes = [...]string{"", "AUDIT", "ALLOWED", "DENIED", "HINT", "STATUS", "ERROR", "KILLED"}

// readAudit reads an audit record up to its body. ours is false for records of
// other types and for SELinux's.
func readAudit(h *head) (r auditRecord, ours bool, err error) {
	kind, ours, err := r.readHead(h)
	h.user = h.user || isUserType(kind)
	if err != nil || !ours {
		return r, ours, err
	}
	switch isAA := strings.HasPrefix(r.body, "apparmor="); {
	case kind == typeUserAVC:
		r.user = true
		i := strings.Index(" "+r.body, " msg='")
		if i < 0 {
			return r, false, nil
		}
		i += len("msg='")
		r.body, r.at = r.body[i:], r.at+i
		return r, strings.HasPrefix(r.body, "apparmor="), nil
	case kind == typeAVC, kind == typeAA && isAA:
		return r, isAA, nil
	case kind == typeAA:
		return r, true, &Error{r.at, "a message of AppArmor before 2.1, whose names cannot be told from its words: " + quote(r.body)}
	case kind > typeAA && kind < typeAA+len(aaTypes):
		r.verdict = aaTypes[kind-typeAA]
		return r, true, nil
	case isAA:
		return r, true, &Error{r.at, "apparmor= in an audit record of another type"}
	}
	return r, false, nil
}

// readHead reads the head of an audit record in the forms
//
//	type=AVC msg=audit(T:N): body         auditd
//	audit: type=1400 audit(T:N): body     printk; "audit: " since Linux 4.0
//	audit(T:N): type=1503 body            printk before Linux 2.6.28
//	AVC body                              the journal's text, raw or under the tag "audit"
//
// where body may begin with another "type=1503 ". kind is the record's type, or
// -1. ours is false where it is no audit record.
func (r *auditRecord) readHead(h *head) (kind int, ours bool, err error) {
	c := cursor{s: h.msg}
	kind = -1
	typed := isJournalText(h)
	if typed {
		kind = auditType(c.until(' '))
	} else {
		c.word("audit:")
		if h.origin == fromProgram && c.lit("node=") { // audisp's plugin for syslog
			c.until(' ')
		}
		if typed = c.lit("type="); typed {
			kind = auditType(c.until(' '))
		}
		if isMsg := c.lit("msg="); isMsg && h.origin == fromKernel || !c.lit("audit(") {
			return kind, false, nil
		}
		start := c.i
		r.id = c.until(')')
		r.time, err = auditTime(r.id, h.at+start)
		if err == nil && !c.lit(":") {
			err = &Error{h.at + c.i, "no colon after the audit time"}
		}
		if err != nil {
			if !mentions(h.msg) {
				err = nil
			}
			return kind, false, err
		}
	}
	c.blanks()
	if c.next("type=150") {
		c.lit("type=")
		second := auditType(c.until(' '))
		if typed && kind != second {
			return kind, true, &Error{h.at + c.i, "two types that differ"}
		}
		kind = second
		c.blanks()
	}
	r.body, r.at = c.rest(), h.at+c.i
	return kind, true, nil
}

// isJournalText reports whether a record is as the journal shows it: the name of
// its type, and the body.
func isJournalText(h *head) bool {
	switch {
	case h.carrier == carrierAudit:
		return false
	case h.carrier == carrierRaw:
		return strings.HasPrefix(h.msg, "AVC ") || strings.HasPrefix(h.msg, "USER_AVC ")
	}
	return h.origin == fromAudit && !strings.HasPrefix(h.msg, "type=") // some daemons take the kernel's "audit:" for a tag
}

// mentions reports whether a broken record names AppArmor.
func mentions(s string) bool {
	return strings.Contains(s, "apparmor=") || strings.Contains(s, "type=150")
}

// auditType returns the number of a type given by number or by name, -1 for one
// that cannot carry an AppArmor message.
func auditType(s string) int {
	switch s {
	case "AVC", "1400":
		return typeAVC
	case "USER_AVC":
		return typeUserAVC
	case "APPARMOR":
		return typeAA
	}
	if name, ok := strings.CutPrefix(s, "APPARMOR_"); ok {
		for i, n := range aaTypes {
			if n == name && i > 0 {
				return typeAA + i
			}
		}
		return -1
	}
	if n, ok := strings.CutPrefix(s, "UNKNOWN["); ok { // ausearch, auditd
		s = strings.TrimSuffix(n, "]")
	}
	s = strings.TrimPrefix(s, "AUDIT") // the journal, for types that it has no name of
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return -1
	}
	return int(n)
}

// maxAuditSeconds is the end of the year 9999, the last that RFC 3339 can say.
const maxAuditSeconds = 253402300799

// auditTime takes "seconds.millis:serial" apart; at is its offset in the line.
func auditTime(id string, at int) (string, error) {
	dot := skipDigits(id, 0)
	colon := skipDigits(id, skipByte(id, dot, '.'))
	end := skipDigits(id, skipByte(id, colon, ':'))
	if dot == 0 || colon != dot+4 || end < colon+2 || end != len(id) || end > colon+21 {
		return "", &Error{at, "not an audit time: " + quote(id)}
	}
	sec, err := strconv.ParseInt(id[:dot], 10, 64)
	if err != nil || sec > maxAuditSeconds {
		return "", &Error{at, "an audit time out of range: " + quote(id)}
	}
	t := time.Unix(sec, 0).UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	var buf [len("2006-01-02T15:04:05.000Z")]byte // what Format would take thrice the time for
	b := appendTwo(appendTwo(buf[:0], year/100), year%100)
	b = appendTwo(append(b, '-'), int(month))
	b = appendTwo(append(b, '-'), day)
	b = appendTwo(append(b, 'T'), hour)
	b = appendTwo(append(b, ':'), minute)
	b = appendTwo(append(b, ':'), second)
	b = append(b, id[dot:colon]...)
	return string(append(b, 'Z')), nil
}

// appendTwo appends a number as two digits.
func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// appArmor reads an AppArmor message into ev. It is skipped where there is none at
// the place that belongs to it.
func appArmor(h *head, ev *record.Event) (Result, error) {
	r := auditRecord{body: h.msg, at: h.at, user: h.origin == fromDBus}
	switch bare := strings.HasPrefix(h.msg, "apparmor="); {
	case bare && h.origin == fromKernel:
		return Result{}, &Error{h.at, "apparmor= without the audit(...) that the kernel puts before it"}
	case bare && h.origin != fromAudit: // a bus daemon's, or what is left of a line
		r.decoded = h.carrier == carrierRaw
	case h.origin == fromDBus:
		return Result{}, nil
	default:
		var ours bool
		var err error
		if r, ours, err = readAudit(h); err != nil || !ours {
			return Result{}, err
		}
	}
	ev.Kind, ev.Audit, ev.Time = record.AppArmor, r.id, r.time
	fields, err := readFields(&r, ev)
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: Event, Fields: fields}, nil
}
