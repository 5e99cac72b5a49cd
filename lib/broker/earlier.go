package broker

import (
	"fmt"
	"strings"
)

// A standing is what stands in a body: rules, and lines that an earlier version
// wrote and the grammar of today refuses. Those are kept where they are, byte for
// byte, and merged with nothing.
type standing struct {
	rules   []string
	refused []refused
	body    []byte
}

// refused is a rule of an earlier version that would not be written today.
type refused struct{ rule, why string }

// keep puts the refused lines back into a body that was made of the rules: in their
// order, each before the line that it stood before, or before a later one where that
// is not there any more.
func (s standing) keep(body []byte) []byte {
	if len(s.refused) == 0 {
		return body
	}
	isKept, stays := map[string]bool{}, map[string]bool{}
	for _, r := range s.refused {
		isKept[indent+r.rule+"\n"] = true
	}
	for line := range strings.Lines(string(body)) {
		stays[line] = true
	}
	var kept []string
	count := map[string]int{} // how many of kept are to stand before the line
	for line := range strings.Lines(string(s.body)) {
		if isKept[line] {
			kept = append(kept, line)
		} else if stays[line] {
			count[line] = len(kept)
		}
	}
	out := make([]byte, 0, len(body)+len(s.body))
	done := 0
	for line := range strings.Lines(string(body)) {
		for ; done < count[line]; done++ {
			out = append(out, kept[done]...)
		}
		out = append(out, line...)
	}
	for ; done < len(kept); done++ {
		out = append(out, kept[done]...)
	}
	return out
}

// tell makes a hint, once, of what stands in a file and would be refused today.
func (b *Broker) tell(path string, list []refused) {
	const shown = 5
	if len(list) == 0 || b.told[path] {
		return
	}
	b.told[path] = true
	var text strings.Builder
	stay := "stay as they are"
	if len(list) == 1 {
		stay = "stays as it is"
	}
	fmt.Fprintf(&text, "%s: %s of an earlier run would be refused today and %s: ", path, plural(len(list), "rule"), stay)
	for i, r := range list[:min(len(list), shown)] {
		if i > 0 {
			text.WriteString("; ")
		}
		fmt.Fprintf(&text, "%.200s (%.200s)", r.rule, r.why) // as it stands there, to be found and to be named
	}
	if n := len(list) - shown; n > 0 {
		fmt.Fprintf(&text, "; %d more", n)
	}
	text.WriteString("; delete those that are not needed, and name the others in the file of --decisions")
	b.hints = append(b.hints, text.String())
}

// Hints returns what a person should know of the files that Plan has read, each
// only once.
func (b *Broker) Hints() []string {
	hints := b.hints
	b.hints = nil
	return hints
}

// tellOf tells of a file whose rules are about to be merged with others.
func (b *Broker) tellOf(t *target, p *pending, path string, s standing) error {
	if b.told[path] {
		return nil
	}
	list, err := b.dangerous(t, p, s.rules)
	b.tell(path, append(s.refused, list...))
	return err
}

// dangerous are the standing rules that the limit refuses and no decision names,
// each alone and all together.
func (b *Broker) dangerous(t *target, p *pending, rules []string) (list []refused, err error) {
	grades, err := t.lang.grade(p.profiles(), rules)
	if err != nil {
		return nil, err
	}
	var alone, others []string
	for _, g := range grades {
		if g.danger >= b.opts.limit() && !b.opts.Decisions.names(p.profile, g.rule) {
			list = append(list, refused{g.rule, fmt.Sprintf("danger %d: %s", g.danger, g.why)})
			alone = append(alone, g.rule)
		} else {
			others = append(others, g.rule)
		}
	}
	effects, err := t.lang.together(alone, others, b.opts.limit())
	for _, e := range effects {
		list = append(list, refused{e.rules[0], fmt.Sprintf("together with %s: danger %d: %s", plural(len(e.rules)-1, "other"), e.danger, e.why)})
	}
	return list, err
}
