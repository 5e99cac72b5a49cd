package main

import (
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"
)

// signals are those that the acts use, in AppArmor's words.
var signals = map[string]unix.Signal{
	"exists": 0, "hup": unix.SIGHUP, "int": unix.SIGINT, "quit": unix.SIGQUIT, "kill": unix.SIGKILL, "usr1": unix.SIGUSR1,
	"usr2": unix.SIGUSR2, "term": unix.SIGTERM, "cont": unix.SIGCONT, "winch": unix.SIGWINCH,
	"rtmin+4": 36, "rtmin+5": 37,
}

func kill(a []string) error {
	pid, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	return sendSignal(pid, a[1])
}

func sendSignal(pid int, name string) error {
	s, known := signals[name]
	if !known {
		return fmt.Errorf("no such signal: %q", name)
	}
	return unix.Kill(pid, s)
}

func trace(a []string) error {
	pid, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	if err := unix.PtraceAttach(pid); err != nil {
		return err
	}
	if _, err := unix.Wait4(pid, nil, unix.WALL, nil); err != nil {
		return err
	}
	return unix.PtraceDetach(pid)
}

// inspect reads what only who may read another process is told.
func inspect(a []string) error {
	_, err := unix.Readlink("/proc/"+a[0]+"/exe", make([]byte, 4096))
	return err
}

// limits are resources of which nobody here needs any.
var limits = map[string]int{"core": unix.RLIMIT_CORE, "rtprio": unix.RLIMIT_RTPRIO}

func setLimit(a []string) error {
	resource, known := limits[a[0]]
	n, err := strconv.ParseUint(a[1], 10, 64)
	if err != nil || !known {
		return fmt.Errorf("no limit: %q", a)
	}
	return unix.Setrlimit(resource, &unix.Rlimit{Cur: 0, Max: n})
}
