package policy

import (
	"math"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// fileSet is the file rules of a profile, found by where their patterns begin, so
// that a path is held against few of them.
type fileSet struct {
	exact   map[string][]*fileRule // by the whole path
	folders map[string][]*fileRule // by the folder, "/" behind it, that the literal beginning ends in
	texts   map[string][]*fileRule // by the pattern as it is written
	all     []*fileRule
	whole   []*clause // the rules "all" and flags like them
	only    []int     // the origins whose rules count, sorted; nil for all
}

// counts reports whether the rule is of an origin that counts.
func (f *fileSet) counts(c *clause) bool {
	if f.only == nil {
		return true
	}
	_, ok := slices.BinarySearch(f.only, c.origin)
	return ok
}

func (f *fileSet) add(r *fileRule) {
	if f.exact == nil {
		f.exact = make(map[string][]*fileRule)
		f.folders = make(map[string][]*fileRule)
		f.texts = make(map[string][]*fileRule)
	}
	f.all = append(f.all, r)
	f.texts[r.text] = append(f.texts[r.text], r)
	for _, h := range heads(r.glob.seq) {
		key, into := h.text, f.exact
		if !h.whole {
			key, into = key[:strings.LastIndexByte(key, '/')+1], f.folders
		}
		if place := into[key]; len(place) == 0 || place[len(place)-1] != r {
			into[key] = append(place, r)
		}
	}
}

// match calls f for every rule whose pattern matches the encoded path, for some
// of them more than once.
func (f *fileSet) match(path string, visit func(*fileRule)) {
	for _, r := range f.exact[path] {
		if f.counts(r.clause) {
			visit(r)
		}
	}
	f.matchIn("", path, visit)
	for i := range len(path) {
		if path[i] == '/' {
			f.matchIn(path[:i+1], path, visit)
		}
	}
}

// matchIn is match for the rules whose literal beginning ends in the folder.
func (f *fileSet) matchIn(folder, path string, visit func(*fileRule)) {
	for _, r := range f.folders[folder] {
		if f.counts(r.clause) && r.glob.match(path) {
			visit(r)
		}
	}
}

// accessBits is how many accesses there are: those of FileAccess, then execution.
const accessBits = len(fileLetters) + 1

const execBit = accessBits - 1

// grant says for every access which rule decides it.
type grant [accessBits]*clause

// consider takes a rule that matches into account.
func (g *grant) consider(r *fileRule, owner bool) {
	switch {
	case r.link, r.owner == ownerOnly && !owner, r.owner == othersOnly && (owner || !r.Deny):
		return
	}
	for i := range g {
		has := r.exec
		if i < execBit {
			has = r.access>>i&1 != 0
		}
		if has && r.overrides(g[i]) {
			g[i] = r.clause
		}
	}
}

// leastPriority is below all that a rule can have: a rule of the profile overrides
// what its flags allow.
const leastPriority = math.MinInt

// wholeRule returns which of the rules "all" decides; nil where there is none.
func (f *fileSet) wholeRule() (by *clause) {
	for _, c := range f.whole {
		if f.counts(c) && c.overrides(by) {
			by = c
		}
	}
	return by
}

// grant returns what the rules say about the encoded path, or about the pattern
// that stands in them in the same way.
func (f *fileSet) grant(path, text string, owner bool) (g grant) {
	if by := f.wholeRule(); by != nil {
		for i := range g {
			g[i] = by
		}
	}
	visit := func(r *fileRule) { g.consider(r, owner) }
	if path != "" {
		f.match(path, visit)
	}
	for _, r := range f.texts[text] {
		if f.counts(r.clause) {
			visit(r)
		}
	}
	return g
}

// decide answers for a file rule.
func (f *fileSet) decide(file apparmor.File, paths []string) Decision {
	need := [accessBits]bool{execBit: file.Exec != apparmor.NoExec}
	for i := range execBit {
		need[i] = file.Access>>i&1 != 0
	}
	var d Decision
	d.State = Allowed
	if len(paths) == 0 {
		paths = []string{""}
	}
	for _, path := range paths {
		g := f.grant(path, file.Path.String(), file.Owner)
		for i, needed := range need {
			if needed {
				d.take(g[i])
			}
		}
	}
	return d
}

// decideLink answers for a link rule: a link rule allows it, or the letter l, if
// who makes the link gets no access by its new name that the old one does not
// give.
func (f *fileSet) decideLink(l apparmor.Link, from, to []string) Decision {
	d := Decision{State: Allowed}
	for _, name := range from {
		for _, target := range to {
			by := f.wholeRule()
			f.match(name, func(r *fileRule) {
				switch {
				case r.owner == ownerOnly && !l.Owner, r.owner == othersOnly:
				case !r.link && r.access&apparmor.MakeLink == 0:
				case !r.target.match([]string{target}):
				case (r.subset || !r.link) && !r.Deny && !f.covers(name, target, l.Owner):
				case r.overrides(by):
					by = r.clause
				}
			})
			d.take(by)
		}
	}
	return d
}

// covers reports whether what is allowed on name is allowed on target as well.
func (f *fileSet) covers(name, target string, owner bool) bool {
	a, b := f.grant(name, "", owner), f.grant(target, "", owner)
	for i := range a {
		link := i < execBit && apparmor.FileAccess(1)<<i == apparmor.MakeLink
		if !link && a[i] != nil && !a[i].Deny && (b[i] == nil || b[i].Deny) {
			return false
		}
	}
	return true
}
