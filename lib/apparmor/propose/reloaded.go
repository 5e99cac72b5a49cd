package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// maxOld is how many rules are named whose evidence is old.
const maxOld = 8

// loaded notes which rules have no evidence since the profile was last loaded. The
// first are named, as they were denied.
func (r *profileResult) loaded() {
	if len(r.old) == 0 {
		return
	}
	slices.Sort(r.old)
	named := strings.Join(r.old[:min(len(r.old), maxOld)], " ")
	if more := len(r.old) - maxOld; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	note := noteKey{
		kind: "old", lang: record.AppArmor, profile: r.name,
		text: "denied before the profile was last loaded only, and may be mended: " + named,
		hint: "--since-reload leaves their rules out",
	}
	if r.proposer.options.SinceReload {
		note.text = "left out, for they were denied before the profile was last loaded only: " + named
		note.hint = "without --since-reload they are made"
	}
	r.note(note).take(&r.oldEvidence)
}
