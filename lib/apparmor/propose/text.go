package propose

import (
	"iter"
	"strconv"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// Text returns rules and notes, sorted as Rules and Notes give them, as text for
// people: for each profile its rules, each behind what speaks for it, then its
// notes. All but the rules is comments, so the text of a profile can be pasted
// into it; whatever a log said stands in comments escaped, on one line and
// without what a terminal could act upon.
//
// A rule is left out, or shortened, where rules that stand before it grant the same
// and are believed no less: that for everybody, of a rule for the owner of a file; and
// of one that is believed less, that for the same.
//
// The text comes in parts of whole lines, each of which is valid until the next.
func Text(rules iter.Seq[record.Rule], notes iter.Seq[record.Note]) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		next, stop := iter.Pull(notes)
		defer stop()
		var t text
		note, more := next()
		for rule := range rules {
			for ; more && note.Profile < rule.Profile; note, more = next() {
				if !yield(t.note(&note)) {
					return
				}
			}
			if !yield(t.rule(&rule)) {
				return
			}
		}
		for ; more; note, more = next() {
			if !yield(t.note(&note)) {
				return
			}
		}
	}
}

// text is how far a text has come.
type text struct {
	part    []byte
	begun   bool
	profile string    // whose heading stands above
	before  []granted // those below it that are about the same as the last one
}

// granted is a rule that stands in the text.
type granted struct {
	key   apparmor.Key
	rule  apparmor.Rule
	trust record.Trust
}

// heading begins a part with the name of the profile, if another stands above.
func (t *text) heading(profile string) {
	t.part = t.part[:0]
	if t.begun && profile == t.profile {
		return
	}
	if t.begun {
		t.part = append(t.part, '\n')
	}
	if profile == "" {
		t.part = append(t.part, "# of no profile"...)
	} else {
		t.part = visible.AppendQuote(append(t.part, "# profile "...), profile)
	}
	t.part = append(t.part, '\n')
	t.begun, t.profile, t.before = true, profile, nil
}

func (t *text) note(n *record.Note) []byte {
	t.heading(n.Profile)
	t.part = appendNote(t.part, n)
	return t.part
}

func (t *text) rule(record *record.Rule) []byte {
	t.heading(record.Profile)
	dst := appendEvidence(t.part, &record.Evidence)
	dst = appendDanger(dst, record)
	r, err := apparmor.Parse(record.Text)
	if err != nil {
		dst = append(dst, "  # no rule of this language: "...)
		t.part = append(visible.AppendQuote(dst, record.Text), '\n')
		return t.part
	}
	key := apparmor.KeyOf(r, record.Text)
	if len(t.before) > 0 && !t.before[0].key.SameSubject(key) {
		t.before = t.before[:0]
	}
	left, why := t.beyond(r, record.Evidence.Trust)
	t.before = append(t.before, granted{key, r, record.Evidence.Trust})
	if why == "" {
		dst = left.AppendText(append(dst, "  "...))
	} else {
		dst = append(append(append(dst, "  # "...), why...), record.Text...)
	}
	t.part = append(dst, '\n')
	return t.part
}

// beyond returns what of a rule those before it do not grant; where that is nothing,
// why says so.
func (t *text) beyond(r apparmor.Rule, trust record.Trust) (left apparmor.Rule, why string) {
	for _, g := range t.before {
		if g.trust < trust {
			continue
		}
		ok := true
		if everybody, owner := r.ForEverybody(); owner && g.rule.Target() == everybody.Target() {
			if r, ok = r.Beyond(g.rule); !ok {
				return r, "granted to everybody: "
			}
		} else if g.rule.Target() == r.Target() {
			if r, ok = r.Without(g.rule); !ok {
				return r, "granted by lines that are believed more: "
			}
		}
	}
	return r, ""
}

func appendDanger(dst []byte, r *record.Rule) []byte {
	dst = append(dst, "  # danger "...)
	dst = strconv.AppendUint(dst, uint64(r.Danger), 10)
	dst = append(dst, ": "...)
	dst = visible.Append(dst, r.Why)
	for i, made := range r.Made {
		if i == 0 {
			dst = append(dst, "; made wider by "...)
		} else {
			dst = append(dst, ", "...)
		}
		dst = visible.Append(dst, made)
	}
	return append(dst, '\n')
}

func appendNote(dst []byte, n *record.Note) []byte {
	dst = append(dst, "  # note ("...)
	dst = visible.Append(dst, n.Kind)
	dst = append(dst, "): "...)
	dst = visible.Append(dst, n.Text)
	dst = append(dst, '\n')
	if n.Hint != "" {
		dst = append(dst, "  # hint: "...)
		dst = visible.Append(dst, n.Hint)
		dst = append(dst, '\n')
	}
	return appendEvidence(dst, &n.Evidence)
}

// appendEvidence appends one line: how often, when, by whom, how far it can be
// believed, and where to look.
func appendEvidence(dst []byte, e *record.Evidence) []byte {
	if e.Count == 0 {
		return dst
	}
	dst = append(dst, "  # "...)
	dst = strconv.AppendUint(dst, e.Count, 10)
	dst = append(dst, " times"...)
	if e.Count == 1 {
		dst = dst[:len(dst)-1]
	}
	if e.First != "" {
		dst = append(dst, ", "...)
		dst = visible.Append(dst, e.First)
	}
	if e.Last != e.First {
		dst = append(dst, " to "...)
		dst = visible.Append(dst, e.Last)
	}
	for i, comm := range e.Comms {
		if i == 0 {
			dst = append(dst, ", by"...)
		}
		dst = append(dst, ' ')
		dst = visible.AppendQuote(dst, comm)
	}
	dst = append(dst, ", trust "...)
	dst = append(dst, e.Trust.String()...)
	if e.Reason != "" {
		dst = append(dst, " ("...)
		dst = visible.Append(dst, e.Reason)
		dst = append(dst, ')')
	}
	if s := e.Sample; s.File != "" {
		dst = append(dst, ", see "...)
		dst = visible.AppendQuote(dst, s.File)
		if s.Line > 0 {
			dst = append(dst, ':')
			dst = strconv.AppendUint(dst, s.Line, 10)
		}
	}
	return append(dst, '\n')
}
