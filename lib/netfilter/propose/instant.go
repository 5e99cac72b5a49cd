package propose

import "time"

// instant is a time of a log in two words. It keeps how the time was written, so
// that its text comes back as it was. The zero instant is not known.
type instant struct {
	nanos int64 // since 1970
	form
}

// form is how an instant was written.
type form struct {
	zone   int16 // minutes east of UTC
	digits uint8 // of the fraction of a second
	suffix suffix
}

type suffix uint8

const (
	nothing suffix = iota // there is no instant
	offset                // "+01:00"
	zulu                  // "Z"
)

func (i instant) known() bool { return i.suffix != nothing }

// parseInstant reads RFC 3339 in its usual form; ok is false for any other, and
// for "".
func parseInstant(s string) (i instant, ok bool) {
	const seconds = len("2026-01-02T03:04:05")
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || len(s) <= seconds || s[13] != ':' || s[16] != ':' || t.Year() < 1970 || t.Year() > 2200 {
		return instant{}, false
	}
	rest := s[seconds:]
	if rest[0] == '.' {
		for i.digits = 0; int(i.digits)+1 < len(rest) && '0' <= rest[i.digits+1] && rest[i.digits+1] <= '9'; i.digits++ {
		}
		rest = rest[i.digits+1:]
	}
	_, east := t.Zone()
	i.nanos, i.zone, i.suffix = t.UnixNano(), int16(east/60), offset
	if rest == "Z" {
		i.suffix = zulu
	}
	return i, i.digits <= 9 && (i.suffix == zulu || len(rest) == len("+00:00") && rest != "-00:00")
}

// Layouts of time.Format.
const (
	formSeconds = "2006-01-02T15:04:05"
	formDigits  = ".000000000"
)

// text is what parseInstant has read, "" where that is not known.
func (i instant) text() string {
	if !i.known() {
		return ""
	}
	zone := time.UTC
	if i.zone != 0 {
		zone = time.FixedZone("", int(i.zone)*60)
	}
	form := formSeconds
	if i.digits > 0 {
		form += formDigits[:i.digits+1]
	}
	if i.suffix == zulu {
		form += "Z"
	} else {
		form += "-07:00"
	}
	return time.Unix(0, i.nanos).In(zone).Format(form)
}

// compare orders by time, and the same time by how it was written, as
// record.Evidence does: one that is not known comes last.
func (i instant) compare(j instant) int {
	switch {
	case i == j:
		return 0
	case i.known() && !j.known():
		return -1
	case j.known() && !i.known():
		return 1
	case i.nanos < j.nanos:
		return -1
	case i.nanos > j.nanos:
		return 1
	case i.text() < j.text():
		return -1
	}
	return 1
}
