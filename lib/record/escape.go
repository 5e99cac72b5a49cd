package record

import (
	"encoding/base64"
	"math/bits"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Bytes that are not UTF-8 come out as
// U+FFFD; exact is false then, and the caller adds the "_b64" twin.
func appendString(dst []byte, s string) (_ []byte, exact bool) {
	dst = append(dst, '"')
	if n := plain(s); n == len(s) {
		dst = append(dst, s...)
		return append(dst, '"'), true
	}
	dst, exact = appendEscaped(dst, s)
	return append(dst, '"'), exact
}

// appendEscaped appends the inside of a JSON string, escaping whatever a
// terminal could act upon.
func appendEscaped(dst []byte, s string) (_ []byte, exact bool) {
	exact = true
	for i := 0; i < len(s); {
		if n := plain(s[i:]); n > 0 {
			dst = append(dst, s[i:i+n]...)
			i += n
			continue
		}
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
			i++
		case c == '\n':
			dst = append(dst, '\\', 'n')
			i++
		case c == '\t':
			dst = append(dst, '\\', 't')
			i++
		case c == '\r':
			dst = append(dst, '\\', 'r')
			i++
		case c < 0x20 || c == 0x7f:
			dst = appendU(dst, rune(c))
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			switch {
			case r == utf8.RuneError && n == 1:
				dst = append(dst, "\uFFFD"...)
				exact = false
			case Unprintable(r):
				dst = appendU(dst, r)
			default:
				dst = append(dst, s[i:i+n]...)
			}
			i += n
		}
	}
	return dst, exact
}

// appendU appends \uXXXX; every rune that needs it lies in the basic plane.
func appendU(dst []byte, r rune) []byte {
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// Unprintable reports whether r must never reach a terminal as it is: C0, DEL,
// C1, the bidirectional controls of UAX #9, and the two Unicode line breaks.
func Unprintable(r rune) bool {
	return r < 0x20 || r >= 0x7f && r <= 0x9f || r == 0x061c ||
		r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// plain returns the length of the prefix of s that needs no look at its runes:
// printable ASCII without quote and backslash. It looks at eight bytes at a time.
func plain(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if m := special(load64(s[i : i+8])); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			break
		}
	}
	return i
}

// load64 reads eight bytes, the first one lowest; the compiler makes one load
// of it.
func load64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

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
	del := w ^ ones*0x7f
	return ((w - ones*0x20) | (quote - ones) | (slash - ones) | (del - ones) | w) & highs
}

// appendKeyString appends ,"key":"value" and the "_b64" twin where value is not
// UTF-8.
func appendKeyString(dst []byte, key, value string) []byte {
	dst = appendKey(dst, key)
	dst, exact := appendString(dst, value)
	if !exact {
		dst = appendKey(dst, key+b64Suffix)
		dst = appendBase64(dst, value)
	}
	return dst
}

const b64Suffix = "_b64"

func appendBase64(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, []byte(s))
	return append(dst, '"')
}

// appendKey appends "key": with the comma that belongs before it.
func appendKey(dst []byte, key string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, key...)
	return append(dst, '"', ':')
}

// lossy is the text under which bytes that are not UTF-8 stand in the stream.
func lossy(s string) string {
	out := make([]byte, 0, len(s)+8)
	for _, r := range s {
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}
