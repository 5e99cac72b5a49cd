package stage

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

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

// TestAnswerTakesNoDescriptor: a companion that was taken over can hand none to a filter
// that only hears answers, nor fill its memory.
func TestAnswerTakesNoDescriptor(t *testing.T) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(ends[0])
	defer unix.Close(ends[1])
	s := &Session{Inside: &sandbox.Inside{Socket: ends[0]}}
	before, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	huge := bytes.Repeat([]byte("x"), 100<<10)
	if err := unix.Sendmsg(ends[1], huge, unix.UnixRights(0, 1, 2), nil, 0); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Answer(make([]byte, 10)); n != 10 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if after, _ := os.ReadDir("/proc/self/fd"); len(after) != len(before) {
		t.Errorf("%d descriptors, %d before", len(after), len(before))
	}
	unix.Write(ends[1], []byte("next"))
	b := make([]byte, 10)
	if n, err := s.Answer(b); string(b[:n]) != "next" || err != nil {
		t.Errorf("%q, %v: what did not fit came later", b[:n], err)
	}
}
