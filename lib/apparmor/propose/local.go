package propose

import (
	"fmt"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

const localNote = "local"

// local notes that the rules of a profile take no effect where sl-write(1) puts
// them, in a file of local additions: because the policy has no such profile, or
// because the profile includes none that is its own, or because a manager makes it.
func (r *profileResult) local(locals map[string]string) {
	if len(r.rules) == 0 {
		return
	}
	note := noteKey{kind: localNote, lang: record.AppArmor, profile: r.name, trust: record.TrustKernel}
	var made bool
	if note.text, note.hint, made = managed(r.name, r.rules); made {
		r.result.note(note)
		return
	}
	if r.proposer.options.Policy == nil || locals[r.name] != "" {
		return
	}
	file, err := apparmor.LocalFile(r.name)
	switch {
	case r.in == nil:
		note.text = "the policy that was read has no such profile"
		note.hint = "add the rules where the profile is kept; sl-write --new takes them for one that is still to come"
		if strings.Contains(r.name, "//") {
			note.hint = "write it, as a child or hat of the profile before the \"//\""
		}
	case err != nil || r.in.Includes("local/"+file):
		return
	default:
		note.text = fmt.Sprintf("the profile at %q does not include %q, where sl-write puts rules", r.in.Place.String(), "local/"+file)
		if r.in.Local != "" {
			note.text += fmt.Sprintf(", but %q, as others do", r.in.Local)
		}
		note.hint = fmt.Sprintf("add to the profile: include if exists <local/%s>", file)
	}
	r.result.note(note)
}
