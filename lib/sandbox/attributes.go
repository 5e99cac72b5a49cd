package sandbox

import (
	"errors"

	"golang.org/x/sys/unix"
)

// prctl returns the call's result, or the negative errno.
func prctl(args ...uintptr) int {
	var a [5]uintptr
	copy(a[:], args)
	r, _, errno := unix.RawSyscall6(unix.SYS_PRCTL, a[0], a[1], a[2], a[3], a[4], 0)
	if errno != 0 {
		return -int(errno)
	}
	return int(r)
}

// setAttributes sets what prctl(2) has for a process. MDWE (memory that was once
// writable never becomes executable, and none is both: Linux 6.3, mm/mprotect.c)
// is left out where the kernel does not know it.
func (l *list) setAttributes() {
	l.add(layerNoNewPrivs, "prctl", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	l.add(layerDumpable, "prctl", unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	if knowsMDWE() {
		l.add(layerMDWE, "prctl", unix.SYS_PRCTL, unix.PR_SET_MDWE, unix.PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)
	}
}

func knowsMDWE() bool { return prctl(unix.PR_GET_MDWE) != -int(unix.EINVAL) }

func noNewPrivs() error {
	if prctl(unix.PR_GET_NO_NEW_PRIVS) != 1 {
		return errors.New("not set")
	}
	return nil
}

// refusesExecGain returns why it is off where the kernel does not know it.
func refusesExecGain() (off string, err error) {
	switch {
	case !knowsMDWE():
		return "the kernel has none: Linux 6.3 is the first", nil
	case prctl(unix.PR_GET_MDWE)&unix.PR_MDWE_REFUSE_EXEC_GAIN == 0:
		return "", errors.New("not set")
	}
	return "", nil
}

// notDumpable is set again by the second start: an execution resets it. It keeps
// other processes of the user from ptrace(2) and from the files in /proc.
func notDumpable() error {
	if prctl(unix.PR_SET_DUMPABLE, 0) != 0 || prctl(unix.PR_GET_DUMPABLE) != 0 {
		return errors.New("not set")
	}
	return nil
}
