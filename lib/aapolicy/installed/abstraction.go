package installed

import "strings"

// abstractionFolder is where the policy keeps parts for many profiles.
const abstractionFolder = "abstractions/"

// Abstractions returns every file of the policy's abstractions as a profile that
// includes it and nothing else, sorted. Its name is that of the include. What is
// not understood in them is no problem of a profile, and is not among Problems.
func (p *Policy) Abstractions() []*Profile {
	if p.abstractions != nil {
		return p.abstractions
	}
	problems := p.problems
	p.problems = make(map[string]bool)
	scope := newScope()
	if _, ok := p.files["tunables/global"]; ok {
		(&runner{policy: p, scope: scope, file: "tunables/global"}).run(p.tree("tunables/global").nodes, nil)
	}
	p.abstractions = []*Profile{}
	for _, name := range p.names {
		rest, ok := strings.CutPrefix(name, abstractionFolder)
		if !ok || strings.Contains(rest, "/") || IgnoredName(rest) {
			continue
		}
		profile := &Profile{
			Name: name, Place: Place{p.dir + "/" + name, 1}, scope: scope,
			body: []node{{kind: includeNode, path: name}},
		}
		p.compile(profile)
		p.abstractions = append(p.abstractions, profile)
	}
	p.problems = problems
	return p.abstractions
}

// Size returns how many rules the profile has, its includes among them.
func (p *Profile) Size() int { return p.size }
