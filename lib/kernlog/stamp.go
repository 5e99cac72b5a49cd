package kernlog

import (
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// stamp is a time as a carrier writes it; the year and the offset from UTC may
// be missing.
type stamp struct {
	year, day, hour, min, sec, nsec int
	month                           time.Month // 0: no stamp
	offset                          int        // seconds east of UTC
	hasYear, hasOffset, hasWeekday  bool
	abbreviation                    string // of the zone, "" where there is none
	dmesg                           bool   // of dmesg --time-format iso: neither host nor tag follow
	rfc3339                         string // the stamp itself, where it is one
}

// resolve returns the stamp in RFC 3339, or "" where the year or the zone is
// not known: see the package comment.
func (p *Parser) resolve(st *stamp, src *record.Source) string {
	if st.month == 0 {
		return ""
	}
	if st.rfc3339 != "" {
		return st.rfc3339
	}
	zone := p.zone
	if st.hasOffset {
		zone = time.FixedZone("", st.offset)
	}
	if zone == nil {
		return ""
	}
	switch {
	case st.abbreviation != "" && !st.agrees(zone):
		return ""
	case st.hasYear:
		return st.in(st.year, zone)
	case p.year != 0:
		return st.in(p.year, zone)
	case src != nil:
		return st.before(src.Mtime, zone)
	}
	return ""
}

// What a stamp without a year may lie after and before the source's last
// change: clocks differ, and what is older may as well be of the next year,
// written after the source was opened.
const (
	stampAfter  = 24 * time.Hour
	stampBefore = 300 * 24 * time.Hour
)

// before gives the stamp the latest year in which it is not after mtime.
func (st *stamp) before(mtime string, zone *time.Location) string {
	mt, err := time.Parse(time.RFC3339, mtime)
	if err != nil {
		return ""
	}
	last, first := mt.Add(stampAfter), mt.Add(-stampBefore)
	for year := last.In(zone).Year(); year >= first.In(zone).Year(); year-- {
		t, ok := st.time(year, zone)
		if ok && !t.After(last) && !t.Before(first) {
			return t.Format(time.RFC3339Nano)
		}
	}
	return ""
}

func (st *stamp) in(year int, zone *time.Location) string {
	t, ok := st.time(year, zone)
	if !ok {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// time returns the stamp as a time; ok is false for one that the year lacks, or
// has twice: a day in February, an hour in which the clocks are changed.
func (st *stamp) time(year int, zone *time.Location) (t time.Time, ok bool) {
	t = time.Date(year, st.month, st.day, st.hour, st.min, st.sec, st.nsec, zone)
	if st.sec == 60 {
		return t, true
	}
	if t.Day() != st.day || t.Hour() != st.hour || t.Minute() != st.min {
		return t, false
	}
	_, offset := t.Zone()
	for _, near := range [...]time.Duration{-3 * time.Hour, 3 * time.Hour} {
		_, other := t.Add(near).Zone()
		shift := time.Duration(offset-other) * time.Second
		if shift != 0 && t.Add(shift).Hour() == st.hour && t.Add(shift).Minute() == st.min {
			return t, false
		}
	}
	return t, true
}

// agrees reports whether a zone has the abbreviation of the stamp at that time:
// what the letters mean depends on who reads them. A zone that is an offset has
// none, and says what they mean.
func (st *stamp) agrees(zone *time.Location) bool {
	t, _ := st.time(st.year, zone)
	name, _ := t.Zone()
	return name == "" || name == st.abbreviation
}

func (st *stamp) inRange() bool {
	return st.month >= 1 && st.month <= 12 && st.day >= 1 && st.day <= 31 &&
		st.hour < 24 && st.min < 60 && st.sec <= 60
}

// isRFC3339 reports whether the text of a stamp has the very form of RFC 3339,
// and is a time that the time package reads back (no leap second).
func (st *stamp) isRFC3339(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || s[4] != '-' || s[10] != 'T' || s[19] == ',' || st.sec == 60 {
		return false
	}
	if s[len(s)-1] != 'Z' && s[len(s)-3] != ':' {
		return false
	}
	if st.day <= 28 {
		return true
	}
	_, ok := st.time(st.year, time.UTC)
	return ok
}
