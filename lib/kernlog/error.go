package kernlog

import (
	"strconv"
	"unicode/utf8"
)

// Error says what is wrong with a line that claims to be one of ours. Its text
// is at most a few hundred bytes long, whatever the line.
type Error struct {
	Offset int    // of the byte, from 0; in a /dev/kmsg record counted after its \x escapes are undone
	Msg    string // lower case; log text in it is quoted as by %q
}

// Error implements error.
func (e *Error) Error() string { return e.Msg + " at byte " + strconv.Itoa(e.Offset) }

// maxQuote bounds the log text in an error, in bytes.
const maxQuote = 40

// quote returns the start of log text in Go syntax.
func quote(s string) string {
	if len(s) <= maxQuote {
		return strconv.Quote(s)
	}
	n := maxQuote
	for n > maxQuote-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return strconv.Quote(s[:n]) + "..."
}
