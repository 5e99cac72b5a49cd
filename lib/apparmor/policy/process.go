package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// accessWords are the short words for accesses, by class.
var accessWords = map[apparmor.Class]map[string][]string{
	apparmor.ClassSignal: {"r": {"receive"}, "read": {"receive"}, "w": {"send"}, "write": {"send"}, "rw": {"receive", "send"}},
	apparmor.ClassPtrace: {"r": {"read"}, "w": {"trace"}, "write": {"trace"}, "rw": {"read", "trace"}},
	apparmor.ClassDBus:   {"r": {"receive"}, "read": {"receive"}, "w": {"send"}, "write": {"send"}, "rw": {"receive", "send"}},
	apparmor.ClassMqueue: {"r": {"read"}, "w": {"write"}, "rw": {"read", "write"}, "wr": {"read", "write"}},
	apparmor.ClassUnix:   {"r": {"receive"}, "read": {"receive"}, "w": {"send"}, "write": {"send"}, "rw": {"receive", "send"}},
}

// longWords returns the words of a list with the short ones written out.
func longWords(class apparmor.Class, list []string) (words []string) {
	for _, w := range list {
		if long, ok := accessWords[class][w]; ok {
			words = append(words, long...)
		} else {
			words = append(words, w)
		}
	}
	return words
}

// accesses returns the accesses that the list of a rule names; no list names all.
func accesses(class apparmor.Class, v *apparmor.Vocabulary, list []string) (allowed func(apparmor.Set) bool, err error) {
	set, err := v.Parse(longWords(class, list)...)
	return func(one apparmor.Set) bool { return len(list) == 0 || set.Intersects(one) }, err
}

func signalRule(b *body, s *scope) (matcher, error) {
	allowed := longWords(apparmor.ClassSignal, slices.Concat(b.list, b.operands))
	b.operands = nil
	var words []string
	for _, c := range b.conditions {
		if c.name == "set" {
			for _, v := range c.values {
				words = append(words, signalName(v))
			}
		}
	}
	signals, err := apparmor.Signals.Parse(words...)
	if err != nil {
		return nil, err
	}
	peer, err := b.names(s, "peer", false)
	if err != nil {
		return nil, err
	}
	return func(q apparmor.Body) bool {
		g := q.(apparmor.Signal)
		return (len(allowed) == 0 || slices.Contains(allowed, g.Access)) &&
			(len(words) == 0 || signals.Intersects(g.Signals)) && (peer.any || peer.match(s.encoded(g.Peer)))
	}, b.only("set", "peer")
}

// signalName returns the name without needless zeros: rtmin+01 is rtmin+1.
func signalName(s string) string {
	number, ok := strings.CutPrefix(s, "rtmin+")
	if !ok {
		return s
	}
	return "rtmin+" + cmp.Or(strings.TrimLeft(number, "0"), "0")
}

func ptraceRule(b *body, s *scope) (matcher, error) {
	allowed, err := accesses(apparmor.ClassPtrace, apparmor.PtraceAccesses, slices.Concat(b.list, b.operands))
	if err != nil {
		return nil, err
	}
	b.operands = nil
	peer, err := b.names(s, "peer", false)
	if err != nil {
		return nil, err
	}
	return func(q apparmor.Body) bool {
		t := q.(apparmor.Ptrace)
		return allowed(t.Access) && (peer.any || peer.match(s.encoded(t.Peer)))
	}, b.only("peer")
}

func changeProfileRule(b *body, s *scope) (matcher, error) {
	var operands []string
	for _, w := range b.operands {
		if w != "safe" && w != "unsafe" {
			operands = append(operands, w)
		}
	}
	to := anything
	if len(b.arrow) > 0 {
		var err error
		if to, err = s.names(b.arrow, false); err != nil {
			return nil, err
		}
	}
	b.operands, b.arrow = nil, nil
	return func(q apparmor.Body) bool {
		o, atExec := q.(onExec)
		c := o.ChangeProfile
		if !atExec {
			c = q.(apparmor.ChangeProfile)
		}
		targets := s.encoded(c.Profile)
		if c.Stack {
			for i := range targets {
				targets[i] = "&" + targets[i]
			}
		}
		// A program in front of the arrow limits the change that its execution brings;
		// one at once is allowed (parser/parser_regex.c, process_dfa_entry).
		return (len(operands) == 0 || !atExec) && (to.any || to.match(targets))
	}, b.only()
}

// onExec is a change of profile at the next execution, of a program that is not known.
type onExec struct{ apparmor.ChangeProfile }

// DecideOnExec is Decide for a change of profile at the next execution.
func (p *Profile) DecideOnExec(r apparmor.Rule) Decision {
	if c, ok := r.Body.(apparmor.ChangeProfile); ok {
		r.Body = onExec{c}
	}
	return p.Decide(r)
}

func mqueueRule(b *body, s *scope) (matcher, error) {
	var list, name []string
	for _, w := range slices.Concat(b.list, b.operands) {
		if isPath(w) || w[:1] >= "0" && w[:1] <= "9" {
			name = append(name, w)
		} else {
			list = append(list, w)
		}
	}
	b.operands = nil
	allowed, err := accesses(apparmor.ClassMqueue, apparmor.MqueueAccesses, list)
	if err != nil {
		return nil, err
	}
	names := anything
	if len(name) > 0 {
		if names, err = s.names(name, false); err != nil {
			return nil, err
		}
	}
	kind, err := b.names(s, "type", false)
	if err != nil {
		return nil, err
	}
	label, err := b.names(s, "label", false)
	if err != nil {
		return nil, err
	}
	return func(q apparmor.Body) bool {
		m := q.(apparmor.Mqueue)
		return allowed(m.Access) && label.any && kind.match([]string{m.Type}) && (names.any || names.match(s.encoded(m.Name)))
	}, b.only("type", "label")
}
