package header

import (
	"bytes"
	"strings"
)

// A File is one file of a policy.
type File struct {
	Profiles  []Profile // at the top, in their order
	Includes  []Include // outside of profiles
	Variables []Variable
	Aliases   []Alias
	Problem   string // what could not be followed, "" for nothing
}

// A Profile is a profile, a child or a hat.
type Profile struct {
	Name       string // as written: "A", "A//B" for a child or hat of A, ":ns:A"
	Attachment string // as written: the pattern of its programs, "" for none
	Flags      []string
	Hat        bool
	Start, End int // the range of bytes between its braces
	Children   []Profile
	Includes   []Include

	File string // set by [Policy.Profiles]
}

// An Include is a line such as "include if exists <abstractions/base>".
type Include struct {
	Path     string
	Magic    bool // <path>: below the folder of the policy
	IfExists bool
	Offset   int // of the word include in the file
}

// A Variable is an assignment "@{NAME} = value ...", or with Add "+=".
type Variable struct {
	Name   string
	Values []string
	Add    bool
}

// An Alias is a rule "alias FROM -> TO,": what is allowed below FROM is below TO, too.
type Alias struct{ From, To string }

// maxDepth bounds blocks in blocks.
const maxDepth = 16

// Scan takes a file apart. It never fails.
func Scan(text []byte) File {
	s := scanner{text: text}
	s.block(nil, 0)
	return s.file
}

// scanner reads statements: an include, an assignment, a rule up to its comma, or
// a header and its block.
type scanner struct {
	text []byte
	pos  int
	file File
}

func (s *scanner) problem(text string) {
	if s.file.Problem == "" {
		s.file.Problem = text
	}
}

// block reads the statements of p, nil for the file, up to the "}" or the end, and
// returns where they end.
func (s *scanner) block(p *Profile, depth int) (end int) {
	for s.space(); s.pos < len(s.text); s.space() {
		switch rest := s.text[s.pos:]; {
		case rest[0] == '}':
			s.pos++
			if depth > 0 {
				return s.pos - 1
			}
			s.problem("} without {")
		case rest[0] == '#' || isWord(rest, "include"):
			s.include(p)
		case isWord(rest, "abi"):
			s.skipRule()
		case (rest[0] == '@' || rest[0] == '$') && s.assignment():
		default:
			s.statement(p, depth)
		}
	}
	if depth > 0 {
		s.problem("{ without }")
	}
	return s.pos
}

// space steps over blanks, line ends and comments; "#include" is no comment.
func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			s.pos++
		case c == '#' && !isWord(s.text[s.pos+1:], "include"):
			s.skipLine()
		default:
			return
		}
	}
}

func (s *scanner) skipLine() {
	if n := bytes.IndexByte(s.text[s.pos:], '\n'); n >= 0 {
		s.pos += n
	} else {
		s.pos = len(s.text)
	}
}

// skipRule steps over a rule without names: to its comma, or the end of the line.
func (s *scanner) skipRule() {
	line, _, _ := bytes.Cut(s.text[s.pos:], []byte{'\n'})
	if n := bytes.IndexByte(line, ','); n >= 0 {
		s.pos += n + 1
	} else {
		s.skipLine()
	}
}

// isWord reports whether text begins with the word.
func isWord(text []byte, word string) bool {
	rest, ok := bytes.CutPrefix(text, []byte(word))
	return ok && (len(rest) == 0 || strings.IndexByte(" \t\r\n<\"", rest[0]) >= 0)
}

// include reads include [if exists] <path>, "path" or path.
func (s *scanner) include(p *Profile) {
	i := Include{Offset: s.pos}
	s.pos += bytes.Index(s.text[s.pos:], []byte("include")) + len("include")
	s.blanks()
	if rest, ok := bytes.CutPrefix(s.text[s.pos:], []byte("if")); ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t"), []byte("exists")) {
		s.pos += bytes.Index(s.text[s.pos:], []byte("exists")) + len("exists")
		i.IfExists = true
		s.blanks()
	}
	line, _, _ := bytes.Cut(s.text[s.pos:], []byte{'\n'})
	closing := ""
	switch {
	case len(line) > 0 && line[0] == '<':
		i.Magic, closing = true, ">"
	case len(line) > 0 && line[0] == '"':
		closing = `"`
	}
	if closing != "" {
		line = line[1:]
		s.pos++
	} else {
		closing = " \t\r,"
	}
	end := bytes.IndexAny(line, closing)
	if end < 0 {
		end = len(line)
	}
	i.Path = strings.Trim(string(line[:end]), " \t\"")
	s.pos = min(s.pos+end+1, len(s.text))
	if i.Path == "" {
		s.problem("include without a path")
	}
	list := &s.file.Includes
	if p != nil {
		list = &p.Includes
	}
	*list = append(*list, i)
}

func (s *scanner) blanks() {
	for s.pos < len(s.text) && (s.text[s.pos] == ' ' || s.text[s.pos] == '\t') {
		s.pos++
	}
}

// assignment reads "@{NAME} = value ..." to the end of the line; ok is false where
// none stands here.
func (s *scanner) assignment() (ok bool) {
	line, _, _ := bytes.Cut(s.text[s.pos:], []byte{'\n'})
	rest := string(line)
	end := strings.IndexAny(rest, "} \t=+:?")
	if end <= 0 {
		return false
	}
	if rest[end] == '}' {
		end++
	}
	name := strings.Trim(rest[1:end], "{}")
	value := strings.TrimLeft(rest[end:], " \t")
	op := value[:len(value)-len(strings.TrimLeft(value, "+:?"))]
	value, ok = strings.CutPrefix(value[len(op):], "=")
	if !ok {
		return false
	}
	s.pos += len(rest) - len(value)
	start := s.pos
	for s.skipLine(); s.pos < len(s.text) && s.text[s.pos-1] == '\\'; s.skipLine() {
		s.pos++ // a backslash continues the line
	}
	if rest[0] == '@' {
		s.file.Variables = append(s.file.Variables, Variable{name, values(s.text[start:s.pos]), op == "+"})
	}
	return true
}

// values splits the right side of an assignment.
func values(text []byte) (list []string) {
	s := scanner{text: bytes.ReplaceAll(text, []byte("\\\n"), []byte(" "))}
	for s.space(); s.pos < len(s.text); s.space() {
		if s.text[s.pos] == '"' {
			list = append(list, s.quoted())
			continue
		}
		end := bytes.IndexAny(s.text[s.pos:], " \t\r\n")
		if end < 0 {
			end = len(s.text) - s.pos
		}
		list = append(list, string(s.text[s.pos:s.pos+end]))
		s.pos += end
	}
	return list
}

// statement reads a rule, which says nothing here, or a header with its block.
func (s *scanner) statement(p *Profile, depth int) {
	words, opens := s.words()
	if !opens {
		if len(words) == 4 && words[0] == "alias" && words[2] == "->" {
			s.file.Aliases = append(s.file.Aliases, Alias{words[1], words[3]})
		}
		return
	}
	if depth >= maxDepth {
		s.problem("blocks in too many blocks")
		s.pos = len(s.text)
		return
	}
	child, ok := newProfile(words)
	if !ok { // if, else, owner: the block is a part of p
		s.block(p, depth+1)
		return
	}
	list := &s.file.Profiles
	if p != nil {
		child.Name = p.Name + "//" + child.Name
		list = &p.Children
	}
	child.Start = s.pos
	child.End = s.block(&child, depth+1)
	*list = append(*list, child)
}

// newProfile reads a header; ok is false for one that names no profile.
func newProfile(words []string) (p Profile, ok bool) {
	if len(words) == 0 {
		return p, false
	}
	named := isPath(words[0]) || strings.HasPrefix(words[0], "^") || strings.HasPrefix(words[0], ":")
	switch strings.TrimSuffix(words[0], "=") {
	case "if", "else", "owner", "other", "audit", "deny", "allow", "quiet", "priority":
		return p, false
	case "hat":
		p.Hat = true
		fallthrough
	case "profile":
		words, named = words[1:], true
	}
	if !named { // parser_yacc.y: "Profile names must begin with a '/', namespace or keyword 'profile' or 'hat'"
		return p, false
	}
	var operands []string
	key, list := "", false
	for _, w := range words {
		switch {
		case w == "(":
			list = true
		case w == ")":
			list, key = false, ""
		case list && (key == "" || key == "flags="):
			p.Flags = append(p.Flags, w)
		case list:
		case w == "+": // identities follow
			key = w
		case strings.HasSuffix(w, "="):
			key = w
		case key != "":
		default:
			operands = append(operands, w)
		}
	}
	if len(operands) == 0 {
		return p, false
	}
	p.Name, ok = strings.CutPrefix(operands[0], "^")
	p.Hat = p.Hat || ok
	if last := operands[len(operands)-1]; isPath(last) && !p.Hat {
		p.Attachment = last
	}
	return p, true
}

func isPath(text string) bool { return strings.HasPrefix(text, "/") || strings.HasPrefix(text, "@{") }
