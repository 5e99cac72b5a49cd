package checker

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// tooLong is how a program says EMSGSIZE.
const tooLong = "Message too long"

// A loader loads a firewall file. A program hands a whole transaction to the kernel
// in one message, which must fit into the buffer of its socket; nobody who is not
// root of the first user namespace may have a larger one than
// net.core.wmem_default (SO_SNDBUFFORCE in net/core/sock.c). Some hundred rules are
// too many here, where root loads a hundred thousand. So a file that is too long is
// loaded piece by piece.
type loader struct {
	command     *regexp.Regexp // a line that is a command of its own
	open, close string         // lines around a piece

	// load takes a text; more says that it goes on where the last one ended.
	load func(text []byte, more bool) error
}

// file loads a text: whole, or what is before its commands, these, and the rest.
func (l loader) file(text []byte) error {
	err := l.load(text, false)
	if !isTooLong(err) {
		return err
	}
	lines := slices.Collect(bytes.Lines(text))
	from, to := l.commands(lines)
	if to-from < 2 {
		return err
	}
	if err := l.load(append(bytes.Join(lines[:from], nil), l.close...), false); err != nil {
		return err
	}
	if err := l.lines(lines[from:to], from); err != nil {
		return err
	}
	return l.load(l.piece(lines[to:], to, ""), true)
}

// commands finds the most commands that stand one after the other.
func (l loader) commands(lines [][]byte) (from, to int) {
	start := 0
	for i, line := range lines {
		if !l.command.Match(line) {
			start = i + 1
		} else if i+1-start > to-from {
			from, to = start, i+1
		}
	}
	return from, to
}

// lines loads commands, in halves where they are too long. They are the lines from
// number at on, counted from 0.
func (l loader) lines(list [][]byte, at int) error {
	err := l.load(l.piece(list, at, l.close), true)
	if !isTooLong(err) || len(list) < 2 {
		return err
	}
	half := len(list) / 2
	if err := l.lines(list[:half], at); err != nil {
		return err
	}
	return l.lines(list[half:], at+half)
}

// piece is a text in which the lines have the numbers that they have in the file.
func (l loader) piece(list [][]byte, at int, end string) []byte {
	head := strings.Repeat("\n", max(0, at-strings.Count(l.open, "\n"))) + l.open
	return append(append([]byte(head), bytes.Join(list, nil)...), end...)
}

func isTooLong(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && strings.Contains(r.Says, tooLong)
}
