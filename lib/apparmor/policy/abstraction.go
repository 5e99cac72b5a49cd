package policy

import (
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/header"
)

// abstractionFolder is where the policy keeps parts for many profiles.
const abstractionFolder = "abstractions/"

// Abstraction is a file of that folder, with what it includes.
type Abstraction struct {
	Name  string // as an include names it
	Size  int    // how many rules it has
	files []int  // places in abstractions.files, sorted
}

// abstractions are all of them as one profile, whose clauses say from which file
// they are: so a rule is held against all at once.
type abstractions struct {
	all   *Profile
	files []*abstractionFile
	index map[string]int // of files, by name
	list  []*Abstraction
}

// abstractionFile is what one file has itself, and what it includes.
type abstractionFile struct {
	size     int
	includes []int
}

// Abstractions returns every abstraction of the policy, sorted by name. What is
// not understood in them is no problem of a profile, and is not among Problems.
func (p *Policy) Abstractions() []*Abstraction { return p.readAbstractions().list }

func (p *Policy) readAbstractions() *abstractions {
	if p.abstractions != nil {
		return p.abstractions
	}
	p.index()
	problems := p.problems
	p.problems = make(map[string]bool)
	scope := newScope()
	if _, ok := p.files["tunables/global"]; ok {
		(&runner{policy: p, scope: scope, file: "tunables/global"}).run(p.tree("tunables/global").nodes, nil)
	}
	a := &abstractions{all: &Profile{Name: "abstractions", scope: scope, compiled: true}, index: make(map[string]int)}
	for _, name := range p.names {
		if rest, ok := strings.CutPrefix(name, abstractionFolder); ok && !strings.Contains(rest, "/") && !header.IgnoredName(rest) {
			one := &Abstraction{Name: name, files: []int{a.read(p, name)}}
			a.list = append(a.list, one)
		}
	}
	for _, one := range a.list {
		for i := 0; i < len(one.files); i++ { // it grows
			file := a.files[one.files[i]]
			one.Size += file.size
			for _, f := range file.includes {
				if !slices.Contains(one.files, f) {
					one.files = append(one.files, f)
				}
			}
		}
		slices.Sort(one.files)
	}
	p.problems, p.abstractions = problems, a
	return a
}

// read runs a file, and those that it includes, once; it returns its place.
func (a *abstractions) read(p *Policy, name string) int {
	if i, ok := a.index[name]; ok {
		return i
	}
	i := len(a.files)
	a.index[name] = i
	file := new(abstractionFile)
	a.files = append(a.files, file)
	before := a.all.size
	r := runner{policy: p, scope: a.all.scope, profile: a.all, file: name, origin: i}
	r.included = func(other string) {
		// Its rules are its own: they come between those of this file.
		size := a.all.size
		file.includes = append(file.includes, a.read(p, other))
		before += a.all.size - size
	}
	r.run(p.tree(name).nodes, nil)
	file.size = a.all.size - before
	return i
}

// Allowance is an abstraction that allows what a rule would, by some of its rules.
type Allowance struct {
	*Abstraction
	By []*Rule
}

// Allowing returns the abstractions that allow all that the rule would.
func (p *Policy) Allowing(r apparmor.Rule) (list []Allowance) {
	a := p.readAbstractions()
	touched := make(map[int]bool) // files with a rule about the same
	a.all.touch(r, func(c *clause) { touched[c.origin] = true })
	if len(touched) == 0 {
		return nil
	}
	view := *a.all
	for _, one := range a.list {
		if !slices.ContainsFunc(one.files, func(f int) bool { return touched[f] }) {
			continue
		}
		view.files.only = one.files
		if d := view.Decide(r); d.State == Allowed {
			list = append(list, Allowance{one, d.By})
		}
	}
	return list
}

// touch calls f for the rules that can have a say in what Decide answers.
func (p *Profile) touch(r apparmor.Rule, f func(*clause)) {
	path := apparmor.Pattern{}
	switch b := r.Body.(type) {
	case apparmor.File:
		path = b.Path
	case apparmor.Link:
		path = b.Name
	default:
		for _, part := range r.Parts() {
			for _, rule := range p.access[part.Body.Class()] {
				if rule.match(part.Body) {
					f(rule.clause)
				}
			}
		}
		return
	}
	for _, name := range p.scope.encoded(path) {
		p.files.match(name, func(rule *fileRule) { f(rule.clause) })
	}
	for _, rule := range p.files.texts[path.String()] {
		f(rule.clause)
	}
}
