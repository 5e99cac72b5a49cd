package propose

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// missing are the names that the kernel made up in complain mode for a program whose
// profile the rule of its caller names, and which does not exist. What the program
// does belongs into that profile, whatever an option says of programs without a rule.
//
// Each level of trust has its own, so that a forged line takes no rule from true ones.
type missing [record.TrustKernel + 1]map[string]bool

// maxMissing bounds the names of each level.
const maxMissing = 1 << 16

// see takes an exec that found no profile.
func (m *missing) see(ev *record.Event) {
	f := &ev.Fields
	made := f[record.FTarget]
	if f[record.FOperation] != "exec" || f[record.FInfo] != "profile transition not found" || !strings.Contains(made, nullChild) {
		return
	}
	names := m[ev.Trust]
	if names == nil {
		names = make(map[string]bool)
		m[ev.Trust] = names
	}
	if len(names) < maxMissing {
		names[strings.Clone(made)] = true
	}
}

// adoptedMark stands before the name that the kernel made up, in the key of rules that
// may belong into the profile of the caller. No name of a profile holds it.
const adoptedMark = "\x00"

// homeOf returns the profile that the rules of a key belong into where programs inherit.
func homeOf(key string) string {
	if made, adopted := strings.CutPrefix(key, adoptedMark); adopted {
		home, _, _ := strings.Cut(made, nullChild)
		return home
	}
	return key
}

// program returns the program whose profile is missing, of the profile of a key; ""
// where none is.
func (m *missing) program(key string, trust record.Trust) string {
	made, adopted := strings.CutPrefix(key, adoptedMark)
	if !adopted {
		return ""
	}
	name, rest, _ := strings.Cut(made, nullChild)
	for program := range strings.SplitSeq(rest, nullChild) {
		name += nullChild + program
		for _, names := range m[trust:] {
			if names[name] {
				return program
			}
		}
	}
	return ""
}
