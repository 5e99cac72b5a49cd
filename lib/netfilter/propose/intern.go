package propose

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// interner keeps one copy of texts that come again and again: files, hosts, the
// times of a burst. Its copies are short and keep no log line in memory.
type interner struct {
	seen map[string]string
}

const (
	maxInterned     = 1 << 12 // texts after which the interner starts anew
	maxEvidenceText = 1 << 10 // bytes of a text; what is longer is cut
)

func (in *interner) intern(s string) string {
	s = s[:min(len(s), maxEvidenceText)]
	if s == "" {
		return ""
	}
	if t, ok := in.seen[s]; ok {
		return t
	}
	if in.seen == nil || len(in.seen) >= maxInterned {
		in.seen = make(map[string]string)
	}
	s = strings.Clone(s)
	in.seen[s] = s
	return s
}

func (in *interner) internAll(list []string, most int) []string {
	var out []string
	for _, s := range list[:min(len(list), most)] {
		out = append(out, in.intern(s))
	}
	return out
}

// slimEvent copies what record.Evidence takes from an event.
func (in *interner) slimEvent(to, from *record.Event) {
	to.Trust, to.PrefixTrust, to.Count, to.Line = from.Trust, from.PrefixTrust, from.Count, from.Line
	for _, t := range [...]struct{ to, from *string }{
		{&to.Reason, &from.Reason}, {&to.Audit, &from.Audit}, {&to.Host, &from.Host}, {&to.File, &from.File},
		{&to.Time, &from.Time}, {&to.First, &from.First}, {&to.Last, &from.Last},
	} {
		if *t.to != *t.from { // the last event has the same, mostly
			*t.to = in.intern(*t.from)
		}
	}
}

// slimEvidence copies evidence from a stream.
func (in *interner) slimEvidence(e *record.Evidence) record.Evidence {
	out := *e
	s := &out.Sample
	for _, text := range [...]*string{&out.First, &out.Last, &out.Reason, &s.Time, &s.Audit, &s.Host, &s.File} {
		*text = in.intern(*text)
	}
	out.Audits = in.internAll(e.Audits, record.MaxAudits)
	out.Comms = in.internAll(e.Comms, record.MaxComms)
	return out
}
