package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stackOnExec has the kernel confine the second start by a child of the profile that
// bears the program's name, too, whatever confines it already. It acts on the
// calling thread, and a process forked from it inherits the request.
//
// It stacks: with no_new_privs the kernel lets a confined program only change to
// what is a subset of its confinement (security/apparmor/domain.c), and a stack
// is one, a child profile is not.
//
// off says why the kernel has no such confinement to give.
func stackOnExec(program, child string) (off string) {
	if text, err := readFile("/sys/module/apparmor/parameters/enabled"); err != nil || !strings.HasPrefix(text, "Y") {
		return "the kernel has no AppArmor, or has it switched off"
	}
	profile := filepath.Base(program) + "//" + child
	err := request("stack " + profile)
	switch {
	case errors.Is(err, unix.ENOENT):
		return fmt.Sprintf("the profile %s is not loaded", profile)
	case err != nil:
		return fmt.Sprintf("the profile %s cannot be entered: %v", profile, err)
	}
	return ""
}

// request asks for what the next execution of this thread is to be confined by.
func request(what string) error {
	fd, err := unix.Open("/proc/thread-self/attr/apparmor/exec", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte(what))
	return err
}

// <linux/lsm.h>, Linux 6.8.
const (
	lsmAttrCurrent = 100
	lsmIDAppArmor  = 104
)

type lsmContext struct {
	id, flags, size, length uint64
	text                    [4096 - 32]byte
}

// inAppArmor asks for the label of this process. A kernel before 6.8 tells it by
// files only, which are gone; there a refused socket is the proof, for the
// profile allows none.
func inAppArmor(child string) error {
	var all [4]lsmContext
	size := uint32(unsafe.Sizeof(all))
	_, _, errno := unix.RawSyscall6(unix.SYS_LSM_GET_SELF_ATTR, lsmAttrCurrent,
		uintptr(unsafe.Pointer(&all[0])), uintptr(unsafe.Pointer(&size)), 0, 0, 0)
	if errno == unix.ENOSYS {
		return noSocket()
	}
	if errno != 0 {
		return fmt.Errorf("lsm_get_self_attr: %w", errno)
	}
	c := &all[0]
	if c.id != lsmIDAppArmor {
		return errors.New("this process has no label")
	}
	if label := c.text[:min(c.length, uint64(len(c.text)))]; !bytes.Contains(label, []byte("//"+child)) {
		return fmt.Errorf("the label is %q", bytes.TrimRight(label, "\x00"))
	}
	return nil
}

func noSocket() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		unix.Close(s)
		return errors.New("a socket could be made")
	}
	if !errors.Is(err, unix.EACCES) {
		return fmt.Errorf("socket: %w", err)
	}
	return nil
}
