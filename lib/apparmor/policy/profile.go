package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// Profile is one profile, child or hat of the policy.
type Profile struct {
	Name       string // as the kernel logs it: "A", or "A//B" for a child or hat
	Attachment string // the pattern of its programs, variables replaced; "" for none
	Flags      []string
	Local      string // the file for local additions that it includes, below the folder of the policy; "" for none
	Place

	attachment *glob // of Attachment
	scope      *scope
	body       []node
	compiled   bool
	size       int    // rules
	own        string // the name without that of the parent
	level      int    // of children in children
	files      fileSet
	access     map[apparmor.Class][]*accessRule
	patterns   map[apparmor.Pattern]names // see Matches
}

// HasFlag reports whether the profile has the flag.
func (p *Profile) HasFlag(flag string) bool {
	for _, f := range p.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

// newProfile reads the header of a block; ok is false for a block of another
// policy namespace or without a name.
func newProfile(words []word, s *scope, parent *Profile, place Place) (p *Profile, ok bool) {
	p = &Profile{Place: place, scope: s}
	var operands []word
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w.key:
			name := w.text
			if i++; i < len(words) && words[i].open {
				for i++; i < len(words) && !words[i].close; i++ {
					if name == "flags" {
						p.Flags = append(p.Flags, words[i].text)
					}
				}
			}
		case w.open: // flags without the word
			for i++; i < len(words) && !words[i].close; i++ {
				p.Flags = append(p.Flags, words[i].text)
			}
		case !w.quoted && w.text == "+": // identities follow
			i = len(words)
		case len(operands) == 0 && !w.quoted && i == 0 && len(words) > 1 && (w.text == "profile" || w.text == "hat"):
		default:
			operands = append(operands, w)
		}
	}
	if len(operands) == 0 || len(operands) > 2 {
		return p, false
	}
	p.Name = s.profileName(strings.TrimPrefix(operands[0].text, "^"))
	if attachment := operands[len(operands)-1]; isPath(attachment.text) {
		if texts, err := s.paths(attachment.text); err == nil {
			p.Attachment = "{" + strings.Join(texts, ",") + "}"
			if len(texts) == 1 {
				p.Attachment = texts[0]
			}
			p.attachment, _ = newGlob(p.Attachment) // nil, where it is not understood
		}
	}
	if p.own = p.Name; parent != nil {
		p.Name = parent.Name + "//" + p.Name
		p.level = parent.level + 1
	}
	return p, p.own != "" && p.own[0] != ':'
}

// profileName returns the name with its variables replaced: by their value, or by
// an alternation of several, as the compiled policy has it.
func (s *scope) profileName(name string) string {
	before, variable, after, ok := cutVariable(name)
	if !ok {
		return strings.ReplaceAll(name, `\"`, `"`)
	}
	texts, err := s.expand("@{" + variable + "}")
	if err != nil || len(texts) == 0 {
		return name
	}
	value := texts[0]
	if len(texts) > 1 {
		value = "{" + strings.Join(texts, ",") + "}"
	}
	return strings.ReplaceAll(before, `\"`, `"`) + value + s.profileName(after)
}

// addRule adds one rule; the error says what is not understood.
func (p *Profile) addRule(c *clause, s *scope) error {
	p.size++
	if len(c.words) == 0 {
		return fmt.Errorf("no rule")
	}
	if isFile(c.words) {
		return p.addFile(c, s)
	}
	if c.words[0].quoted {
		return fmt.Errorf("unknown rule")
	}
	keyword := c.words[0].text
	b, err := parseBody(c.words[1:], func(string) bool { return false })
	if err != nil {
		return err
	}
	if keyword == "all" {
		p.files.whole = append(p.files.whole, c)
		return b.only()
	}
	if keyword == "network" {
		network, unix, err := networkRule(&b, s)
		if err == nil {
			p.addAccess(apparmor.ClassNetwork, c, network)
			p.addAccess(apparmor.ClassUnix, c, unix)
		}
		return err
	}
	parser, known := accessRules[keyword]
	if !known {
		return fmt.Errorf("unknown rule")
	}
	match, err := parser.parse(&b, s)
	if err != nil {
		return err
	}
	if limits := p.access[parser.class]; parser.class == apparmor.ClassRlimit && len(limits) > 0 && len(limits) <= maxLimits {
		p.access[parser.class] = slices.DeleteFunc(limits, func(r *accessRule) bool { return limited(r.words) == limited(c.words) })
	}
	if parser.class == apparmor.ClassCapability {
		c.priority = 0 // it has none (parser/parser_yacc.y, TOK_CAPABILITY)
	}
	p.addAccess(parser.class, c, match)
	return nil
}

// maxLimits is more than there are resources.
const maxLimits = 32

func (p *Profile) addAccess(class apparmor.Class, c *clause, match matcher) {
	if p.access == nil {
		p.access = make(map[apparmor.Class][]*accessRule)
	}
	p.access[class] = append(p.access[class], &accessRule{c, match})
}

// accessRules are the rules of all classes but file, link and network, by their
// keyword.
var accessRules = map[string]struct {
	class apparmor.Class
	parse func(*body, *scope) (matcher, error)
}{
	"capability":     {apparmor.ClassCapability, capabilityRule},
	"unix":           {apparmor.ClassUnix, unixRule},
	"signal":         {apparmor.ClassSignal, signalRule},
	"ptrace":         {apparmor.ClassPtrace, ptraceRule},
	"dbus":           {apparmor.ClassDBus, dbusRule},
	"mount":          {apparmor.ClassMount, mountRule},
	"remount":        {apparmor.ClassMount, remountRule},
	"umount":         {apparmor.ClassUmount, umountRule},
	"unmount":        {apparmor.ClassUmount, umountRule},
	"pivot_root":     {apparmor.ClassPivotRoot, pivotRootRule},
	"change_profile": {apparmor.ClassChangeProfile, changeProfileRule},
	"mqueue":         {apparmor.ClassMqueue, mqueueRule},
	"io_uring":       {apparmor.ClassIOUring, ioUringRule},
	"userns":         {apparmor.ClassUserns, usernsRule},
	"set":            {apparmor.ClassRlimit, rlimitRule},
}

// Decide answers whether the profile allows what the rule would.
func (p *Profile) Decide(r apparmor.Rule) Decision {
	if r.Mode == apparmor.Deny {
		return Decision{}
	}
	var d Decision
	switch b := r.Body.(type) {
	case apparmor.File:
		d = p.files.decide(b, p.scope.encoded(b.Path))
	case apparmor.Link:
		from, to := p.scope.encoded(b.Name), p.scope.encoded(b.Target)
		if len(from) > 0 && len(to) > 0 {
			d = p.files.decideLink(b, from, to)
		}
	default:
		d = p.decide(r)
	}
	return d
}
