package sandbox

import (
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// Send sends a message of at least one byte to the other process, and with it the
// open file of a descriptor, or -1 for none. It is a companion's to use; it does
// not wait: where the other end has not read what came before, it returns
// unix.EAGAIN and nothing was sent.
func (in *Inside) Send(message []byte, fd int) error {
	var rights []byte
	if fd >= 0 {
		rights = unix.UnixRights(fd)
	}
	for {
		err := unix.Sendmsg(in.Socket, message, rights, nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
		if err != unix.EINTR {
			return err
		}
	}
}

// Wait returns when the other process has ended. A companion must end then: a
// process that Landlock keeps from sending signals cannot take it along.
func (in *Inside) Wait() {
	var b [1]byte
	for {
		if n, err := unix.Read(in.Socket, b[:]); n == 0 || err != unix.EINTR {
			return
		}
	}
}

// Ended returns how the companion of a program has ended; ok is false where it has not
// within a second, or is not this process's child: with RequireAll, an ordinary user's
// is a child of the process that waits.
func (in *Inside) Ended() (ws unix.WaitStatus, ok bool) {
	for range 1000 {
		pid, err := unix.Wait4(-1, &ws, unix.WNOHANG, nil)
		switch {
		case pid > 0:
			return ws, true
		case err != nil && err != unix.EINTR:
			return 0, false
		}
		time.Sleep(time.Millisecond)
	}
	return 0, false
}

// Receive waits for a message and reads it into b. fd is the descriptor that came
// with it, -1 where there was none. io.EOF means that the other process has ended.
// A message that does not fit into b is an error.
func (in *Inside) Receive(b []byte) (n, fd int, err error) {
	var control [32]byte // room for one descriptor and its header
	for {
		n, size, flags, _, err := unix.Recvmsg(in.Socket, b, control[:], unix.MSG_CMSG_CLOEXEC)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return 0, -1, fmt.Errorf("companion: %w", err)
		case n == 0:
			return 0, -1, io.EOF
		case flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0:
			return 0, -1, errors.New("companion: a message too long")
		}
		fd, err := received(control[:size])
		return n, fd, err
	}
}

// received takes the descriptor out of a control message.
func received(control []byte) (int, error) {
	if len(control) == 0 {
		return -1, nil
	}
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil || len(messages) != 1 {
		return -1, fmt.Errorf("companion: control message: %v", err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return -1, fmt.Errorf("companion: descriptors: %v", err)
	}
	return fds[0], nil
}
