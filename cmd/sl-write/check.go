package main

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/broker"
	"github.com/sl-suite/sl/lib/checker"
	"github.com/sl-suite/sl/lib/stage"
)

// The question to the companion is a line with what the candidate is, as in Go,
// and then, in pieces, what the file holds and what it is to hold; the answer is one of these and a text.
const (
	question = "%q %q %q %d %d"
	fine     = 'f'
	refused  = 'r'
	failed   = 'x'

	maxPiece = 64 << 10
)

// check asks the companion what the system's own program says of a change. It
// returns a *broker.Refusal where that is against it.
func (w *writer) check(c *broker.Change) error {
	head := fmt.Sprintf(question, c.Lang, c.Syntax, c.Name(), len(c.Old), len(c.New))
	if err := w.s.Ask([]byte(head)); err != nil {
		return err
	}
	for text := slices.Concat(c.Old, c.New); len(text) > 0; {
		n := min(len(text), maxPiece)
		if err := w.s.Ask(text[:n]); err != nil {
			return err
		}
		text = text[n:]
	}
	answer := make([]byte, maxPiece)
	n, err := w.s.Answer(answer)
	if err != nil {
		return err
	}
	switch says := string(answer[1:n]); answer[0] {
	case fine:
		return nil
	case refused:
		return &broker.Refusal{Subject: c.Path, Reason: says, Hint: "nothing of the file was changed; --no-check writes it all the same"}
	default:
		return stage.WithHint(fmt.Errorf("%s: cannot be checked: %.300q", c.Path, says), "--no-check leaves the check out")
	}
}

// judge is the companion: it answers until the program has ended.
func (f *flags) judge(b *stage.Beside) error {
	// The policy may be where root's companion, which is another user, has no way to.
	if len(b.Folders) > 0 {
		if err := unix.Fchdir(b.Folders[0]); err != nil {
			return fmt.Errorf("%s: %w", f.PolicyDir, err)
		}
	}
	go func() {
		hungUp(b.Socket)
		unix.Kill(0, unix.SIGKILL) // itself and what it runs: the group is of its own session
	}()
	head := make([]byte, maxPiece)
	for {
		n, err := receive(b.Socket, head)
		if err == errGone {
			return nil
		}
		if err != nil {
			return err
		}
		var c checker.Candidate
		var before, size int
		if _, err := fmt.Sscanf(string(head[:n]), question, &c.Lang, &c.Syntax, &c.Name, &before, &size); err != nil {
			return fmt.Errorf("question: %w", err)
		}
		var text []byte
		for len(text) < before+size {
			n, err := receive(b.Socket, head)
			if err != nil {
				return err
			}
			text = append(text, head[:n]...)
		}
		c.Old, c.Text = text[:before], text[before:]
		if err := send(b.Socket, verdict(checker.Check(c))); err != nil {
			return err
		}
	}
}

// hungUp returns when the program has ended: by a key of the terminal's, say, which
// the companion does not get.
func hungUp(socket int) {
	for fds := []unix.PollFd{{Fd: int32(socket)}}; ; {
		if _, err := unix.Poll(fds, -1); err != nil && err != unix.EINTR || fds[0].Revents != 0 {
			return
		}
	}
}

func verdict(err error) []byte {
	var r *checker.Refusal
	switch {
	case err == nil:
		return []byte{fine}
	case errors.As(err, &r):
		return fmt.Appendf([]byte{refused}, "%s refuses it: %.800q", r.Program, r.Says)
	default:
		return append([]byte{failed}, err.Error()...)
	}
}

var errGone = errors.New("the program has ended")

func send(socket int, message []byte) error {
	for {
		switch _, err := unix.Write(socket, message); err {
		case unix.EINTR:
		case unix.EPIPE, unix.ECONNRESET:
			return errGone
		default:
			return err
		}
	}
}

func receive(socket int, b []byte) (int, error) {
	for {
		n, err := unix.Read(socket, b)
		switch {
		case err == unix.EINTR:
		case err == unix.ECONNRESET, err == nil && n == 0:
			return 0, errGone
		default:
			return n, err
		}
	}
}
