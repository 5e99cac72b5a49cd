package act

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// What a program says on standard output: that it is confined and about to make
// the act, and how that went.
const (
	SaidReady   = "ready\n"
	SaidEffect  = "effect\n"
	SaidRefused = "refused: "
)

// Tell makes the act and says how it went. Then it ends the process, by a call
// that runs no hook of a test's.
func (a Act) Tell(s *Scene) {
	unix.Write(1, []byte(SaidReady))
	err := a.Do(s)
	said := SaidEffect
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		said = SaidRefused + unix.ErrnoName(errno) + "\n"
	} else if err != nil {
		said = SaidRefused + err.Error() + "\n"
	}
	unix.Write(1, []byte(said))
	syscall.Exit(0)
}
