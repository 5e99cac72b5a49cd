package broker

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// maxFiles bounds a folder of additions that stands in no policy: no host has as
// many profiles that a person looks at. Files of profiles that a policy does not
// have count, too.
const maxFiles = 1000

const tooManyFiles = "the folder would hold more than 1000 files of profiles that no policy beside it has"

// A place is the file that a rule goes to, and whose rule it then is.
type place struct {
	profile string // AppArmor: that of the rule
	name    string // base name of the file
	takers  []string
	known   bool // the policy beside the folder has the profile
}

// profiles are all that get what is written there.
func (p place) profiles() []string {
	if slices.Contains(p.takers, p.profile) {
		return p.takers
	}
	return append(slices.Clone(p.takers), p.profile)
}

// placeOf finds the file for a rule. In a policy it is the one that the profile
// alone includes, else the one that its name stands for; no other profile than one
// that includes it may put rules there.
func (b *Broker) placeOf(t *target, r *record.Rule) (p place, err error) {
	if t.Name != "" {
		return place{name: t.Name}, nil
	}
	if p, ok := t.places[r.Profile]; ok {
		return p, nil
	}
	p.profile = strings.Clone(r.Profile) // it is a part of its line, which may have 1 MiB
	if p.name = t.ownFile(p.profile); p.name == "" {
		if p.name, err = apparmor.LocalFile(p.profile); err != nil {
			return p, refuseRule(r, err.Error(), t.ownHint())
		}
	}
	if err := checkName(p.name); err != nil {
		return p, refuseRule(r, err.Error(), "")
	}
	if why, hint := b.reserved(t, p.name); why != "" {
		return p, refuseRule(r, why, hint)
	}
	if t.Locals == nil {
		return p, nil
	}
	p.known, p.takers = t.Locals.Profiles[r.Profile], t.Locals.Takers(p.name)
	if why, hint := t.foreign(p); why != "" {
		return p, refuseRule(r, why, hint)
	}
	if p.known { // a policy has so many, a stream has any number
		t.places[p.profile] = p
	}
	return p, nil
}

const includeHint = "let the profile include a file below local/ that no other includes"

// ownHint says what to do where the name of a profile makes no file.
func (t *target) ownHint() string {
	if t.Locals == nil {
		return "write the rule into the profile by hand"
	}
	return includeHint
}

// ownFile returns the file that the profile alone includes, "" for none: of several
// the one that is called like the profile.
func (t *target) ownFile(profile string) (own string) {
	if t.Locals == nil {
		return ""
	}
	usual, _ := apparmor.LocalFile(profile)
	for _, name := range t.Locals.Own[profile] {
		if plain, err := apparmor.LocalFile(name); err != nil || plain != name {
			continue
		}
		if own == "" || name == usual {
			own = name
		}
	}
	return own
}

// foreign says why the rules of a profile may not go into the file: another profile
// would get them, or nobody knows who.
func (t *target) foreign(p place) (why, hint string) {
	unclear := t.Locals.Unclear
	outside, mine := t.Locals.Outside(p.name), slices.Contains(p.takers, p.profile)
	switch {
	case outside != "":
		return fmt.Sprintf("local/%s is included outside of all profiles, by %s", p.name, outside), ""
	case mine && (p.known || t.New):
		return "", ""
	case len(p.takers) > 0 && !mine:
		return fmt.Sprintf("local/%s is included by the profile %.200q and not by this one", p.name, p.takers[0]),
			includeHint
	case t.New:
		return "", ""
	case !p.known && len(unclear) > 0:
		return fmt.Sprintf("whether %s has this profile is not known: %s cannot be read or followed", t.Policy, unclear[0]), "--new writes the file all the same"
	case !p.known:
		return fmt.Sprintf("%s has no such profile", t.Policy), "if the profile is still to come, --new writes its file"
	case len(unclear) > 0:
		return fmt.Sprintf("the profile does not include local/%s, and whether another one does is not known: %s cannot be read or followed", p.name, unclear[0]),
			fmt.Sprintf("let it say: include if exists <local/%s>", p.name)
	}
	return "", ""
}

// room reports whether the folder may get the file, which is not there yet.
func (t *target) room(p place) bool {
	if t.Name != "" || p.known || t.made[p.name] {
		return true
	}
	if t.Files+len(t.made) >= maxFiles {
		return false
	}
	t.made[p.name] = true
	return true
}

// reserved says why no profile may have that file: it is another target, or the
// copy of a file would replace it.
func (b *Broker) reserved(t *target, name string) (why, hint string) {
	for _, o := range b.targets {
		if o.Folder == t.Folder && o.Name == name {
			return fmt.Sprintf("its file would be %s, which is another target", o.Path), ""
		}
	}
	suffix := b.opts.Backup
	if suffix == "" {
		return "", ""
	}
	const another = "take another suffix for --backup"
	if strings.HasSuffix(name, suffix) {
		return fmt.Sprintf("the name of its file, %s, is one for a copy", name), another
	}
	if t.Locals != nil && len(t.Locals.Takers(name+suffix)) > 0 {
		return fmt.Sprintf("the copy of its file would replace local/%s, which a profile includes", name+suffix), another
	}
	return "", ""
}
