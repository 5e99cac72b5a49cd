package kernlog

import (
	"strconv"
	"strings"
)

// kmsg reads a record of /dev/kmsg: "5,1234,878663410,-;text", being
// priority, sequence, microseconds and flags, with more fields after a comma
// (Documentation/ABI/testing/dev-kmsg).
func (h *head) kmsg(s string) (ok bool) {
	priority := skipDigits(s, 0)
	seq := skipByte(s, priority, ',')
	usec := skipByte(s, skipDigits(s, seq), ',')
	flags := skipByte(s, skipDigits(s, usec), ',')
	if priority > 4 || seq == priority || usec <= seq+1 || flags <= usec+1 {
		return false
	}
	at := strings.IndexByte(s[flags:], ';')
	if at < 0 || strings.IndexByte(s[flags:flags+at], ' ') >= 0 {
		return false
	}
	at += flags + 1
	*h = head{carrier: carrierKmsg, origin: fromKernel, msg: s[at:], at: at}
	if n, err := strconv.Atoi(s[:priority]); err != nil || n>>3 != 0 {
		h.origin = fromProgram // a process wrote to /dev/kmsg; it cannot claim facility 0
	}
	return true
}

// isContinuation reports whether a line goes on with the record of /dev/kmsg
// before it: " SUBSYSTEM=net" and " DEVICE=+usb:1-1" say which device the record
// is about (drivers/base/core.c, set_dev_info). It is not a message.
func isContinuation(s string) bool {
	return strings.HasPrefix(s, " SUBSYSTEM=") || strings.HasPrefix(s, " DEVICE=")
}

// unescapeKmsg undoes the escapes of a whole record: \xNN, for control
// characters, bytes above 0x7e and the backslash alone (kernel/printk,
// msg_add_ext_text). It runs before the message is split, as the kernel's
// escaping was the last thing done to it; a quote or any other printable byte
// in an escape is no kernel's.
func (h *head) unescapeKmsg() error {
	i := strings.IndexByte(h.msg, '\\')
	if i < 0 {
		return nil
	}
	msg := h.msg
	out := make([]byte, 0, len(msg))
	for i >= 0 {
		out = append(out, msg[:i]...)
		msg = msg[i:]
		if len(msg) < 4 || msg[1] != 'x' {
			return badEscape(h, msg)
		}
		c, ok := hexByte(msg[2], msg[3])
		if !ok || c >= ' ' && c < 0x7f && c != '\\' {
			return badEscape(h, msg)
		}
		out = append(out, c)
		msg = msg[4:]
		i = strings.IndexByte(msg, '\\')
	}
	h.msg = string(append(out, msg...))
	return nil
}

func badEscape(h *head, rest string) error {
	return &Error{h.at + len(h.msg) - len(rest), "not an escape of /dev/kmsg: " + quote(rest[:min(4, len(rest))])}
}

// hexByte decodes two hex digits of either case.
func hexByte(hi, lo byte) (c byte, ok bool) {
	h, ok1 := hexDigit(hi)
	l, ok2 := hexDigit(lo)
	return h<<4 | l, ok1 && ok2
}

func hexDigit(c byte) (v byte, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}
