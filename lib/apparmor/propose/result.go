package propose

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"unique"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// result is what is made of everything that was added.
type result struct {
	proposer *Proposer
	profiles []*profileResult      // sorted by name, those of higher trust first
	notes    map[noteKey]*evidence // beside those that were added
}

// profileResult is the rules of one profile that have one trust.
type profileResult struct {
	*result
	name  string
	trust record.Trust
	in    *policy.Profile // nil where none is installed
	rules []proposed      // in the end sorted, one for each target

	old         []string // texts of the rules for which nothing speaks since the profile was last loaded
	oldEvidence evidence
}

// proposed is one rule of the result: an entry as it was added, or one that was
// made of it.
type proposed struct {
	key apparmor.Key // of the rule
	*ruleEntry
}

// finish works out the result: what is not called for any more is left out, what
// has variables gets them, rules with the same target become one, then globs.
func (p *Proposer) finish() *result {
	if p.result != nil {
		return p.result
	}
	p.rules.trim()
	p.notes.trim()
	res := &result{proposer: p, notes: make(map[noteKey]*evidence)}
	type part struct {
		profile unique.Handle[string]
		trust   record.Trust
	}
	parts := make(map[part]*profileResult)
	for key, e := range p.rules.entries {
		name := homeOf(key.profile.Value())
		if program := p.missing.program(key.profile.Value(), key.trust); program != "" {
			res.note(noteKey{
				kind: "exec", lang: record.AppArmor, profile: name, trust: key.trust, hint: byLoad,
				text: fmt.Sprintf("what %q does belongs to the profile that the rule for it names, which is missing", program),
			}).take(&e.evidence)
			continue
		}
		if name != key.profile.Value() {
			key.profile = unique.Make(name)
		}
		profile := parts[part{key.profile, key.trust}]
		if profile == nil {
			profile = &profileResult{result: res, name: name, trust: key.trust, in: p.installed(name)}
			parts[part{key.profile, key.trust}] = profile
		}
		profile.add(key.text, e)
	}
	res.profiles = slices.SortedFunc(maps.Values(parts), func(a, b *profileResult) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(b.trust, a.trust))
	})
	var sorting sync.WaitGroup
	for _, profile := range res.profiles {
		sorting.Go(profile.unite)
	}
	sorting.Wait()
	var locals map[string]string
	if p.options.Policy != nil && len(res.profiles) > 0 {
		locals = p.options.Policy.Locals()
	}
	globs := new(globber)
	for _, profile := range res.profiles {
		profile.loaded()
		profile.once()
		globs.make(profile)
		profile.fallbacks()
		profile.abstractions()
		profile.local(locals)
	}
	res.problems()
	p.result = res
	return res
}

// installed returns the profile as it is installed; nil where it is not.
func (p *Proposer) installed(profile string) *policy.Profile {
	if p.options.Policy == nil {
		return nil
	}
	return p.options.Policy.Profile(profile)
}

// add takes the rule of an entry, which has the text, as far as it is called for.
func (r *profileResult) add(text string, e *ruleEntry) {
	if r.proposer.loads.old(r.name, &e.evidence) {
		r.old = append(r.old, text)
		r.oldEvidence.take(&e.evidence)
		if r.proposer.options.SinceReload {
			return
		}
	}
	if r.in != nil {
		left, ok := r.left(e)
		if !ok {
			return
		}
		if left != e.rule {
			e = &ruleEntry{left, e.made, e.evidence, e.signs}
			text = left.Text()
		}
	}
	if rule, made := r.proposer.wider(r.in, e); made != nil {
		e = &ruleEntry{rule, mergeMade(e.made, made), e.evidence, e.signs}
		text = rule.Text()
	}
	r.propose(text, e)
}

// propose puts the entry, whose rule has the text, among the rules.
func (r *profileResult) propose(text string, e *ruleEntry) {
	r.rules = append(r.rules, proposed{apparmor.KeyOf(e.rule, text), e})
}

// unite sorts the rules and makes one of those with the same target, which stand
// side by side then.
func (r *profileResult) unite() {
	slices.SortFunc(r.rules, func(a, b proposed) int { return a.key.Compare(b.key) })
	united := r.rules[:0]
	for _, next := range r.rules {
		n := len(united) - 1
		if n >= 0 && united[n].key.SameSubject(next.key) && united[n].rule.Target() == next.rule.Target() {
			united[n].take(next.ruleEntry)
		} else {
			united = append(united, next)
		}
	}
	clear(r.rules[len(united):])
	r.rules = united
}

// take unites the rule with one that has the same target.
func (r *proposed) take(o *ruleEntry) {
	rule := r.rule.Union(o.rule)
	r.key = apparmor.KeyOf(rule, rule.Text())
	r.ruleEntry = &ruleEntry{rule, mergeMade(r.made, o.made), *united(&r.evidence, &o.evidence), r.signs | o.signs}
}

// note returns the evidence of a note about rules of this trust, to be added to.
func (r *profileResult) note(key noteKey) *evidence {
	key.trust = r.trust
	return r.result.note(key)
}

// note returns the evidence of a note, to be added to.
func (res *result) note(key noteKey) *evidence {
	e := res.notes[key]
	if e == nil {
		e = new(evidence)
		res.notes[key] = e
	}
	return e
}

// left returns what of the rule the installed profile neither allows nor denies; ok
// is false where that is nothing. The rest it notes.
func (r *profileResult) left(e *ruleEntry) (left apparmor.Rule, ok bool) {
	var allowed apparmor.Rule
	var by []*policy.Rule
	decide := r.in.Decide
	if e.signs&onExec != 0 {
		decide = r.in.DecideOnExec
	}
	for _, part := range e.rule.Parts() {
		switch d := decide(part); d.State {
		case policy.Open:
			left, ok = plus(left, part), true
		case policy.Denied:
			r.decided(part, d, e)
		case policy.Allowed:
			allowed = plus(allowed, part)
			for _, rule := range d.By {
				if !slices.Contains(by, rule) {
					by = append(by, rule)
				}
			}
		}
	}
	if by != nil {
		r.decided(allowed, policy.Decision{State: policy.Allowed, By: by}, e)
	}
	return left, ok
}

// plus returns the union of a rule, which may be none yet, and a part.
func plus(r, part apparmor.Rule) apparmor.Rule {
	if r.Body == nil {
		return part
	}
	return r.Union(part)
}

// decided notes what the installed profile says of a rule.
func (r *profileResult) decided(rule apparmor.Rule, d policy.Decision, e *ruleEntry) {
	note := noteKey{kind: "allowed", lang: record.AppArmor, profile: r.name}
	switch {
	case d.State == policy.Denied:
		note.kind = "denied"
		note.text = fmt.Sprintf("%s is denied by %q at %q, which no other rule can change", rule.Text(), d.By[0].Text, d.By[0].Place.String())
		note.hint = "take that rule out of the profile, if the access is to be allowed"
	case r.proposer.options.ShowAllowed:
		note.text = fmt.Sprintf("%s is allowed already by %s", rule.Text(), places(d.By))
		note.hint = reload
	default:
		note.text = "rules that the installed policy has already are left out"
		note.hint = "--show-allowed names them; " + reload
	}
	r.note(note).take(&e.evidence)
}

// places names the rules.
func places(rules []*policy.Rule) string {
	text := ""
	for i, r := range rules {
		if i > 0 {
			text += " and "
		}
		text += visible.Quote(r.Text) + " at " + visible.Quote(r.Place.String())
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
		res.note(noteKey{kind: "policy", lang: record.AppArmor, text: text, hint: "apparmor_parser -Q FILE says whether the file is right", trust: record.TrustKernel})
	}
}

// Rules returns the rules so far, sorted by profile and then as
// apparmor.Compare does, but for those about the same thing: of these the ones with a
// higher trust come first.
func (p *Proposer) Rules() iter.Seq[record.Rule] {
	return func(yield func(record.Rule) bool) {
		used := sync.Pool{New: func() any { return new([maxChunk]record.Rule) }} // they would be most of the garbage
		work := func(c chunk) []record.Rule { return c.append(used.Get().(*[maxChunk]record.Rule)[:0]) }
		for records := range ahead(p.finish().chunks(), work) {
			for _, r := range records {
				if !yield(r) {
					return
				}
			}
			used.Put((*[maxChunk]record.Rule)(records[:maxChunk]))
		}
	}
}

// chunk is some rules of a profile.
type chunk struct {
	profile string
	rules   []proposed
}

// maxChunk bounds how many rules are made records of at once.
const maxChunk = 256

func (res *result) chunks() iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		for parts := res.profiles; len(parts) > 0; {
			n := 1
			for n < len(parts) && parts[n].name == parts[0].name {
				n++
			}
			for rules := range slices.Chunk(together(parts[:n]), maxChunk) {
				if !yield(chunk{parts[0].name, rules}) {
					return
				}
			}
			parts = parts[n:]
		}
	}
}

// together returns the rules of all parts of one profile, in order.
func together(parts []*profileResult) []proposed {
	if len(parts) == 1 {
		return parts[0].rules
	}
	var all []proposed
	for _, part := range parts {
		all = append(all, part.rules...)
	}
	slices.SortStableFunc(all, func(a, b proposed) int {
		if a.key.SameSubject(b.key) {
			return 0 // sorted by trust, and then by text
		}
		return a.key.Compare(b.key)
	})
	return all
}

// append appends the rules as the stream has them.
func (c chunk) append(list []record.Rule) []record.Rule {
	for _, r := range c.rules {
		level, why := apparmor.Danger(r.rule)
		list = append(list, record.Rule{
			Lang: record.AppArmor, Profile: c.profile, Text: r.key.Text, Typed: apparmor.Attrs(r.rule),
			Made: r.made, Danger: level, Why: why, Evidence: r.evidence.full(),
		})
	}
	return list
}

// Notes returns the notes so far, sorted by profile, kind and text.
func (p *Proposer) Notes() iter.Seq[record.Note] {
	return func(yield func(record.Note) bool) {
		res := p.finish()
		keys := slices.AppendSeq(make([]noteKey, 0, len(p.notes.entries)+len(res.notes)), maps.Keys(p.notes.entries))
		for k := range res.notes {
			if p.notes.get(k) == nil {
				keys = append(keys, k)
			}
		}
		slices.SortFunc(keys, noteKey.compare)
		for i := 0; i < len(keys); i++ {
			k := keys[i]
			note := record.Note{Kind: k.kind, Lang: k.lang, Profile: k.profile, Text: k.text, Hint: k.hint}
			e := united(p.notes.get(k), res.notes[k])
			if i+1 < len(keys) && k.tellsMore(keys[i+1]) {
				i++
				e = united(e, p.notes.get(keys[i]))
			}
			note.Evidence = e.full()
			if !yield(note) {
				return
			}
		}
	}
}
