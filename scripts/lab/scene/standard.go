package scene

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// A standard is what a program has as its standard descriptors, and how they are
// looked at. All ends stay open until close, so that nothing ends early and what
// has become of them can be asked.
type standard struct {
	program  [3]*os.File // the program's ends
	own      [3]*os.File // ours; nil where there is none
	order    string
	terminal bool
	sockets  bool
	before   string

	said      [2]bytes.Buffer // on standard output and error
	rights    bool            // a descriptor came out
	left      bool            // somebody held on to them when the program had ended
	finished  sync.WaitGroup
	late      atomic.Bool
	listening bool
}

// newStandard makes the descriptors of a kind and puts the order into the first.
func newStandard(kind act.Input, order string) (*standard, error) {
	st := &standard{order: order, terminal: kind == act.Terminal, sockets: kind == act.Sockets}
	err := st.make(kind, order)
	if err != nil {
		st.close()
		return nil, err
	}
	st.before = st.state()
	for i := range st.said {
		if st.own[i+1] != nil {
			st.finished.Go(func() { st.listen(i + 1) })
		}
	}
	st.listening = true
	return st, nil
}

func (st *standard) make(kind act.Input, order string) (err error) {
	if kind == act.Sockets {
		for i := range st.program {
			pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				return err
			}
			st.own[i], st.program[i] = os.NewFile(uintptr(pair[0]), "own"), os.NewFile(uintptr(pair[1]), "program")
		}
		if _, err := st.own[0].WriteString(order); err != nil {
			return err
		}
		for i := range st.own { // something to read in each, and a descriptor in it
			if err := unix.Sendmsg(int(st.own[i].Fd()), []byte("x"), unix.UnixRights(int(st.own[0].Fd())), nil, 0); err != nil {
				return err
			}
		}
		return nil
	}
	if kind == act.Terminal {
		var terminal *os.File
		if st.own[0], terminal, err = openTerminal(); err != nil {
			return err
		}
		st.program = [3]*os.File{terminal, terminal, terminal}
		st.own[1] = st.own[0] // what it says comes out there, too
		_, err = st.own[0].WriteString(order)
		return err
	}
	for i := range st.program {
		var ends [2]int
		if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
			return err
		}
		st.own[i], st.program[i] = os.NewFile(uintptr(ends[0]), "own"), os.NewFile(uintptr(ends[1]), "program")
	}
	st.own[0], st.program[0] = st.program[0], st.own[0] // the program reads from the first
	if kind != act.Pipes {
		st.own[0].Close()
		st.program[0].Close()
	}
	if kind == act.File {
		if st.own[0], err = os.CreateTemp("", "input-"); err != nil {
			return err
		}
		defer os.Remove(st.own[0].Name())
		if st.program[0], err = os.Open(st.own[0].Name()); err != nil {
			return err
		}
	}
	_, err = st.own[0].WriteString(order)
	return err
}

// listen reads what the program says until all of its ends are closed.
func (st *standard) listen(i int) {
	b, oob := make([]byte, 4096), make([]byte, 256)
	readable := []unix.PollFd{{Fd: int32(st.own[i].Fd()), Events: unix.POLLIN}}
	for {
		if n, err := unix.Poll(readable, 100); n == 0 || err == unix.EINTR { // milliseconds
			if st.late.Load() {
				st.left = true
				return
			}
			continue
		}
		var n, rights int
		var err error
		if st.sockets {
			n, rights, _, _, err = unix.Recvmsg(int(st.own[i].Fd()), b, oob, unix.MSG_CMSG_CLOEXEC)
		} else {
			n, err = unix.Read(int(st.own[i].Fd()), b)
		}
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return
		}
		st.said[i-1].Write(b[:n])
		if rights > 0 {
			st.rights = true
			closeRights(oob[:rights])
		}
	}
}

func closeRights(oob []byte) {
	messages, _ := unix.ParseSocketControlMessage(oob)
	for _, m := range messages {
		fds, _ := unix.ParseUnixRights(&m)
		for _, fd := range fds {
			unix.Close(fd)
		}
	}
}

// finish closes the program's ends of what it writes to and returns what it said,
// once it has ended. A process that it has left behind may hold them open.
func (st *standard) finish() (out, message string) {
	if st.listening {
		for i, f := range st.program {
			if i > 0 || st.terminal {
				f.Close()
			}
		}
		alarm := time.AfterFunc(patience, func() { st.late.Store(true) })
		st.finished.Wait()
		alarm.Stop()
		st.listening = false
	}
	return st.said[0].String(), st.said[1].String()
}

// state is what a program can change of the descriptors: their flags, their owner,
// their mode, the terminal.
func (st *standard) state() string {
	text := ""
	for _, f := range st.program {
		flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
		owner, _ := unix.FcntlInt(f.Fd(), unix.F_GETOWN, 0)
		var st unix.Stat_t
		unix.Fstat(int(f.Fd()), &st)
		text += fmt.Sprintf("%#x %v %d %o ", flags, err, owner, st.Mode)
	}
	if st.terminal {
		fd := int(st.program[0].Fd())
		settings, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		size, _ := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ)
		discipline, _ := unix.IoctlGetInt(fd, unix.TIOCGETD)
		text += fmt.Sprint(settings, err, size, discipline)
	}
	return text
}

// changed says what has become of the descriptors; empty when nothing. It is asked
// before finish.
func (st *standard) changed() string {
	if now := st.state(); now != st.before {
		return fmt.Sprintf("the standard descriptors: %q, were %q", now, st.before)
	}
	if st.terminal && !strings.HasSuffix(st.order, st.unread()) {
		return "something was typed into the terminal"
	}
	if st.sockets {
		if n, _, _ := unix.Recvfrom(int(st.own[0].Fd()), make([]byte, 8), unix.MSG_DONTWAIT); n > 0 {
			return "standard input was written to"
		}
	}
	return ""
}

// unread is what stands in the terminal to be read: the order, where the program did
// not live to read it.
func (st *standard) unread() (text string) {
	fd := int(st.program[0].Fd())
	for b := make([]byte, 4096); ; { // a line at a time
		if n, err := unix.IoctlGetInt(fd, unix.TIOCINQ); err != nil || n <= 0 {
			return text
		}
		n, err := unix.Read(fd, b)
		if err != nil || n <= 0 {
			return text
		}
		text += string(b[:n])
	}
}

func (st *standard) close() {
	st.finish()
	for _, f := range append(st.program[:], st.own[:]...) {
		if f != nil {
			f.Close()
		}
	}
}

// openTerminal makes a pseudo terminal of the suite's own.
func openTerminal() (master, slave *os.File, err error) {
	const flags = unix.O_RDWR | unix.O_NOCTTY | unix.O_CLOEXEC
	fd, err := unix.Open("/dev/ptmx", flags, 0)
	if err != nil {
		return nil, nil, err
	}
	master = os.NewFile(uintptr(fd), "terminal")
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return master, nil, err
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return master, nil, err
	}
	if fd, err = unix.Open(fmt.Sprintf("/dev/pts/%d", n), flags, 0); err != nil {
		return master, nil, err
	}
	slave = os.NewFile(uintptr(fd), "terminal")
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return master, slave, err
	}
	// What comes out is what a program says, and not the order, nor with other line ends.
	t.Lflag &^= unix.ECHO
	t.Oflag &^= unix.OPOST
	return master, slave, unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
