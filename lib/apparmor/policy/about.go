package policy

import (
	"slices"

	"github.com/sl-suite/sl/lib/apparmor"
)

// maxAbout bounds what About returns.
const maxAbout = 16

// About returns rules of the profile that are about the path of a file rule,
// whatever they allow; of another rule, those of its class.
func (p *Profile) About(r apparmor.Rule) (list []*Rule) {
	add := func(r *Rule) {
		if len(list) < maxAbout && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	if f, ok := r.Body.(apparmor.File); ok {
		for _, path := range p.scope.encoded(f.Path) {
			p.files.match(path, func(r *fileRule) { add(r.Rule) })
		}
		return list
	}
	for _, r := range p.access[r.Body.Class()] {
		add(r.Rule)
	}
	return list
}
