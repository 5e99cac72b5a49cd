package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor/header"
)

// Policy is the policy below one folder. It is not for use by several goroutines
// at once.
type Policy struct {
	dir      string
	parser   int               // major version of the apparmor_parser that reads it; 0 for 3
	files    map[string]string // text by name below dir
	names    []string          // of files, sorted
	trees    map[string]tree
	profiles map[string]*Profile // by name; nil until the first question
	sorted   []*Profile          // those at the top of a file, in the order of the files
	attached map[string]*Profile // by program: what Attached has answered
	problems map[string]bool

	abstractions *abstractions // nil until they were asked for
	budget       int           // of statements that may still be run
}

// maxStatements bounds the work that a policy can make, includes in includes
// counted each time.
const maxStatements = 1 << 21

// New returns the policy that the files make, by their names below the folder
// dir; a name that ends in a slash stands for a folder, which may be empty. The
// map is not changed, and must not be changed. Problems are those that whoever
// read the files had.
func New(dir string, files map[string]string, problems ...string) *Policy {
	p := &Policy{dir: strings.TrimSuffix(dir, "/"), files: files, trees: make(map[string]tree), problems: make(map[string]bool), budget: maxStatements}
	for name := range files {
		p.names = append(p.names, name)
	}
	slices.Sort(p.names)
	for _, s := range problems[:min(len(problems), maxProblems)] {
		p.problems[s] = true
	}
	return p
}

// ReadBy says which major version of apparmor_parser reads the policy: what a few
// texts mean depends on it. It is called before the first question.
func (p *Policy) ReadBy(parser int) { p.parser = parser }

// Parser returns the major version of apparmor_parser for which the policy is made, by
// the newest abi file that it has.
func (p *Policy) Parser() int {
	for _, parser := range []int{5, 4} {
		if _, ok := p.files[fmt.Sprintf("abi/%d.0", parser)]; ok {
			return parser
		}
	}
	return 3
}

// Addresses reports whether the abi that the policy is for has the addresses of IP
// sockets. Where it has not, apparmor_parser drops them from a rule without a word.
func (p *Policy) Addresses() bool {
	text, known := p.files[fmt.Sprintf("abi/%d.0", p.Parser())]
	return !known || p.Parser() == 3 || strings.Contains(text, "af_inet")
}

// Problems returns what was stepped over so far, sorted, each with file and line.
func (p *Policy) Problems() []string {
	list := make([]string, 0, len(p.problems))
	for s := range p.problems {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// Bounds of what Problems returns, and of each text in a record.
const (
	maxProblems = 256
	maxShown    = 1000
)

func (p *Policy) problem(place Place, format string, args ...any) {
	if len(p.problems) < maxProblems {
		p.problems[fmt.Sprintf("%s: %s", place, shown(fmt.Sprintf(format, args...)))] = true
	}
}

// shown returns the text, or its beginning: a line of the stream has no room for
// all that fits into a file.
func shown(text string) string {
	if len(text) > maxShown {
		return text[:maxShown] + "..."
	}
	return text
}

// Profile returns the profile of that name, with its rules; nil when the policy
// has none.
func (p *Policy) Profile(name string) *Profile {
	p.index()
	// A child or hat is known once its parent is read. Its own name may begin with
	// a slash, so every place is tried.
	for i, level := 0, 0; i < len(name) && level < maxChildren && p.profiles[name] == nil; i++ {
		if !strings.HasPrefix(name[i:], "//") {
			continue
		}
		if parent := p.profiles[name[:i]]; parent != nil {
			p.compile(parent)
			level++
		}
	}
	profile := p.profiles[name]
	if profile != nil {
		p.compile(profile)
	}
	return profile
}

// maxChildren bounds children of children: apparmor_parser takes one level of
// them, and a file that includes itself could make any number.
const maxChildren = 4

// Attached returns the profile at the top of a file that confines the program at
// the path; nil when there is none. A profile that bears the path as its name is
// preferred, then the longest pattern, as the kernel does in most cases.
func (p *Policy) Attached(program string) *Profile {
	p.index()
	if profile := p.profiles[program]; profile != nil {
		return profile
	}
	if profile, ok := p.attached[program]; ok {
		return profile
	}
	var best *Profile
	name := encode(program)
	for _, profile := range p.sorted {
		if profile.attachment != nil && profile.attachment.match(name) && (best == nil || len(profile.Attachment) > len(best.Attachment)) {
			best = profile
		}
	}
	if len(p.attached) < maxAttached {
		p.attached[strings.Clone(program)] = best
	}
	return best
}

// maxAttached bounds how many answers of Attached are remembered.
const maxAttached = 1 << 14

// index reads the headers of the profiles at the top of the files.
func (p *Policy) index() {
	if p.profiles != nil {
		return
	}
	p.profiles = make(map[string]*Profile)
	p.attached = make(map[string]*Profile)
	for _, name := range p.names {
		if strings.Contains(name, "/") || header.IgnoredName(name) || p.disabled(name) {
			continue
		}
		r := runner{policy: p, scope: newScope(), file: name}
		r.run(p.tree(name).nodes, nil)
	}
}

// disabled reports whether the profile file is switched off by a file of its name
// in the folder disable.
func (p *Policy) disabled(name string) bool {
	_, ok := p.files["disable/"+name]
	return ok
}

func (p *Policy) tree(name string) tree {
	t, ok := p.trees[name]
	if !ok {
		t = parseTree(p.files[name])
		p.trees[name] = t
		for _, s := range t.problems {
			if len(p.problems) < maxProblems {
				p.problems[p.dir+"/"+name+":"+s] = true
			}
		}
	}
	return t
}

// compile reads the rules of the profile.
func (p *Policy) compile(profile *Profile) {
	if profile.compiled {
		return
	}
	profile.compiled = true
	profile.scope = profile.scope.inner()
	profile.scope.variables["@profile_name"] = []string{profile.own}
	if profile.Attachment != "" {
		for _, name := range []string{"@exec_path", "@attach_path"} {
			// A version after 4 gives them their value whatever was assigned.
			if _, defined := profile.scope.variables[name]; !defined || p.parser > 4 {
				profile.scope.variables[name] = []string{profile.Attachment}
			}
		}
	}
	for _, flag := range []string{"unconfined", "default_allow"} {
		if profile.HasFlag(flag) {
			rule := &Rule{Place: profile.Place, Text: "flags=(" + flag + ")"}
			profile.files.whole = append(profile.files.whole, &clause{Rule: rule, priority: leastPriority})
		}
	}
	r := runner{policy: p, scope: profile.scope, profile: profile, file: strings.TrimPrefix(profile.File, p.dir+"/")}
	r.run(profile.body, nil)
}
