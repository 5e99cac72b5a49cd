package kernlog

import (
	"strconv"
	"strings"
	"time"
)

// read reads the stamp at s[i:] and returns the offset behind it. The forms are those of RFC 3164 ("Jan  2 15:04:05", perhaps with a fraction and
// an offset), ISO 8601, date(1) ("Mon Jan  2 15:04:05 2006"), and of "journalctl -o"
// short-full ("Mon 2006-01-02 15:04:05 CET") and short-unix ("1136214245.123456").
func (st *stamp) read(s string, i int) (next int, ok bool) {
	*st = stamp{}
	r := stampReader{s: s, i: i}
	switch {
	case i+4 < len(s) && isDigit(s[i+4]) && isDigit(s[i]):
		r.unix(st)
	case i+4 < len(s) && isDigit(s[i]):
		r.iso(st)
	case i+4 < len(s) && isWeekday(s[i:i+3]) && s[i+3] == ' ' && isDigit(s[i+4]):
		r.i += 4
		r.iso(st)
		r.byte(' ')
		r.abbreviation(st)
	case i+4 < len(s) && isWeekday(s[i:i+3]) && s[i+3] == ' ':
		r.i += 4
		st.hasWeekday = true
		r.traditional(st)
		r.byte(' ')
		st.year, st.hasYear = r.digits(4), true
	default:
		r.traditional(st)
		r.fraction(st, ".")
		r.zone(st)
	}
	if r.bad || !st.inRange() {
		return i, false
	}
	if st.hasOffset && st.isRFC3339(s[i:r.i]) {
		st.rfc3339 = s[i:r.i]
	}
	return r.i, true
}

// readHuman reads what dmesg -T and -H write between brackets. What says
// less than a date ("+0.000012", "Nov23 15:05") is a stamp without a time, and so
// is one whose words are of another language.
func (st *stamp) readHuman(s string) (ok bool) {
	if at := strings.Index(s, "<"); at >= 0 && skipDelta(s, at) == len(s) { // -d
		if s = strings.TrimSuffix(s[:at], " "); s == "" {
			return true
		}
	}
	if next, ok := st.read(s, 0); ok && next == len(s) && st.hasYear {
		return true
	}
	*st = stamp{}
	if endsInClock(s) {
		return true
	}
	delta, ok := strings.CutPrefix(strings.TrimLeft(s, " "), "+")
	sec, frac, dot := strings.Cut(delta, ".")
	return ok && dot && isDecimal(sec) && isDecimal(frac)
}

// endsInClock reports whether a text is a month, or more, and "23 15:05:50 2026" or
// "23 15:05" (dmesg.c, "%a %b %e %H:%M:%S %Y" and "%b%e %H:%M").
func endsInClock(s string) bool {
	const longest = 48 // bytes; names of months and weekdays are short in any language
	if len(s) > longest || strings.IndexByte(s, '=') >= 0 {
		return false
	}
	var st stamp
	if r := (stampReader{s: s, i: len(s) - len("3 15:05:50 2026")}); r.i > 0 {
		r.digits(1)
		r.byte(' ')
		r.clock(&st)
		r.byte(' ')
		r.digits(4)
		if !r.bad {
			return true
		}
	}
	r := stampReader{s: s, i: len(s) - len("3 15:05")}
	if r.i <= 0 {
		return false
	}
	r.digits(1)
	r.byte(' ')
	r.digits(2)
	r.byte(':')
	r.digits(2)
	return !r.bad
}

// stampReader reads the parts of a stamp; after the first that is not there it
// is bad and reads no more.
type stampReader struct {
	s   string
	i   int
	bad bool
}

// iso reads "2006-01-02T15:04:05.999999-07:00"; a blank for the T, a comma for
// the dot, and a missing fraction or offset are taken.
func (r *stampReader) iso(st *stamp) {
	st.year, st.hasYear = r.digits(4), true
	r.byte('-')
	st.month = time.Month(r.digits(2))
	r.byte('-')
	st.day = r.digits(2)
	if !r.is('T') {
		r.byte(' ')
	}
	r.clock(st)
	comma := r.i < len(r.s) && r.s[r.i] == ','
	r.fraction(st, ".,")
	r.zone(st)
	st.dmesg = comma && st.hasOffset
}

// unix reads "1136214245.123456", which are seconds since 1970.
func (r *stampReader) unix(st *stamp) {
	end := skipDigits(r.s, r.i)
	sec, err := strconv.ParseInt(r.s[r.i:end], 10, 64)
	if err != nil || sec > maxAuditSeconds {
		r.bad = true
		return
	}
	r.i = end
	r.byte('.')
	usec := r.digits(len("123456"))
	t := time.Unix(sec, int64(usec)*1000).UTC()
	st.year, st.month, st.day = t.Date()
	st.hour, st.min, st.sec = t.Clock()
	st.nsec, st.hasYear, st.hasOffset = t.Nanosecond(), true, true
}

// abbreviation reads "CET", or what stands in for it where a zone has none: "-03",
// "+0530".
func (r *stampReader) abbreviation(st *stamp) {
	start := r.i
	for r.i < len(r.s) && r.s[r.i] != ' ' {
		r.i++
	}
	name := r.s[min(start, r.i):r.i]
	switch {
	case name == "UTC":
		st.hasOffset = true
	case strings.IndexAny(name, "+-") == 0:
		if len(name) == len("-03") {
			name += "00"
		}
		z := stampReader{s: name}
		z.zone(st)
		r.bad = r.bad || z.bad || z.i < len(name)
	case len(name) < 3 || len(name) > 6 || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		r.bad = true
	default:
		st.abbreviation = name
	}
}

// traditional reads "Jan  2 15:04:05".
func (r *stampReader) traditional(st *stamp) {
	if r.i+6 > len(r.s) {
		r.bad = true
		return
	}
	st.month = monthOf(r.s[r.i : r.i+3])
	r.i += 3
	r.byte(' ')
	if r.is(' ') {
		st.day = r.digits(1)
	} else if r.i+1 < len(r.s) && r.s[r.i+1] == ' ' {
		st.day = r.digits(1)
	} else {
		st.day = r.digits(2)
	}
	r.byte(' ')
	r.clock(st)
}

func (r *stampReader) clock(st *stamp) {
	st.hour = r.digits(2)
	r.byte(':')
	st.min = r.digits(2)
	r.byte(':')
	st.sec = r.digits(2)
}

// fraction reads up to nine digits after one of the points, if it is there.
func (r *stampReader) fraction(st *stamp, points string) {
	if r.bad || r.i >= len(r.s) || r.s[r.i] == ' ' || strings.IndexByte(points, r.s[r.i]) < 0 {
		return
	}
	start := r.i + 1
	end := skipDigits(r.s, start)
	if end == start || end > start+9 {
		r.bad = true
		return
	}
	for i := start; i < start+9; i++ {
		st.nsec *= 10
		if i < end {
			st.nsec += int(r.s[i] - '0')
		}
	}
	r.i = end
}

// zone reads "Z", "-07:00" or "-0700", if one is there.
func (r *stampReader) zone(st *stamp) {
	if r.bad || r.i >= len(r.s) {
		return
	}
	sign := 1
	switch r.s[r.i] {
	case 'Z':
		r.i++
		st.hasOffset = true
		return
	case '+':
	case '-':
		sign = -1
	default:
		return
	}
	r.i++
	hours := r.digits(2)
	r.is(':')
	minutes := r.digits(2)
	if hours > 14 || minutes > 59 {
		r.bad = true
	}
	st.offset, st.hasOffset = sign*(hours*3600+minutes*60), true
}

// is consumes c if it is next.
func (r *stampReader) is(c byte) bool {
	if r.i < len(r.s) && r.s[r.i] == c {
		r.i++
		return true
	}
	return false
}

// byte consumes c, which must be next.
func (r *stampReader) byte(c byte) {
	if !r.is(c) {
		r.bad = true
	}
}

// digits consumes exactly n digits.
func (r *stampReader) digits(n int) (v int) {
	if r.bad || r.i+n > len(r.s) {
		r.bad = true
		return 0
	}
	for range n {
		if !isDigit(r.s[r.i]) {
			r.bad = true
			return 0
		}
		v = v*10 + int(r.s[r.i]-'0')
		r.i++
	}
	return v
}

// monthOf returns the month of an English abbreviation, 0 for any other word.
func monthOf(s string) time.Month {
	switch s {
	case "Jan":
		return time.January
	case "Feb":
		return time.February
	case "Mar":
		return time.March
	case "Apr":
		return time.April
	case "May":
		return time.May
	case "Jun":
		return time.June
	case "Jul":
		return time.July
	case "Aug":
		return time.August
	case "Sep":
		return time.September
	case "Oct":
		return time.October
	case "Nov":
		return time.November
	case "Dec":
		return time.December
	}
	return 0
}

func isWeekday(s string) bool {
	switch s {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}
