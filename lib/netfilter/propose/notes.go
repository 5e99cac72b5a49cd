package propose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter/ruleset"
	"github.com/sl-suite/sl/lib/record"
)

// maxNoteBytes bounds the notes that are kept, by their text.
const maxNoteBytes = 4 << 20

// noteCosts is what a note weighs without its text.
const noteCosts = 512

// noteKey is a note without its evidence, but for the trust of that.
type noteKey struct {
	kind, lang, profile, text, hint string
	trust                           record.Trust
}

// trustOf is the trust in the key of a note with this evidence. Without any it is
// nobody's word, and has the highest.
func trustOf(e *record.Evidence) record.Trust {
	if e.Count == 0 {
		return record.TrustKernel
	}
	return e.Trust
}

// compareRanks orders as there is room: what is believed more comes first.
func compareRanks(a, b noteKey) int {
	return cmp.Or(cmp.Compare(b.trust, a.trust), compareNotes(a, b))
}

func compareNotes(a, b noteKey) int {
	return cmp.Or(
		strings.Compare(a.kind, b.kind), strings.Compare(a.lang, b.lang), strings.Compare(a.profile, b.profile),
		strings.Compare(a.text, b.text), strings.Compare(a.hint, b.hint), cmp.Compare(b.trust, a.trust),
	)
}

// noteRow is one note. The key is in it for its weight.
type noteRow struct {
	key      noteKey
	evidence record.Evidence
}

func (r *noteRow) weight() int {
	k := &r.key
	return noteCosts + len(k.kind) + len(k.lang) + len(k.profile) + len(k.text) + len(k.hint)
}

// notes collects notes: one for each text, with all that speaks for it.
type notes struct {
	table smallest[noteKey, *noteRow]
	left  *byTrust // notes that had no room
	// written are notes of this package by what they are about, so that their
	// text is not made for each event.
	written map[about]noteKey
}

type about struct {
	why    reason
	detail string
}

func newNotes() notes {
	n := notes{left: new(byTrust)}
	n.table = smallest[noteKey, *noteRow]{
		most: maxNoteBytes, compare: compareRanks, weigh: (*noteRow).weight,
		dropped: func(r *noteRow) { n.left.merge(&r.evidence) },
	}
	return n
}

// maxWritten is after how many notes written starts anew.
const maxWritten = 1 << 10

// count adds an event to the note of a reason.
func (n *notes) count(why reason, detail string, slim *record.Event) {
	key := n.keyOf(why, detail)
	key.trust = slim.Trust
	if row := n.row(key); row != nil {
		row.evidence.Add(slim)
	} else {
		n.left.add(slim)
	}
}

func (n *notes) keyOf(why reason, detail string) noteKey {
	if !strings.Contains(reasons[why].text, "%s") {
		detail = ""
	}
	if key, ok := n.written[about{why, detail}]; ok {
		return key
	}
	key := reasonKey(why, detail)
	if len(detail) <= longestQuote {
		if n.written == nil || len(n.written) >= maxWritten {
			n.written = make(map[about]noteKey)
		}
		n.written[about{why, strings.Clone(detail)}] = key
	}
	return key
}

// reasonKey is the note of a reason.
func reasonKey(why reason, detail string) noteKey {
	r := &reasons[why]
	hint := r.hint
	if hint == "%p" {
		hint = prefixHint(detail)
	}
	return noteKey{kind: r.kind, lang: record.Netfilter, text: strings.ReplaceAll(r.text, "%s", quote(detail)), hint: hint}
}

// unclearKey is the note that a ruleset was not understood whole.
func unclearKey(rs *ruleset.Ruleset) noteKey {
	return noteKey{
		kind: "ruleset", lang: record.Netfilter,
		text: fmt.Sprintf("%d of %d rules of the ruleset have a part that is not understood, such as %s", rs.Unclear, rs.Rules, quote(rs.FirstUnclear)),
		hint: "nothing is said of the packets that they may match", trust: record.TrustKernel,
	}
}

func (n *notes) merge(key noteKey, e *record.Evidence) {
	if row := n.row(key); row != nil {
		row.evidence.Merge(e)
	} else {
		n.left.merge(e)
	}
}

// row finds or makes a note; nil if there is no room for it.
func (n *notes) row(key noteKey) *noteRow {
	if row := n.table.rows[key]; row != nil {
		return row
	}
	row := &noteRow{key: key}
	if !n.table.put(key, row) {
		return nil
	}
	return row
}

// Notes returns what a person should know, sorted: why events are in no rule,
// what there was no room for, and the notes that were added.
func (p *Proposer) Notes() []record.Note {
	all := newNotes()
	all.table.most = 2 * maxNoteBytes // no note of ours is lost among those of others
	for _, key := range p.notes.table.trim() {
		all.merge(key, &p.notes.table.rows[key].evidence)
	}
	ours := func(key noteKey, e *record.Evidence) {
		if e.Count > 0 {
			all.merge(key, e)
		}
	}
	for key, e := range p.settle().remarks {
		ours(key, e)
	}
	if rs := p.opts.Ruleset; rs != nil && rs.Unclear > 0 {
		all.merge(unclearKey(rs), new(record.Evidence))
	}
	p.tuples.table.trim()
	cut := p.cutPeers()
	for _, l := range [...]struct {
		text string
		e    *byTrust
	}{
		{"too many different rules or sources: the last in order are left out", &p.tuples.left},
		{"too many addresses for one rule: the highest are left out", &cut},
		{"too many different notes: the last in order are left out", p.notes.left},
	} {
		for trust := range l.e {
			ours(noteKey{
				kind: "limit", lang: record.Netfilter, text: l.text, hint: "look at less at a time", trust: record.Trust(trust),
			}, &l.e[trust])
		}
	}
	keys := all.table.trim()
	slices.SortFunc(keys, compareNotes)
	var out []record.Note
	for _, k := range keys {
		e := all.table.rows[k].evidence
		out = append(out, record.Note{Kind: k.kind, Lang: k.lang, Profile: k.profile, Text: k.text, Hint: k.hint, Evidence: e})
	}
	return out
}

// cutPeers is the evidence of the rules that lack some of their peers.
func (p *Proposer) cutPeers() (cut byTrust) {
	for _, t := range p.tuples.table.rows {
		t.peers.trim()
		if t.peers.cut() {
			part := p.phrases.evidence(&t.evidence)
			cut.merge(&part)
		}
	}
	return cut
}
