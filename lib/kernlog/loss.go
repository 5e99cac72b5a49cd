package kernlog

import (
	"strconv"
	"strings"
)

// maxLossText bounds Result.Text, in bytes.
const maxLossText = 256

// loss recognises the messages by which the kernel, the journal and rsyslog say
// that they dropped others, ours perhaps among them. One loss may be reported
// by two or three of them ("audit_backlog=", "audit_lost=", "backlog limit
// exceeded"); audit_lost counts from boot, so its number is no count of one
// loss, and such a line stands for one message.
func loss(h *head) Result {
	if len(h.msg) > maxLossText {
		return Result{}
	}
	var n uint64
	switch h.origin {
	case fromKernel, fromNobody:
		n = kernelLoss(strings.TrimPrefix(h.msg, "audit: "))
	case fromProgram:
		switch {
		case strings.HasPrefix(h.tag, "systemd-journal"): // cut off in some versions
			n = journalLoss(h.msg)
		case strings.HasPrefix(h.tag, "rsyslogd"): // "rsyslogd-2177" in some versions
			n = rsyslogLoss(h.msg)
		}
	case fromPVE:
		rest, _ := strings.CutPrefix(h.msg, "skipped ")
		rest, _ = strings.CutSuffix(rest, " log entries (queue full)")
		n = count(rest)
	}
	if n == 0 {
		return Result{}
	}
	return Result{Kind: Loss, Lost: n, Text: h.msg}
}

// kernelLoss returns the number of messages that a kernel message says were
// lost, at least 1, and 0 for any other message.
func kernelLoss(msg string) uint64 {
	switch {
	case strings.HasPrefix(msg, "audit_lost="), // kernel/audit.c, audit_log_lost
		strings.HasPrefix(msg, "audit_backlog="), // the same file, audit_log_start
		msg == "backlog limit exceeded",
		msg == "kauditd hold queue overflow",
		msg == "kauditd retry queue overflow":
		return 1
	}
	// lib/ratelimit.c: "%s: %d callbacks suppressed", the name being the function's
	// whose messages were.
	if rest, ok := strings.CutSuffix(msg, " callbacks suppressed"); ok {
		name, n, ok := strings.Cut(rest, ": ")
		if ok && (strings.HasSuffix(name, "_printk_skb") || strings.HasSuffix(name, "__ratelimit")) {
			return count(n)
		}
	}
	return 0
}

// journalLoss reads systemd's journald-kmsg.c.
func journalLoss(msg string) uint64 {
	if rest, ok := strings.CutPrefix(msg, "Missed "); ok {
		if n, ok := strings.CutSuffix(rest, " kernel messages"); ok {
			return count(n)
		}
	}
	return 0
}

// rsyslogLoss reads rsyslog's runtime/ratelimit.c, for the inputs that carry
// the kernel's messages.
func rsyslogLoss(msg string) uint64 {
	name, rest, _ := strings.Cut(msg, ": ")
	n, _, ok := strings.Cut(rest, " messages lost due to rate-limiting")
	if ok && (name == "imjournal" || name == "imklog") {
		return count(n)
	}
	return 0
}

// count reads a number of messages; 0 where it is none.
func count(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return n
}
