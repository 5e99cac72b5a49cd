package sandbox

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// Bounds on processes (RLIMIT_NPROC counts threads). A user id that nobody else
// has needs only its own; the shared _sl must do for all chains that run at once.
const (
	ownProcesses    = 64
	sharedProcesses = 4096
	mostProcs       = 16
)

// maxFileSize bounds what a program with folders may write to a file: a rule
// file is far smaller, and a full disk is a denial of service.
const maxFileSize = 64 << 20

// maxProcs keeps the Go runtime's threads well below ownProcesses.
func maxProcs() int { return min(runtime.NumCPU(), mostProcs) }

type rlimit struct {
	name     string
	resource int
	max      uint64
}

// rlimits are the limits that do not depend on the user.
//
// Not here is NPROC for an ordinary user: it counts all of the user's processes,
// so any number would break somebody's login. The system call policy has no new
// process anyway, and in a user namespace the count is the namespace's own.
//
// outputs are the descriptors that it may write to.
func rlimits(p Policy, at layout, outputs ...int) []rlimit {
	limits := []rlimit{
		{"CORE", unix.RLIMIT_CORE, 0},
		{"MEMLOCK", unix.RLIMIT_MEMLOCK, 0},
		{"MSGQUEUE", unix.RLIMIT_MSGQUEUE, 0},
		{"NICE", unix.RLIMIT_NICE, 0},
		{"RTPRIO", unix.RLIMIT_RTPRIO, 0},
		{"LOCKS", unix.RLIMIT_LOCKS, 0},
		// Two above the end: the checks of the second start open one or two.
		{"NOFILE", unix.RLIMIT_NOFILE, mostDescriptors(p, at) + 2},
		{"DATA", unix.RLIMIT_DATA, p.Data},
	}
	k, _ := kindOf(p.Calls)
	switch {
	case at.folders > 0 || k.programs: // these may have a folder of their own
		limits = append(limits, rlimit{"FSIZE", unix.RLIMIT_FSIZE, maxFileSize})
	case !anyRegular(outputs):
		limits = append(limits, rlimit{"FSIZE", unix.RLIMIT_FSIZE, 0})
	}
	return limits
}

// anyRegular: the shell has sent the output to a file, whose size is not ours to
// bound.
func anyRegular(fds []int) bool {
	for _, fd := range fds {
		var st unix.Stat_t
		if unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG {
			return true
		}
	}
	return false
}

// limit lowers one limit, hard and soft. It never raises.
func (l *list) limit(r rlimit) {
	var now unix.Rlimit
	if unix.Getrlimit(r.resource, &now) == nil {
		r.max = min(r.max, now.Max)
	}
	l.add(layerRlimits, r.name, unix.SYS_PRLIMIT64, 0, uintptr(r.resource),
		pinnedTo(l, unix.Rlimit{Cur: r.max, Max: r.max}), 0)
}

// limited asks whether the limits hold.
func limited(limits []rlimit) error {
	for _, r := range limits {
		var now unix.Rlimit
		if err := unix.Getrlimit(r.resource, &now); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		if now.Max > r.max {
			return fmt.Errorf("%s is %d, not %d", r.name, now.Max, r.max)
		}
	}
	return nil
}

// mostDescriptors are what is there, and those that a program may receive, or that
// the programs need which it runs.
func mostDescriptors(p Policy, at layout) uint64 {
	const programs = 256
	n := uint64(at.end())
	k, _ := kindOf(p.Calls)
	if k.receives {
		n += uint64(at.inputs)
	}
	if k.programs {
		n += programs
	}
	return n
}

// noMoreDescriptors lowers NOFILE to that.
func noMoreDescriptors(p Policy, at layout) error {
	n := mostDescriptors(p, at)
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &now); err != nil {
		return err
	}
	n = min(n, now.Max)
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: n})
}
