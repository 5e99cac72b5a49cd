package stage

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/sandbox"
)

// Beside is the companion's second start: what Companion.Run works with. It has no
// standard descriptors to print on; what Run returns goes to the filter, which prints
// it.
type Beside struct{ *sandbox.Inside }

// The last words of a companion that cannot go on: this byte, its exit status, a text, and
// behind a NUL a hint or nothing. No other message of a companion begins with the byte.
const (
	lastWords    = '!'
	maxLastWords = 1000 // bytes of the text
)

// beside is the second start of the companion.
func beside(p *Program, c *Companion, m messages) (status int) {
	last := func(status int, err error) int {
		// Where the filter has ended, or does not read, the status must do.
		(&sandbox.Inside{Socket: sandbox.SocketAt}).Send(appendLastWords(status, err), -1)
		return status
	}
	inside, err := m.lock(c.Policy, p.Flags)
	if err != nil {
		return last(ExitSandbox, err)
	}
	if p.Flags.common().Sandbox == "report" {
		inside.Send([]byte(report("companion: ", inside.Layers)), -1)
		inside.Wait()
		return ExitOK
	}
	defer func() {
		if r := recover(); r != nil { // Go's own words would go to /dev/null
			status = last(ExitFatal, fmt.Errorf("panic: %v", r))
		}
	}()
	if err := c.Run(&Beside{inside}); err != nil {
		return last(ExitFatal, err)
	}
	return ExitOK
}

func appendLastWords(status int, err error) []byte {
	text := err.Error()
	b := append([]byte{lastWords, byte(status)}, text[:min(len(text), maxLastWords)]...)
	return append(append(b, 0), hintOf(err)...)
}

// companionError is why there is no companion any more.
type companionError struct {
	does, text, hint string
	status           int
}

func (e *companionError) Error() string { return "the companion that " + e.does + " " + e.text }
func (e *companionError) Hint() string  { return e.hint }

// heard passes what came from the companion, unless that has ended or says its last
// words. These are nothing to rely on, but what a person may want to know.
func (s *Session) heard(message []byte, err error) error {
	switch {
	case err == nil && len(message) > 1 && message[0] == lastWords:
		text, hint, _ := bytes.Cut(message[2:], []byte{0})
		e := &companionError{s.companion, "cannot go on: " + string(text), string(hint), ExitFatal}
		if message[1] == ExitSandbox {
			e.text, e.status = "cannot be locked in: "+string(text), ExitSandbox
		}
		return e
	case err == nil && len(message) > 0:
		return nil
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, unix.EPIPE), errors.Is(err, unix.ECONNRESET), errors.Is(err, unix.ENOTCONN):
		return s.gone()
	}
	return fmt.Errorf("the companion that %s: %w", s.companion, err)
}

// gone says how the companion has ended.
func (s *Session) gone() error {
	e := &companionError{s.companion, "has ended", "", ExitFatal}
	ws, ok := s.Ended()
	switch {
	case ok && ws.Signaled():
		e.text = "was killed by " + unix.SignalName(ws.Signal())
		if ws.Signal() == unix.SIGSYS {
			e.hint = "it made a system call that it may not make; the kernel's log names it (type=1326)"
		}
	case ok && ws.ExitStatus() != 0:
		e.text = fmt.Sprintf("ended with status %d", ws.ExitStatus())
	}
	return e
}

// Receive is [sandbox.Inside.Receive] with an error that says what has become of the
// companion, where it has ended.
func (s *Session) Receive(b []byte) (n, fd int, err error) {
	n, fd, err = s.Inside.Receive(b)
	return n, fd, s.heard(b[:n], err)
}

// Ask writes a message to the companion, and waits until there is room for it.
func (s *Session) Ask(message []byte) error {
	for {
		_, err := unix.Write(s.Socket, message)
		switch {
		case err == nil:
			return nil
		case err != unix.EINTR:
			if _, last := s.Answer(make([]byte, 2*maxLastWords)); last != nil { // it came before the end
				return last
			}
			return s.heard(nil, err)
		}
	}
}

// Answer reads a message of the companion into b, without a descriptor: one that came
// with it is closed by the kernel.
func (s *Session) Answer(b []byte) (n int, err error) {
	n, err = read(s.Socket, b)
	return n, s.heard(b[:max(n, 0)], err)
}
