package kernlog

import "strings"

// dmesg reads s[i:] as the output of dmesg(1): "[  878.663410] ", also with
// printk's caller "[  878.663410][  T123] ", "[Mon Nov 23 15:05:50 2026] " (-T),
// "[Nov23 15:05] " and "[  +0.000012] " (-H), and with the time since the line
// before, "[  878.663410 <    0.000012>] " (-d). Any other "[" opens a message.
//
// "journalctl -o short-monotonic" has the same stamps, and behind them host and
// tag.
func (h *head) dmesg(s string, i int) (ok bool) {
	if i >= len(s) || s[i] != '[' {
		return false
	}
	*h = head{carrier: carrierDmesg, origin: fromKernel}
	j := skipUptime(s, i)
	if j == i {
		end := strings.IndexByte(s[i:], ']')
		if end < 0 || !strings.HasPrefix(s[i+end:], "] ") {
			return false
		}
		if !h.stamp.readHuman(s[i+1 : i+end]) {
			return false
		}
		j = i + end + 2
	}
	h.msg, h.at = s[j:], j
	h.monotonic(s)
	return true
}

// monotonic reads "HOST TAG: " behind the stamp of a line. Only tags of those who
// write our messages count: "usb 1-1: " is a message of the kernel.
func (h *head) monotonic(s string) {
	host, at := nextWord(h.msg, 0)
	word, next := nextWord(h.msg, at)
	if isTag(host) || !isTag(word) {
		return
	}
	name, o := tag(word)
	if o == fromKernel || (o == fromAudit || o == fromDBus) && strings.IndexByte(word, '[') > 0 {
		h.carrier, h.host, h.tag, h.origin = carrierSyslog, host, name, o
		h.at += next
		h.msg = s[h.at:]
	}
}

// decodedDmesg reads dmesg -x: "kern  :warn  : [  878.663410] ".
func (h *head) decodedDmesg(s string) (ok bool) {
	facility, rest, ok := strings.Cut(s, ":")
	if !ok || len(facility) != 6 || !isOneOf(strings.TrimRight(facility, " "), facilities) {
		return false
	}
	level, rest, ok := strings.Cut(rest, ":")
	if !ok || !isOneOf(strings.TrimRight(level, " "), levels) || !strings.HasPrefix(rest, " ") {
		return false
	}
	at := len(s) - len(rest) + 1
	if !h.dmesg(s, at) && !(h.syslog(s, at, 0) && h.carrier == carrierDmesg) {
		*h = head{carrier: carrierDmesg, origin: fromKernel, msg: s[at:], at: at}
	}
	if !strings.HasPrefix(facility, "kern ") {
		h.origin = fromProgram
	}
	return true
}

// skipUptime returns the offset behind "[ 12.345678]", "[ T123]" and a blank,
// or i where there is no such stamp.
func skipUptime(s string, i int) int {
	j := skipByte(s, i, '[')
	if j == i {
		return i
	}
	end := skipSeconds(s, j)
	if end < len(s) && s[end] != ']' {
		end = skipDelta(s, end)
	}
	if end == j || end >= len(s) || s[end] != ']' {
		return i
	}
	return skipByte(s, skipCaller(s, end+1), ' ')
}

// skipSeconds returns the offset behind "  12.345678", or i.
func skipSeconds(s string, i int) int {
	digits := skipBlanks(s, i)
	k := skipDigits(s, digits)
	dot := skipByte(s, k, '.')
	end := skipDigits(s, dot)
	if k == digits || dot == k || end == dot {
		return i
	}
	return end
}

// skipDelta returns the offset behind " <    0.000012>" of dmesg -d, in which
// journalctl puts a blank or a star at the end, or i.
func skipDelta(s string, i int) int {
	open := skipBlanks(s, i)
	j := skipByte(s, open, '<')
	k := skipSeconds(s, j)
	if j == open || k == j {
		return i
	}
	if k < len(s) && (s[k] == ' ' || s[k] == '*') {
		k++
	}
	end := skipByte(s, k, '>')
	if end == k {
		return i
	}
	return end
}

// skipCaller returns the offset behind "[  T123]" or "[  C0]", which
// CONFIG_PRINTK_CALLER adds.
func skipCaller(s string, i int) int {
	j := skipByte(s, i, '[')
	if j == i {
		return i
	}
	j = skipBlanks(s, j)
	if j >= len(s) || s[j] != 'T' && s[j] != 'C' {
		return i
	}
	k := skipDigits(s, j+1)
	if k == j+1 || k >= len(s) || s[k] != ']' {
		return i
	}
	return k + 1
}

func skipByte(s string, i int, c byte) int {
	if i < len(s) && s[i] == c {
		return i + 1
	}
	return i
}

func skipBlanks(s string, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

func skipDigits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}
