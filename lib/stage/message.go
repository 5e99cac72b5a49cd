package stage

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/visible"
)

// messages prints what a program has to say to a person, on standard error:
//
//	sl-parse: /var/log/kern.log:123: message
//	sl-parse: hint: what to do
//
// Log text in a message is always quoted by %q. A message is one line, whatever
// was put into it, and holds nothing that a terminal would act upon.
type messages struct {
	name     string
	quiet    bool
	hint     string // the last one printed below a warning
	reported bool
	used     int // how many messages were about input that could not be used
}

// maxMessages is how many inputs that cannot be used are reported one by one;
// the rest is counted.
const maxMessages = 10

// Warn reports that something in the input cannot be used, and makes the exit
// status 1. file may be empty, line 0. A hint of the error ([WithHint]) follows
// on a line of its own. After the first ten it only counts.
func (m *messages) Warn(file string, line uint64, err error) {
	m.used++
	if m.used > maxMessages || m.quiet {
		return
	}
	m.print(file, line, err.Error())
	if hint := hintOf(err); hint != "" && hint != m.hint { // not the same below each of ten
		m.hint = hint
		m.print("hint", 0, hint)
	}
}

// hintOf returns the hint of an error that has a method Hint() string.
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// Reported makes the exit status 1 for a case that stands in the output instead.
func (m *messages) Reported() { m.reported = true }

// Hint prints what a person can do about the message before.
func (m *messages) Hint(text string) {
	if !m.quiet {
		m.print("hint", 0, text)
	}
}

// Say prints a message that is neither an error nor a warning.
func (m *messages) Say(text string) {
	if !m.quiet {
		m.print("", 0, text)
	}
}

// Fatal reports what ends the program; -q does not silence it.
func (m *messages) Fatal(where string, err error) {
	m.print(where, 0, err.Error())
	if hint := hintOf(err); hint != "" {
		m.print("hint", 0, hint)
	}
}

// total says how many cases there were where not all were printed.
func (m *messages) total() {
	if m.used > maxMessages && !m.quiet {
		m.print("", 0, fmt.Sprintf("%d inputs could not be used, the first %d are shown above", m.used, maxMessages))
	}
}

func (m *messages) usage(p *Program) {
	stderr(usageText(p))
}

func (m *messages) print(where string, line uint64, text string) {
	var b strings.Builder
	b.WriteString(m.name)
	b.WriteString(": ")
	if where != "" {
		b.WriteString(visible.Text(where))
		if line > 0 {
			b.WriteByte(':')
			b.WriteString(strconv.FormatUint(line, 10))
		}
		b.WriteString(": ")
	}
	b.WriteString(visible.Text(text))
	b.WriteByte('\n')
	stderr(b.String())
}

// stderr writes in one call, so that the lines of a chain's stages do not mix.
// There is nobody to tell that it failed.
func stderr(text string) {
	unix.Write(2, []byte(text))
}

// hinted is an error with a hint.
type hinted struct {
	error
	hint string
}

func (h *hinted) Hint() string  { return h.hint }
func (h *hinted) Unwrap() error { return h.error }

// WithHint returns err with a hint of what to do, which Fatal prints on a line
// of its own.
func WithHint(err error, hint string) error { return &hinted{err, hint} }
