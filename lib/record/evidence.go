package record

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// Add takes one more event into the evidence. An event with Count 0 counts as
// one.
func (e *Evidence) Add(ev *Event) {
	one := Evidence{
		Count: max(ev.Count, 1),
		First: cmp.Or(ev.First, ev.Time), Last: cmp.Or(ev.Last, ev.Time),
		Trust: ev.Trust, Reason: ev.Reason,
		Sample: Sample{Time: cmp.Or(ev.Time, ev.First), Audit: ev.Audit, Host: ev.Host, File: ev.File, Line: ev.Line},
	}
	if ev.Audit != "" {
		one.Audits = []string{ev.Audit}
	}
	if comm := ev.Fields[FComm]; comm != "" {
		one.Comms = []string{comm}
	}
	e.Merge(&one)
}

// Merge takes the evidence o into e, which is empty or was built by Add and
// Merge; o may come from a stream, with lists in any order. An Evidence with
// Count 0 is empty, whatever else it says: e stays as it is. Counts stop at the
// largest uint64, times that are not RFC 3339 are dropped, o keeps its lists to
// itself and copies of e stay valid. What is kept is copied, so that no log line
// stays in memory for one word of it.
//
// Any split of the same events, merged in any order, gives the same Evidence.
func (e *Evidence) Merge(o *Evidence) {
	if o.Count == 0 {
		return
	}
	if e.Count == 0 {
		*e = Evidence{Trust: o.Trust, Reason: strings.Clone(o.Reason), Sample: o.Sample.clone()}
	}
	if sum := e.Count + o.Count; sum >= e.Count {
		e.Count = sum
	} else {
		e.Count = math.MaxUint64
	}
	e.reach(o.First)
	if o.Last != o.First {
		e.reach(o.Last)
	}
	if o.Trust < e.Trust || o.Trust == e.Trust && compareText(o.Reason, e.Reason) < 0 {
		e.Trust, e.Reason = o.Trust, strings.Clone(o.Reason)
	}
	for _, id := range o.Audits {
		e.Audits = insertSmallest(e.Audits, id, MaxAudits, compareAudits)
	}
	for _, comm := range o.Comms {
		e.Comms = insertSmallest(e.Comms, comm, MaxComms, strings.Compare)
	}
	if compareSamples(&o.Sample, &e.Sample) < 0 {
		e.Sample = o.Sample.clone()
	}
}

func (s Sample) clone() Sample {
	for _, p := range [...]*string{&s.Time, &s.Audit, &s.Host, &s.File} {
		*p = strings.Clone(*p)
	}
	return s
}

// reach moves First and Last apart so that t lies between them; a t that is no
// time changes nothing.
func (e *Evidence) reach(t string) {
	if t == "" || t == e.First || t == e.Last || !isTime(t) {
		return
	}
	if e.First == "" || compareTimes(t, e.First) < 0 {
		e.First = strings.Clone(t)
	}
	if e.Last == "" || compareTimes(t, e.Last) > 0 {
		e.Last = strings.Clone(t)
	}
}

// insertSmallest returns the sorted list with s in it, once, cut to its bound
// smallest members. The list itself is never written to.
func insertSmallest(list []string, s string, bound int, compare func(a, b string) int) []string {
	at, found := slices.BinarySearchFunc(list, s, compare)
	if found || at == bound {
		return list
	}
	keep := list[at:min(len(list), bound-1)]
	return slices.Concat(list[:at], []string{strings.Clone(s)}, keep)
}

// compareSamples orders by time, audit id, host, file and line; what is not
// known comes last, so that the smallest says most.
func compareSamples(a, b *Sample) int {
	return cmp.Or(
		compareTimes(a.Time, b.Time),
		compareAudits(a.Audit, b.Audit),
		compareText(a.Host, b.Host),
		compareText(a.File, b.File),
		cmp.Compare(a.Line-1, b.Line-1), // line 0 is unknown
	)
}

// compareTimes orders RFC 3339 times by the instant, and equal ones by their
// text: 12:00Z and 14:00+02:00 are the same, yet one of them has to be chosen.
// Anything else comes after them, "" last of all.
func compareTimes(a, b string) int {
	if a == b {
		return 0
	}
	if len(a) == len(b) && inUTC(a) && inUTC(b) {
		return strings.Compare(a, b)
	}
	at, aerr := time.Parse(time.RFC3339, a)
	bt, berr := time.Parse(time.RFC3339, b)
	switch {
	case aerr == nil && berr == nil:
		return cmp.Or(at.Compare(bt), strings.Compare(a, b))
	case aerr == nil:
		return -1
	case berr == nil:
		return 1
	}
	return compareText(a, b)
}

func isTime(s string) bool {
	if inUTC(s) {
		return true
	}
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// inUTC reports whether s is a time as audit messages give it, such as
// 2026-05-26T23:47:43.396Z. Those of one length sort as text. It says no to days
// after the 28th, which not every month has, and to hours and minutes that only
// look like some: they go the long way.
func inUTC(s string) bool {
	const form = "0000-00-00T00:00:00.000Z"
	if len(s) != len(form) {
		return false
	}
	for i := range len(form) {
		if c := s[i]; form[i] == '0' && c-'0' > 9 || form[i] != '0' && c != form[i] {
			return false
		}
	}
	return s[5:7] >= "01" && s[5:7] <= "12" && s[8:10] >= "01" && s[8:10] <= "28" &&
		s[11:13] <= "23" && s[14:16] <= "59" && s[17:19] <= "59"
}

// compareAudits orders "seconds.millis:serial" by its three numbers, whatever
// their length; "" comes last.
func compareAudits(a, b string) int {
	if a == "" || b == "" {
		return compareText(a, b)
	}
	asec, arest, _ := strings.Cut(a, ".")
	bsec, brest, _ := strings.Cut(b, ".")
	ams, aserial, _ := strings.Cut(arest, ":")
	bms, bserial, _ := strings.Cut(brest, ":")
	return cmp.Or(
		compareDigits(asec, bsec),
		compareDigits(ams, bms),
		compareDigits(aserial, bserial),
		strings.Compare(a, b),
	)
}

// compareDigits orders decimal numbers without leading zeros: the shorter is
// the smaller.
func compareDigits(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// compareText orders by bytes, with "" last.
func compareText(a, b string) int {
	if (a == "") != (b == "") {
		return -strings.Compare(a, b)
	}
	return strings.Compare(a, b)
}
