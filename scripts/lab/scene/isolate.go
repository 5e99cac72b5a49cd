package scene

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// Isolate gives the calling goroutine, and what it starts from then on, mount, net,
// IPC and UTS namespaces of its own, where it is root's: what an act does there is
// nobody else's matter, and what others do is not taken for an act's. The goroutine
// keeps its thread, which ends with it.
func Isolate() error {
	if os.Geteuid() != 0 {
		return nil
	}
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS); err != nil {
		return fmt.Errorf("isolate: unshare: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("isolate: mount: %w", err)
	}
	return loopbackUp()
}

func loopbackUp() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("isolate: socket: %w", err)
	}
	defer unix.Close(s)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo); err != nil {
		return fmt.Errorf("isolate: loopback: %w", err)
	}
	return nil
}
