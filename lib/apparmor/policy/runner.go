package policy

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor/header"
)

// runner goes through the statements of one file, and of what it includes, in
// their order.
type runner struct {
	policy  *Policy
	scope   *scope
	profile *Profile // the one whose body it is; nil at the top of a file
	file    string   // where the statements stand, below the folder
	open    []string // the files that are being included
	origin  int      // what the clauses are marked with

	included func(file string) // if there is one, it is told of plain includes, which are not run
}

func (r *runner) place(line int) Place { return Place{r.policy.dir + "/" + r.file, line} }

// run carries out the statements; front is qualifiers of the blocks around them.
func (r *runner) run(nodes []node, front []word) {
	for i := range nodes {
		n := &nodes[i]
		if r.policy.budget--; r.policy.budget < 0 {
			r.policy.problem(r.place(n.line), "more than %d statements: the rest is left out", maxStatements)
			return
		}
		switch n.kind {
		case includeNode:
			r.include(n, front)
		case assignNode:
			r.scope.assign(n)
		case conditionNode:
			switch r.scope.truth(n.words[1:]) {
			case yes:
				r.run(n.body, front)
			case no:
				r.run(n.other, front)
			default:
				r.policy.problem(r.place(n.line), "a condition that is not understood: %q", textOf(n.words))
			}
		case blockNode:
			r.block(n, front)
		case ruleNode:
			r.rule(n, front)
		}
	}
}

// block is a profile, or qualifiers for the rules in it.
func (r *runner) block(n *node, front []word) {
	if r.profile != nil && len(newClause(Place{}, n.words).words) == 0 {
		r.run(n.body, slices.Concat(front, n.words))
		return
	}
	p, ok := newProfile(n.words, r.scope, r.profile, r.place(n.line))
	if p.level > maxChildren {
		r.policy.problem(r.place(n.line), "children in more than %d profiles", maxChildren)
		return
	}
	if !ok {
		if p.Name == "" {
			r.policy.problem(r.place(n.line), "a block that is not understood: %q", textOf(n.words))
		}
		return
	}
	p.body = n.body
	p.Local = localInclude(n.body, path.Base(r.file))
	if r.policy.profiles[p.Name] == nil {
		r.policy.profiles[p.Name] = p
	}
	if r.profile == nil {
		r.policy.sorted = append(r.policy.sorted, p)
	}
}

// localInclude returns the file below local/ that a body includes: the one that
// is named like the profile's file, else the first.
func localInclude(nodes []node, file string) (local string) {
	for i := range nodes {
		switch name := nodes[i].local(); name {
		case "":
		case "local/" + file:
			return name
		default:
			local = cmp.Or(local, name)
		}
	}
	return local
}

// local returns the file below local/ that the statement includes; "" for none.
func (n *node) local() string {
	name := n.path
	if at := strings.LastIndex(name, "/local/"); n.absolute && at >= 0 {
		name = name[at+1:]
	}
	if n.kind != includeNode || !strings.HasPrefix(name, "local/") {
		return ""
	}
	return name
}

// Includes reports whether the profile itself includes the file below local/, as
// "local/NAME".
func (p *Profile) Includes(local string) bool {
	return slices.ContainsFunc(p.body, func(n node) bool { return n.local() == local })
}

func (r *runner) rule(n *node, front []word) {
	c := newClause(r.place(n.line), slices.Concat(front, n.words))
	switch {
	case r.profile != nil:
		c.origin = r.origin
		if err := r.profile.addRule(c, r.scope); err != nil {
			r.policy.problem(c.Place, "stepped over %q: %v", c.Text, err)
		}
	case len(n.words) == 4 && n.words[0].text == "alias" && n.words[2].text == "->":
		r.scope.aliases = append(r.scope.aliases, alias{n.words[1].text, n.words[3].text})
	default:
		r.policy.problem(c.Place, "stepped over %q outside of a profile", c.Text)
	}
}

// include runs what an include names: a file, or all files of a folder.
func (r *runner) include(n *node, front []word) {
	files := r.policy.find(n)
	if len(files) == 0 && !n.optional && !r.policy.folder(n.path) {
		r.policy.problem(r.place(n.line), "no file %q", n.path)
	}
	for _, file := range files {
		if r.included != nil && len(front) == 0 {
			r.included(file)
			continue
		}
		if slices.Contains(r.open, file) {
			continue // apparmor_parser reads it once, too
		}
		if len(r.open) >= maxDepth {
			r.policy.problem(r.place(n.line), "includes in more than %d includes", maxDepth)
			return
		}
		inner := *r
		inner.file, inner.open = file, append(slices.Clip(r.open), file)
		inner.run(r.policy.tree(file).nodes, front)
	}
}

// find returns the files that an include names.
func (p *Policy) find(n *node) []string {
	name := strings.TrimPrefix(path.Clean(n.path), "./")
	if n.absolute {
		name = strings.TrimPrefix(name, p.dir+"/")
	}
	if _, ok := p.files[name]; ok {
		return []string{name}
	}
	var files []string
	folder := name + "/"
	from, _ := slices.BinarySearch(p.names, folder)
	for _, f := range p.names[from:] {
		rest, ok := strings.CutPrefix(f, folder)
		if !ok {
			break
		}
		if !strings.Contains(rest, "/") && !header.IgnoredName(rest) {
			files = append(files, f)
		}
	}
	return files
}

// folder reports whether there is a folder of that name.
func (p *Policy) folder(name string) bool {
	_, ok := p.files[strings.TrimPrefix(path.Clean(name), p.dir+"/")+"/"]
	return ok
}
