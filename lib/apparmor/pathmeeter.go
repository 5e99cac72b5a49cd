package apparmor

import (
	"slices"
	"strings"
)

// pathMeeter says which rows of a table of paths the names of a pattern can be
// among.
type pathMeeter struct {
	text    string // of the pattern, with no variables
	literal string // if one
	bytes   byteHash
	one     bool
	folder  bool     // files of one folder, of which none is meant by its name
	machine *machine // if not one
	begin   string   // what all names begin with
	end     string   // what all end with
	reached []places // a machine's, to be used again
}

func newPathMeeter(p Pattern, text string) (m pathMeeter) {
	text = ofUser(text)
	m.text = text
	if m.literal, m.one = (Pattern{text}).Literal(); m.one {
		m.bytes = hashOf(m.literal)
		return m
	}
	m.folder = p.isAllSiblings() || strings.HasSuffix(p.text, nameless) || p.hasRandomEnd()
	var err error
	if m.machine, err = newMachine(text); err != nil || strings.Count(text, "*") > maxGlobs { // the worst is assumed
		m.machine, _ = newMachine("**")
		return m
	}
	m.begin, m.end = m.machine.begin(), literalEnd(text)
	return m
}

// maxGlobs bounds the stars of a pattern: with very many of them it is much work to
// find out what it can match.
const maxGlobs = 32

// nameless ends the pattern of files that were opened without a name (O_TMPFILE of
// open(2)), in a folder of which no other file is meant.
const nameless = "/#*"

// hasRandomEnd reports whether the pattern is that of temporary files as mkstemp(3)
// names them: a name, and behind a dot or dash six letters that nobody chose.
func (p Pattern) hasRandomEnd() bool {
	begin, ok := strings.CutSuffix(p.text, "??????")
	at := strings.LastIndexByte(begin, '/') + 1
	name := begin[at:]
	return ok && at > 0 && len(name) > 3 && strings.IndexByte(".-_", name[len(name)-1]) >= 0 && !strings.ContainsAny(begin, "*?")
}

// ofUser puts a name like any other in the place of that of the user in
// "/home/*/...". Otherwise the files of everybody would be those of a user who is
// called ".ssh", and so all be keys.
func ofUser(text string) string {
	before, rest, ok := strings.Cut(text, "/home/")
	user, below, folder := strings.Cut(rest, "/")
	if ok && folder && (user == "*" || strings.HasPrefix(user, ".")) {
		return before + "/home/user/" + below
	}
	return text
}

// begin returns what all names begin with.
func (m *machine) begin() string {
	var b []byte
	for state := 0; len(m.next[state]) == 1 && !m.accept[state]; {
		state = m.next[state][0]
		c, ok := m.takes[state].only()
		if !ok {
			break
		}
		b = append(b, c)
	}
	return string(b)
}

// only returns the byte of a set that has one.
func (s *byteSet) only() (c byte, ok bool) {
	for c := range 256 {
		if s.has(byte(c)) {
			return byte(c), *s == one(byte(c))
		}
	}
	return 0, false
}

// literalEnd returns what all names end with, or a part of it.
func literalEnd(text string) string {
	at, least := len(text), 0
	if escape := strings.LastIndexByte(text, '\\'); escape >= 0 {
		least = min(escape+4, at) // a backslash and up to three digits
	}
	for at > least && ordinary[text[at-1]] && strings.IndexByte("{}[],^", text[at-1]) < 0 {
		at--
	}
	return text[at:]
}

// lines calls found, until it returns false, with the wanted lines that have a row for
// some of the names: of one name, those with the longest stem first.
func (m *pathMeeter) lines(t *pathTable, w *wanted, found func(*pathLine) bool) {
	if !m.one {
		for i := range t.lines {
			if line := &t.lines[i]; w.of(line) && m.globMeets(line) && !found(line) {
				return
			}
		}
		return
	}
	for end := len(m.literal); end > 0; end-- {
		if m.literal[end-1] != '/' {
			continue
		}
		list := t.byStem[m.literal[:end]]
		for i := range list {
			l := &list[i]
			if l.bytes&^m.bytes == 0 && w.of(l.line) && m.literalMeets(l.rows) && !found(l.line) {
				return
			}
		}
	}
}

func (m *pathMeeter) literalMeets(rows []stemRow) bool {
	for i := range rows {
		if rows[i].bytes&^m.bytes == 0 && rows[i].row.holds(m.literal) && !m.seenBelow(rows[i].row) {
			return true
		}
	}
	return false
}

// seenBelow reports whether the row is for homes elsewhere and the text has one: it
// is looked at without what stands before it.
func (m *pathMeeter) seenBelow(row *pathRow) bool {
	return row.elsewhere && strings.Contains(m.text, "/home/")
}

func (m *pathMeeter) globMeets(line *pathLine) bool {
	for i := range line.rows {
		row := &line.rows[i]
		switch {
		case !either(row.head, m.begin, strings.HasPrefix), !either(row.final, m.end, strings.HasSuffix), m.seenBelow(row):
		case m.folder && line.anywhere && (len(row.folder) <= len("/") || !strings.Contains(m.text, row.folder)):
		case m.meets(row):
			return true
		}
	}
	return false
}

// either reports whether one of the texts begins, or ends, with the other.
func either(a, b string, has func(a, b string) bool) bool { return has(a, b) || has(b, a) }

func (m *pathMeeter) meets(row *pathRow) bool {
	if m.reached == nil {
		m.reached = make([]places, len(m.machine.takes))
	}
	return m.machine.meetsIn(m.reached, &row.shape)
}

// harmless reports whether all names are among one harmless path for the access.
func (m *pathMeeter) harmless(w wanted) (harmless bool) {
	t := harmlessRows()
	if m.one {
		m.lines(t, &w, func(*pathLine) bool {
			harmless = true
			return false
		})
		return harmless
	}
	for i := range t.lines {
		if line := &t.lines[i]; w.of(line) && slices.ContainsFunc(line.rows, m.within) {
			return true
		}
	}
	return false
}

func (m *pathMeeter) within(row pathRow) bool {
	return strings.HasPrefix(m.begin, row.head) && m.machine.within(&row.shape)
}
