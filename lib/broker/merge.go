package broker

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// apart takes the collected rules out that are too dangerous together, with each
// other or with those that stand in the file: all rules of such an effect, so that
// the order of the stream decides nothing. What stands is not held against a rule
// that changes nothing of it, and neither are rules that the decisions name.
func (b *Broker) apart(t *target, p *pending, standing []string) (refused []error, err error) {
	base := slices.Clone(standing)
	var added []string
	for _, rule := range slices.Sorted(maps.Keys(p.rules)) {
		if b.opts.Decisions.names(p.profile, rule) {
			base = append(base, rule)
		} else {
			added = append(added, rule)
		}
	}
	effects, err := t.lang.together(base, added, b.opts.limit())
	if err != nil {
		return nil, fmt.Errorf("the rules cannot be graded together: %w", err)
	}
	for _, e := range effects {
		for _, rule := range e.rules {
			delete(p.rules, rule)
		}
		refused = append(refused, within(t.Path, refuseTogether(e)))
	}
	return refused, nil
}

// refuseTogether names the first rules of an effect.
func refuseTogether(e effect) error {
	const shown = 3
	var list strings.Builder
	for i, rule := range e.rules[:min(len(e.rules), shown)] {
		if i > 0 {
			list.WriteString(", ")
		}
		fmt.Fprintf(&list, "%.200q", rule)
	}
	if n := len(e.rules) - shown; n > 0 {
		fmt.Fprintf(&list, " and %d more", n)
	}
	with, hint := "together", "leave out what is not needed; if all are meant, name each in the file of --decisions: allow RULE"
	if len(e.rules) == 1 {
		with, hint = "with what the file holds", "if it is meant, name it in the file of --decisions: "+decisionLine("", e.rules[0])
	}
	return &Refusal{plural(len(e.rules), "rule") + " " + with, fmt.Sprintf("danger %d: %s: %s", e.danger, e.why, list.String()), hint}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// merge returns the body for the standing rules and the collected ones. It
// reads back what it is about to write: an AppArmor rule that comes out of the
// merging and did not stand there before is judged like one from the stream. Where
// one is refused, the rules that it was made of are left out, so that nobody can keep
// the others from being written. What firewall rules do together has been judged, and
// by what they let through, not by how merging writes them.
func (b *Broker) merge(t *target, p *pending, path string, standing []string) (body []byte, refused []error, err error) {
	old := make(map[string]bool, len(standing))
	for _, rule := range standing {
		old[rule] = true
	}
	for len(p.rules) > 0 {
		all := slices.AppendSeq(slices.Clone(standing), maps.Keys(p.rules))
		slices.Sort(all)
		if body, err = t.lang.body(slices.Compact(all)); err != nil {
			return nil, refused, &Refusal{Subject: "merging the rules", Reason: err.Error()}
		}
		merged, err := t.lang.rules(body)
		if err != nil {
			return nil, refused, fmt.Errorf("the merged rules cannot be read back: %w", err)
		}
		if t.Name != "" {
			return body, refused, nil
		}
		grades, err := t.lang.grade(p.profiles(), slices.DeleteFunc(slices.Clone(merged), func(rule string) bool { return old[rule] }))
		if err != nil {
			return nil, refused, fmt.Errorf("the merged rules cannot be graded: %w", err)
		}
		var bad []string
		for _, g := range grades {
			if err := b.judge(t.language(), p.profile, []grade{g}); err != nil {
				bad, refused = append(bad, g.rule), append(refused, within(path, err))
			}
		}
		if len(bad) == 0 {
			return body, refused, nil
		}
		if left := len(p.rules); leaveOut(t.lang, p, merged, bad) == left {
			return nil, refused, &Refusal{Subject: path, Reason: "what is too dangerous cannot be told from the other rules"}
		}
	}
	return nil, refused, nil
}

// leaveOut takes the collected rules out that one of the bad ones has taken in, and
// returns how many there are then. Where very many are bad it takes out all that do
// not stand among the merged rules as they came.
func leaveOut(lang language, p *pending, merged, bad []string) (left int) {
	const most = 64
	as := make(map[string]bool, len(merged))
	for _, rule := range merged {
		as[rule] = true
	}
	for rule := range p.rules {
		if slices.Contains(bad, rule) || !as[rule] && (len(bad) > most || slices.ContainsFunc(bad, func(b string) bool { return takesIn(lang, b, rule) })) {
			delete(p.rules, rule)
		}
	}
	return len(p.rules)
}

// takesIn reports whether merging both rules gives the first.
func takesIn(lang language, whole, rule string) bool {
	body, err := lang.body([]string{whole, rule})
	if err != nil {
		return false
	}
	merged, err := lang.rules(body)
	return err == nil && slices.Equal(merged, []string{whole})
}
