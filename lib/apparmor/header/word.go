package header

import (
	"bytes"
	"strings"
)

// words reads the words of a statement up to the comma behind a rule, or with
// opens the "{" of a block. "flags=(a)" is the words "flags=", "(", "a" and ")".
func (s *scanner) words() (words []string, opens bool) {
	lists := 0
	for s.space(); s.pos < len(s.text); s.space() {
		switch c := s.text[s.pos]; {
		case c == ',':
			s.pos++
			if lists == 0 {
				return words, false
			}
		case c == '{' && lists == 0 && (isHeader(words) || !s.inPattern()):
			s.pos++
			return words, true
		case c == '}':
			s.problem("rule without a comma")
			return words, false
		case c == '(':
			s.pos++
			lists++
			words = append(words, "(")
		case c == ')':
			s.pos++
			lists = max(lists-1, 0)
			words = append(words, ")")
		case c == '=' && len(words) > 0:
			s.pos++
			words[len(words)-1] += "="
		case c == '"':
			words = append(words, s.quoted())
		default:
			words = append(words, s.bare(lists > 0))
		}
	}
	if len(words) > 0 {
		s.problem("statement without an end")
	}
	return words, false
}

// isHeader reports whether the words can be a whole header, behind which "{" begins
// the block whatever follows it.
func isHeader(words []string) bool {
	if len(words) == 0 || words[len(words)-1] == "->" {
		return false
	}
	named := words[0] == "profile" || words[0] == "hat"
	return named && len(words) > 1 || !named && (isPath(words[0]) || strings.HasPrefix(words[0], "^") || strings.HasPrefix(words[0], ":"))
}

// inPattern reports whether the "{" here begins an alternation and not a block.
func (s *scanner) inPattern() bool {
	line, _, _ := bytes.Cut(s.text[s.pos:], []byte{'\n'})
	inside, _, closed := bytes.Cut(line, []byte{'}'})
	return closed && bytes.IndexByte(inside, ',') >= 0 && !bytes.ContainsAny(inside, " \t")
}

// quoted reads a word in quotes.
func (s *scanner) quoted() string {
	var b strings.Builder
	for s.pos++; s.pos < len(s.text) && s.text[s.pos] != '"'; s.pos++ {
		if s.text[s.pos] == '\\' && s.pos+1 < len(s.text) && s.text[s.pos+1] == '"' {
			s.pos++
		} else if s.text[s.pos] == '\\' && s.pos+1 < len(s.text) {
			b.WriteByte('\\')
			s.pos++
		}
		b.WriteByte(s.text[s.pos])
	}
	if s.pos >= len(s.text) {
		s.problem("quote without an end")
	}
	s.pos = min(s.pos+1, len(s.text))
	return b.String()
}

// bare reads a word without quotes; a name before "=" ends with it. A comma inside
// belongs to the word unless a blank follows (parser_lex.l, ID).
func (s *scanner) bare(list bool) string {
	start, braces := s.pos, 0
	path := s.text[start] == '/' || s.text[start] == '@'
	for ; s.pos < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.pos]) < 0; s.pos++ {
		ends := false
		switch s.text[s.pos] {
		case '\\':
			s.pos = min(s.pos+1, len(s.text)-1)
		case '"':
			if n := bytes.IndexByte(s.text[s.pos+1:], '"'); list && n >= 0 {
				s.pos += n + 1
			}
		case '{':
			braces++
		case '}':
			ends = braces == 0
			braces--
		case ',':
			ends = braces == 0 && (list || s.commaEnds(start))
		case ')':
			ends = braces == 0 && list
		case '(':
			ends = braces == 0 && !path
		case '=':
			if braces == 0 && !path && len(bytes.Trim(s.text[start:s.pos], "abcdefghijklmnopqrstuvwxyz_")) == 0 {
				s.pos++
				return string(s.text[start:s.pos])
			}
		}
		if ends {
			return string(s.text[start:s.pos])
		}
	}
	return string(s.text[start:s.pos])
}

// commaEnds reports whether the comma here ends the word that began at start: a
// blank or the end follows, or the word is the accesses of a file rule.
func (s *scanner) commaEnds(start int) bool {
	next := s.pos + 1
	return next >= len(s.text) || strings.IndexByte(" \t\r\n#}", s.text[next]) >= 0 ||
		len(bytes.Trim(s.text[start:s.pos], "rwaxmklidupcUPCI")) == 0
}
