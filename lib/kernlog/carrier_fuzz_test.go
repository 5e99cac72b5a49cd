package kernlog

import (
	"strings"
	"testing"
)

// A target for each carrier of text: its parts are anything, and around them is
// what makes it this carrier. The journal's are FuzzJournalJSON and
// FuzzJournalExport; FuzzParse is the bare message, too.

// messages are a message of each kind, and those that only some carriers have.
var messages = []string{aaText, nfText, aaBody, dbus, "audit: backlog limit exceeded"}

func FuzzAudit(f *testing.F) {
	seeds(f, func(line string) {
		if kind, rest, ok := strings.Cut(strings.TrimPrefix(line, "type="), " msg=audit("); ok && len(kind) < 40 {
			id, body, _ := strings.Cut(rest, "): ")
			f.Add("", kind, id, body)
			f.Add("web1", kind, id, body)
		}
	})
	f.Fuzz(func(t *testing.T, node, kind, id, body string) {
		line := "type=" + kind + " msg=audit(" + id + "): " + body
		checkLine(t, []byte(line))
		checkLine(t, []byte("node="+node+" "+line))
	})
}

func FuzzSyslog(f *testing.F) {
	for _, stamp := range []string{"Nov 23 15:05:50", "2026-05-26T19:47:43.396634-04:00", "Mon Nov 23 15:05:50 2026", "Nov  3 15:05:50.25+01:00",
		"Mon 2026-11-23 15:05:50 CET", "1795547123.627605", "[14967.419288]"} {
		for _, tag := range []string{"kernel: [ 1.5]", "kernel:", "audit[1]: AVC", "dbus-daemon[2]:", "kern.warn kernel:", "x:", ""} {
			for _, msg := range messages {
				f.Add(stamp, "host", tag, msg)
			}
		}
	}
	f.Fuzz(func(t *testing.T, stamp, host, tag, msg string) {
		checkLine(t, []byte(stamp+" "+host+" "+tag+" "+msg))
	})
}

func FuzzSyslog5424(f *testing.F) {
	for _, msg := range messages {
		f.Add("4", "2026-05-26T19:47:43Z", "host kernel - -", `[x@1 a="]\"b"]`, msg)
		f.Add("13", "-", "- kernel 1 2", "-", "\ufeff"+msg)
	}
	f.Fuzz(func(t *testing.T, priority, stamp, words, data, msg string) {
		line := "1 " + stamp + " " + words + " " + data + " " + msg
		checkLine(t, []byte(line))
		checkLine(t, []byte("<"+priority+">"+line))
	})
}

func FuzzDmesg(f *testing.F) {
	for _, stamp := range []string{"  878.663410", "Mon Nov 23 15:05:50 2026", "Nov23 15:05", "  +0.000012", "1.5][  T123", "1.5 <    0.000012>", "<    0.000012>"} {
		for _, msg := range messages {
			f.Add("5", "kern  :warn  ", stamp, msg)
		}
	}
	f.Fuzz(func(t *testing.T, priority, level, stamp, msg string) {
		line := "[" + stamp + "] " + msg
		checkLine(t, []byte(line))
		checkLine(t, []byte("<"+priority+">"+line))
		checkLine(t, []byte(level+": "+line))
	})
}

func FuzzKmsg(f *testing.F) {
	for _, msg := range messages {
		f.Add("4,1,2,-", msg)
		f.Add("12,1,2,-,caller=T1", `\x5c\x0a`+msg)
	}
	f.Fuzz(func(t *testing.T, fields, msg string) {
		checkLine(t, []byte(fields+";"+msg))
	})
}

func FuzzPVE(f *testing.F) {
	for _, msg := range []string{
		"policy DROP: IN=a SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=62 ID=1 PROTO=UDP SPT=1 DPT=2 LEN=3mark=4 ",
		"OUT=vmbr0 SRC=2001:db8::1 DST=2001:db8::2 LEN=40 TC=0 FLOWLBL=1 HOPLIMIT=64 PROTO=TCP SPT=1 DPT=2 SEQ=1 ACK=0 WINDOW=3 SYN ",
		"skipped 12 log entries (queue full)",
	} {
		f.Add("100 6 tap100i0-IN", "24/Sep/2026:10:00:00 +0200", msg)
	}
	f.Fuzz(func(t *testing.T, words, stamp, msg string) {
		checkLine(t, []byte(words+" "+stamp+" "+msg))
	})
}
