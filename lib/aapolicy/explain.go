package aapolicy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/aapolicy/installed"
	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
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
	keys := slices.Collect(maps.Keys(p.rules.entries))
	slices.SortFunc(keys, func(a, b ruleKey) int { return strings.Compare(a.order(), b.order()) })
	byTarget := make(map[ruleKey]*proposed, len(res.rules))
	for i := range res.rules {
		r := &res.rules[i]
		byTarget[ruleKey{r.profile, r.rule.Target()}] = r
	}
	for _, key := range keys {
		wide, made := p.withVariables(key.profile, key.rule)
		became := find(byTarget, key.profile, wide)
		if names(text, key.rule) || names(text, wide) || became != nil && names(text, became.rule) {
			dst = p.appendExplained(dst, key, made, became)
		}
	}
	for _, n := range p.Notes() {
		if strings.Contains(n.Text, text) {
			dst = append(dst, "# profile "...)
			dst = strconv.AppendQuote(dst, n.Profile)
			dst = append(dst, '\n')
			dst = appendNote(dst, &n)
		}
	}
	return dst
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
	default:
		return false
	}
	literal, ok := path.Literal()
	return ok && literal == text || path.String() == text
}

// find returns the rule of the result that has the target, or else the one for
// all of its folder; nil when there is none.
func find(byTarget map[ruleKey]*proposed, profile string, r apparmor.Rule) *proposed {
	if found := byTarget[ruleKey{profile, r.Target()}]; found != nil {
		return found
	}
	if f, ok := r.Body.(apparmor.File); ok {
		if all, ok := f.Path.Siblings(); ok {
			f.Path = all
			return byTarget[ruleKey{profile, apparmor.Rule{Body: f}.Target()}]
		}
	}
	return nil
}

func (p *Proposer) appendExplained(dst []byte, key ruleKey, made []string, became *proposed) []byte {
	e := p.rules.entries[key]
	dst = fmt.Appendf(dst, "# profile %q: denied was %s\n", key.profile, key.rule.Text())
	dst = appendEvidence(dst, &e.evidence)
	if len(e.evidence.Audits) > 0 {
		dst = append(dst, "  # audit ids"...)
		for _, id := range e.evidence.Audits {
			dst = append(dst, ' ')
			dst = appendSafe(dst, id)
		}
		dst = append(dst, '\n')
	}
	if p.loads.old(key.profile, &e.evidence) {
		dst = append(dst, "  # all of it is from before the profile was last loaded\n"...)
	}
	level, why := apparmor.Danger(key.rule)
	dst = appendDanger(dst, &record.Rule{Danger: level, Why: why, Made: made})
	if policy := p.options.Policy; policy != nil {
		dst = appendInstalled(dst, policy.Profile(key.profile), key)
	}
	if became == nil {
		return append(dst, "  # no rule is proposed for it\n"...)
	}
	dst = append(dst, "  "...)
	dst = append(dst, became.key.Text...)
	return append(dst, '\n')
}

// appendInstalled appends what the profile has about the same thing.
func appendInstalled(dst []byte, profile *installed.Profile, key ruleKey) []byte {
	if profile == nil {
		return append(dst, "  # the profile is not among the installed ones\n"...)
	}
	dst = fmt.Appendf(dst, "  # the profile stands at %q", profile.Place.String())
	if profile.Local != "" {
		dst = fmt.Appendf(dst, ", its local additions in %q", profile.Local)
	}
	dst = append(dst, '\n')
	switch d := profile.Decide(key.rule); d.State {
	case installed.Allowed:
		dst = fmt.Appendf(dst, "  # it allows it by %s\n", places(d.By))
	case installed.Denied:
		dst = fmt.Appendf(dst, "  # it denies it by %s\n", places(d.By))
	default:
		dst = append(dst, "  # it does not allow all of it\n"...)
		for _, r := range profile.About(key.rule) {
			dst = fmt.Appendf(dst, "  # about the same: %s\n", places([]*installed.Rule{r}))
		}
	}
	return dst
}
