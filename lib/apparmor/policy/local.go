package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// Locals returns, by the name of a profile, the file below local/ that takes rules for
// it and no other: one that it alone includes. The one that is named like the profile
// comes first.
func (p *Policy) Locals() map[string]string {
	files, of := p.LocalFiles(), make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if plain, err := apparmor.LocalFile(name); len(files[name]) != 1 || err != nil || plain != name {
			continue
		}
		profile := files[name][0]
		if usual, err := apparmor.LocalFile(profile); of[profile] == "" || err == nil && usual == name {
			of[profile] = name
		}
	}
	return of
}

// LocalFiles returns, for each file below local/ that a profile includes, the names
// of all that include it themselves: profiles, children ("A//B") and hats.
func (p *Policy) LocalFiles() map[string][]string {
	p.index()
	files := make(map[string][]string)
	for _, profile := range p.sorted {
		profile.addLocals(files, profile.body)
	}
	return files
}

func (p *Profile) addLocals(files map[string][]string, nodes []node) {
	for i := range nodes {
		n := &nodes[i]
		if name := strings.TrimPrefix(n.local(), "local/"); name != "" && !slices.Contains(files[name], p.Name) {
			files[name] = append(files[name], p.Name)
		}
		inside := p
		if n.kind == blockNode && len(newClause(Place{}, n.words).words) > 0 {
			if child, ok := newProfile(n.words, p.scope, p, Place{}); ok {
				inside = child
			}
		}
		inside.addLocals(files, n.body)
		inside.addLocals(files, n.other)
	}
}
