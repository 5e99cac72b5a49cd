package sandbox

import (
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// This file is not part of the package. The escape suite builds programs with it
// where lock.go's Lock is called lockAsEver: they do all that they do in earnest
// until they are locked in, and then what an attacker who has taken them over
// would.

// taken is the process that is taken over: "program" or "companion".
var taken string

func init() {
	runtime.LockOSThread() // to the first thread: an act that is traced can then be waited for
	act.Executed(os.Args)
}

// Lock is Lock in a program that has been taken over.
func Lock(p Policy) (*Inside, error) {
	role, _ := Started()
	if taken == "companion" && role == WithCompanion {
		relay()
	}
	in, err := lockAsEver(p)
	if err != nil {
		return nil, err
	}
	switch {
	case role != CompanionItself:
		act.Obey(act.ReadOrder(), act.Say, in.tell)
	case taken == "companion":
		act.Obey(in.hear(), func(text string) { in.Send([]byte(text), -1) }, in.tell)
	}
	in.Wait() // a companion whose program is taken over
	syscall.Exit(0)
	return nil, nil // not reached
}

func (in *Inside) tell(s *act.Scene) {
	s.Inputs = len(in.Inputs)
	if in.Socket >= 0 {
		s.Inputs++
	}
	if len(in.Folders) > 0 {
		s.Folder = in.Folders[0]
	}
}

// hear reads the companion's order.
func (in *Inside) hear() string {
	b := make([]byte, 4096)
	n, _ := unix.Read(in.Socket, b)
	return string(b[:max(n, 0)])
}

// relay is not a program that is attacked, but the one beside the companion that is:
// it passes on the order, and what the companion says, and ends as that ends.
func relay() {
	unix.Write(firstInput, []byte(act.ReadOrder()))
	for b := make([]byte, 4096); ; {
		n, err := unix.Read(firstInput, b)
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			break
		}
		act.Say(string(b[:n]))
	}
	defaultSignals(0)
	endAs(reap(-1))
}
