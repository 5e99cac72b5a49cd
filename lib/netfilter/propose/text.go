package propose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// AppendText appends rules and notes as people read them: for each syntax a file
// that can be loaded, by chain, with what speaks for a rule above it as a
// comment, and the notes as comments at the end. The rules keep their order
// within a chain.
//
// Whatever comes from a log is escaped: no byte of it ends a comment or moves
// the cursor of a terminal.
func AppendText(dst []byte, rules []record.Rule, notes []record.Note) []byte {
	for _, s := range netfilter.Syntaxes() {
		here := slices.DeleteFunc(slices.Clone(rules), func(r record.Rule) bool { return r.Syntax != string(s) })
		if len(here) > 0 {
			dst = appendFile(dst, s, here)
		}
	}
	for i := range notes {
		dst = appendNote(dst, &notes[i])
	}
	return dst
}

func appendFile(dst []byte, s netfilter.Syntax, rules []record.Rule) []byte {
	before, after := netfilter.Frame(s)
	dst = append(dst, before...)
	for _, chain := range netfilter.Chains() {
		titled := false
		for i := range rules {
			if r := &rules[i]; r.Chain == string(chain) {
				if !titled {
					dst = append(dst, "\n# "+string(chain)+"\n"...)
					titled = true
				}
				dst = appendRule(dst, r)
			}
		}
	}
	return append(dst, after...)
}

// appendRule writes a rule below what speaks for it.
func appendRule(dst []byte, r *record.Rule) []byte {
	dst = append(dst, "\n# "...)
	dst = appendEvidence(dst, &r.Evidence)
	dst = append(dst, "\n# danger "+strconv.Itoa(int(r.Danger))+" of "+strconv.Itoa(netfilter.MaxDanger)+": "...)
	dst = visible.Append(dst, r.Why)
	if len(r.Made) > 0 {
		dst = append(dst, "; wider than what was seen: "...)
		dst = visible.Append(dst, strings.Join(r.Made, ", "))
	}
	dst = append(dst, '\n')
	dst = append(dst, r.Text...)
	return append(dst, '\n')
}

func appendNote(dst []byte, n *record.Note) []byte {
	dst = append(dst, "\n# note: "...)
	dst = visible.Append(dst, n.Kind)
	dst = append(dst, ": "...)
	dst = visible.Append(dst, n.Text)
	if n.Evidence.Count > 0 {
		dst = append(dst, "\n#   "...)
		dst = appendEvidence(dst, &n.Evidence)
	}
	if n.Hint != "" {
		dst = append(dst, "\n#   hint: "...)
		dst = visible.Append(dst, n.Hint)
	}
	return append(dst, '\n')
}

// appendEvidence writes "3 packets from ... to ..., trust log (why), as in FILE:LINE".
func appendEvidence(dst []byte, e *record.Evidence) []byte {
	dst = strconv.AppendUint(dst, e.Count, 10)
	dst = append(dst, " packet"...)
	if e.Count != 1 {
		dst = append(dst, 's')
	}
	switch {
	case e.First != "" && e.First == e.Last:
		dst = visible.Append(append(dst, " at "...), e.First)
	case e.First != "":
		dst = visible.Append(append(dst, " from "...), e.First)
		dst = visible.Append(append(dst, " to "...), e.Last)
	}
	dst = append(dst, ", trust "+e.Trust.String()...)
	if e.Reason != "" {
		dst = visible.Append(append(dst, " ("...), e.Reason)
		dst = append(dst, ')')
	}
	if e.Sample.File != "" {
		dst = visible.Append(append(dst, ", as in "...), e.Sample.File)
		dst = append(dst, ':')
		dst = strconv.AppendUint(dst, e.Sample.Line, 10)
	}
	return dst
}
