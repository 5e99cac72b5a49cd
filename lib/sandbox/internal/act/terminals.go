package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func terminals() []Act {
	return []Act{
		{Name: "type into the terminal", Input: Terminal, Seen: true, Do: func(*Scene) error {
			for _, c := range []byte("typed\n") {
				if err := call(unix.SYS_IOCTL, 0, unix.TIOCSTI, unsafe.Pointer(&c)); err != nil {
					return err
				}
			}
			return nil
		}},
		{Name: "type into the terminal by the console", Input: Terminal, Do: func(*Scene) error {
			c := [2]byte{2}
			return reached(call(unix.SYS_IOCTL, 0, unix.TIOCLINUX, unsafe.Pointer(&c)))
		}},
		{Name: "change the terminal's settings", Input: Terminal, Seen: true, Do: func(*Scene) error {
			t, err := unix.IoctlGetTermios(0, unix.TCGETS)
			if err != nil {
				return err
			}
			t.Lflag &^= unix.ECHO
			return unix.IoctlSetTermios(0, unix.TCSETS, t)
		}},
		{Name: "change the terminal's size", Input: Terminal, Seen: true, Do: func(*Scene) error {
			return unix.IoctlSetWinsize(0, unix.TIOCSWINSZ, &unix.Winsize{Row: 1, Col: 1})
		}},
		{Name: "give the terminal away", Input: Terminal, Do: func(*Scene) error { return call(unix.SYS_IOCTL, 0, unix.TIOCNOTTY, 0) }},
		{Name: "ask how much can be read", Do: func(*Scene) error { return calls2(unix.IoctlGetInt(0, unix.TIOCINQ)) }},
	}
}
