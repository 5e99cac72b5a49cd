package broker

import (
	"fmt"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// accept decides whether the text is a rule, and the trust of its evidence enough.
// Nothing else that the record says is looked at: not its typed form, not the danger
// that it claims.
func (b *Broker) accept(lang language, r *record.Rule) error {
	if !visible.Is(r.Text) || !visible.Is(r.Profile) {
		return refuseRule(r, "has a character that does not show", "")
	}
	text, err := lang.canonical(r.Text)
	if err != nil {
		return refuseRule(r, err.Error(), "")
	}
	if text != r.Text {
		return refuseRule(r, fmt.Sprintf("not canonical: want %.200q", text), "")
	}
	if r.Evidence.Trust < b.opts.Trust {
		return refuseRule(r, fmt.Sprintf("trust is %s, want %s", r.Evidence.Trust, b.opts.Trust),
			fmt.Sprintf("look where the lines came from; --trust=%s accepts it", r.Evidence.Trust))
	}
	return nil
}

// judge refuses the first rule that is too dangerous and that no decision names.
func (b *Broker) judge(lang, profile string, grades []grade) error {
	for _, g := range grades {
		if g.danger >= b.opts.limit() && !b.opts.Decisions.names(profile, g.rule) {
			r := record.Rule{Lang: lang, Profile: profile, Text: g.rule}
			return refuseRule(&r, fmt.Sprintf("danger %d: %s", g.danger, g.why),
				"if it is meant, name it in the file of --decisions: "+decisionLine(profile, g.rule))
		}
	}
	return nil
}
