package apparmor

import (
	"slices"
	"strings"
)

// execDangers are the levels of running a program where its profile confines it.
var execDangers = [...]struct {
	level uint8
	why   string
}{
	NoExec:    {},
	DenyExec:  {},
	IX:        {3, "runs a program"},
	CX:        {3, "runs a program"},
	CIX:       {3, "runs a program"},
	PX:        {3, "runs a program"},
	PIX:       {3, "runs a program"},
	CXUnsafe:  {5, "runs a program in another profile with an environment that the caller chose"},
	CIXUnsafe: {5, "runs a program in another profile with an environment that the caller chose"},
	PXUnsafe:  {5, "runs a program in another profile with an environment that the caller chose"},
	PIXUnsafe: {5, "runs a program in another profile with an environment that the caller chose"},
	CUX:       {10, "runs a program without confinement where the profile is missing"},
	PUX:       {10, "runs a program without confinement where the profile is missing"},
	CUXUnsafe: {10, "runs a program without confinement where the profile is missing"},
	PUXUnsafe: {10, "runs a program without confinement where the profile is missing"},
	UX:        {10, "runs a program without confinement"},
	UXUnsafe:  {10, "runs a program without confinement"},
}

// destination is where a process may come to by an execution or a change of
// profile: profiles by their names, or by what they are attached to.
type destination struct {
	names []Pattern // the members of a stack, of which any may be the weak one
	child bool      // the name is that of a child of the profile
	paths []string  // without names: what is executed, as Place.texts has it
}

// execution returns the destination of an execution; ok is false where a program
// stays in its profile.
func (p *Place) execution(f File) (d destination, ok bool, err error) {
	if !f.Exec.hasTarget() {
		return d, false, nil
	}
	d.child = f.Exec.ofChild()
	if f.To != "" {
		name, err := Literal(f.To)
		d.names = []Pattern{name}
		return d, true, err
	}
	d.paths, err = p.texts(f.Path)
	return d, true, err
}

// ofChild reports whether the profile is a child of the present one.
func (e Exec) ofChild() bool {
	return slices.Contains([]Exec{CX, CIX, CUX, CXUnsafe, CIXUnsafe, CUXUnsafe}, e)
}

// leaves reports whether the confinement can end on the way to the destination, and
// why: there is a profile that confines nothing, or one of which nothing is known.
//
// A profile that complains allows everything, and so does one with
// default_allow; prompt lets a user allow it (apparmor.d(5), "Profile mode").
func (p *Place) leaves(profile string, d destination) (why string, leaves bool) {
	if d.names == nil {
		return "", slices.ContainsFunc(d.paths, func(text string) bool { return p.attached(profile, text, d.child) })
	}
	for _, name := range d.names {
		if why, leaves := p.named(profile, name, d.child); leaves {
			return why, true
		}
	}
	return "", false
}

func (p *Place) named(profile string, name Pattern, child bool) (why string, leaves bool) {
	if child {
		return "", slices.ContainsFunc(p.profiles, func(q Profile) bool {
			_, kid, _ := cutLast(q.Name)
			return q.weak() && q.childOf(profile) && name.covers(kid)
		})
	}
	if name.overlaps("unconfined") || name.overlaps(":**") || name.overlaps("") {
		return "", true
	}
	literal, one := name.Literal()
	found := false
	for _, q := range p.profiles {
		if !name.covers(q.Name) {
			continue
		}
		if found = true; q.weak() {
			return "", true
		}
	}
	if p.known && !(found && one) {
		return "is not in this policy: " + quoted(literal, name), true
	}
	return "", false
}

func quoted(literal string, name Pattern) string {
	if literal == "" {
		literal = name.text
	}
	return `"` + literal[:min(len(literal), 100)] + `"`
}

// covers reports whether the pattern can match the name, as it stands in a header.
func (p Pattern) covers(name string) bool {
	m := p.machine()
	return m.accepts(name)
}

// attached reports whether a weak profile, or with child a weak child, can be the
// one that is attached to what the text of a pattern matches.
func (p *Place) attached(profile, text string, child bool) bool {
	path, err := newMachine(text)
	if err != nil {
		path, _ = newMachine("**")
	}
	for _, w := range p.weakOnes() {
		_, _, isChild := cutLast(w.Name)
		if isChild != child || child && !w.childOf(profile) {
			continue
		}
		if slices.ContainsFunc(w.attachments, path.meetsMachine) {
			return true
		}
	}
	return false
}

// weakProfile is a profile that confines nothing, and what it is attached to.
type weakProfile struct {
	Profile
	attachments []*machine
}

// weakOnes returns the weak profiles; their attachments are taken apart once.
func (p *Place) weakOnes() []weakProfile {
	p.once.Do(func() {
		for _, q := range p.profiles {
			if q.weak() {
				p.weak = append(p.weak, weakProfile{q, p.attachments(q)})
			}
		}
	})
	return p.weak
}

// attachments returns what the profile is attached to: what its header says, else
// its name if that is a path. What is not understood is taken for everything.
func (p *Place) attachments(q Profile) (list []*machine) {
	text := q.Attachment
	if text == "" {
		text = q.Name
		if _, kid, child := cutLast(text); child {
			text = kid
		}
		if !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "@{") {
			return nil
		}
	}
	texts, err := p.resolved([]string{strings.Trim(text, `"`)})
	if err != nil {
		texts = []string{"**"}
	}
	for _, text := range p.aliased(texts) {
		m, err := newMachine(oneSlash(text))
		if err != nil {
			m, _ = newMachine("**")
		}
		list = append(list, m)
	}
	return list
}

// weak reports whether the profile, by its flags, refuses nothing.
func (q Profile) weak() bool {
	return slices.ContainsFunc(q.Flags, func(flag string) bool {
		mode := strings.TrimPrefix(flag, "mode=")
		return mode == "unconfined" || mode == "complain" || mode == "default_allow" || mode == "prompt"
	})
}

// childOf reports whether the profile is a child or hat of the one of that name, of
// any for "".
func (q Profile) childOf(profile string) bool {
	parent, _, child := cutLast(q.Name)
	return child && (profile == "" || parent == profile)
}

// cutLast takes "A//B//C" apart into "A//B" and "C".
func cutLast(name string) (parent, kid string, child bool) {
	at := strings.LastIndex(name, "//")
	if at < 0 {
		return "", name, false
	}
	return name[:at], name[at+2:], true
}

func (f File) execDanger(p *Place, profile string) (level uint8, why string) {
	d, ok, err := p.execution(f)
	if err != nil {
		return 10, err.Error()
	}
	level, why = execDangers[f.Exec].level, execDangers[f.Exec].why
	if !ok || level >= 10 {
		return level, why
	}
	if reason, leaves := p.leaves(profile, d); reason != "" {
		return 10, "runs a program in a profile that " + reason
	} else if leaves {
		return 10, "runs a program in a profile that confines nothing"
	}
	return level, why
}

// danger: with Stack the present profile goes on confining.
func (c ChangeProfile) danger(p *Place, profile string) (level uint8, why string) {
	if c.Stack {
		return 3, "adds a profile to its own"
	}
	var d destination
	for _, member := range strings.Split(c.Profile.text, "//&") {
		d.names = append(d.names, Pattern{member})
	}
	if reason, leaves := p.leaves(profile, d); reason != "" {
		return 10, "changes to a profile that " + reason
	} else if leaves {
		return 10, "leaves its confinement"
	}
	return 5, "changes to another profile"
}
