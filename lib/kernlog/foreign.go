package kernlog

import "strings"

// maxForeign bounds the date before the clock of a foreign stamp, in bytes.
const maxForeign = 48

// foreign reads a line of syslog whose stamp is in the words of the user's language,
// as journalctl prints them ("Mär 24 16:33:41", "za 2026-01-24 16:33:41 CET"), or in
// an order of its own ("2020 Sep 04 19:14:07"). It has a clock behind the date, and
// within three words the tag of one who writes our messages: with any other the line
// is left as it is.
func (h *head) foreign(s string) (ok bool) {
	clock := clockIn(s)
	if clock < 0 || !isDate(s[:clock]) {
		return false
	}
	*h = head{carrier: carrierSyslog}
	h.stamp.readForeign(s[:clock], s[clock:])
	i := clock + len("16:33:41")
	if end := strings.IndexByte(s[i:], ' '); end >= 0 { // a fraction, an offset
		i += end
	}
	last := ""
	for range 4 {
		i = skipBlanks(s, i)
		word, next := nextWord(s, i)
		if !isTag(word) {
			if strings.IndexByte(word, '=') >= 0 {
				return false
			}
			last, i = word, next
			continue
		}
		h.tag, h.origin = tag(word)
		h.host, h.msg, h.at = last, s[next:], next
		if h.origin == fromKernel {
			h.skipStamps(s)
		}
		return h.origin != fromProgram
	}
	return false
}

// skipStamps takes the level and the seconds since boot off a message of the kernel.
func (h *head) skipStamps(s string) {
	h.at = skipUptime(s, skipLevel(s, h.at))
	h.msg = s[h.at:]
}

// maxLevel bounds "facility.level: ", in bytes.
const maxLevel = 20

// skipLevel returns the offset behind "notice ", "notice: " or "<5>", where the
// seconds since boot follow; else i.
func skipLevel(s string, i int) int {
	next := i
	for next < len(s) && s[next] != '[' && s[next] != '=' && next < i+maxLevel {
		next++
	}
	if next == i || next >= len(s) || s[next] != '[' {
		return i
	}
	word := strings.TrimRight(s[i:next], " ") // notice [ 12.3], <5>[ 12.3]
	level := strings.TrimSuffix(word, ":")
	number, isNumber := strings.CutPrefix(word, "<")
	switch {
	case isOneOf(level, levels), isFacility(word):
	case isNumber && strings.HasSuffix(number, ">") && isDecimal(number[:len(number)-1]):
	default:
		return i
	}
	if skipUptime(s, next) == next {
		return i
	}
	return next
}

// clockIn returns the offset of the first "16:33:41" with a blank before it, or -1.
func clockIn(s string) int {
	for i := 1; i <= min(maxForeign, len(s)-len("16:33:41")); i++ {
		r := stampReader{s: s, i: i}
		var st stamp
		if s[i-1] != ' ' || !isDigit(s[i]) {
			continue
		}
		if r.clock(&st); !r.bad && st.hour < 24 && st.min < 60 && st.sec <= 60 {
			return i
		}
	}
	return -1
}

// isDate reports whether a text may be a date in some language: words of letters and
// digits, with a number among them.
func isDate(s string) bool {
	number := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isDigit(c):
			number = true
		case c < ' ', c == 0x7f, strings.IndexByte("=:\"[]<>()", c) >= 0:
			return false
		}
	}
	return number
}

// readForeign reads what of the date before a clock is in a form that says it
// anywhere: ISO 8601 behind the name of a day, and a year before an English month.
func (st *stamp) readForeign(date, behind string) {
	clock := behind[:strings.IndexByte(behind+" ", ' ')]
	text := date + clock
	if day, rest, ok := strings.Cut(text, " "); ok && day != "" && !isDigit(day[0]) {
		zone, _, _ := strings.Cut(strings.TrimPrefix(behind[len(clock):], " "), " ")
		r := stampReader{s: rest + " " + zone}
		if r.iso(st); !st.hasOffset {
			r.byte(' ')
			r.abbreviation(st)
		}
		if !r.bad && st.inRange() {
			return
		}
	}
	*st = stamp{}
	r := stampReader{s: text}
	st.year, st.hasYear = r.digits(4), true
	r.byte(' ')
	r.traditional(st)
	r.fraction(st, ".")
	r.zone(st)
	if r.bad || r.i < len(text) || !st.inRange() {
		*st = stamp{}
	}
}
