package record

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/sl-suite/sl/lib/visible"
)

const hexDigits = "0123456789abcdef"

// appendText appends a member whose value is a text, and its twin where that is
// not UTF-8.
func appendText(dst []byte, k key, value string) []byte {
	dst, exact := appendString(dst, k, value)
	if !exact {
		dst = appendBase64(append(dst, k.twin()...), value)
	}
	return dst
}

// appendString appends a key, and s as a JSON string. Bytes that are not UTF-8
// come out as U+FFFD; exact is false then, and the caller adds the "_b64" twin.
//
// Most of what is logged is printable ASCII without a quote. That is copied eight
// bytes at a time, the last eight perhaps a second time.
func appendString(dst []byte, k key, s string) (_ []byte, exact bool) {
	dst = slices.Grow(dst, len(k)+len(s)+len(`""`))
	dst = append(append(dst, k...), '"')
	start := len(dst)
	to := dst[start : start+len(s)+1]
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := load64(s[i:])
		if special(w) != 0 {
			break
		}
		store64(to[i:], w)
	}
	if rest := len(s) - i; rest < 8 && len(s) >= 8 {
		if w := load64(s[len(s)-8:]); special(w) == 0 {
			store64(to[len(s)-8:], w)
			i = len(s)
		}
	} else if rest < 8 {
		for i < len(s) && isPlain(s[i]) {
			to[i] = s[i]
			i++
		}
	}
	if i == len(s) {
		to[i] = '"'
		return dst[:start+i+1], true
	}
	dst, exact = appendEscaped(dst[:start+i], s[i:])
	return append(dst, '"'), exact
}

// appendEscaped appends the inside of a JSON string, escaping whatever a terminal
// could act upon or does not show.
func appendEscaped(dst []byte, s string) (_ []byte, exact bool) {
	exact = true
	for {
		if dst, s = appendASCII(dst, s); s == "" {
			return dst, exact
		}
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == utf8.RuneError && n == 1:
			dst = append(dst, "\uFFFD"...)
			exact = false
		case visible.Hidden(r):
			dst = appendU(dst, r)
		default:
			dst = append(dst, s[:n]...)
		}
		s = s[n:]
	}
}

// appendASCII appends the inside of a JSON string as far as s is printable ASCII,
// quotes and backslashes escaped; rest is what begins with another byte. It copies
// eight bytes at a time, and writes over what stands behind a special one of them.
func appendASCII(dst []byte, s string) (_ []byte, rest string) {
	dst = slices.Grow(dst, 2*len(s)+8)
	n := len(dst)
	to := dst[:cap(dst)]
	i := 0
	for i+8 <= len(s) {
		w := load64(s[i:])
		store64(to[n:], w)
		m := special(w)
		if m == 0 {
			i += 8
			n += 8
			continue
		}
		plain := bits.TrailingZeros64(m) / 8
		i += plain
		n += plain
		c := s[i]
		if c != '"' && c != '\\' {
			return to[:n], s[i:]
		}
		to[n], to[n+1] = '\\', c
		i++
		n += 2
	}
	for ; i < len(s); i++ {
		c := s[i]
		if c < 0x20 || c >= 0x7f {
			break
		}
		if !isPlain(c) {
			to[n] = '\\'
			n++
		}
		to[n] = c
		n++
	}
	return to[:n], s[i:]
}

// AppendSafe appends a line that [Message.Decode] takes, and escapes what another
// writer left in it as it is. The line means the same.
func AppendSafe(dst, line []byte) []byte {
	for len(line) > 0 {
		n := 0
		for n < len(line) && line[n] >= ' ' && line[n] < 0x7f {
			n++
		}
		dst = append(dst, line[:n]...)
		if line = line[n:]; len(line) == 0 {
			break
		}
		r, n := utf8.DecodeRune(line)
		switch {
		case r < ' ': // between two values: in a string it would be an error
			dst = append(dst, ' ')
		case visible.Hidden(r):
			dst = appendU(dst, r)
		default:
			dst = append(dst, line[:n]...)
		}
		line = line[n:]
	}
	return dst
}

// appendU appends \uXXXX, or two of them beyond the basic plane.
func appendU(dst []byte, r rune) []byte {
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		return appendU(appendU(dst, high), low)
	}
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// plain returns how many bytes of s stand for themselves: printable ASCII without
// quote and backslash. It looks at eight bytes at a time.
func plain(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if m := special(load64(s[i : i+8])); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for ; i < len(s); i++ {
		if !isPlain(s[i]) {
			break
		}
	}
	return i
}

// isPlain reports whether c stands for itself.
func isPlain(c byte) bool { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' }

// load64 reads eight bytes, the first one lowest; the compiler makes one load
// of it.
func load64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// store64 is the inverse of load64.
func store64(to []byte, w uint64) { binary.LittleEndian.PutUint64(to, w) }

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special has the high bit set of the first of the eight bytes of w that is
// below 0x20, DEL or above, a quote or a backslash; the bits above it may be
// wrong, and without such a byte it is 0.
func special(w uint64) uint64 {
	quote := w ^ ones*'"'
	slash := w ^ ones*'\\'
	return ((w - ones*0x20) | (quote - ones) | (slash - ones) | (w + ones) | w) & highs // 0x7f+1 has it, too
}

func appendBase64(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, []byte(s))
	return append(dst, '"')
}

// lossy is the text under which bytes that are not UTF-8 stand in the stream.
func lossy(s string) string {
	out := make([]byte, 0, len(s)+8)
	for _, r := range s {
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}
