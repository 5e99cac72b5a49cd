package propose

import (
	"math"
	"time"
	"unique"

	"github.com/sl-suite/sl/lib/record"
)

// evidence is a record.Evidence that needs little memory while it is that of one
// event: in a long log most rules have no other.
type evidence struct {
	one  sighting         // while many is nil
	many *record.Evidence // of several events, or of a stream
}

// sighting is what evidence keeps of one event.
type sighting struct {
	when  string // time and audit id, one behind the other
	line  uint64
	about unique.Handle[circumstances] // zero while there is no event
	split uint8                        // where the time ends
}

// circumstances are what many events have in common.
type circumstances struct {
	trust                    record.Trust
	reason, host, file, comm string
}

// add takes one more event into the evidence. A nil evidence is one that nobody
// will ask for.
func (e *evidence) add(ev *record.Event) {
	switch {
	case e == nil:
	case e.empty() && ev.Count <= 1 && ev.First == "" && ev.Last == "" && len(ev.Time) <= math.MaxUint8:
		e.one = sighting{
			when: ev.Time + ev.Audit, split: uint8(len(ev.Time)), line: ev.Line,
			about: unique.Make(circumstances{ev.Trust, ev.Reason, ev.Host, ev.File, ev.Fields[record.FComm]}),
		}
	default:
		e.whole().Add(ev)
	}
}

// merge takes more evidence into it.
func (e *evidence) merge(o *record.Evidence) {
	if e != nil && o.Count > 0 {
		e.whole().Merge(o)
	}
}

// take adds other evidence to it, which stays as it is.
func (e *evidence) take(o *evidence) {
	full := o.full()
	e.merge(&full)
}

// united returns the evidence of both, which stay as they are; either may be nil.
func united(a, b *evidence) *evidence {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	both := new(evidence)
	both.take(a)
	both.take(b)
	return both
}

func (e *evidence) empty() bool {
	return e.many == nil && e.one.about == unique.Handle[circumstances]{}
}

// whole returns what can be added to.
func (e *evidence) whole() *record.Evidence {
	if e.many == nil {
		full := e.full()
		*e = evidence{many: &full}
	}
	return e.many
}

// full returns the evidence as a record has it.
func (e *evidence) full() (full record.Evidence) {
	switch {
	case e.many != nil:
		return *e.many
	case !e.empty():
		about, when, audit := e.one.about.Value(), e.one.when[:e.one.split], e.one.when[e.one.split:]
		full = record.Evidence{
			Count: 1, Trust: about.trust, Reason: about.reason,
			Sample: record.Sample{Time: when, Audit: audit, Host: about.host, File: about.file, Line: e.one.line},
		}
		if _, err := time.Parse(time.RFC3339, when); err == nil {
			full.First, full.Last = when, when
		}
		if audit != "" {
			full.Audits = []string{audit}
		}
		if about.comm != "" {
			full.Comms = []string{about.comm}
		}
	}
	return full
}
