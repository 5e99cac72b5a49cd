package apparmor

import (
	"iter"
	"slices"
	"strings"
	"sync"
)

func (f File) danger() (level uint8, why string) {
	raise := func(l uint8, w, what string) {
		if l > level {
			level, why = l, w+what
		}
	}
	access, exec := f.Access, f.Exec != NoExec && f.Exec != DenyExec
	if exec {
		access |= execute
	}
	for i := range fileDangers {
		if d := &fileDangers[i]; access&d.any != 0 && (d.and == 0 || access&d.and != 0) {
			raise(d.level, d.why, "")
		}
	}
	raise(execDangers[f.Exec].level, execDangers[f.Exec].why, "")
	read, write := access&reading != 0, access&writing != 0

	path := pathMeeter{pattern: f.Path}
	path.literal, path.one = f.Path.Literal()
	path.bytes = bytesOf(path.literal)
	path.folder = !path.one && f.Path.isAllSiblings()
	for row := range pathRows().below(f.Path) {
		useful := read && row.read > level || write && row.write > level || exec && row.exec > level
		if !useful || row.owned && !f.Owner || row.others && f.Owner || !path.meets(row) {
			continue
		}
		if read {
			raise(row.read, "reads ", row.what)
		}
		if write {
			raise(row.write, "writes ", row.what)
		}
		if exec {
			raise(row.exec, "runs ", row.what)
		}
	}
	return level, why
}

// pathRow is one of the pathDangers taken apart. A path that it matches has the
// three literal texts, which most paths have not.
type pathRow struct {
	pathDanger
	tokens              []token
	head, inside, final string
	bytes               byteSet // of its literal texts
	anywhere            bool    // in whatever folder it is
	owned, others       bool    // only for rules with owner, only for those without
}

// pathTable is the pathDangers, found by the first name of a path.
type pathTable struct {
	rows    []pathRow
	byFirst map[string][]int // places in rows of those for "/name/..."
	rest    []int            // the same for any other name
}

// pathRows is made when the danger of a file is first asked for.
var pathRows = sync.OnceValue(func() *pathTable {
	t := &pathTable{byFirst: make(map[string][]int)}
	for i := range pathDangers {
		d := pathDangers[i]
		pattern, owned := strings.CutPrefix(d.pattern, "owner ")
		pattern, others := strings.CutPrefix(pattern, "other ")
		patterns := []string{pattern}
		if below, ok := strings.CutPrefix(pattern, "@{HOME}"); ok {
			patterns = []string{"/home/*" + below, "/root" + below}
		}
		for _, pattern := range patterns {
			row := newPathRow(pattern)
			row.pathDanger, row.owned, row.others = d, owned, others
			t.rows = append(t.rows, row)
			if name, ok := firstName(row.head); ok {
				t.byFirst[name] = nil
			}
		}
	}
	for i := range t.rows {
		if name, ok := firstName(t.rows[i].head); ok {
			t.byFirst[name] = append(t.byFirst[name], i)
			continue
		}
		t.rest = append(t.rest, i)
		for name := range t.byFirst {
			t.byFirst[name] = append(t.byFirst[name], i)
		}
	}
	return t
})

func newPathRow(pattern string) (row pathRow) {
	row.tokens, _ = Pattern{pattern}.tokens()
	parts := strings.FieldsFunc(pattern, func(r rune) bool { return r == '*' })
	row.anywhere = strings.HasPrefix(pattern, "/**/")
	row.head = parts[0]
	row.inside = slices.MaxFunc(parts, func(a, b string) int { return len(a) - len(b) })
	if !strings.HasSuffix(pattern, "*") {
		row.final = parts[len(parts)-1]
	}
	row.bytes = bytesOf(strings.Join(parts, ""))
	return row
}

// byteSet has the bytes of a text, some of them for one another: what does not
// have all of another's cannot hold its text.
type byteSet uint64

func bytesOf(text string) (set byteSet) {
	for i := range len(text) {
		set |= 1 << (text[i] & 63)
	}
	return set
}

// firstName returns "name" of "/name/..."; ok is false for another text, and where
// there are globs, variables or escapes in it.
func firstName(path string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/")
	name, _, slash := strings.Cut(rest, "/")
	return name, ok && slash && plain(name)
}

// below returns the rows that can match what p does, in the order of the table.
func (t *pathTable) below(p Pattern) iter.Seq[*pathRow] {
	return func(yield func(*pathRow) bool) {
		name, ok := firstName(p.text)
		if !ok {
			for i := range t.rows {
				if !yield(&t.rows[i]) {
					return
				}
			}
			return
		}
		list, known := t.byFirst[name]
		if !known {
			list = t.rest
		}
		for _, i := range list {
			if !yield(&t.rows[i]) {
				return
			}
		}
	}
}

func (row *pathRow) mayMatch(name string, bytes byteSet) bool {
	return row.bytes&^bytes == 0 && strings.HasPrefix(name, row.head) && strings.HasSuffix(name, row.final) && strings.Contains(name, row.inside)
}

// pathMeeter says which of the rows the names of a pattern can be among.
type pathMeeter struct {
	pattern  Pattern
	literal  string // if one
	bytes    byteSet
	one      bool
	folder   bool      // all files of one folder, of which none is meant by its name
	expanded [][]token // when it was first needed
}

func (p *pathMeeter) meets(row *pathRow) bool {
	if p.one {
		return row.mayMatch(p.literal, p.bytes) && matches(row.tokens, p.literal)
	}
	if p.folder && row.anywhere && !strings.Contains(p.pattern.text, row.inside) {
		return false
	}
	if p.expanded == nil {
		p.expanded = p.pattern.expanded()
	}
	return slices.ContainsFunc(p.expanded, func(path []token) bool { return meet(path, row.tokens) })
}
