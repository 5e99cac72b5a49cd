package sandbox

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

const noEnd = 1<<32 - 1 // close_range(2): to the last descriptor

// A placement moves one descriptor of the first start to its fixed number.
type placement struct {
	what string
	from int
	to   int
	kept bool // by the execution
}

// raise duplicates fd to a number that is no fixed place, so that moving one
// descriptor cannot overwrite another that is still to be moved.
func raise(fd int, l layout) (int, error) {
	return unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, l.above())
}

// placeDescriptors moves what is kept to its fixed numbers and closes all else.
// The thread has a table of its own by then: closing in the shared one would hit
// the Go runtime's epoll instance under its other threads.
func (l *list) placeDescriptors(at layout, places []placement) {
	// An empty range, for the sake of the flag: containers forbid unshare(2).
	l.add(layerDescriptors, "own table", unix.SYS_CLOSE_RANGE, noEnd, noEnd, unix.CLOSE_RANGE_UNSHARE)
	for _, p := range places {
		flags := uintptr(unix.O_CLOEXEC)
		if p.kept {
			flags = 0
		}
		l.add(layerDescriptors, p.what, unix.SYS_DUP3, uintptr(p.from), uintptr(p.to), flags)
	}
	for _, g := range at.gaps() {
		l.add(layerDescriptors, "close_range", unix.SYS_CLOSE_RANGE, uintptr(g[0]), uintptr(g[1]), 0)
	}
	l.add(layerDescriptors, "close_range", unix.SYS_CLOSE_RANGE, uintptr(at.above()), noEnd, 0)
}

// standard checks that 0, 1 and 2 are open: else a file that is opened later
// would be taken for one of them.
func standard() error {
	for fd := range 3 {
		if err := isOpen(fd); err != nil {
			return fmt.Errorf("descriptor %d: %w", fd, err)
		}
	}
	return nil
}

// withoutTerminal checks that a companion leads a session of its own and has /dev/null
// for its standard descriptors.
func withoutTerminal() error {
	for fd := range 3 {
		if !isNull(fd) {
			return fmt.Errorf("descriptor %d is not /dev/null", fd)
		}
	}
	if session, err := unix.Getsid(0); err != nil || session != unix.Getpid() {
		return errors.New("the session is the caller's")
	}
	return nil
}

func isOpen(fd int) error {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	return err
}

// onlyExpected closes whatever stands above and between the fixed places, and
// checks that they are filled. The poller's own two are checked when it is made.
func onlyExpected(at layout) error {
	keep := at.end()
	if at.blob {
		keep++
	}
	if err := unix.CloseRange(uint(keep), noEnd, 0); err != nil {
		return fmt.Errorf("close_range: %w", err)
	}
	for _, g := range at.gaps()[1:] {
		if err := unix.CloseRange(uint(g[0]), uint(g[1]), 0); err != nil {
			return fmt.Errorf("close_range: %w", err)
		}
	}
	if err := standard(); err != nil {
		return err
	}
	for i := range at.inputs {
		if err := isOpen(firstInput + i); err != nil {
			return fmt.Errorf("input %d: %w", i, err)
		}
	}
	for i := range at.folders {
		var st unix.Stat_t
		if err := unix.Fstat(firstFolder+i, &st); err != nil {
			return fmt.Errorf("folder %d: %w", i, err)
		}
		if st.Mode&unix.S_IFMT != unix.S_IFDIR {
			return errors.New("a folder's descriptor is none")
		}
	}
	return nil
}
