package apparmor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sl-suite/sl/lib/visible"
)

// MaxName bounds a name, in bytes before escaping: PATH_MAX of limits.h.
const MaxName = 4096

// Pattern is a name in a rule: literal text, mixed with the globs "*" (any bytes
// but "/"), "**" (any bytes) and "?" (one byte but "/") and with variables "@{NAME}". It holds the
// escaped form, in which a "*" that a log contained and a "*" that was meant are
// different things. The zero Pattern is "no name".
//
// The escapes are those that apparmor_parser undoes in the same way at every
// place of a rule (parser/parser_misc.c, processunquoted; parser/parser_regex.c,
// convert_aaregex_to_pcre): a backslash before " * ? [ ] { }, octal for a
// backslash and for a byte that is not UTF-8. Since every { is escaped, no
// literal text can be read as a variable. A backslash is never written as two,
// because the parser's lexer takes a quote behind them for an escaped one.
type Pattern struct{ text string }

const escaped = `"*?[]{}`

// Literal returns the pattern that matches the bytes of name and nothing else.
// It is an error when name is empty, longer than MaxName, or holds a character
// that could act upon a terminal or break a line: a rule with it could not be
// shown safely.
func Literal(name string) (Pattern, error) { return literal(name, visible.Hidden, false) }

// LiteralAddress is Literal for the address of a socket, in which the characters
// that do not show are octal: programs pad such names with zero bytes.
func LiteralAddress(name string) (Pattern, error) { return literal(name, visible.Hidden, true) }

// literal is Literal with another choice of what may not be in a name, or is octal.
func literal(name string, hidden func(rune) bool, octal bool) (Pattern, error) {
	switch {
	case name == "":
		return Pattern{}, errors.New("empty name")
	case len(name) > MaxName:
		return Pattern{}, fmt.Errorf("name of %d bytes: at most %d", len(name), MaxName)
	}
	if plain(name) {
		return Pattern{name}, nil
	}
	text := make([]byte, 0, len(name)+8)
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && n == 1, r == '\\':
			text = appendOctal(text, name[i])
		case hidden(r) && octal:
			for j := range n {
				text = appendOctal(text, name[i+j])
			}
		case hidden(r):
			return Pattern{}, fmt.Errorf("name with the character %U, which does not show", r)
		case n == 1 && strings.IndexByte(escaped, name[i]) >= 0:
			text = append(text, '\\', name[i])
		default:
			text = append(text, name[i:i+n]...)
		}
		i += n
	}
	return Pattern{string(text)}, nil
}

// plain reports whether all of the text stands for itself: printable ASCII
// without escapes, globs and variables.
func plain(text string) bool {
	for i := range len(text) {
		if !ordinary[text[i]] {
			return false
		}
	}
	return true
}

// ordinary has the bytes of printable ASCII that are not escaped and do not escape.
var ordinary = func() (set [256]bool) {
	for c := ' '; c <= '~'; c++ {
		set[c] = !strings.ContainsRune(escaped+"\\", c)
	}
	return set
}()

// AnyName returns the glob "*".
func AnyName() Pattern { return Pattern{"*"} }

// OneChar returns the glob "?".
func OneChar() Pattern { return Pattern{"?"} }

// AnyPath returns the glob "**".
func AnyPath() Pattern { return Pattern{"**"} }

// Variable returns the pattern "@{name}". Names are those of the parser's lexer:
// a letter, then letters, digits and underscores.
func Variable(name string) (Pattern, error) {
	p := Pattern{"@{" + name + "}"}
	return p, p.check()
}

// Join returns the pattern that is p followed by q. Between two globs there has
// to be something.
func (p Pattern) Join(q Pattern) Pattern { return Pattern{p.text + q.text} }

// Siblings returns the pattern of everything in the folder of what p names: of
// its files, or of its folders where p ends in "/". ok is false when p names
// more than one thing in its folder, when the folder is the root, or when there
// is a glob in the name of the folder.
func (p Pattern) Siblings() (all Pattern, ok bool) {
	path, isFolder := strings.CutSuffix(p.text, "/")
	at := strings.LastIndexByte(path, '/') + 1
	if _, one := (Pattern{path[at:]}).Literal(); at <= 1 || !one || (Pattern{path[:at]}).hasGlob() {
		return Pattern{}, false
	}
	all = Pattern{path[:at] + "*"}
	if isFolder {
		all.text += "/"
	}
	return all, true
}

// isAllSiblings reports whether p is what Siblings returns.
func (p Pattern) isAllSiblings() bool {
	name, isFolder := strings.CutSuffix(p.text, "/")
	name, glob := strings.CutSuffix(name, "*")
	if isFolder {
		name += "x/"
	} else {
		name += "x"
	}
	all, ok := Pattern{name}.Siblings()
	return glob && ok && all == p
}

func (p Pattern) hasGlob() bool {
	tokens, err := p.tokens()
	return err != nil || slices.ContainsFunc(tokens, func(t token) bool { return t.kind == anyName || t.kind == anyPath || t.kind == oneChar })
}

// String returns the escaped text, as it stands between the quotes.
func (p Pattern) String() string { return p.text }

// Literal returns the name that the pattern matches; ok is false when it holds
// a glob or a variable and so matches others as well.
func (p Pattern) Literal() (name string, ok bool) {
	if plain(p.text) {
		return p.text, p.text != ""
	}
	b := make([]byte, 0, len(p.text))
	for rest := p.text; rest != ""; {
		t, n, err := nextToken(rest)
		if err != nil || t.kind != literalByte {
			return "", false
		}
		b = append(b, t.c)
		rest = rest[n:]
	}
	return string(b), p.text != ""
}

// check reports why p is no canonical pattern.
func (p Pattern) check() error { return p.checkFor(visible.Hidden, false) }

func (p Pattern) checkFor(hidden func(rune) bool, octal bool) error {
	switch {
	case p.text == "":
		return errors.New("empty name")
	case len(p.text) <= MaxName && plain(p.text):
		return nil
	}
	// The literal stretches have to be what Literal makes of them.
	canonical := make([]byte, 0, len(p.text))
	var stretch []byte
	flush := func() error {
		if len(stretch) == 0 {
			return nil
		}
		lit, err := literal(string(stretch), hidden, octal)
		canonical = append(canonical, lit.text...)
		stretch = stretch[:0]
		return err
	}
	count, afterGlob := 0, false
	for rest := p.text; rest != ""; {
		t, n, err := nextToken(rest)
		if err != nil {
			return err
		}
		rest = rest[n:]
		if count++; t.kind == literalByte {
			stretch = append(stretch, t.c)
			afterGlob = false
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		glob := t.kind == anyName || t.kind == anyPath
		if glob && afterGlob {
			return errors.New("glob after glob")
		}
		canonical = append(canonical, t.text()...)
		afterGlob = glob
	}
	if err := flush(); err != nil {
		return err
	}
	if count > MaxName {
		return fmt.Errorf("name of %d bytes: at most %d", count, MaxName)
	}
	if string(canonical) != p.text {
		return fmt.Errorf("not the canonical name, which is %q", canonical)
	}
	return nil
}

// isPath reports whether p can match a path as the kernel names it: absolute,
// without empty components (the parser would take them out in silence).
func (p Pattern) isPath() bool {
	return (strings.HasPrefix(p.text, "/") || strings.HasPrefix(p.text, "@{")) && !strings.Contains(p.text, "//")
}

// appendName appends the pattern between its quotes.
func (p Pattern) appendName(dst []byte) []byte {
	dst = append(dst, '"')
	dst = append(dst, p.text...)
	return append(dst, '"')
}

func appendOctal(dst []byte, c byte) []byte {
	return append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
}

// plainProfile reports whether name can follow the arrow of an exec rule, where
// the parser reads no escapes: a profile name of plain bytes, which is no stack
// ("&") and names no namespace (":").
func plainProfile(name string) bool {
	for i := 0; i < len(name); i++ {
		if name[i] == ':' || !wordByte(name[i]) && strings.IndexByte("/@=~ ", name[i]) < 0 {
			return false
		}
	}
	return name != "" && len(name) <= MaxName && name[0] != ' ' && !strings.Contains(name, "@{")
}
