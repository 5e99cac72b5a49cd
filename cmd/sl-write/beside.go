package main

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/stage"
)

// judge is the companion: it answers until the program has ended.
func (f *flags) judge(b *stage.Beside) error {
	go func() {
		hungUp(b.Socket)
		unix.Kill(0, unix.SIGKILL) // itself and what it runs: the group is of its own session
	}()
	j := &judge{flags: f, b: b}
	for {
		files, err := receiveQuestion(b.Socket)
		if err == errGone {
			return nil
		}
		if err != nil {
			return err
		}
		last := []byte{done}
		if err := j.answer(files); err != nil {
			last = append([]byte{failed}, err.Error()...)
		}
		if err := send(b.Socket, last); err != nil {
			return err
		}
	}
}

// mostFiles bounds a question.
const mostFiles = 1 << 20

func receiveQuestion(socket int) ([]file, error) {
	head := make([]byte, maxPiece)
	n, err := receive(socket, head)
	if err != nil {
		return nil, err
	}
	var count int
	if _, err := fmt.Sscanf(string(head[:n]), question, &count); err != nil || count < 0 || count > mostFiles {
		return nil, fmt.Errorf("question: %.100q", head[:n])
	}
	var files []file
	for range count {
		f, err := receiveFile(socket, head)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func receiveFile(socket int, piece []byte) (f file, err error) {
	n, err := receive(socket, piece)
	if err != nil {
		return f, err
	}
	var there bool
	var before, size int
	if _, err := fmt.Sscanf(string(piece[:n]), candidate, &f.lang, &f.syntax, &f.Name, &there, &before, &size); err != nil || before < 0 || size < 0 {
		return f, fmt.Errorf("question: %.100q", piece[:n])
	}
	text := []byte{}
	for len(text) < before+size {
		n, err := receive(socket, piece)
		if err != nil {
			return f, err
		}
		text = append(text, piece[:n]...)
	}
	f.Text = text[min(before, len(text)):]
	if there {
		f.Old = text[:min(before, len(text))]
	}
	return f, nil
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
