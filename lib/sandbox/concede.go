package sandbox

import (
	"fmt"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// A concession is what root goes without where it is refused: containers and hardened
// units have a root that may make no namespaces. It is then an ordinary user but for
// what it still can do; the report says why. [RequireAll] concedes nothing.
type concession uint8

const (
	givesNothing    concession = iota
	givesNamespaces            // and the root folder
	givesName                  // of the UTS namespace: ProtectHostname= of systemd.exec(5)
)

// mayGive says what is conceded where the last step is refused.
func (l *list) mayGive(gives bool, what concession) {
	if gives {
		l.last().gives = what
	}
}

// A callError is the failure of one call of a list.
type callError struct {
	what  string
	nr    uintptr
	errno syscall.Errno
	gives concession
}

func (e *callError) Error() string { return fmt.Sprintf("%s: %v", e.what, e.errno) }
func (e *callError) Unwrap() error { return e.errno }

// refusals are how the kernel, its filters and its modules say no to root. No memory
// and the like are other failures.
var refusals = []syscall.Errno{unix.EPERM, unix.EACCES, unix.ENOSPC, unix.ENOSYS}

// concede takes from the order what the call that failed stands for, and reports
// whether there was anything to take.
func (o *order) concede(e *callError) bool {
	if o.all || !slices.Contains(refusals, e.errno) {
		return false
	}
	switch e.gives {
	case givesNamespaces:
		o.namespaces, o.without = false, e.Error()
	case givesName:
		o.unnamed = e.Error()
	default:
		return false
	}
	return true
}
