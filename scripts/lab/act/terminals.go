package act

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

func terminals() []Act {
	acts := []Act{
		{Name: "type into the terminal by its name", Input: Terminal, Seen: true, Do: func(*Scene) error {
			fd, err := unix.Open("/dev/tty", unix.O_RDWR, 0)
			if err != nil {
				return err
			}
			return typeInto(uint64(fd), unix.TIOCSTI)
		}},
		{Name: "change the terminal's settings", Input: Terminal, Seen: true, Do: func(*Scene) error {
			t, err := unix.IoctlGetTermios(0, unix.TCGETS)
			if err != nil {
				return err
			}
			t.Lflag ^= unix.ECHOK
			return unix.IoctlSetTermios(0, unix.TCSETS, t)
		}},
		{Name: "change the terminal's size", Input: Terminal, Seen: true, Do: func(*Scene) error {
			return unix.IoctlSetWinsize(0, unix.TIOCSWINSZ, &unix.Winsize{Row: 1, Col: 1})
		}},
		{Name: "give the terminal away", Input: Terminal, Do: func(*Scene) error { return call(unix.SYS_IOCTL, 0, unix.TIOCNOTTY, 0) }},
		{Name: "ask how much can be read", Do: func(*Scene) error { return calls2(unix.IoctlGetInt(0, unix.TIOCINQ)) }},
	}
	for fd, name := range []string{"standard input", "standard output", "standard error"} {
		// The kernel takes the lower halves of both numbers.
		for _, by := range []struct {
			how       string
			fd, order uint64
		}{{"", 0, 0}, {", the order above 32 bits", 0, 1 << 32}, {", the descriptor above 32 bits", 1 << 32, 0}} {
			fd := uint64(fd) | by.fd
			acts = append(acts,
				Act{Name: "type into the terminal: " + name + by.how, Input: Terminal, Seen: true,
					Do: func(*Scene) error { return typeInto(fd, unix.TIOCSTI|by.order) }},
				Act{Name: "give the terminal another discipline: " + name + by.how, Input: Terminal, Seen: true, Do: func(*Scene) error {
					const null = 27 // N_NULL
					discipline := int32(null)
					return call(unix.SYS_IOCTL, fd, unix.TIOCSETD|by.order, unsafe.Pointer(&discipline))
				}},
				Act{Name: "type into the console: " + name + by.how, Input: Terminal, Do: func(*Scene) error {
					c := [2]byte{2}
					return reached(call(unix.SYS_IOCTL, fd, unix.TIOCLINUX|by.order, unsafe.Pointer(&c)))
				}},
			)
		}
	}
	return acts
}

func typeInto(fd, order uint64) error {
	for _, c := range []byte("typed\n") {
		if err := call(unix.SYS_IOCTL, fd, order, unsafe.Pointer(&c)); err != nil {
			return fmt.Errorf("%q: %w", c, err)
		}
	}
	return nil
}
