package header

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// Locals says which profile gets the rules of a file below the folder local/ of a
// policy.
type Locals struct {
	Profiles map[string]bool     // all profiles by name, children ("A//B") and hats among them
	Own      map[string][]string // by profile: the files below local/ that take rules for it and for no other, sorted
	Unclear  []string            // files at the top that may include anything: what could not be read or followed

	from map[string][]edge // by what is included
}

// An edge leads from what is included to who does.
type edge struct {
	file    string
	profile string // in whose block the include stands; "" outside of all
	top     bool   // outside of all, in a file of profiles
}

// Locals works out who includes what.
func (p *Policy) Locals() *Locals {
	l := &Locals{Profiles: make(map[string]bool), Own: make(map[string][]string), from: make(map[string][]edge)}
	variables := p.Variables()
	var unclear []string
	for _, name := range p.names {
		if !strings.Contains(name, "/") && !p.top(name) {
			continue
		}
		f := p.files[name]
		clear := f.Problem == ""
		p.edges(f.Includes, f.Profiles, "", func(i Include, profile string) {
			to := p.resolve(i)
			clear = clear && to != "" && !strings.Contains(to, "@{") && !p.unread(to)
			l.from[to] = append(l.from[to], edge{name, profileName(profile, variables), profile == "" && p.top(name)})
		})
		if !clear {
			unclear = append(unclear, name)
		}
	}
	for _, profile := range p.Profiles() {
		l.Profiles[profile.Name] = true
	}
	for name := range l.includers(unclear...) {
		if p.top(name) {
			l.Unclear = append(l.Unclear, name)
		}
	}
	slices.Sort(l.Unclear)
	l.own()
	return l
}

// edges visits the includes and those in profiles.
func (p *Policy) edges(includes []Include, profiles []Profile, of string, visit func(i Include, profile string)) {
	for _, i := range includes {
		visit(i, of)
	}
	for _, profile := range profiles {
		p.edges(profile.Includes, profile.Children, profile.Name, visit)
	}
}

// unread reports whether the file, or a folder that it is in, could not be read.
func (p *Policy) unread(name string) bool {
	for ; name != "." && name != "/"; name = path.Dir(name) {
		if f, ok := p.files[name]; ok && f.Problem == notRead {
			return true
		}
	}
	return false
}

// includers returns the files, with all that include one of them by any chain.
func (l *Locals) includers(files ...string) map[string]bool {
	found := make(map[string]bool)
	l.follow(files, func(e edge) bool {
		found[e.file] = true
		return true
	})
	for _, file := range files {
		found[file] = true
	}
	return found
}

// follow visits whatever includes one of the files, and goes on with those for which
// visit says so. Who includes a folder includes its files.
func (l *Locals) follow(files []string, visit func(edge) bool) {
	seen := make(map[string]bool)
	var next []string
	reach := func(file string) {
		for _, name := range []string{file, path.Dir(file)} {
			if !seen[name] {
				seen[name] = true
				next = append(next, name)
			}
		}
	}
	for _, file := range files {
		reach(file)
	}
	for len(next) > 0 {
		name := next[len(next)-1]
		next = next[:len(next)-1]
		for _, e := range l.from[name] {
			if visit(e) {
				reach(e.file)
			}
		}
	}
}

// Takers returns the profiles that get the rules of the file below local/, sorted:
// those that include it, or something that does.
func (l *Locals) Takers(file string) []string {
	takers := make(map[string]bool)
	l.follow([]string{"local/" + file}, func(e edge) bool {
		if e.profile != "" {
			takers[e.profile] = true
		}
		return e.profile == "" // the rules of a profile are nobody else's
	})
	return slices.Sorted(maps.Keys(takers))
}

// Outside returns a file of profiles that includes the file below local/ outside of
// all profiles, where no rule may stand; "" if none does.
func (l *Locals) Outside(file string) (by string) {
	l.follow([]string{"local/" + file}, func(e edge) bool {
		if e.top {
			by = e.file
		}
		return e.profile == "" && !e.top
	})
	return by
}

// own finds the files that one profile alone includes.
func (l *Locals) own() {
	for _, to := range slices.Sorted(maps.Keys(l.from)) {
		name, ok := strings.CutPrefix(to, "local/")
		if takers := l.Takers(name); ok && len(takers) == 1 {
			l.Own[takers[0]] = append(l.Own[takers[0]], name)
		}
	}
}
