package policy

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Names are compared byte by byte, but package regexp works on characters, so a
// byte is one character here, that of the same number. Beyond them there are two
// more, for the globs of a rule that is asked about: "any bytes but /" and "any
// bytes". Only a glob of the policy that takes all of these takes them.
const (
	someName = '\uE000' // *
	somePath = '\uE001' // **
)

// encode returns the name in the characters of this package.
func encode(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			runes := make([]rune, len(name))
			for j := range len(name) {
				runes[j] = rune(name[j])
			}
			return string(runes)
		}
	}
	return name
}

// element is a piece of a pattern.
type element struct {
	kind elementKind
	text string      // of a literal; of a class that of a regular expression
	alts [][]element // of an alternation
}

type elementKind uint8

const (
	literal elementKind = iota
	star
	starStar
	question
	class
	alternation
)

var errGlob = errors.New("a pattern that is not understood")

// globParser takes a pattern without variables apart (parser/parser_regex.c,
// convert_aaregex_to_pcre).
type globParser struct {
	text string
	pos  int
}

func parseGlob(text string) ([]element, error) {
	p := globParser{text: text}
	seq, err := p.sequence(0)
	if err == nil && p.pos < len(text) {
		err = errGlob
	}
	return seq, err
}

// sequence reads up to the end or, inside of braces, to a "," or "}".
func (p *globParser) sequence(depth int) (seq []element, err error) {
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		switch {
		case depth > 0 && (c == ',' || c == '}'):
			return seq, nil
		case c == '}':
			return nil, errGlob
		}
		switch c {
		case '*':
			kind := star
			for p.pos++; p.pos < len(p.text) && p.text[p.pos] == '*'; p.pos++ {
				kind = starStar
			}
			seq = append(seq, element{kind: kind})
		case '?':
			p.pos++
			seq = append(seq, element{kind: question})
		case '[':
			p.pos++
			e, err := p.class()
			if err != nil {
				return nil, err
			}
			seq = append(seq, e)
		case '{':
			p.pos++
			e, err := p.alternation(depth)
			if err != nil {
				return nil, err
			}
			seq = append(seq, e)
		default:
			seq = append(seq, element{text: p.literal(depth)})
		}
	}
	if depth > 0 {
		return nil, errGlob
	}
	return seq, nil
}

// literal reads up to the next character that is not one.
func (p *globParser) literal(depth int) string {
	end := "\\*?[{}"
	if depth > 0 {
		end += ","
	}
	text := ""
	for p.pos < len(p.text) {
		n := strings.IndexAny(p.text[p.pos:], end)
		if n < 0 {
			n = len(p.text) - p.pos
		}
		text += encode(p.text[p.pos : p.pos+n])
		if p.pos += n; p.pos == len(p.text) || p.text[p.pos] != '\\' {
			break
		}
		p.pos++
		text += string(p.escape())
	}
	return text
}

// alternation reads the rest of {a,b}.
func (p *globParser) alternation(depth int) (element, error) {
	e := element{kind: alternation}
	if depth >= maxDepth {
		return e, errGlob
	}
	for {
		alt, err := p.sequence(depth + 1)
		if err != nil {
			return e, err
		}
		e.alts = append(e.alts, alt)
		if p.pos >= len(p.text) {
			return e, errGlob
		}
		p.pos++
		if p.text[p.pos-1] == '}' {
			return e, nil
		}
	}
}

// escape reads what is behind a backslash (parser/lib.c, strn_escseq).
func (p *globParser) escape() rune {
	if p.pos >= len(p.text) {
		return '\\'
	}
	if c, ok := p.number(8, 3); ok {
		return c
	}
	letter := p.text[p.pos]
	p.pos++
	switch letter {
	case 'x':
		if c, ok := p.number(16, 2); ok {
			return c
		}
	case 'd':
		if c, ok := p.number(10, 3); ok {
			return c
		}
	}
	if i := strings.IndexByte("abefnrt", letter); i >= 0 {
		return rune("\a\b\x1b\f\n\r\t"[i])
	}
	return rune(letter)
}

// number reads the number of a byte: digits as long as it is one.
func (p *globParser) number(base rune, digits int) (c rune, ok bool) {
	for ; digits > 0 && p.pos < len(p.text); digits-- {
		digit := rune(strings.IndexByte("0123456789abcdef", lower(p.text[p.pos])))
		if digit < 0 || digit >= base || c*base+digit > 255 {
			break
		}
		c, ok = c*base+digit, true
		p.pos++
	}
	return c, ok
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// class reads the rest of [abc], [a-z] or [^abc].
func (p *globParser) class() (element, error) {
	var b strings.Builder
	b.WriteByte('[')
	negated := p.pos < len(p.text) && p.text[p.pos] == '^'
	if negated {
		b.WriteString("^\\x00" + string(someName) + string(somePath))
		p.pos++
	}
	for n := 0; p.pos < len(p.text); n++ {
		c := rune(p.text[p.pos])
		p.pos++
		switch {
		case c == ']' && n > 0:
			b.WriteByte(']')
			return element{kind: class, text: b.String()}, nil
		case c == '-' && n > 0 && p.pos < len(p.text) && p.text[p.pos] != ']':
			b.WriteByte('-')
			continue
		case c == '\\':
			c = p.escape()
		}
		b.WriteString(quote(c))
	}
	return element{}, errGlob
}

// quote returns the regular expression of one character, inside or outside of a
// class.
func quote(c rune) string {
	if c < utf8.RuneSelf && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '/' || c == '_') {
		return string(c)
	}
	const hex = "0123456789abcdef"
	return `\x` + string(hex[c>>4]) + string(hex[c&15])
}

// expression returns the pattern as a regular expression. "*" and "**" that are
// all of a path's component stand for at least one byte; before a "," or "}" they
// are not, even where the path ends there.
func expression(seq []element) string {
	var b strings.Builder
	b.WriteString(`\A(?:`)
	writeExpression(&b, seq, true)
	b.WriteString(`)\z`)
	return b.String()
}

// writeExpression writes a sequence; last says that the pattern ends with it.
func writeExpression(b *strings.Builder, seq []element, last bool) {
	const name, path = `[^/\x00` + string(somePath) + `]`, `[^\x00]`
	for i, e := range seq {
		component := i > 0 && seq[i-1].kind == literal && strings.HasSuffix(seq[i-1].text, "/") &&
			(i+1 == len(seq) && last || i+1 < len(seq) && seq[i+1].kind == literal && strings.HasPrefix(seq[i+1].text, "/"))
		switch e.kind {
		case literal:
			for _, c := range e.text {
				b.WriteString(quote(c))
			}
		case star:
			if component {
				b.WriteString(name)
			}
			b.WriteString(name + "*")
		case starStar:
			if component {
				b.WriteString(`[^/\x00]`)
			}
			b.WriteString(path + "*")
		case question:
			b.WriteString(`[^/\x00` + string(someName) + string(somePath) + `]`)
		case class:
			b.WriteString(e.text)
		case alternation:
			b.WriteString("(?:")
			for j, alt := range e.alts {
				if j > 0 {
					b.WriteByte('|')
				}
				writeExpression(b, alt, false)
			}
			b.WriteByte(')')
		}
	}
}

func compile(seq []element) (*regexp.Regexp, error) { return regexp.Compile(expression(seq)) }
