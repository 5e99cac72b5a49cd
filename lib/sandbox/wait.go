package sandbox

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// runInChild runs the list in a process of its own, then makes this one the
// process that waits for it: it executes the program again, too, so that nothing
// of this start is left in it. It returns only on failure.
func (pl *plan) runInChild(p Policy) error {
	pid, err := pl.fork()
	if err != nil {
		return err
	}
	w := pl.waiter(p, pid)
	defer w.release()
	err = w.explain(run(w.steps))
	unix.Kill(pid, unix.SIGKILL)
	return err
}

// fork runs the list in a child, and returns when that was executed or has failed.
func (pl *plan) fork() (pid int, err error) {
	child, errno := fork(pl.list.steps, uintptr(pl.order.layout.reportAt()))
	if errno != 0 {
		return 0, &LayerError{layerNamespaces, fmt.Errorf("fork: %w", errno)}
	}
	unix.Close(pl.report)
	defer unix.Close(pl.reportEnd)
	if f, failed := readFailure(pl.reportEnd); failed {
		reap(int(child))
		return 0, pl.list.explain(f)
	}
	return int(child), nil
}

// readFailure reads what fork's child writes; nothing, when the execution closes
// the pipe.
func readFailure(fd int) (f failure, ok bool) {
	b := unsafe.Slice((*byte)(unsafe.Pointer(&f)), unsafe.Sizeof(f))
	for {
		n, err := unix.Read(fd, b)
		if err == unix.EINTR {
			continue
		}
		return f, n == len(b)
	}
}

// waiter is the list of the process that waits. Of its descriptors only standard
// error is left, thrice: the Go runtime opens /dev/null where one is missing.
func (pl *plan) waiter(p Policy, child int) *list {
	at := layout{}
	places := []placement{{"standard input", 2, 0, true}, {"standard output", 2, 1, true},
		{"program", pl.program, at.programAt(), false}}
	if pl.waiters >= 0 {
		places = append(places, placement{"ruleset", pl.waiters, at.rulesetAt(), false})
	}
	l := &list{}
	l.placeDescriptors(at, places)
	if pl.who.bounds {
		l.closeBounds()
	}
	if pl.who.becomes {
		l.dropGroups(pl.who)
	}
	l.confine(rlimits(Policy{Data: p.Data}, at, 2), at, identity{pl.id.uid, pl.id.gid, 0, 0})
	o := pl.order
	l.execute(at, order{role: waitsForAnother, child: child, closed: pl.who.bounds, stays: o.stays, alone: o.alone, apparmor: o.apparmor})
	return l
}

// signalSelf makes a filter beside the policy "wait": the only process that kill(2)
// reaches is this one. Its number is not known when a policy is compiled.
func signalSelf(pid int) []unix.SockFilter {
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		// struct seccomp_data: the number, then the arguments of 8 bytes from 16 on.
		number, argument = 0, 16
	)
	return []unix.SockFilter{
		{Code: load, K: number},
		{Code: equal, K: unix.SYS_KILL, Jf: 3},
		{Code: load, K: argument},
		{Code: equal, K: uint32(pid), Jt: 1},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ALLOW},
	}
}

// reap returns how the child ended. Signals of the runtime interrupt the wait.
func reap(pid int) unix.WaitStatus {
	var ws unix.WaitStatus
	for {
		if _, err := unix.Wait4(pid, &ws, 0, nil); err != unix.EINTR {
			return ws
		}
	}
}

// endAs ends this process as the child ended: the shell sees no difference.
func endAs(ws unix.WaitStatus) {
	if ws.Signaled() {
		unix.Kill(unix.Getpid(), ws.Signal())
		syscall.Exit(128 + int(ws.Signal())) // SIGURG does not kill
	}
	syscall.Exit(ws.ExitStatus())
}
