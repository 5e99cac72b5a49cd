package record

import (
	"math/bits"
	"slices"
	"strings"
	"unsafe"
)

// recordStart is how every record begins that AppendRecord writes.
const recordStart = `{"v":1,"type":"record","src":"`

// IsRecord reports whether a line begins as AppendRecord begins one. Others may
// be records as well, with their keys in another order.
func IsRecord(line []byte) bool {
	return len(line) >= len(recordStart) && string(line[:len(recordStart)]) == recordStart
}

// Unframe is the inverse of AppendRecord, without its newline, for text of
// printable ASCII: it decodes most of what goes through the longest pipe. ok is
// false for any other line; Decode finds out what that is.
//
// The record shares the memory of the line or, where escapes had to be undone,
// of what was appended to scratch. It is valid as long as nobody writes to them.
func (r *Record) Unframe(line []byte, scratch *[]byte) (ok bool) {
	if !IsRecord(line) || len(line) >= MaxLine {
		return false
	}
	s := view(line[len(recordStart):])
	n := plain(s)
	if r.Src, s = s[:n], s[n:]; !cut(&s, `","line":`) {
		return false
	}
	r.Line, n = 0, 0
	for n < len(s) && n < 15 && s[n]-'0' <= 9 {
		r.Line = 10*r.Line + uint64(s[n]-'0')
		n++
	}
	if n == 0 || s[0] == '0' && n > 1 {
		return false
	}
	if s = s[n:]; !cut(&s, `,"text":"`) {
		return false
	}
	n = plain(s)
	r.Text = s[:n]
	if n < len(s) && s[n] == '\\' {
		*scratch = slices.Grow(*scratch, len(s))
		out := (*scratch)[len(*scratch):cap(*scratch)]
		copy(out, s[:n])
		size, read := unescape(out[n:], s[n:])
		*scratch = (*scratch)[:len(*scratch)+n+size]
		r.Text, n = view(out[:n+size]), n+read
	}
	return s[n:] == `"}`
}

// cut takes a text off the beginning of s, and reports whether it was there.
func cut(s *string, text string) (found bool) {
	*s, found = strings.CutPrefix(*s, text)
	return found
}

// unescape copies the inside of a JSON string to out, which has room for all of
// s, as far as it is printable ASCII with no other escapes than those of quote
// and backslash. size is what it wrote; what stopped it is s[read], such as the
// quote behind the string.
func unescape(out []byte, s string) (size, read int) {
	i, n := 0, 0
	for i+8 <= len(s) {
		w := load64(s[i:])
		store64(out[n:], w)
		m := special(w)
		if m == 0 {
			i += 8
			n += 8
			continue
		}
		plain := bits.TrailingZeros64(m) / 8
		i += plain
		n += plain
		if !isEscaped(s[i:]) {
			return n, i
		}
		out[n] = s[i+1]
		i += 2
		n++
	}
	for i < len(s) {
		c := s[i]
		if isEscaped(s[i:]) {
			i++
			c = s[i]
		} else if c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			break
		}
		out[n] = c
		i++
		n++
	}
	return n, i
}

// isEscaped reports whether s begins with an escaped quote or backslash.
func isEscaped(s string) bool {
	return len(s) > 1 && s[0] == '\\' && (s[1] == '"' || s[1] == '\\')
}

// view returns the bytes as a string that shares their memory: it is valid as
// long as nobody writes to them.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
