package policy

import "strings"

// word is the smallest piece of a statement.
type word struct {
	text   string // of a quoted word what is between the quotes, escapes as they are
	quoted bool
	key    bool // a name before "="
	open   bool // "(" that opens a list, or "{" that opens a block
	close  bool // ")" or "}"
	end    bool // the "," behind a rule, or the end of the file
}

// lexer takes the text of one file apart. It never fails: what has no meaning
// comes out as words that no rule knows.
type lexer struct {
	text string
	pos  int
	line int // of pos, from 1
	list int // how many "(" are open

	value bool // a "name=" came before, so that what comes is its value
}

// space steps over blanks, line ends and comments. "#include" is no comment.
func (l *lexer) space() {
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case c == '\n':
			l.line++
			l.pos++
		case c == ' ' || c == '\t' || c == '\r':
			l.pos++
		case c == '#' && !isInclude(l.text[l.pos+1:]):
			l.skipLine()
		default:
			return
		}
	}
}

// isInclude reports whether the text begins with the word include.
func isInclude(text string) bool {
	rest, ok := strings.CutPrefix(text, "include")
	return ok && (rest == "" || strings.IndexByte(" \t<\"", rest[0]) >= 0)
}

// skipLine steps to the end of the line.
func (l *lexer) skipLine() {
	if n := strings.IndexByte(l.text[l.pos:], '\n'); n >= 0 {
		l.pos += n
	} else {
		l.pos = len(l.text)
	}
}

// restOfLine returns the rest of the line without its comment; a backslash before
// the line end continues it.
func (l *lexer) restOfLine() string {
	var b strings.Builder
	for l.pos < len(l.text) {
		start := l.pos
		l.skipLine()
		part := strings.TrimRight(l.text[start:l.pos], " \t\r")
		backslashes := len(part) - len(strings.TrimRight(part, `\`))
		continued := backslashes%2 != 0
		b.WriteString(part[:len(part)-backslashes%2])
		if !continued || l.pos >= len(l.text) {
			break
		}
		b.WriteByte(' ')
		l.pos++
		l.line++
	}
	return b.String()
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.text) {
		return l.text[l.pos+n]
	}
	return 0
}

// next returns the next word of a rule or header.
func (l *lexer) next() word {
	w := l.word()
	l.value = w.key
	return w
}

func (l *lexer) word() word {
	for {
		l.space()
		switch c := l.peek(0); {
		case l.pos >= len(l.text):
			l.list = 0
			return word{end: true}
		case c == ',' && l.list > 0:
			l.pos++
		case c == ',':
			l.pos++
			return word{end: true}
		case c == '(':
			l.pos++
			l.list++
			return word{open: true, text: "("}
		case c == ')':
			l.pos++
			l.list = max(l.list-1, 0)
			return word{close: true, text: ")"}
		case c == '{' && l.list == 0 && !l.value && !l.inBraces():
			l.pos++
			return word{open: true, text: "{"}
		case c == '}':
			l.pos++
			return word{close: true, text: "}"}
		case c == '"':
			return l.quoted()
		default:
			return l.bare()
		}
	}
}

// inBraces reports whether the "{" here begins a pattern and not a block: then
// something other than a blank follows it and it is closed on the same line by a
// "}" behind which no blank or "," is needed.
func (l *lexer) inBraces() bool {
	line, _, _ := strings.Cut(l.text[l.pos:], "\n")
	inside, _, closed := strings.Cut(line, "}")
	return closed && strings.Contains(inside, ",") && !strings.ContainsAny(inside, " \t")
}

func (l *lexer) quoted() word {
	l.pos++
	start := l.pos
	for l.pos < len(l.text) && l.text[l.pos] != '"' {
		switch l.text[l.pos] {
		case '\\':
			l.pos++
		case '\n':
			l.line++
		}
		l.pos++
	}
	end := min(l.pos, len(l.text))
	l.pos = min(l.pos+1, len(l.text))
	return word{text: l.text[start:end], quoted: true}
}

// bare reads an unquoted word. A comma inside of it belongs to it unless a blank
// follows (parser/parser_lex.l, ID), or it stands behind the accesses of a file
// rule.
func (l *lexer) bare() word {
	start, braces := l.pos, 0
	path := strings.IndexByte("/@", l.text[start]) >= 0
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; c {
		case ' ', '\t', '\r', '\n':
			w := word{text: l.text[start:l.pos]}
			w.key = !path && braces == 0 && isName(w.text) && l.acceptEquals()
			return w
		case '\\':
			l.pos++
		case '{':
			braces++
		case '}':
			if braces == 0 && !path {
				return word{text: l.text[start:l.pos]}
			}
			braces = max(braces-1, 0)
		case ',':
			if l.endsWord(braces) || braces == 0 && !l.value && isPermission(l.text[start:l.pos]) {
				return word{text: l.text[start:l.pos]}
			}
		case ')':
			if l.list > 0 && braces == 0 {
				return word{text: l.text[start:l.pos]}
			}
		case '(':
			if !path && braces == 0 && l.pos > start {
				return word{text: l.text[start:l.pos]}
			}
		case '=':
			if name := l.text[start:l.pos]; !path && braces == 0 && isName(name) {
				l.pos++
				return word{text: name, key: true}
			}
		}
		l.pos++
	}
	l.pos = min(l.pos, len(l.text))
	return word{text: l.text[start:l.pos]}
}

// endsWord reports whether the comma here ends the word.
func (l *lexer) endsWord(braces int) bool {
	switch l.peek(1) {
	case 0, ' ', '\t', '\r', '\n':
		return true
	case '}', '#':
		return braces == 0
	}
	return l.list > 0 && braces == 0
}

// acceptEquals steps over blanks and a "=" behind a name, if that is what
// follows.
func (l *lexer) acceptEquals() bool {
	rest := strings.TrimLeft(l.text[l.pos:], " \t")
	if !strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "==") {
		return false
	}
	l.pos = len(l.text) - len(rest) + 1
	return true
}

// isName reports whether the word can be the name of a condition.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}
