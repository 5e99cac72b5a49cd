package apparmor

import (
	"strings"
	"sync"
)

// pathTable is a table of paths, in its order.
type pathTable struct {
	lines  []pathLine
	byStem map[string][]stemLine // by the folders before the first glob, with a slash last
}

// pathLine is one line of it.
type pathLine struct {
	*pathDanger
	rows          []pathRow
	anywhere      bool // in whatever folder it is
	area          bool // but for the harmless paths
	owned, others bool // only for rules with owner, only for those without
}

// pathRow is one of the patterns of a line. A path that it matches has the three
// literal texts, and all bytes of the hash, which most paths have not. The text
// inside stands behind the head.
type pathRow struct {
	shape
	head, inside, final string
	folder              string // the longest text before the last slash, behind the head
	bytes               byteHash
	elsewhere           bool // for homes that are not below /home
}

// stemLine has the rows of a line with one stem, and the bytes that all of them
// have.
type stemLine struct {
	line  *pathLine
	bytes byteHash
	rows  []stemRow
}

// stemRow has the bytes of a row with it: most names do not have all of them.
type stemRow struct {
	bytes byteHash
	row   *pathRow
}

// dangerRows and harmlessRows are made when the danger of a file is first asked
// for. In those of harmlessRows read and write are 1 for what they except.
var dangerRows = sync.OnceValue(func() *pathTable {
	t := newPathTable()
	for i := range pathDangers {
		t.add(&pathDangers[i], false)
	}
	for i := range socketDangers {
		t.add(&socketDangers[i], strings.HasPrefix(socketDangers[i].pattern, "/run/"))
	}
	for i := range homeDangers {
		t.add(&homeDangers[i], false)
	}
	for i := range stateDangers {
		t.add(&stateDangers[i], false)
	}
	for i := range areas {
		t.add(&areas[i], true)
	}
	return t
})

var harmlessRows = sync.OnceValue(func() *pathTable {
	t := newPathTable()
	for _, h := range harmlessPaths {
		d := pathDanger{pattern: h.pattern, what: h.why}
		if strings.Contains(h.access, "r") {
			d.read = 1
		}
		if strings.Contains(h.access, "w") {
			d.write = 1
		}
		t.add(&d, false)
	}
	return t
})

func newPathTable() *pathTable {
	lines := len(pathDangers) + len(socketDangers) + len(homeDangers) + len(stateDangers) + len(areas) + len(harmlessPaths)
	return &pathTable{lines: make([]pathLine, 0, lines), byStem: make(map[string][]stemLine, 512)}
}

// add adds the rows of a line of a table; there is room for it.
func (t *pathTable) add(d *pathDanger, area bool) {
	pattern, owned := strings.CutPrefix(d.pattern, "owner ")
	pattern, others := strings.CutPrefix(pattern, "other ")
	patterns, anywhere := []string{pattern}, strings.HasPrefix(pattern, "/**")
	if below, ok := strings.CutPrefix(pattern, "@{HOME}"); ok {
		patterns, anywhere = []string{"/home/*" + below, "/root" + below}, strings.HasPrefix(below, "/**/")
	} else if below, ok := strings.CutPrefix(pattern, "/run/"); ok {
		patterns = append(patterns, "/var/run/"+below)
	}
	t.lines = append(t.lines, pathLine{d, nil, anywhere, area, owned, others})
	line := &t.lines[len(t.lines)-1]
	for _, pattern := range patterns {
		for _, one := range withoutBraces(pattern) {
			line.rows = append(line.rows, newPathRow(one))
		}
	}
	for i := range line.rows {
		t.addStem(line, &line.rows[i])
	}
}

func (t *pathTable) addStem(line *pathLine, row *pathRow) {
	stem := row.head[:strings.LastIndexByte(row.head, '/')+1]
	list := t.byStem[stem]
	if len(list) == 0 || list[len(list)-1].line != line {
		list = append(list, stemLine{line: line, bytes: row.bytes})
	}
	last := &list[len(list)-1]
	last.bytes &= row.bytes
	last.rows = append(last.rows, stemRow{row.bytes, row})
	t.byStem[stem] = list
}

// withoutBraces returns the texts that {one,other} stands for.
func withoutBraces(text string) []string {
	before, rest, ok := strings.Cut(text, "{")
	if !ok {
		return []string{text}
	}
	var all []string
	depth, from, end := 1, 0, 0
	for i := 0; depth > 0 && i < len(rest); i++ {
		switch rest[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 || depth == 1 && rest[i] == ',' {
			all = append(all, rest[from:i])
			from, end = i+1, i+1
		}
	}
	var texts []string
	for _, one := range all {
		texts = append(texts, withoutBraces(before+one+rest[end:])...)
	}
	return texts
}

func newPathRow(pattern string) (row pathRow) {
	for strings.Contains(pattern, "***") {
		pattern = strings.ReplaceAll(pattern, "***", "**")
	}
	row.shape, _ = newShape(pattern) // the tests look for those that are none
	head, rest, _ := strings.Cut(row.shape.text, "*")
	row.head, row.inside = head, longest(rest)
	row.folder = longest(rest[:max(strings.LastIndexByte(rest, '/'), 0)])
	row.final = row.shape.text[strings.LastIndexByte(row.shape.text, '*')+1:]
	row.bytes = hashOf(strings.ReplaceAll(row.shape.text, "*", ""))
	row.elsewhere = strings.HasPrefix(pattern, "/**/home/")
	return row
}

// longest returns the longest text between the globs.
func longest(text string) (most string) {
	for part := range strings.SplitSeq(text, "*") {
		if len(part) > len(most) {
			most = part
		}
	}
	return most
}

// byteHash has the bytes of a text, some of them for one another: what does not
// have all of another's cannot hold its text.
type byteHash uint64

func hashOf(text string) (hash byteHash) {
	for i := range len(text) {
		hash |= 1 << (text[i] & 63)
	}
	return hash
}

// holds reports whether the name is matched by the row.
func (row *pathRow) holds(name string) bool {
	return strings.HasPrefix(name, row.head) && strings.HasSuffix(name, row.final) &&
		strings.Contains(name, row.inside) && row.matches(name)
}
