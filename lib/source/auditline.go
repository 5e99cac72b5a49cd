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
// A crash of the machine or a full disk can leave the beginning of another one before
// it, or NUL bytes, where the file system had made room for a line and not yet written it.
func isAuditLine(line []byte) bool {
	if len(line) > 0 && line[0] == 0 {
		line = bytes.TrimLeft(line, "\x00")
	}
	if isWholeHead(line) {
		return true
	}
	at := bytes.Index(line, []byte("type="))
	if at == 0 {
		at = bytes.Index(line[1:], []byte("type=")) + 1
	}
	return at > 0 && isWholeHead(line[at:]) && isCutHead(bytes.TrimRight(line[:at], "\x00"))
}

// isCutHead reports whether a text is how a line of auditd begins, as far as it goes.
func isCutHead(text []byte) bool {
	for _, literal := range [...]string{"type=", " msg=audit(", ".", ":", "):"} {
		n := min(len(text), len(literal))
		if string(text[:n]) != literal[:n] {
			return false
		}
		text = text[n:]
		for len(text) > 0 && (inTypeName[text[0]] && literal == "type=" || '0' <= text[0] && text[0] <= '9') {
			text = text[1:]
		}
		if len(text) == 0 {
			return true
		}
	}
	return false
}

func isWholeHead(line []byte) bool {
	if rest, ok := bytes.CutPrefix(line, []byte("node=")); ok {
		n := bytes.IndexByte(rest, ' ')
		if n <= 0 {
			return false
		}
		line = rest[n+1:]
	}
	const kind, msg = "type=", " msg=audit("
	if len(line) < len(kind) || string(line[:len(kind)]) != kind {
		return false
	}
	line = line[len(kind):]
	n := 0
	for n < len(line) && n < maxTypeName && inTypeName[line[n]] {
		n++
	}
	if line = line[n:]; n == 0 || len(line) < len(msg) || string(line[:len(msg)]) != msg {
		return false
	}
	line = line[len(msg):]
	seconds := digits(line, 0)
	millis := digits(line, seconds+1)
	serial := digits(line, seconds+1+millis+1)
	end := seconds + 1 + millis + 1 + serial
	return len(line) > end+1 && seconds > 0 && seconds <= 12 && line[seconds] == '.' && millis == 3 && line[seconds+4] == ':' &&
		serial > 0 && serial <= 20 && line[end] == ')' && line[end+1] == ':' && (len(line) == end+2 || line[end+2] == ' ')
}

// maxTypeName bounds the name of a type; the longest known one has 27 bytes.
const maxTypeName = 40

// inTypeName are the bytes of such a name, and of UNKNOWN[1234].
var inTypeName = func() (in [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_[]") {
		in[c] = true
	}
	return in
}()

// digits counts the digits from an offset on.
func digits(line []byte, from int) (n int) {
	for from+n < len(line) && '0' <= line[from+n] && line[from+n] <= '9' {
		n++
	}
	return n
}
