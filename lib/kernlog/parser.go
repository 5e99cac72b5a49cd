package kernlog

import (
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// Config is what the lines themselves do not say. The zero Config is usable.
type Config struct {
	Prefixes []Prefix       // netfilter prefixes of the site; they win over the built-in ones
	Year     int            // of stamps that have none; 0 is unknown
	Zone     *time.Location // of stamps that have none; nil is unknown
	Input    bool           // every line begins with the name of rsyslog's input it came through
}

// Parser turns log lines into events. It keeps nothing between two lines, so
// one Parser may serve any number of goroutines.
type Parser struct {
	prefixes []Prefix
	year     int
	zone     *time.Location
	input    bool
}

// New returns a Parser for c.
func New(c Config) *Parser {
	return &Parser{prefixes: longestFirst(c.Prefixes), year: c.Year, zone: c.Zone, input: c.Input}
}

// Kind says what a line turned out to be.
type Kind uint8

const (
	Skip  Kind = iota // nothing of ours
	Event             // one AppArmor or netfilter message
	Loss              // a report that messages were dropped
)

// Result is the outcome of one line.
type Result struct {
	Kind    Kind
	Fields  record.FieldSet // with Event: no other of its Fields has a value
	Limited string          // with Event: the form of its log prefix, if rules with such a one are limited in rate, and log a part of their packets
	Lost    uint64          // with Loss: how many messages at least, never 0
	Text    string          // with Loss: what the log says, log text
	Trust   record.Trust    // with Loss: how far it can be believed ...
	Reason  string          // ... and why no further
}

// Parse takes one log line apart. line has no newline at its end; it may be
// changed after the return, since ev shares no memory with it. src describes
// where the line was read, for the trust of the event; nil is unknown, which
// earns none. ev is overwritten: with an event it is complete except for Line,
// in every other case it is zero.
//
// An error means that the line claims to be an AppArmor or netfilter message
// and is none that this package knows to the last byte; it is, or wraps, an [*Error],
// and may have a method Hint that says what to do.
func (p *Parser) Parse(line []byte, src *record.Source, ev *record.Event) (Result, error) {
	if !marked(line) {
		*ev = record.Event{}
		return Result{}, nil
	}
	return p.parse(string(line), src, ev)
}

// ParseFound is Parse for a line that a [Finder] has found. ev shares the memory
// of the line.
func (p *Parser) ParseFound(line string, src *record.Source, ev *record.Event) (Result, error) {
	return p.parse(line, src, ev)
}

func (p *Parser) parse(line string, src *record.Source, ev *record.Event) (Result, error) {
	*ev = record.Event{}
	s := trimEnd(line)
	if res, mine, err := p.ulogdJSON(s, src, ev); mine {
		return res, err
	}
	var h head
	var err error
	if p.input {
		err = h.readInput(s)
	} else {
		err = h.read(s)
	}
	if err != nil {
		return Result{}, unread(s, &h, err)
	}
	h.unpack()
	res, err := p.message(&h, ev)
	if err != nil || res.Kind != Event {
		*ev = record.Event{}
		if h.origin == fromProgram && !isLikePacket(h.msg) {
			err = nil // another program's text may look like anything
		}
		if res.Kind == Loss {
			res.Trust, res.Reason = trust(&h, src)
			return res, err
		}
		if err = unread(s, &h, err); err != nil {
			res = Result{}
		}
		return res, err
	}
	if ev.Time == "" {
		ev.Time = p.resolve(&h.stamp, src)
	}
	if ev.Host == "" {
		ev.Host = h.host
	}
	ev.Carrier, ev.Count = h.carrier, h.times(ev.Audit)
	level, why := trust(&h, src)
	h.believe(ev, level, why)
	if src != nil {
		ev.File = src.Path
	}
	return res, nil
}

// message reads what the carrier carries.
func (p *Parser) message(h *head, ev *record.Event) (Result, error) {
	if h.origin != fromPVE {
		if res, err := appArmor(h, ev); err != nil || res.Kind == Event {
			return res, err
		}
	}
	if res := loss(h); res.Kind == Loss {
		return res, nil
	}
	if h.origin == fromAudit || h.origin == fromDBus || h.user {
		if (h.carrier == carrierSyslog || h.carrier == carrierSyslog5) && isLikePacket(h.msg) {
			return Result{}, &Error{h.at, "a packet under the tag of another: " + quote(h.tag)}
		}
		return Result{}, nil
	}
	res, err := p.netfilter(h, ev)
	if err == nil && h.carrier == carrierRaw && isGlued(h.msg, ev) {
		return Result{}, &Error{0, "text before the carrier: " + quote(h.msg)}
	}
	return res, err
}

// trimEnd cuts off the blanks that shippers leave at the end of a line.
func trimEnd(s string) string {
	n := len(s)
	for n > 0 && (s[n-1] == ' ' || s[n-1] == '\t' || s[n-1] == '\r') {
		n--
	}
	return s[:n]
}
