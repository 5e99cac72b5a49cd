package apparmor

import (
	"slices"
	"strings"
)

// Levels of files that are nothing special.
const (
	readDanger  = 1
	writeDanger = 2
	// codeDanger: what the process writes, it can run.
	codeDanger = 7
)

// pathMatcher is the pattern of one of the pathDangers, taken apart. A path that
// it matches has the three literal texts, which most paths have not.
type pathMatcher struct {
	tokens              []token
	head, inside, final string
	anywhere            bool // in whatever folder it is
}

var pathMatchers = func() []pathMatcher {
	list := make([]pathMatcher, len(pathDangers))
	for i, d := range pathDangers {
		m := &list[i]
		m.tokens, _ = Pattern{d.pattern}.tokens()
		parts := strings.FieldsFunc(d.pattern, func(r rune) bool { return r == '*' })
		m.anywhere = strings.HasPrefix(d.pattern, "/**/") && d.exec == 0
		m.head = parts[0]
		m.inside = slices.MaxFunc(parts, func(a, b string) int { return len(a) - len(b) })
		if !strings.HasSuffix(d.pattern, "*") {
			m.final = parts[len(parts)-1]
		}
	}
	return list
}()

// pathMeeter says which of the pathDangers the names of a pattern can be among.
type pathMeeter struct {
	pattern  Pattern
	literal  string // if one
	one      bool
	folder   bool      // all files of one folder, of which none is meant by its name
	expanded [][]token // when it was first needed
}

func (p *pathMeeter) meets(m *pathMatcher) bool {
	if p.one && !(strings.HasPrefix(p.literal, m.head) && strings.HasSuffix(p.literal, m.final) && strings.Contains(p.literal, m.inside)) {
		return false
	}
	if p.folder && m.anywhere && !strings.Contains(p.pattern.text, m.inside) {
		return false
	}
	if p.expanded == nil {
		p.expanded = p.pattern.expanded()
	}
	return slices.ContainsFunc(p.expanded, func(path []token) bool { return meet(path, m.tokens) })
}

func (f File) danger() (level uint8, why string) {
	raise := func(l uint8, w, what string) {
		if l > level {
			level, why = l, w+what
		}
	}
	read := f.Access&(Read|Mmap) != 0
	write := f.Access&(Write|Append|MakeLink) != 0
	if read {
		raise(readDanger, "reads a file", "")
	}
	if f.Access&Lock != 0 {
		raise(readDanger, "locks a file", "")
	}
	if write {
		raise(writeDanger, "writes a file", "")
	}
	exec, execWhy := f.Exec.danger()
	raise(exec, execWhy, "")
	if write && (f.Access&Mmap != 0 || f.Exec != NoExec) {
		raise(codeDanger, "writes and runs the same file", "")
	}
	path := pathMeeter{pattern: f.Path}
	path.literal, path.one = f.Path.Literal()
	path.folder = !path.one && f.Path.isAllSiblings()
	for i := range pathDangers {
		d := &pathDangers[i]
		useful := read && d.read > level || write && d.write > level || f.Exec != NoExec && d.exec > level
		if !useful || !path.meets(&pathMatchers[i]) {
			continue
		}
		if read {
			raise(d.read, "reads ", d.what)
		}
		if write {
			raise(d.write, "writes ", d.what)
		}
		if f.Exec != NoExec {
			raise(d.exec, "runs ", d.what)
		}
	}
	return level, why
}

// A link is a name for what it is a link to: whoever may write the name, may
// write the file.
func (l Link) danger() (uint8, string) {
	level, why := File{Path: l.Target, Access: Write}.danger()
	if other, otherWhy := (File{Path: l.Name, Access: Write}).danger(); other > level {
		return other, otherWhy
	}
	return level, why
}
