package propose

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unique"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/record"
)

// Options say for whom and how rules are made.
type Options struct {
	Parser int  // major version of the apparmor_parser that has to take the rules: 3 (also for 0), 4 or 5
	Exec   Exec // what to make of a denied exec
	Max    int  // how many different rules, and how many notes, at most; 0 for DefaultMax

	Policy      *policy.Policy // what is installed; nil for not known
	ShowAllowed bool           // a note for each rule that the policy allows already, not one for each profile
	Exact       bool           // make no rule wider than its evidence
	NoVariables bool           // put no variables into rules
	Glob        int            // from so many files of a folder on, one rule for the folder; 0 for never
	SinceReload bool           // leave out what was denied before its profile was last loaded only
}

// DefaultMax bounds the memory of a Proposer to some hundred megabytes, together
// with maxBytes.
const DefaultMax = 1 << 18

// maxBytes bounds the texts of all rules, and those of all notes.
const maxBytes = 64 << 20

// ErrTooMany says that there were more different rules or notes than Options.Max.
// The first in their order are kept, whatever the order in which they came.
var ErrTooMany = errors.New("too many different rules and notes: the last in their order are left out")

// Stats counts what became of the events.
type Stats struct {
	Ruled   uint64 // events that became rules
	Noted   uint64 // events that became notes only
	Ignored uint64 // events that need no rule: AUDIT, STATUS, HINT, ERROR, and events of another kind
}

// Proposer collects rules and notes. The zero value is not ready; see New.
//
// It keeps exactly what was denied. Everything that depends on more than one
// event, or on the policy, is worked out of that when the result is asked for, so
// that the result depends on no order.
type Proposer struct {
	options Options
	rules   bounded[ruleKey, ruleEntry]
	notes   bounded[noteKey, evidence]
	loads   loads
	missing missing
	stats   Stats
	result  *result // of all that was added; nil when there is more since

	proposal proposal              // of the event that is being added
	text     []byte                // of the rule that is being added
	profile  unique.Handle[string] // of the last one
}

// ruleKey is what rules are told apart by: what is believed less makes rules of its
// own.
type ruleKey struct {
	profile unique.Handle[string]
	text    string
	trust   record.Trust
}

// order is the place of the rule among all rules: what anybody can have written
// takes no room from what is better.
func (k ruleKey) order() string { return rank(k.trust) + k.profile.Value() + "\x00" + k.text }

// rank is a text that puts a higher trust first.
func rank(t record.Trust) string { return "0123"[record.TrustKernel-t:][:1] }

func (k ruleKey) size() int { return len(k.text) } // profiles are shared

type ruleEntry struct {
	rule     apparmor.Rule
	made     []string
	evidence evidence
	signs    signs
}

// noteKey is what notes are told apart by. A note without evidence is nobody's
// word, and has the highest trust.
type noteKey struct {
	kind, lang, profile, text, hint string
	trust                           record.Trust
}

// maxMade bounds the list of generalisations of one rule; the smallest stay.
const maxMade = 16

// New returns an empty Proposer.
func New(options Options) *Proposer {
	options.Parser = cmp.Or(options.Parser, 3)
	if options.Policy != nil {
		options.Policy.ReadBy(options.Parser)
	}
	options.Max = cmp.Or(options.Max, DefaultMax)
	return &Proposer{
		options: options,
		rules:   newBounded[ruleKey, ruleEntry](options.Max, maxBytes),
		notes:   newBounded[noteKey, evidence](options.Max, maxBytes),
	}
}

// order is the place of the note among all notes.
func (k noteKey) order() string {
	return rank(k.trust) + strings.Join([]string{k.profile, k.kind, k.text, k.hint, k.lang}, "\x00")
}

func (k noteKey) size() int {
	return len(k.profile) + len(k.kind) + len(k.text) + len(k.hint) + len(k.lang)
}

func (k noteKey) compare(o noteKey) int {
	return cmp.Or(cmp.Compare(k.profile, o.profile), cmp.Compare(k.kind, o.kind), cmp.Compare(k.text, o.text),
		cmp.Compare(k.hint, o.hint), cmp.Compare(k.lang, o.lang), cmp.Compare(o.trust, k.trust))
}

// Complete returns ErrTooMany if rules or notes were left out.
func (p *Proposer) Complete() error {
	if p.rules.cut() || p.notes.cut() {
		return ErrTooMany
	}
	return nil
}

// Stats returns the counts of the events so far.
func (p *Proposer) Stats() Stats { return p.stats }

// AddEvent makes of the event what it calls for. An Event with Count n counts
// for n. The error is always nil.
func (p *Proposer) AddEvent(ev *record.Event) error {
	n := max(ev.Count, 1)
	if ev.Kind != record.AppArmor || needsNothing(ev.Fields[record.FVerdict]) && !entersUserns(&ev.Fields) {
		if ev.Kind == record.AppArmor {
			p.loads.loaded(ev)
		}
		p.stats.Ignored += n
		return nil
	}
	p.result = nil
	p.missing.see(ev)
	pr := p.propose(&ev.Fields)
	p.loads.denied(pr.profile, ev.Host, ev.Trust)
	ruled := false
	for _, r := range pr.rules {
		e, made := p.addRule(cmp.Or(pr.adopted, pr.profile), r, mergeMade(pr.made, madeBy(r)), ev.Trust, pr.signs())
		e.add(ev)
		ruled = ruled || made
	}
	for _, note := range pr.notes {
		note.lang, note.profile, note.trust = record.AppArmor, pr.profile, ev.Trust
		p.addNote(note).add(ev)
	}
	if ruled {
		p.stats.Ruled += n
	} else {
		p.stats.Noted += n
	}
	return nil
}

// needsNothing reports whether events of the verdict deny nothing: what was
// audited was allowed, and the others tell of policy that was loaded.
func needsNothing(verdict string) bool {
	switch verdict {
	case "AUDIT", "STATUS", "HINT", "ERROR":
		return true
	}
	return false
}

// AddRule merges a rule of another Proposer. Only its profile, text, evidence
// and the list of what it was made from are read; the rest follows from the
// text. It is an error when the text is no canonical rule, or one that does more
// than grant an access. A rule that was made wider stays as wide as it is, with
// Options.Exact as well.
func (p *Proposer) AddRule(r *record.Rule) error {
	if r.Lang != record.AppArmor {
		return fmt.Errorf("a rule for %q", r.Lang)
	}
	rule, err := apparmor.Parse(r.Text)
	if err != nil {
		return err
	}
	if !rule.Plain() {
		return errors.New("a rule with audit, allow or deny")
	}
	p.result = nil
	p.loads.denied(r.Profile, r.Evidence.Sample.Host, r.Evidence.Trust)
	e, _ := p.addRule(r.Profile, rule, r.Made, r.Evidence.Trust, onExec)
	e.merge(&r.Evidence)
	return nil
}

// AddNote merges a note of another Proposer, or of a stage before. What is said of
// the rules together is left out, since it is made anew from all of them. The
// error is always nil.
func (p *Proposer) AddNote(n *record.Note) error {
	if n.Lang == record.AppArmor && (n.Kind == abstractionNote || n.Kind == onceNote || n.Kind == fallbackNote && !ofPtrace(n.Text) || n.Kind == localNote) {
		return nil
	}
	p.result = nil
	trust := n.Evidence.Trust
	if n.Evidence.Count == 0 {
		trust = record.TrustKernel
	}
	p.addNote(noteKey{n.Kind, n.Lang, n.Profile, n.Text, n.Hint, trust}).merge(&n.Evidence)
	return nil
}

// addRule adds a rule, or a note where it cannot be one; made reports which. It
// returns the evidence to add to, nil where the rule is beyond the bound. A rule
// that is there has no need to be checked again.
func (p *Proposer) addRule(profile string, r apparmor.Rule, from []string, trust record.Trust, s signs) (e *evidence, made bool) {
	r, from = p.portable(r, from)
	p.text = r.AppendText(p.text[:0])
	if p.profile == (unique.Handle[string]{}) || p.profile.Value() != profile {
		p.profile = unique.Make(profile)
	}
	entry := p.rules.entries[ruleKey{p.profile, string(p.text), trust}]
	if entry == nil {
		profile := homeOf(profile)
		text := string(p.text) // the rule that is kept shares its memory, and none with a log line
		rule, err := r.Reread(text)
		if err != nil {
			hint := lookAt
			if _, network := r.Body.(apparmor.Network); network { // a word that the kernel has, and no parser
				hint = byHand
			}
			return p.addNote(noteKey{"unsupported", record.AppArmor, profile, fmt.Sprintf("%q is no rule: %v", text, err), hint, trust}), false
		}
		if need := rule.Parser(); need > p.options.Parser {
			text := fmt.Sprintf("the rule %q needs AppArmor %d", text, need)
			return p.addNote(noteKey{"parser", record.AppArmor, profile, text, fmt.Sprintf("--parser=%d", need), trust}), false
		}
		if entry = p.rules.add(ruleKey{p.profile, text, trust}); entry == nil {
			return nil, true
		}
		entry.rule = rule
	}
	entry.made = mergeMade(entry.made, from)
	entry.signs |= s
	return &entry.evidence, true
}

// mergeMade unites two lists of what a rule was made from. The result is a new
// list, since rules that were handed out have the old.
func mergeMade(a, b []string) []string {
	if len(b) == 0 {
		return a
	}
	made := slices.Concat(a, b)
	slices.Sort(made)
	made = slices.Compact(made)
	return made[:min(len(made), maxMade)]
}

// portableMade is the name of what portable does, in the record of a rule.
const portableMade = "portable"

// madeBy returns what the rule of an event was made wider by: a network rule
// without accesses grants all, and no event is about all.
func madeBy(r apparmor.Rule) []string {
	if n, ok := r.Body.(apparmor.Network); ok && n.Access == (apparmor.Set{}) {
		return []string{portableMade}
	}
	return nil
}

// portable returns the network rule in the form that every parser takes, where
// the policy is for one that takes no other.
func (p *Proposer) portable(r apparmor.Rule, from []string) (apparmor.Rule, []string) {
	n, ok := r.Body.(apparmor.Network)
	if !ok || p.options.Parser >= 4 || p.options.Exact || n.Access == (apparmor.Set{}) {
		return r, from
	}
	r.Body = apparmor.Network{Family: n.Family, Type: n.Type}
	return r, mergeMade(from, madeBy(r))
}

// addNote adds a note and returns the evidence to add to, nil where the note is
// beyond the bound.
func (p *Proposer) addNote(key noteKey) *evidence {
	e := p.notes.get(key)
	if e == nil {
		for _, s := range [...]*string{&key.kind, &key.lang, &key.profile, &key.text, &key.hint} {
			*s = strings.Clone(*s)
		}
		e = p.notes.add(key)
	}
	return e
}
