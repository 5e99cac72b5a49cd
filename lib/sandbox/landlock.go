package sandbox

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// programRights is what the execution of the second start itself needs.
const programRights = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE

// landlockABI returns the version that the kernel offers; 0 where it has none or
// has it switched off.
func landlockABI() int {
	v, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
}

// landlockAttr handles all that a version knows: what is handled and not allowed
// by a rule is refused. <linux/landlock.h> has the versions; 7 and 8 have flags for
// the log and for threads, and no right.
func landlockAttr(abi int) (attr unix.LandlockRulesetAttr, size uintptr) {
	attr.Handled_access_fs = unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1
	if abi >= 2 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if abi >= 3 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= 5 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if abi >= 9 { // Linux 7.1: connect(2) and sendmsg(2) to a socket with a path
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_RESOLVE_UNIX
	}
	size = unsafe.Sizeof(attr.Handled_access_fs)
	if abi >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
		size = unsafe.Offsetof(attr.Scoped)
	}
	if abi >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
		size = unsafe.Offsetof(attr.Quiet_access_fs)
	}
	if abi >= 10 { // Linux 7.2
		attr.Handled_access_net |= unix.LANDLOCK_ACCESS_NET_BIND_UDP | unix.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP
	}
	return attr, size
}

// landlockRuleset returns a descriptor of a ruleset that allows the execution of
// program and what goes with its kind, and no signal to a process outside but with
// signals.
func landlockRuleset(program int, folders []int, k kind, signals bool) (int, error) {
	attr, size := landlockAttr(landlockABI())
	if signals {
		attr.Scoped &^= unix.LANDLOCK_SCOPE_SIGNAL
	}
	fd, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if errno != 0 {
		return -1, fmt.Errorf("create a ruleset: %w", errno)
	}
	ruleset := int(fd)
	err := allowBeneath(ruleset, program, programRights)
	for _, folder := range folders {
		if err == nil {
			err = allowBeneath(ruleset, folder, k.folders&attr.Handled_access_fs)
		}
	}
	if k.programs && err == nil {
		err = allowPrograms(ruleset)
	}
	if err != nil {
		unix.Close(ruleset)
		return -1, err
	}
	return ruleset, nil
}

// allowPrograms allows the execution of the system's programs, and what these read.
// What they print goes to what they are started with; /dev/null is for the rest.
func allowPrograms(ruleset int) error {
	for _, r := range []struct {
		path   string
		rights uint64
	}{
		{"/usr", toExecute}, {"/bin", toExecute}, {"/sbin", toExecute}, {"/lib", toExecute}, {"/lib32", toExecute}, {"/lib64", toExecute},
		{"/etc", toList},
		{"/dev/null", toRead | unix.LANDLOCK_ACCESS_FS_WRITE_FILE},
	} {
		fd, err := unix.Open(r.path, unix.O_PATH|unix.O_CLOEXEC, 0)
		if errors.Is(err, unix.ENOENT) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.path, err)
		}
		err = allowBeneath(ruleset, fd, r.rights)
		unix.Close(fd)
		if err != nil {
			return fmt.Errorf("%s: %w", r.path, err)
		}
	}
	return nil
}

// pathBeneath is the kernel's struct of that name, which is packed: 8 bytes and 4.
func pathBeneath(parent int, rights uint64) (rule [12]byte) {
	*(*uint64)(unsafe.Pointer(&rule[0])) = rights
	*(*int32)(unsafe.Pointer(&rule[8])) = int32(parent)
	return rule
}

// allowBeneath adds a rule.
func allowBeneath(ruleset, parent int, rights uint64) error {
	rule := pathBeneath(parent, rights)
	_, _, errno := unix.RawSyscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&rule[0])), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("add a rule: %w", errno)
	}
	return nil
}

func (l *list) enterLandlock(at layout) {
	l.add(layerLandlock, "restrict", unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(at.rulesetAt()), 0)
}

// inLandlock tries to open the root folder, which everybody may read, and
// returns why Landlock is off where the kernel has none.
func inLandlock() (off string, err error) {
	if landlockABI() == 0 {
		return "the kernel has none, or lsm= leaves it out", nil
	}
	fd, err := unix.Open("/", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err == nil {
		unix.Close(fd)
		return "", errors.New("the root folder could be opened")
	}
	if !errors.Is(err, unix.EACCES) {
		return "", fmt.Errorf("open the root folder: %w", err)
	}
	return "", nil
}

// keptByLandlock is inLandlock; and root that remains root without an empty root folder
// must have it: nothing else keeps it from the other files of the system.
func keptByLandlock(alone bool) (off string, err error) {
	off, err = inLandlock()
	if err == nil && off != "" && alone && unix.Getuid() == 0 {
		err = fmt.Errorf("%s, and root without namespaces must have it", off)
	}
	return off, err
}
