package kernlog

import (
	"errors"
	"strings"
)

// What a person can do about a line that cannot be read.
const (
	hintFrame  = "read the log itself, or print it with LC_ALL=C, with journalctl -o short-iso, or with journalctl -o json for sl-parse -J"
	hintText   = "take the line from the log itself (ausearch --raw, journalctl -o json for sl-parse -J): what is printed for people may be cut, decoded or translated"
	hintWriter = "if the kernel or a bus daemon wrote this, read the journal with journalctl -o json and sl-parse -J, or auditd's log"
)

// hinted is an [*Error] with what to do about it.
type hinted struct {
	err  *Error
	hint string
}

// Error implements error.
func (e *hinted) Error() string { return e.err.Error() }

// Hint returns what to do.
func (e *hinted) Hint() string { return e.hint }

// Unwrap returns the [*Error].
func (e *hinted) Unwrap() error { return e.err }

// unread returns the error for a line of which no event came. One that holds a
// message of AppArmor is never passed over, whatever stands before it: a denial that
// nobody sees is a rule that nobody makes.
func unread(s string, h *head, err error) error {
	at := messageIn(s)
	if at < 0 {
		return err
	}
	hint := hintText
	switch {
	case h.origin == fromProgram:
		hint = hintWriter
		if err == nil {
			err = &Error{at, "a message of AppArmor in the text of another program: " + quote(h.tag)}
		}
	case h.carrier == carrierRaw && at > 0:
		hint = hintFrame
	}
	if err == nil {
		err = &Error{at, "a message of AppArmor behind other text: " + quote(s)}
	}
	var e *Error
	if errors.As(err, &e) {
		return &hinted{e, hint}
	}
	return err
}

// messageIn returns the offset of `apparmor="WORD"` in a line, or -1. The quotes may
// be escaped, as in JSON.
func messageIn(s string) int {
	const key = "apparmor="
	for i := 0; ; {
		n := strings.Index(s[i:], key)
		if n < 0 {
			return -1
		}
		i += n
		word := strings.TrimPrefix(s[i+len(key):], `\`)
		if strings.HasPrefix(word, `"`) {
			end := 1
			for end < len(word) && 'A' <= word[end] && word[end] <= 'Z' {
				end++
			}
			if end > 1 && end < len(word) && (word[end] == '"' || word[end] == '\\') {
				return i
			}
		}
		i += len(key)
	}
}
