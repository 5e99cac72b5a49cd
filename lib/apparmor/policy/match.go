package policy

import "github.com/sl-suite/sl/lib/apparmor"

// Matches reports whether the pattern, with the variables that the profile knows,
// matches the name. It remembers the pattern, and is meant for few of them.
func (p *Profile) Matches(pattern apparmor.Pattern, name string) bool {
	known, ok := p.patterns[pattern]
	if !ok {
		known, _ = p.scope.names([]string{pattern.String()}, true) // none, where a variable is not defined
		if p.patterns == nil {
			p.patterns = make(map[apparmor.Pattern]names)
		}
		p.patterns[pattern] = known
	}
	return known.match([]string{encode(name)})
}
