package apparmor

import "sync"

// Place is the policy that a rule goes into: what its variables stand for there,
// and in which profile a program ends that it lets run.
//
// It is made with [NewPlace]; many may use it at the same time.
type Place struct {
	variables map[string][]string
	aliases   []Alias
	profiles  []Profile
	known     bool     // profiles are all that there are
	homes     []string // folders of homes beside /home

	once sync.Once
	weak []weakProfile
}

// Alias is a rule "alias FROM -> TO,": apparmor_parser makes a rule for TO of each
// whose path begins with FROM (parser/parser_alias.c).
type Alias struct{ From, To string }

// Profile is what a rule can lead to.
type Profile struct {
	Name       string   // in full: "A//B" for a child or hat of A
	Attachment string   // as its header has it, with globs and variables; "" for none or for the name
	Flags      []string // of the header; "complain" too, where force-complain/ names its file
}

// NewPlace returns the place of a policy.
//
// variables are its tunables, with what the profile's own file adds, by name
// without "@{}"; the values are as the files have them, other variables, globs and
// alternations among them. None stand for those of Debian.
//
// aliases are its own and those of its tunables.
//
// profiles are all profiles of the policy, children and hats among them, without
// the disabled ones. nil stands for a policy that is not known: then only a profile
// called unconfined is one.
func NewPlace(variables map[string][]string, aliases []Alias, profiles []Profile) *Place {
	if len(variables) == 0 {
		variables = tunables
	}
	p := &Place{variables: variables, aliases: aliases, profiles: profiles, known: profiles != nil}
	p.homes = p.homeDirs()
	return p
}

// Danger is the danger of a rule that goes into the profile of that name, "" where
// it is not known. See the function of the same name for what it means.
//
// A variable that the policy does not have, or that does not stand for what its
// place in a path asks for, makes it 10.
func (p *Place) Danger(profile string, r Rule) (level uint8, why string) {
	if r.Mode == Deny {
		return 0, "denies"
	}
	switch b := r.Body.(type) {
	case File:
		level, why = b.danger(p)
		if l, w := b.execDanger(p, profile); l > level {
			level, why = l, w
		}
		return level, why
	case Link:
		return b.danger(p)
	case ChangeProfile:
		return b.danger(p, profile)
	case Mount:
		return b.danger(p)
	case Umount:
		return b.danger(p)
	case Rlimit:
		return b.danger()
	case Ptrace:
		if peer, _ := b.Peer.Literal(); profile != "" && peer == profile {
			return 3, "traces processes of its own profile"
		}
	}
	return p.classDanger(r.Body)
}

// debian is the place of rules of which no policy is known.
var debian = sync.OnceValue(func() *Place { return NewPlace(nil, nil, nil) })
