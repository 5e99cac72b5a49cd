package source

import (
	"bytes"

	"github.com/sl-suite/sl/lib/record"
)

// FrameAudit is Frame for auditd's own log: it stops before the first line that
// auditd does not write, and returns what is left. A last line without its newline is
// one that is still being written, or was when the machine stopped.
func FrameAudit(dst []byte, id string, line uint64, block []byte) (framed, left []byte) {
	for len(block) > 0 {
		text, rest, whole := bytes.Cut(block, newline)
		if whole && !isAuditLine(text) {
			return dst, block
		}
		dst = record.AppendRecord(dst, id, line, text)
		block = rest
		line++
	}
	return dst, nil
}

// isAuditLine reports whether a line begins as every line of auditd does
// (auditd-event.c, format_raw; node= as name_format of auditd.conf(5) says):
//
//	type=AVC msg=audit(1795447838.853:205): ...
//
// A crash of the machine can leave NUL bytes before it, where the file system had
// made room for a line and not yet written it.
func isAuditLine(line []byte) bool {
	line = bytes.TrimLeft(line, "\x00")
	if rest, ok := bytes.CutPrefix(line, []byte("node=")); ok {
		n := bytes.IndexByte(rest, ' ')
		if n <= 0 {
			return false
		}
		line = rest[n+1:]
	}
	c := head{rest: line, ok: true}
	c.text("type=")
	c.some(1, maxTypeName, func(b byte) bool {
		return 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '_' || b == '[' || b == ']' // UNKNOWN[1234]
	})
	c.text(" msg=audit(")
	c.some(1, 12, isDigit)
	c.text(".")
	c.some(3, 3, isDigit)
	c.text(":")
	c.some(1, 20, isDigit)
	c.text("):")
	return c.ok && (len(c.rest) == 0 || c.rest[0] == ' ')
}

// maxTypeName bounds the name of a type; the longest known one has 27 bytes.
const maxTypeName = 40

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// head reads the beginning of a line.
type head struct {
	rest []byte
	ok   bool
}

func (h *head) text(s string) {
	if h.ok = h.ok && len(h.rest) >= len(s) && string(h.rest[:len(s)]) == s; h.ok {
		h.rest = h.rest[len(s):]
	}
}

// some reads from least to most bytes of a kind.
func (h *head) some(least, most int, kind func(byte) bool) {
	n := 0
	for h.ok && n < len(h.rest) && n < most && kind(h.rest[n]) {
		n++
	}
	if h.ok = h.ok && n >= least; h.ok {
		h.rest = h.rest[n:]
	}
}
