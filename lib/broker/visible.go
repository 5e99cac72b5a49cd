package broker

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sl-suite/sl/lib/record"
)

// printable reports whether a terminal and a text editor show s as it is: no
// control character, no bidirectional control, no Unicode line break. Bytes that
// are not UTF-8 pass, but for those that an eight-bit terminal takes for C1.
func printable(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if hidden(r, n, s[i]) {
			return false
		}
		i += n
	}
	return true
}

// hidden judges one decoded rune: r and n are what utf8 says, first its first byte.
func hidden(r rune, n int, first byte) bool {
	if r == utf8.RuneError && n == 1 {
		return first <= 0x9f
	}
	return record.Unprintable(r)
}

// visible writes what printable forbids as \x1b or \u202e, tabs excepted.
func visible(s string) string {
	if printable(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\t' || !hidden(r, n, s[i]):
			b.WriteString(s[i : i+n])
		case n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += n
	}
	return b.String()
}
