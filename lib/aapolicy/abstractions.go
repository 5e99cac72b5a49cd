package aapolicy

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sl-suite/sl/lib/aapolicy/installed"
	"github.com/sl-suite/sl/lib/record"
)

const (
	abstractionNote = "abstraction"

	minAbstraction  = 3   // rules that an abstraction has to replace
	maxAbstractions = 3   // proposals for one profile
	maxCompared     = 500 // rules of one profile that are held against abstractions
)

// useful is an abstraction that would replace rules.
type useful struct {
	*installed.Profile
	replaces, brings int
	evidence         record.Evidence
}

// abstractions notes, for every installed profile, which abstractions would
// replace some of its rules, and how many other rules they bring. Which of them
// is right is for a person to say: one that fits may well be meant for something
// else.
func (res *result) abstractions() {
	policy := res.proposer.options.Policy
	if policy == nil || res.proposer.options.Exact {
		return
	}
	for from := 0; from < len(res.rules); {
		profile, to := res.rules[from].profile, from
		for to < len(res.rules) && res.rules[to].profile == profile {
			to++
		}
		if to-from >= minAbstraction && policy.Profile(profile) != nil {
			res.proposeAbstractions(profile, res.rules[from:min(to, from+maxCompared)])
		}
		from = to
	}
}

func (res *result) proposeAbstractions(profile string, rules []proposed) {
	var list []useful
	for _, a := range res.proposer.options.Policy.Abstractions() {
		u := useful{Profile: a}
		var by []*installed.Rule
		for i := range rules {
			if d := a.Decide(rules[i].rule); d.State == installed.Allowed {
				u.replaces++
				u.evidence.Merge(rules[i].evidence)
				for _, r := range d.By {
					if !slices.Contains(by, r) {
						by = append(by, r)
					}
				}
			}
		}
		if u.brings = a.Size() - len(by); u.replaces >= minAbstraction {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b useful) int {
		return cmp.Or(cmp.Compare(b.replaces, a.replaces), cmp.Compare(a.brings, b.brings), cmp.Compare(a.Name, b.Name))
	})
	for _, u := range list[:min(len(list), maxAbstractions)] {
		res.note(noteKey{
			kind: abstractionNote, lang: record.AppArmor, profile: profile,
			text: fmt.Sprintf("<%s> would replace %d of these rules, and bring %d others", u.Name, u.replaces, u.brings),
			hint: "include it in the profile, if it is meant for such a program",
		}, &u.evidence)
	}
}
