package act

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// What comes on standard output: that the process is confined and about to make
// the act, and how that went. A process that it made, and a program that it
// executed, speak for themselves.
const (
	SaidReady    = "ready\n"
	SaidEffect   = "effect\n"
	SaidRefused  = "refused: "
	SaidChild    = "child\n"
	SaidExecuted = "executed\n"
)

// Order is the line that tells a process which act to make, and where.
func Order(name string, s *Scene) string { return name + "\t" + s.Text() + "\n" }

// Obey makes the act of an order, after know has put into the scene what the
// process itself knows of it, and says how it went. It does not return.
func Obey(order string, say func(string), know func(*Scene)) {
	name, text, _ := strings.Cut(order, "\t")
	a, ok := Find(name)
	s, err := ParseScene(text)
	if !ok || err != nil {
		unix.Write(2, []byte("this is no order\n"))
		syscall.Exit(2)
	}
	know(s)
	a.Tell(s, say)
}

// ReadOrder reads a line from standard input: what somebody who takes over a filter
// wants done comes with its input. It reads no byte more, for what follows is the
// act's.
func ReadOrder() string {
	var line []byte
	for b := make([]byte, 1); ; {
		n, err := unix.Read(0, b)
		if err == unix.EINTR {
			continue
		}
		if n != 1 || b[0] == '\n' {
			return string(line)
		}
		line = append(line, b[0])
	}
}

// Say writes to standard output.
func Say(text string) { unix.Write(1, []byte(text)) }

// Tell makes the act and says how it went. Then it ends the process, by a call
// that runs no hook of a test's.
func (a Act) Tell(s *Scene, say func(string)) {
	say(SaidReady)
	err := a.Do(s)
	said := SaidEffect
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		said = SaidRefused + unix.ErrnoName(errno) + "\n"
	} else if err != nil {
		said = SaidRefused + err.Error() + "\n"
	}
	say(said)
	syscall.Exit(0)
}

// executed is the word by which Executed knows a program that an act has executed.
const executed = "executed"

// Executed is for the main function of a program that may be executed by an act:
// it says so and ends the process, or returns.
func Executed(args []string) {
	if len(args) == 2 && args[1] == executed {
		unix.Write(1, []byte(SaidExecuted))
		syscall.Exit(0)
	}
}
