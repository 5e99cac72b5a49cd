package propose

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sl-suite/sl/lib/apparmor/policy"
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
	*policy.Abstraction
	replaces int
	by       []*policy.Rule
	evidence evidence
}

func (u *useful) brings() int { return u.Size - len(u.by) }

// abstractions notes which abstractions would replace some of the rules of an
// installed profile, and how many other rules they bring. Which of them is right
// is for a person to say: one that fits may well be meant for something else.
func (r *profileResult) abstractions() {
	if r.in == nil || r.proposer.options.Exact || len(r.rules) < minAbstraction {
		return
	}
	found := make(map[*policy.Abstraction]*useful)
	for _, rule := range r.rules[:min(len(r.rules), maxCompared)] {
		for _, a := range r.proposer.options.Policy.Allowing(rule.rule) {
			u := found[a.Abstraction]
			if u == nil {
				u = &useful{Abstraction: a.Abstraction}
				found[a.Abstraction] = u
			}
			u.replaces++
			u.evidence.take(&rule.evidence)
			for _, by := range a.By {
				if !slices.Contains(u.by, by) {
					u.by = append(u.by, by)
				}
			}
		}
	}
	var list []*useful
	for _, u := range found {
		if u.replaces >= minAbstraction {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b *useful) int {
		return cmp.Or(cmp.Compare(b.replaces, a.replaces), cmp.Compare(a.brings(), b.brings()), cmp.Compare(a.Name, b.Name))
	})
	for _, u := range list[:min(len(list), maxAbstractions)] {
		r.note(noteKey{
			kind: abstractionNote, lang: record.AppArmor, profile: r.name,
			text: fmt.Sprintf("<%s> would replace %d of these rules, and bring %d others", u.Name, u.replaces, u.brings()),
			hint: "include it in the profile, if it is meant for such a program",
		}).take(&u.evidence)
	}
}
