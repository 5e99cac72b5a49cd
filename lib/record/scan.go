package record

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a line: the deepest of our own is
// rule.evidence.sample.
const maxDepth = 16

// maxKeys bounds the keys of one object.
const maxKeys = 1024

// SyntaxError says where a line of the stream is not what it must be.
type SyntaxError struct {
	Offset int    // bytes from the start of the line
	Msg    string // what was wrong, lower case
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("byte %d: %s", e.Offset, e.Msg) }

// A scanner reads JSON (RFC 8259) from one line. The methods that read a value
// leave the scanner behind it. The first error sticks in err, and everything
// that is read after it is empty.
type scanner struct {
	s   string
	i   int
	err *SyntaxError
}

func (sc *scanner) fail(at int, format string, args ...any) {
	if sc.err == nil {
		sc.err = &SyntaxError{at, fmt.Sprintf(format, args...)}
	}
	sc.i = len(sc.s)
}

// peek returns the next byte that is not white space, 0 at the end.
func (sc *scanner) peek() byte {
	for sc.i < len(sc.s) {
		switch c := sc.s[sc.i]; c {
		case ' ', '\t', '\r', '\n':
			sc.i++
		default:
			return c
		}
	}
	return 0
}

// accept steps over c if it is next.
func (sc *scanner) accept(c byte) bool {
	if sc.peek() != c {
		return false
	}
	sc.i++
	return true
}

func (sc *scanner) expect(c byte) bool {
	if sc.accept(c) {
		return true
	}
	sc.fail(sc.i, "%q expected", string(c))
	return false
}

// end fails unless nothing but white space is left.
func (sc *scanner) end() {
	if sc.peek() != 0 || sc.i < len(sc.s) {
		sc.fail(sc.i, "bytes after the end of the object")
	}
}

// str reads a string. Without escapes it is a part of the line.
func (sc *scanner) str() string {
	if !sc.accept('"') {
		sc.fail(sc.i, "string expected")
		return ""
	}
	start := sc.i
	for {
		sc.i += plain(sc.s[sc.i:])
		if sc.i >= len(sc.s) {
			sc.fail(start-1, "string without an end")
			return ""
		}
		switch c := sc.s[sc.i]; {
		case c == '"':
			sc.i++
			return sc.s[start : sc.i-1]
		case c == '\\':
			return sc.escaped(start)
		case c < 0x20:
			sc.fail(sc.i, "control character in a string")
			return ""
		default: // DEL and everything that is not ASCII stands for itself
			sc.i++
		}
	}
}

// escaped reads the rest of a string that started at start and has its first
// escape here.
func (sc *scanner) escaped(start int) string {
	s := sc.s
	out := make([]byte, len(s)-start) // an escape is never shorter than what it stands for
	n := copy(out, s[start:sc.i])
	for i := sc.i; ; {
		size, read := unescape(out[n:], s[i:])
		n, i = n+size, i+read
		if i == len(s) {
			sc.fail(start-1, "string without an end")
			return ""
		}
		switch c := s[i]; {
		case c == '"':
			sc.i = i + 1
			return view(out[:n]) // nobody writes to out any more
		case c == '\\':
			sc.i = i
			n = len(sc.escape(out[:n]))
			if i = sc.i; sc.err != nil {
				return ""
			}
		case c < 0x20:
			sc.fail(i, "control character in a string")
			return ""
		default: // DEL and everything that is not ASCII stands for itself
			out[n] = c
			n++
			i++
		}
	}
}

// escape reads one escape sequence.
func (sc *scanner) escape(out []byte) []byte {
	at := sc.i
	if at+1 >= len(sc.s) {
		sc.fail(at, "string without an end")
		return out
	}
	sc.i += 2
	switch c := sc.s[at+1]; c {
	case '"', '\\', '/':
		return append(out, c)
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'u':
		r := sc.hex4(at)
		if utf16.IsSurrogate(r) {
			if sc.err == nil && strings.HasPrefix(sc.s[sc.i:], `\u`) {
				sc.i += 2
				r = utf16.DecodeRune(r, sc.hex4(at))
			} else {
				r = utf8.RuneError
			}
			if r == utf8.RuneError {
				sc.fail(at, "half of a surrogate pair")
			}
		}
		return utf8.AppendRune(out, r)
	}
	sc.fail(at, "unknown escape")
	return out
}

func (sc *scanner) hex4(at int) rune {
	if sc.i+4 > len(sc.s) {
		sc.fail(at, "unknown escape")
		return 0
	}
	r := rune(0)
	for _, c := range []byte(sc.s[sc.i : sc.i+4]) {
		d := strings.IndexByte(hexDigits, c|0x20)
		if c < '0' || d < 0 {
			sc.fail(at, "unknown escape")
			return 0
		}
		r = r<<4 | rune(d)
	}
	sc.i += 4
	return r
}

// number reads a JSON number and returns its text.
func (sc *scanner) number() string {
	sc.peek()
	start := sc.i
	for sc.i < len(sc.s) && sc.s[sc.i]-'0' <= 9 { // most are a few digits
		sc.i++
	}
	if n := sc.i - start; n > 0 && (n == 1 || sc.s[start] != '0') && sc.i < len(sc.s) && (sc.s[sc.i] == ',' || sc.s[sc.i] == '}') {
		return sc.s[start:sc.i]
	}
	sc.i = start
	digits := func() bool {
		from := sc.i
		for sc.i < len(sc.s) && sc.s[sc.i]-'0' <= 9 {
			sc.i++
		}
		return sc.i > from
	}
	next := func(set string) bool {
		if sc.i < len(sc.s) && strings.IndexByte(set, sc.s[sc.i]) >= 0 {
			sc.i++
			return true
		}
		return false
	}
	next("-")
	ok := next("0") || digits()
	if ok && next(".") {
		ok = digits()
	}
	if ok && next("eE") {
		next("+-")
		ok = digits()
	}
	if !ok {
		sc.fail(start, "number expected")
		return ""
	}
	return sc.s[start:sc.i]
}

// skip steps over a value of any kind, as strictly as if it were used.
func (sc *scanner) skip(depth int) {
	switch c := sc.peek(); {
	case c == '"':
		sc.str()
	case c == '{':
		sc.object(depth, func(string) { sc.skip(depth + 1) })
	case c == '[':
		sc.array(depth, func() { sc.skip(depth + 1) })
	case c == '-' || c >= '0' && c <= '9':
		sc.number()
	default:
		for _, word := range [...]string{"true", "false", "null"} {
			if strings.HasPrefix(sc.s[sc.i:], word) {
				sc.i += len(word)
				return
			}
		}
		sc.fail(sc.i, "value expected")
	}
}

// object reads an object; value is called behind each key and must read the
// value. No key may come twice.
func (sc *scanner) object(depth int, value func(key string)) {
	var seen keySet
	sc.members(depth, func(key string, at int) {
		if !seen.add(key) {
			sc.fail(at, "duplicate key %q", key)
			return
		}
		value(key)
	})
}

// members reads an object and leaves duplicate keys to the caller.
func (sc *scanner) members(depth int, member func(key string, at int)) {
	if depth > maxDepth {
		sc.fail(sc.i, "nested too deep")
		return
	}
	if !sc.expect('{') || sc.accept('}') {
		return
	}
	for n := 1; ; n++ {
		sc.peek()
		at := sc.i
		key := sc.str()
		if n > maxKeys {
			sc.fail(at, "more than %d keys", maxKeys)
		}
		if sc.err != nil || !sc.expect(':') {
			return
		}
		member(key, at)
		if sc.err != nil || sc.accept('}') {
			return
		}
		if !sc.expect(',') {
			return
		}
	}
}

// array reads an array; value must read one value.
func (sc *scanner) array(depth int, value func()) {
	if depth > maxDepth {
		sc.fail(sc.i, "nested too deep")
		return
	}
	if !sc.expect('[') || sc.accept(']') {
		return
	}
	for {
		value()
		if sc.err != nil || sc.accept(']') {
			return
		}
		if !sc.expect(',') {
			return
		}
	}
}

// keySet remembers the keys of one object.
type keySet struct {
	few  []string
	many map[string]struct{}
}

// add reports whether key is new.
func (k *keySet) add(key string) bool {
	if k.many == nil {
		for _, f := range k.few {
			if f == key {
				return false
			}
		}
		k.few = append(k.few, key)
		if len(k.few) == 16 {
			k.many = make(map[string]struct{}, 64)
			for _, f := range k.few {
				k.many[f] = struct{}{}
			}
		}
		return true
	}
	if _, ok := k.many[key]; ok {
		return false
	}
	k.many[key] = struct{}{}
	return true
}
