package kernlog

import "strings"

// enrichedNames are the fields whose values auditd's ENRICHED format adds as names,
// in capitals (auditd-event.c, add_simple_field; libaudit's lookups), the longer
// before those that they end in.
var enrichedNames = [...]string{
	"INODE_UID", "INODE_GID", "OAUID", "SAUID", "FSUID", "FSGID", "AUID", "OUID", "EUID", "SUID", "IUID",
	"OGID", "EGID", "SGID", "IGID", "UID", "GID", "ARCH", "SYSCALL", "SADDR",
}

// lostSeparators are what stands in place of the byte 0x1d in lines that were copied
// from a terminal, from vi or less, from JSON or from rsyslog, or nothing.
var lostSeparators = [...]string{"^]", "#035", `\x1d`, `\035`, `\u001d`, "<1d>", "<GS>", "\u241d", "\ufffd", "?"}

// enriched reports whether what auditd added is next, behind a separator that was
// lost.
func (p *pairs) enriched() bool {
	rest := p.rest()
	for _, s := range lostSeparators {
		if after, ok := strings.CutPrefix(rest, s); ok {
			rest = after
			break
		}
	}
	name, _, ok := strings.Cut(rest[:min(len(rest), len(enrichedNames[0])+len(`="`))], `="`)
	if !ok {
		return false
	}
	for _, n := range enrichedNames {
		if n == name {
			return true
		}
	}
	return false
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// enrichmentIn returns the offset in an unquoted value of what auditd added to the
// line, with the separator that was lost, or -1.
func enrichmentIn(value string) int {
	n := strings.Index(value, `="`)
	if n < 0 {
		return -1
	}
	for _, name := range enrichedNames {
		head, ok := strings.CutSuffix(value[:n], name)
		if !ok {
			continue
		}
		for _, s := range lostSeparators {
			if before, ok := strings.CutSuffix(head, s); ok {
				return len(before)
			}
		}
		return len(head)
	}
	return -1
}
