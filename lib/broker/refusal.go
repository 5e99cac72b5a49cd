package broker

import (
	"errors"
	"fmt"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// A Refusal is one rule or one file that the broker will not write, for a reason
// that lies in the rule or the file. It counts as input that could not be used;
// the rest of the run goes on. Errors of any other type end the run.
type Refusal struct {
	Subject string // what is refused, log text in it quoted
	Reason  string
	Hint    string // what to do about it, or ""
}

// Error returns the subject and the reason, without the hint, safe to print.
func (r *Refusal) Error() string { return visible.Text(r.Subject + ": " + r.Reason) }

// refuseRule refuses one rule; hint is known to be printable.
func refuseRule(r *record.Rule, reason, hint string) error {
	subject := fmt.Sprintf("rule %.400q", r.Text)
	if r.Lang == record.AppArmor {
		subject = fmt.Sprintf("profile %.200q: %s", r.Profile, subject)
	}
	return &Refusal{subject, reason, hint}
}

// refuseLine refuses a file because of what stands in it. Lines of err are
// counted from the file's line first on, which is 1 for those of the whole file.
func refuseLine(path string, first int, err error, hint string) error {
	var at *lineError
	if errors.As(err, &at) && at.line > 0 {
		first += at.line - 1
	}
	return &Refusal{fmt.Sprintf("%s:%d", path, first), err.Error(), hint}
}

// lineError is an error in one line of a text.
type lineError struct {
	line int // from 1; 0 where nobody can tell
	err  error
}

func (e *lineError) Error() string { return e.err.Error() }

// within names the file in an error of something in it, and keeps a refusal a
// refusal.
func within(path string, err error) error {
	var r *Refusal
	if errors.As(err, &r) {
		return &Refusal{path + ": " + r.Subject, r.Reason, r.Hint}
	}
	return fmt.Errorf("%s: %w", path, err)
}
