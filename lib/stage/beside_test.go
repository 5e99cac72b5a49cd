package stage

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/sandbox"
)

// TestLastWords: what a companion says last is what the filter ends with, whatever
// bytes it holds.
func TestLastWords(t *testing.T) {
	s := &Session{Inside: &sandbox.Inside{}, companion: "tries"}
	for _, test := range []struct {
		status    int
		err       error
		want      string
		hint      string
		wantsExit int
	}{
		{ExitFatal, errors.New("no room"), "the companion that tries cannot go on: no room", "", ExitFatal},
		{ExitSandbox, WithHint(errors.New("landlock: x"), "do y"), "the companion that tries cannot be locked in: landlock: x", "do y", ExitSandbox},
		{ExitFatal, errors.New(strings.Repeat("x", 5000)), "the companion that tries cannot go on: " + strings.Repeat("x", maxLastWords), "", ExitFatal},
	} {
		var e *companionError
		err := s.heard(appendLastWords(test.status, test.err), nil)
		if !errors.As(err, &e) || e.Error() != test.want || hintOf(e) != test.hint || e.status != test.wantsExit {
			t.Errorf("%v: %v", test.err, err)
		}
	}
	for _, message := range []string{"f", "r!", "\x00", "companion: landlock: in force\n"} {
		if err := s.heard([]byte(message), nil); err != nil {
			t.Errorf("%q: %v", message, err)
		}
	}
	for _, none := range []error{nil, io.EOF} { // it is no child of this process
		if err := s.heard(nil, none); err == nil || err.Error() != "the companion that tries has ended" {
			t.Errorf("%v: %v", none, err)
		}
	}
}
