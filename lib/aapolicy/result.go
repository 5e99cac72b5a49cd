package aapolicy

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sl-suite/sl/lib/aapolicy/installed"
	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// result is what is made of everything that was added.
type result struct {
	proposer *Proposer
	rules    []proposed // sorted, one for each target
	notes    map[noteKey]*record.Evidence
}

// proposed is one rule of the result.
type proposed struct {
	profile  string
	key      apparmor.Key
	rule     apparmor.Rule
	made     []string
	evidence *record.Evidence
}

// finish works out the result: what is not called for any more is left out, what
// has variables gets them, rules with the same target become one, then globs.
func (p *Proposer) finish() *result {
	if p.result != nil {
		return p.result
	}
	p.rules.trim()
	p.notes.trim()
	res := &result{
		proposer: p,
		rules:    make([]proposed, 0, len(p.rules.entries)),
		notes:    make(map[noteKey]*record.Evidence, len(p.notes.entries)),
	}
	for key, e := range p.notes.entries {
		res.note(key, e)
	}
	for key, e := range p.rules.entries {
		if res.wanted(key, e) {
			rule, made := p.withVariables(key.profile, key.rule)
			res.rules = append(res.rules, proposed{profile: key.profile, rule: rule, made: mergeMade(e.made, made), evidence: &e.evidence})
		}
	}
	res.unite()
	res.globs()
	res.abstractions()
	res.problems()
	p.result = res
	return res
}

// unite sorts the rules and makes one of those with the same target, which stand
// side by side then.
func (res *result) unite() {
	for i := range res.rules {
		res.rules[i].key = apparmor.KeyOf(res.rules[i].rule)
	}
	slices.SortFunc(res.rules, func(a, b proposed) int {
		if c := cmp.Compare(a.profile, b.profile); c != 0 {
			return c
		}
		return a.key.Compare(b.key)
	})
	united := res.rules[:0]
	for _, r := range res.rules {
		if n := len(united) - 1; n >= 0 && united[n].profile == r.profile && united[n].rule.Target() == r.rule.Target() {
			united[n].take(&r)
		} else {
			united = append(united, r)
		}
	}
	clear(res.rules[len(united):])
	res.rules = united
}

// take unites the rule with one that has the same target.
func (r *proposed) take(o *proposed) {
	r.rule = r.rule.Union(o.rule)
	r.key = apparmor.KeyOf(r.rule)
	r.made = mergeMade(r.made, o.made)
	both := *r.evidence // a copy, since the evidence may be that of an entry
	both.Merge(o.evidence)
	r.evidence = &both
}

func (res *result) note(key noteKey, evidence *record.Evidence) {
	e := res.notes[key]
	if e == nil {
		e = new(record.Evidence)
		res.notes[key] = e
	}
	e.Merge(evidence)
}

// wanted reports whether the rule is still called for, and notes why not.
func (res *result) wanted(key ruleKey, e *ruleEntry) bool {
	p := res.proposer
	if p.loads.old(key.profile, &e.evidence) {
		note := noteKey{kind: "old", lang: record.AppArmor, profile: key.profile}
		note.text = "some denials are from before the profile was last loaded, and may be mended"
		note.hint = "--since-reload leaves their rules out"
		if p.options.SinceReload {
			note.text, note.hint = "rules for denials from before the profile was last loaded are left out", ""
		}
		res.note(note, &e.evidence)
		if p.options.SinceReload {
			return false
		}
	}
	if p.options.Policy == nil {
		return true
	}
	profile := p.options.Policy.Profile(key.profile)
	if profile == nil {
		return true
	}
	d := profile.Decide(key.rule)
	note := noteKey{kind: "allowed", lang: record.AppArmor, profile: key.profile}
	switch {
	case d.State == installed.Open:
		return true
	case d.State == installed.Denied:
		note.kind = "denied"
		note.text = fmt.Sprintf("%s is denied by %q at %q, which no other rule can change", key.rule.Text(), d.By[0].Text, d.By[0].Place.String())
	case p.options.ShowAllowed:
		note.text = fmt.Sprintf("%s is allowed already by %s", key.rule.Text(), places(d.By))
	default:
		note.text = "rules that the installed policy has already are left out"
		note.hint = "--show-allowed names them"
	}
	res.note(note, &e.evidence)
	return false
}

// places names the rules.
func places(rules []*installed.Rule) string {
	text := ""
	for i, r := range rules {
		if i > 0 {
			text += " and "
		}
		text += fmt.Sprintf("%q at %q", r.Text, r.Place.String())
	}
	return text
}

// problems notes what of the policy was not understood.
func (res *result) problems() {
	policy := res.proposer.options.Policy
	if policy == nil {
		return
	}
	for _, text := range policy.Problems() {
		res.note(noteKey{kind: "policy", lang: record.AppArmor, text: text}, &record.Evidence{})
	}
}

// Rules returns the rules so far, sorted by profile and then as
// apparmor.Compare does.
func (p *Proposer) Rules() []record.Rule {
	res := p.finish()
	rules := make([]record.Rule, len(res.rules))
	for i := range res.rules {
		r := &res.rules[i]
		level, why := apparmor.Danger(r.rule)
		rules[i] = record.Rule{
			Lang: record.AppArmor, Profile: r.profile, Text: r.key.Text, Typed: apparmor.Attrs(r.rule),
			Made: r.made, Danger: level, Why: why, Evidence: *r.evidence,
		}
	}
	return rules
}

// Notes returns the notes so far, sorted by profile, kind and text.
func (p *Proposer) Notes() []record.Note {
	res := p.finish()
	notes := make([]record.Note, 0, len(res.notes))
	for k, e := range res.notes {
		notes = append(notes, record.Note{Kind: k.kind, Lang: k.lang, Profile: k.profile, Text: k.text, Hint: k.hint, Evidence: *e})
	}
	slices.SortFunc(notes, func(a, b record.Note) int {
		return cmp.Or(cmp.Compare(a.Profile, b.Profile), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text),
			cmp.Compare(a.Hint, b.Hint), cmp.Compare(a.Lang, b.Lang))
	})
	return notes
}
