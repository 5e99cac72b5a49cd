package propose

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// AppendExplanation appends, for people, why the rules are as they are that the
// text names: by a rule's own text, exact or as it was made wider, or by the path
// that it is about. For each of them: what was denied, what became of it, how
// dangerous it is, and which installed rules are about the same thing; then the
// notes in which the text stands. Nothing is appended when the text names none.
//
// Like the text of AppendText it is comments and rules.
func (p *Proposer) AppendExplanation(dst []byte, text string) []byte {
	res := p.finish()
	byTarget := make(map[target]*proposed)
	for _, profile := range res.profiles {
		for i := range profile.rules {
			r := &profile.rules[i]
			byTarget[target{profile.name, profile.trust, r.rule.Target()}] = r
		}
	}
	keys := slices.SortedFunc(maps.Keys(p.rules.entries), func(a, b ruleKey) int {
		return cmp.Or(cmp.Compare(a.profile.Value(), b.profile.Value()), cmp.Compare(a.text, b.text), cmp.Compare(b.trust, a.trust))
	})
	for _, key := range keys {
		e := p.rules.entries[key]
		name := homeOf(key.profile.Value())
		wide, made := p.wider(p.installed(name), e)
		became := find(byTarget, target{name, key.trust, wide})
		if names(text, e.rule) || names(text, wide) || became != nil && names(text, became.rule) {
			dst = p.appendExplained(dst, name, e, made, became)
		}
	}
	for n := range p.Notes() {
		if strings.Contains(n.Text, text) {
			dst = append(dst, "# profile "...)
			dst = visible.AppendQuote(dst, n.Profile)
			dst = append(dst, '\n')
			dst = appendNote(dst, &n)
		}
	}
	return dst
}

// target is what rules that can be one have in common.
type target struct {
	profile string
	trust   record.Trust
	rule    apparmor.Rule // as Target gives it
}

// names reports whether the text is the rule, or the path that it is about.
func names(text string, r apparmor.Rule) bool {
	if r.Text() == text {
		return true
	}
	var path apparmor.Pattern
	switch b := r.Body.(type) {
	case apparmor.File:
		path = b.Path
	case apparmor.Link:
		path = b.Name
	case apparmor.Mount:
		path = b.Point
	case apparmor.Umount:
		path = b.Point
	case apparmor.PivotRoot:
		path = b.NewRoot
	case apparmor.Mqueue:
		path = b.Name
	default:
		return false
	}
	literal, ok := path.Literal()
	return ok && literal == text || path.String() == text
}

// find returns the rule of the result that has the target of the rule in it, or else
// the one for all of its folder; nil when there is none.
func find(byTarget map[target]*proposed, t target) *proposed {
	rule := t.rule
	t.rule = rule.Target()
	if found := byTarget[t]; found != nil {
		return found
	}
	if f, ok := rule.Body.(apparmor.File); ok {
		if all, ok := f.Path.Siblings(); ok {
			f.Path = all
			t.rule = apparmor.Rule{Body: f}.Target()
			return byTarget[t]
		}
	}
	return nil
}

func (p *Proposer) appendExplained(dst []byte, profile string, e *ruleEntry, made []string, became *proposed) []byte {
	dst = fmt.Appendf(dst, "# profile %s: denied was %s\n", visible.Quote(profile), e.rule.Text())
	evidence := e.evidence.full()
	dst = appendEvidence(dst, &evidence)
	if len(evidence.Audits) > 0 {
		dst = append(dst, "  # audit ids"...)
		for _, id := range evidence.Audits {
			dst = append(dst, ' ')
			dst = visible.Append(dst, id)
		}
		dst = append(dst, '\n')
	}
	if p.loads.old(profile, &e.evidence) {
		dst = append(dst, "  # all of it is from before the profile was last loaded\n"...)
	}
	level, why := apparmor.Danger(e.rule)
	dst = appendDanger(dst, &record.Rule{Danger: level, Why: why, Made: made})
	if p.options.Policy != nil {
		dst = appendInstalled(dst, p.installed(profile), e.rule)
	}
	if became == nil {
		return append(dst, "  # no rule is proposed for it\n"...)
	}
	dst = append(dst, "  "...)
	dst = append(dst, became.key.Text...)
	return append(dst, '\n')
}

// appendInstalled appends what the profile has about the same thing.
func appendInstalled(dst []byte, profile *policy.Profile, rule apparmor.Rule) []byte {
	if profile == nil {
		return append(dst, "  # the profile is not among the installed ones\n"...)
	}
	dst = fmt.Appendf(dst, "  # the profile stands at %s", visible.Quote(profile.Place.String()))
	if profile.Local != "" {
		dst = fmt.Appendf(dst, ", its local additions in %s", visible.Quote(profile.Local))
	}
	dst = append(dst, '\n')
	switch d := profile.Decide(rule); d.State {
	case policy.Allowed:
		dst = fmt.Appendf(dst, "  # it allows it by %s\n", places(d.By))
	case policy.Denied:
		dst = fmt.Appendf(dst, "  # it denies it by %s\n", places(d.By))
	default:
		dst = append(dst, "  # it does not allow all of it\n"...)
		for _, r := range profile.About(rule) {
			dst = fmt.Appendf(dst, "  # about the same: %s\n", places([]*policy.Rule{r}))
		}
	}
	return dst
}
