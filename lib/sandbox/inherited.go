package sandbox

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A process may have been started under somebody else's seccomp filter: a container's,
// or that of a unit with SystemCallFilter= (systemd.exec(5)). A call that such a filter
// does not allow ends the process, and nobody says why; or it fails, and it is not the
// kernel that says so. So where there is one, a child makes each call first.

// underFilter reports whether there may be one: 0 is the kernel's word for none.
func underFilter() bool { return prctl(unix.PR_GET_SECCOMP) != 0 }

// A filterError says what the filter does not allow.
type filterError struct {
	killed  []string // calls that it ends the process at
	faked   []string // calls that it has succeed, without making them
	refused []string // calls that it has fail, with
	errno   syscall.Errno
}

func (e *filterError) Error() string {
	const who = "the seccomp filter that this process was started under"
	var says []string
	if len(e.killed) > 0 {
		says = append(says, fmt.Sprintf("%s ends it at %s (SIGSYS, signal %d)", who, strings.Join(e.killed, ", "), unix.SIGSYS))
	}
	if len(e.faked) > 0 {
		says = append(says, fmt.Sprintf("%s only pretends to make %s", who, strings.Join(e.faked, ", ")))
	}
	if len(e.refused) > 0 {
		says = append(says, fmt.Sprintf("%s refuses %s: %v", who, strings.Join(e.refused, ", "), e.errno))
	}
	return strings.Join(says, "; ")
}

// unitLine is what a unit has to say, in words of systemd.exec(5).
const unitLine = "SystemCallFilter=@system-service seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self"

func (e *filterError) Hint() string {
	return "a systemd unit needs " + unitLine + ", and no ~@privileged or the like that takes some of these away; a container, these calls; see ENVIRONMENTS in sl(7)"
}

// Filtered returns a *[LayerError] where the process was started under a seccomp filter
// that does not allow the calls of every start. It is asked before anything is opened,
// which takes some of them; [Enter] asks for the others as well.
func Filtered() error {
	if !underFilter() {
		return nil
	}
	var o order
	return o.askFilter(Handoff{})
}

// askFilter makes the calls that a start with this order makes. What must be allowed
// and is not is an error; what may be left out is noted in the order.
func (o *order) askFilter(h Handoff) error {
	programs := false
	if h.Companion != nil {
		k, _ := kindOf(h.Companion.Policy.Calls) // prepare says it
		programs = k.programs
	}
	var probes []probe
	for _, p := range allProbes() {
		switch p.group {
		case withRoot:
			if os.Geteuid() != 0 {
				continue
			}
		case withNamespaces, withName:
			if !o.namespaces && !programs {
				continue
			}
		case withCompanion:
			if h.Companion == nil {
				continue
			}
		case withFolders:
			if len(h.Folders) == 0 {
				continue
			}
		}
		probes = append(probes, p)
	}
	answers, err := try(probes)
	if err != nil {
		return &LayerError{layerSeccomp, err}
	}
	return o.judge(probes, answers)
}

// judge sorts the answers.
func (o *order) judge(probes []probe, answers []answer) error {
	var must, spaces, name filterError
	for i, p := range probes {
		e := &must
		switch p.group {
		case withNamespaces:
			e = &spaces
		case withName:
			e = &name
		}
		switch a := answers[i]; {
		case a == killed:
			if !slices.Contains(e.killed, p.name) {
				e.killed = append(e.killed, p.name)
			}
		case p.isFaked(a.errno()):
			e.faked = append(e.faked, p.name)
		case e == &must && p.isRefusal(a.errno()):
			if !slices.Contains(e.refused, p.name) {
				e.refused, e.errno = append(e.refused, p.name), a.errno()
			}
		}
	}
	if must.killed != nil || must.refused != nil || must.faked != nil {
		return &LayerError{layerSeccomp, &must}
	}
	if spaces.killed != nil || spaces.faked != nil {
		o.spaceless = &spaces
	}
	if name.killed != nil || name.faked != nil {
		o.unnamed = name.Error()
	}
	return nil
}

// answer is what became of a call: 0 not made, killed, else 1 and the errno.
type answer int64

const killed answer = -1

func (a answer) errno() syscall.Errno { return syscall.Errno(max(a-1, 0)) }

const mostProbes = 64

// try makes the calls in a child with one thread, and after each that kills it goes on
// in another.
func try(probes []probe) ([]answer, error) {
	const size = mostProbes * unsafe.Sizeof(answer(0))
	page, err := unix.Mmap(-1, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	defer unix.Munmap(page)
	answers := unsafe.Slice((*answer)(unsafe.Pointer(&page[0])), mostProbes)[:len(probes)]
	for next := 0; next < len(probes); {
		pid, errno := forkProbe(probes, answers, next)
		if errno != 0 {
			return nil, fmt.Errorf("fork: %w", errno)
		}
		reap(int(pid))
		if i := slices.Index(answers[next:], killed); i >= 0 {
			next += i + 1
			continue
		}
		break
	}
	return slices.Clone(answers), nil
}

// forkProbe is fork for probes.
//
//go:nosplit
//go:norace
func forkProbe(probes []probe, answers []answer, next int) (pid uintptr, errno syscall.Errno) {
	all, before := ^uint64(0), uint64(0)
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&before)), sigsetSize, 0, 0)
	pid, _, errno = syscall.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if errno == 0 && pid == 0 {
		defaultSignals(0)
		none := uint64(0) // SIGSYS must not be blocked
		syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&none)), 0, sigsetSize, 0, 0)
		for i := next; i < len(probes); i++ {
			p := &probes[i]
			answers[i] = killed
			_, _, errno := syscall.RawSyscall6(p.nr, p.args[0], p.args[1], p.args[2], p.args[3], p.args[4], p.args[5])
			answers[i] = answer(errno) + 1
		}
		syscall.RawSyscall6(unix.SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0)
	}
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&before)), 0, sigsetSize, 0, 0)
	return pid, errno
}
