package kernlog

import "strings"

// syslog reads s[i:] as "STAMP HOST TAG: MSG", the form of RFC 3164 with
// any stamp. The host may be absent. busybox writes "kern.warn" before the tag,
// its logread without a host, and socklog "kern.warn:" in place of both.
// facility is that of a priority before the stamp, 0 where there was none.
func (h *head) syslog(s string, i, facility int) (ok bool) {
	*h = head{carrier: carrierSyslog, origin: fromProgram}
	if i, ok = h.stamp.read(s, i); !ok || i >= len(s) || s[i] != ' ' {
		return false
	}
	if h.stamp.dmesg {
		h.carrier, h.origin, h.msg, h.at = carrierDmesg, fromKernel, s[i+1:], i+1
		return true
	}
	i++
	start := i
	word, next := nextWord(s, i)
	noHost := (h.stamp.hasWeekday || strings.HasSuffix(word, ":")) && isFacility(word)
	if !noHost && !isTag(word) && !isPacketAt(s, i) && strings.IndexByte(word, '=') < 0 {
		h.host = word
		i = next
		word, next = nextWord(s, i)
		if word == h.host { // a relay that puts its own name in front
			i = next
			word, next = nextWord(s, i)
		}
	}
	if word != kernelTag && isFacility(word) {
		if !strings.HasPrefix(word, "kern.") {
			facility = 1
		}
		if word[len(word)-1] == ':' { // socklog has no other tag
			word = kernelTag
		} else {
			i = next
			word, next = nextWord(s, i)
		}
	}
	if isTag(word) && !isPrefixOf(s, word, next) {
		h.tag, h.origin = tag(word)
		i = next
	}
	if h.tag == "" && isPacketAt(s, i) && saysVerdict(h.host) {
		h.host, i = "", start // there is no host, and that was the log prefix
	}
	if facility != 0 && h.origin == fromKernel {
		h.origin = fromProgram
	}
	h.msg, h.at = s[i:], i
	if h.origin == fromKernel {
		h.skipStamps(s)
	}
	return true
}

// nextWord returns the word at i and the offset of what follows the blanks
// behind it. The kernel's tag also ends at its colon ("kernel:[ 1.5] text").
func nextWord(s string, i int) (word string, next int) {
	j := i
	if strings.HasPrefix(s[i:], kernelTag) {
		j += len(kernelTag)
	} else {
		for j < len(s) && s[j] != ' ' {
			j++
		}
	}
	word = s[i:j]
	for j < len(s) && s[j] == ' ' {
		j++
	}
	return word, j
}

// isTag reports whether a word is "NAME:" or "NAME[PID]:". What holds a '=' is
// a message already (ulogd writes no tag).
func isTag(word string) bool {
	return word == kernelTag || len(word) > 1 && word[len(word)-1] == ':' && strings.IndexByte(word, '=') < 0 && !isFacility(word)
}

// kernelTag is the kernel's tag, if it is that to the byte.
const kernelTag = "kernel:"

// tag takes a tag apart.
func tag(word string) (name string, o origin) {
	name = word[:len(word)-1]
	if word == kernelTag {
		return name, fromKernel
	}
	if i := strings.IndexByte(name, '['); i >= 0 && name[len(name)-1] == ']' {
		name = name[:i]
	}
	switch name {
	case "audit":
		return name, fromAudit
	case "dbus", "dbus-daemon", "dbus-broker":
		return name, fromDBus
	}
	return name, fromProgram
}

// isPacketAt reports whether a packet begins at s[i:].
func isPacketAt(s string, i int) bool {
	return strings.HasPrefix(s[i:], "IN=") && strings.Contains(s[i:], " OUT=")
}

// isPrefixOf reports whether a word that looks like a tag is the log prefix of the
// packet that comes behind it at once: a tag of a program would have its number, or be
// the kernel's.
func isPrefixOf(s, word string, next int) bool {
	return word != kernelTag && isPacketAt(s, next) && !strings.HasSuffix(word, "]:")
}

// saysVerdict reports whether a word is a log prefix that says a verdict.
func saysVerdict(word string) bool {
	if word == "" {
		return false
	}
	var r reading
	if r.plainWords(word) {
		return true
	}
	t, r := findTemplate(word)
	return t != nil && r.verdict != ""
}

// isFacility reports whether a word is "FACILITY.LEVEL", with or without ":".
func isFacility(word string) bool {
	dot := strings.IndexByte(word, '.')
	return dot >= 0 && isOneOf(word[:dot], facilities) && isOneOf(strings.TrimSuffix(word[dot+1:], ":"), levels)
}

// The words of syslog(3) as logread, socklog and dmesg -x write them.
const (
	facilities = " kern user mail daemon auth syslog lpr news uucp cron authpriv ftp" +
		" local0 local1 local2 local3 local4 local5 local6 local7 "
	levels = " emerg alert crit err warn warning notice info debug "
)

// isOneOf reports whether a word stands in a list with blanks around each.
func isOneOf(word, list string) bool {
	return word != "" && strings.IndexByte(word, ' ') < 0 && strings.Contains(list, " "+word+" ")
}

// syslog5 reads s[i:] as RFC 5424:
// "1 STAMP HOST APP PROCID MSGID STRUCTURED-DATA MSG".
func (h *head) syslog5(s string, i, facility int) (ok bool) {
	if !strings.HasPrefix(s[i:], "1 ") {
		return false
	}
	*h = head{carrier: carrierSyslog5, origin: fromProgram}
	i += 2
	if strings.HasPrefix(s[i:], "- ") {
		i++
	} else if i, ok = h.stamp.read(s, i); !ok || !h.stamp.hasYear || i >= len(s) || s[i] != ' ' {
		return false
	}
	var words [4]string // host, app, procid, msgid
	for n := range words {
		i++
		j := strings.IndexByte(s[i:], ' ')
		if j <= 0 {
			return false
		}
		words[n] = s[i : i+j]
		i += j
	}
	if i = skipStructuredData(s, i+1); i < 0 {
		return false
	}
	if words[0] != "-" {
		h.host = words[0]
	}
	h.tag, h.origin = tag(words[1] + ":")
	if facility != 0 && h.origin == fromKernel {
		h.origin = fromProgram
	}
	i += len(s[i:]) - len(strings.TrimPrefix(s[i:], "\ufeff"))
	h.msg, h.at = s[i:], i
	if h.origin == fromKernel {
		h.skipStamps(s)
	}
	return true
}

// isBracketPrefix reports whether a text begins with the log prefix of a packet in
// brackets and not with structured data: it has no parameter, and a packet follows
// ("[WAN_LOCAL-D-20000] DESCR="x" IN=").
func isBracketPrefix(s string) bool {
	end := strings.IndexByte(s, ']')
	return end > 1 && s[0] == '[' && strings.IndexByte(s[:end], '=') < 0 && lastAnchor(s[end:]) >= 0
}

// skipStructuredData returns the offset of the message, or -1. RFC 5424, 6.3:
// "-" or [id name="value"...]..., with \" \\ \] inside a value.
func skipStructuredData(s string, i int) int {
	if strings.HasPrefix(s[i:], "- ") {
		return i + 2
	}
	if isBracketPrefix(s[i:]) {
		return i
	}
	for i < len(s) && s[i] == '[' {
		quoted := false
		for i++; i < len(s) && (quoted || s[i] != ']'); i++ {
			switch {
			case s[i] == '"':
				quoted = !quoted
			case s[i] == '\\' && quoted:
				i++
			}
		}
		i++
	}
	if i >= len(s) || s[i] != ' ' || s[i-1] != ']' {
		return -1
	}
	return i + 1
}
