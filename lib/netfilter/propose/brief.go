package propose

import (
	"cmp"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// brief is the evidence of a rule or, of which there can be very many, against a
// source. It says what a record.Evidence of the same events says in a quarter of
// the room, as long as the events are such as logs usually have. The others are in
// rest.
type brief struct {
	count       uint64
	first, last int64 // instants, taken apart to leave no gaps between them
	line        uint64
	rest        *record.Evidence
	firstForm   form
	lastForm    form
	origin      uint16 // of the sample, which is the event at first
	reason      uint16
	trust       record.Trust
}

func (b *brief) start() instant     { return instant{b.first, b.firstForm} }
func (b *brief) end() instant       { return instant{b.last, b.lastForm} }
func (b *brief) setStart(i instant) { b.first, b.firstForm = i.nanos, i.form }
func (b *brief) setEnd(i instant)   { b.last, b.lastForm = i.nanos, i.form }

// phrases numbers the texts that the events of a log share: files with their
// hosts, and reasons.
type phrases struct {
	numbers map[phrase]uint16
	texts   []phrase

	// What the last event had is often what the next one has.
	time           string
	at             instant
	origin, reason numbered
}

type phrase struct{ host, file string }

type numbered struct {
	phrase
	n  uint16
	ok bool
}

// maxPhrases bounds them. Events with other texts are not brief.
const maxPhrases = 1 << 12

// instant reads the time of an event.
func (ps *phrases) instant(s string) (i instant, ok bool) {
	if s == ps.time && ps.at.known() {
		return ps.at, true
	}
	if i, ok = parseInstant(s); ok {
		ps.time, ps.at = s, i
	}
	return i, ok
}

// number returns a phrase's number; ok is false if there is no room for it.
func (ps *phrases) number(p phrase, last *numbered) (n uint16, ok bool) {
	if !last.ok || last.phrase != p {
		last.phrase = p
		last.n, last.ok = ps.find(p)
	}
	return last.n, last.ok
}

func (ps *phrases) find(p phrase) (n uint16, ok bool) {
	if n, ok := ps.numbers[p]; ok {
		return n, true
	}
	if len(ps.texts) >= maxPhrases {
		return 0, false
	}
	if ps.numbers == nil {
		ps.numbers = make(map[phrase]uint16)
	}
	n = uint16(len(ps.texts))
	ps.numbers[p] = n
	ps.texts = append(ps.texts, p)
	return n, true
}

// add takes one more event, whose texts are interned.
func (ps *phrases) add(b *brief, ev *record.Event) {
	one, ok := ps.brief(ev)
	if !ok {
		if b.rest == nil {
			b.rest = new(record.Evidence)
		}
		b.rest.Add(ev)
		return
	}
	ps.merge(b, &one)
}

// brief is the evidence of one event; ok is false if there is more to say.
func (ps *phrases) brief(ev *record.Event) (b brief, ok bool) {
	if ev.Audit != "" || ev.Fields[record.FComm] != "" || ev.First != "" && ev.First != ev.Time {
		return brief{}, false
	}
	var first, last instant
	if ev.Time != "" {
		if first, ok = ps.instant(ev.Time); !ok {
			return brief{}, false
		}
	}
	last = first
	if ev.Last != "" && ev.Last != ev.Time {
		if last, ok = parseInstant(ev.Last); !ok || !first.known() || last.compare(first) < 0 {
			return brief{}, false
		}
	}
	b.setStart(first)
	b.setEnd(last)
	if b.origin, ok = ps.number(phrase{ev.Host, ev.File}, &ps.origin); !ok {
		return brief{}, false
	}
	b.reason, ok = ps.number(phrase{"", ev.Reason}, &ps.reason)
	b.count, b.line, b.trust = max(ev.Count, 1), ev.Line, ev.Trust
	return b, ok
}

// merge takes the evidence o into b.
func (ps *phrases) merge(b, o *brief) {
	if o.rest != nil {
		if b.rest == nil {
			b.rest = new(record.Evidence)
		}
		b.rest.Merge(o.rest)
	}
	if o.count == 0 {
		return
	}
	if b.count == 0 {
		rest := b.rest
		*b = *o
		b.rest = rest
		return
	}
	if b.count += o.count; b.count < o.count {
		b.count = 1<<64 - 1
	}
	if c := o.start().compare(b.start()); c < 0 || c == 0 && ps.compareSamples(o, b) < 0 {
		b.setStart(o.start())
		b.origin, b.line = o.origin, o.line
	}
	if end := o.end(); end.known() && (!b.end().known() || end.compare(b.end()) > 0) {
		b.setEnd(end)
	}
	if o.trust < b.trust || o.trust == b.trust && compareKnown(ps.texts[o.reason].file, ps.texts[b.reason].file) < 0 {
		b.trust, b.reason = o.trust, o.reason
	}
}

// compareSamples orders events of one time.
func (ps *phrases) compareSamples(a, b *brief) int {
	x, y := ps.texts[a.origin], ps.texts[b.origin]
	return cmp.Or(compareKnown(x.host, y.host), compareKnown(x.file, y.file), cmp.Compare(a.line-1, b.line-1))
}

// compareKnown orders texts, with the one that is not known last.
func compareKnown(a, b string) int {
	if (a == "") != (b == "") {
		return -strings.Compare(a, b)
	}
	return strings.Compare(a, b)
}

// evidence is all that b says.
func (ps *phrases) evidence(b *brief) record.Evidence {
	var e record.Evidence
	if b.count > 0 {
		origin := ps.texts[b.origin]
		first := b.start().text()
		e = record.Evidence{
			Count: b.count, First: first, Last: b.end().text(), Trust: b.trust, Reason: ps.texts[b.reason].file,
			Sample: record.Sample{Time: first, Host: origin.host, File: origin.file, Line: b.line},
		}
	}
	if b.rest != nil {
		e.Merge(b.rest)
	}
	return e
}
