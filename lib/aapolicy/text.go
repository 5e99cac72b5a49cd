package aapolicy

import (
	"strconv"
	"unicode/utf8"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// AppendText appends rules and notes, sorted as Rules and Notes return them, as
// text for people: for each profile its rules, each behind what speaks for it,
// then its notes. All but the rules is comments, so the text of a profile can be
// pasted into it; whatever a log said stands in comments escaped, on one line
// and without what a terminal could act upon.
//
// A rule for the owner of a file is left out, or shortened, where the rule for
// everybody, which stands before it, grants the same.
func AppendText(dst []byte, rules []record.Rule, notes []record.Note) []byte {
	for len(rules) > 0 || len(notes) > 0 {
		var profile string
		switch {
		case len(rules) == 0 || len(notes) > 0 && notes[0].Profile < rules[0].Profile:
			profile = notes[0].Profile
		default:
			profile = rules[0].Profile
		}
		if len(dst) > 0 {
			dst = append(dst, '\n')
		}
		if profile == "" {
			dst = append(dst, "# of no profile\n"...)
		} else {
			dst = append(dst, "# profile "...)
			dst = strconv.AppendQuote(dst, profile)
			dst = append(dst, '\n')
		}
		n := 0
		for n < len(rules) && rules[n].Profile == profile {
			n++
		}
		dst = appendRules(dst, rules[:n])
		rules = rules[n:]
		for len(notes) > 0 && notes[0].Profile == profile {
			dst = appendNote(dst, &notes[0])
			notes = notes[1:]
		}
	}
	return dst
}

// appendRules appends the rules of one profile.
func appendRules(dst []byte, records []record.Rule) []byte {
	var before apparmor.Rule
	for i := range records {
		dst = appendEvidence(dst, &records[i].Evidence)
		dst = appendDanger(dst, &records[i])
		r, err := apparmor.Parse(records[i].Text)
		if err != nil {
			dst = append(dst, "  # no rule of this language: "...)
			dst = strconv.AppendQuote(dst, records[i].Text)
			dst = append(dst, '\n')
			continue
		}
		shared := before
		before = r
		left := true
		if everybody, ok := r.ForEverybody(); ok && shared.Body != nil && shared.Target() == everybody.Target() {
			r, left = r.Beyond(shared)
		}
		if left {
			dst = append(dst, "  "...)
			dst = r.AppendText(dst)
		} else {
			dst = append(dst, "  # granted to everybody: "...)
			dst = append(dst, records[i].Text...)
		}
		dst = append(dst, '\n')
	}
	return dst
}

func appendDanger(dst []byte, r *record.Rule) []byte {
	dst = append(dst, "  # danger "...)
	dst = strconv.AppendUint(dst, uint64(r.Danger), 10)
	dst = append(dst, ": "...)
	dst = appendSafe(dst, r.Why)
	for i, made := range r.Made {
		if i == 0 {
			dst = append(dst, "; made wider by "...)
		} else {
			dst = append(dst, ", "...)
		}
		dst = appendSafe(dst, made)
	}
	return append(dst, '\n')
}

func appendNote(dst []byte, n *record.Note) []byte {
	dst = append(dst, "  # note ("...)
	dst = appendSafe(dst, n.Kind)
	dst = append(dst, "): "...)
	dst = appendSafe(dst, n.Text)
	dst = append(dst, '\n')
	if n.Hint != "" {
		dst = append(dst, "  # hint: "...)
		dst = appendSafe(dst, n.Hint)
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
		dst = appendSafe(dst, e.First)
	}
	if e.Last != e.First {
		dst = append(dst, " to "...)
		dst = appendSafe(dst, e.Last)
	}
	for i, comm := range e.Comms {
		if i == 0 {
			dst = append(dst, ", by"...)
		}
		dst = append(dst, ' ')
		dst = strconv.AppendQuote(dst, comm)
	}
	dst = append(dst, ", trust "...)
	dst = append(dst, e.Trust.String()...)
	if e.Reason != "" {
		dst = append(dst, " ("...)
		dst = appendSafe(dst, e.Reason)
		dst = append(dst, ')')
	}
	if s := e.Sample; s.File != "" {
		dst = append(dst, ", see "...)
		dst = strconv.AppendQuote(dst, s.File)
		if s.Line > 0 {
			dst = append(dst, ':')
			dst = strconv.AppendUint(dst, s.Line, 10)
		}
	}
	return append(dst, '\n')
}

// appendSafe appends text that may hold anything, on one line: what is not
// printable is escaped, quotes and backslashes stay as they are.
func appendSafe(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if strconv.IsPrint(r) && !(r == utf8.RuneError && n == 1) {
			dst = append(dst, s[i:i+n]...)
		} else {
			quoted := strconv.Quote(s[i : i+n])
			dst = append(dst, quoted[1:len(quoted)-1]...)
		}
		i += n
	}
	return dst
}
