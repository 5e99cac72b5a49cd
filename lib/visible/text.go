package visible

import (
	"strconv"
	"unicode/utf8"
)

// Is reports whether s shows as it is: it is UTF-8, and nothing in it is hidden.
func Is(s string) bool { return clean(s) == len(s) }

// clean returns how many bytes at the start of s show as they are.
func clean(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f { // most are
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if Hidden(r) || r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(s)
}

// Text returns s on one line. What is hidden and bytes that are not UTF-8 are
// escaped as in a Go string; quotes and backslashes stay as they are.
func Text(s string) string {
	if Is(s) {
		return s
	}
	return string(Append(nil, s))
}

// Append appends what [Text] returns.
func Append(dst []byte, s string) []byte {
	for {
		n := clean(s)
		dst = append(dst, s[:n]...)
		if s = s[n:]; s == "" {
			return dst
		}
		_, n = utf8.DecodeRuneInString(s)
		// Go's own %q leaves fillers and variation selectors as they are: they are
		// letters and marks to it.
		at := len(dst)
		dst = strconv.AppendQuoteToASCII(dst, s[:n])
		dst = append(dst[:at], dst[at+1:len(dst)-1]...) // without the quotes
		s = s[n:]
	}
}

// Quote returns s as [Text] does, between quotes, with a backslash before a quote
// and a backslash.
func Quote(s string) string { return string(AppendQuote(nil, s)) }

// AppendQuote appends what [Quote] returns.
func AppendQuote(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			dst = append(Append(dst, s[from:i]), '\\')
			from = i
		}
	}
	return append(Append(dst, s[from:]), '"')
}
