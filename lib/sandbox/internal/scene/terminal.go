package scene

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// A terminal is a pseudo terminal of the suite's own.
type terminal struct{ master, slave *os.File }

func openTerminal() (*terminal, error) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, err
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, err
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	return &terminal{master, slave}, nil
}

// give makes it standard input and the controlling terminal of c.
func (t *terminal) give(c *exec.Cmd) {
	c.Stdin = t.slave
	c.SysProcAttr.Setsid, c.SysProcAttr.Setctty, c.SysProcAttr.Ctty = true, true, 0
}

func (t *terminal) Close() {
	t.slave.Close()
	t.master.Close()
}
