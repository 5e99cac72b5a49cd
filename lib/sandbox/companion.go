package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// startCompanion returns this process's end of the socket. The companion is a
// process with one thread that runs its list of calls and is executed again, like
// any other; this one waits only until that is done.
func startCompanion(c *Companion, o order) (socket int, err error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, &LayerError{layerDescriptors, fmt.Errorf("socketpair: %w", err)}
	}
	defer unix.Close(ends[1])
	h := c.Handoff
	h.Inputs = append([]int{ends[1]}, h.Inputs...)
	o.role = CompanionItself
	err = carryOut(c.Policy, h, o, func(pl *plan) error {
		_, err := pl.fork()
		return err
	})
	if err != nil {
		return -1, err
	}
	return ends[0], nil
}
