package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Lock is the second start: it asks the kernel for every layer, and then gives
// the process its system call policy. Whatever must hold and does not is a
// *[LayerError]; nothing may have been read by then.
//
// When it returns an *Inside, the process can do what p allows and nothing else,
// for ever. Call it before anything starts a goroutine that reads, opens, or makes
// a timer.
//
// In the process that waits for a second start, it does not return.
func Lock(p Policy) (*Inside, error) {
	o, err := parseOrder(os.Getenv(marker))
	if err != nil {
		return nil, &LayerError{layerEnvironment, err}
	}
	if o.role == waitsForAnother {
		if err := lockWaiter(p, o); err != nil {
			return nil, err
		}
		endAs(reap(o.child)) // does not return
	}
	if err := check(p, o); err != nil {
		return nil, &LayerError{layerDescriptors, err}
	}
	layers, err := verify(conditions(p, o), o.all)
	if err != nil {
		return nil, err
	}
	in := &Inside{Socket: -1, Layers: append(layers, Layer{Name: layerSeccomp, On: true})}
	for i := range o.layout.inputs {
		in.Inputs = append(in.Inputs, firstInput+i)
	}
	if o.hasSocket() {
		in.Socket, in.Inputs = in.Inputs[0], in.Inputs[1:]
	}
	for i := range o.layout.folders {
		in.Folders = append(in.Folders, firstFolder+i)
	}
	if o.layout.blob {
		if in.Blob, err = readBlob(o.layout.blobAt()); err != nil {
			return nil, &LayerError{layerDescriptors, err}
		}
	}
	k, err := kindOf(p.Calls)
	if err != nil {
		return nil, &LayerError{layerSeccomp, err}
	}
	if k.programs { // which get nothing of the companion's, and cannot answer in its place
		if err := unix.CloseRange(firstInput, noEnd, unix.CLOSE_RANGE_CLOEXEC); err != nil {
			return nil, &LayerError{layerDescriptors, fmt.Errorf("close_range: %w", err)}
		}
	}
	// Before the last step: a SIGBUS, sent while Go's runtime adds processors, has it
	// fall over a processor that is not there yet, and end by SIGSEGV instead of with 2.
	runtime.GOMAXPROCS(maxProcs())
	if err := shut(p, o, instructions(k.program)); err != nil {
		return nil, err
	}
	return in, nil
}

// lockWaiter is Lock in the process that waits. It has no namespaces, for it
// could not make them without becoming two again.
func lockWaiter(p Policy, o order) error {
	if _, err := verify(conditions(p, o), false); err != nil {
		return err
	}
	return shut(p, o, signalSelf(unix.Getpid()), instructions(waitProgram))
}

// A condition is the question whether a layer holds. It returns why the layer is
// off where that is allowed.
type condition struct {
	layer string
	holds func() (off string, err error)
	// excused: RequireAll does not ask for what the kernel is too old for. That is
	// MDWE, which is younger than the systems that have all else, and what it
	// forbids the system call policy forbids, too.
	excused bool
	note    string // what there is to know although it holds
}

func (c condition) because(note string) condition {
	c.note = note
	return c
}

const notAsked = "an ordinary user has it where every layer is required"

// conditions are the questions, in the order of the table.
func conditions(p Policy, o order) []condition {
	must := func(layer string, f func() error) condition {
		return condition{layer: layer, holds: func() (string, error) { return "", f() }}
	}
	where := func(namespaces bool, c condition) condition {
		if namespaces {
			return c
		}
		return condition{layer: c.layer, holds: func() (string, error) { return cmp.Or(o.without, notAsked), nil }}
	}
	k, _ := kindOf(p.Calls) // it was checked
	return []condition{
		must(layerDescriptors, func() error {
			if o.role == CompanionItself {
				if err := withoutTerminal(); err != nil {
					return err
				}
			}
			return onlyExpected(o.layout)
		}),
		must(layerEnvironment, emptyEnvironment),
		where(o.namespaces, must(layerNamespaces, func() error { return inNamespaces(o.unnamed == "" || o.all) }).because(o.unnamed)),
		where(o.namespaces, must(layerRoot, func() error { return inRoot(k, o) })),
		must(layerRlimits, func() error { return limited(rlimits(p, o.layout, o.outputs()...)) }),
		{layer: layerUser, note: o.alone, holds: func() (string, error) { return o.stays, oneUser(k.owner || o.stays+o.alone != "") }},
		must(layerCapabilities, func() error { return withoutCapabilities(o.closed, k.keeps) }),
		must(layerNoNewPrivs, noNewPrivs),
		must(layerDumpable, notDumpable),
		{layer: layerMDWE, holds: refusesExecGain, excused: true},
		{layer: layerLandlock, holds: func() (string, error) { return keptByLandlock(k.owner && !o.namespaces) }},
		{layer: layerAppArmor, holds: func() (string, error) {
			if o.apparmor != "" {
				return o.apparmor, nil
			}
			return "", inAppArmor(k.child)
		}},
	}
}

func verify(conditions []condition, all bool) ([]Layer, error) {
	layers := make([]Layer, 0, len(conditions)+1)
	for _, c := range conditions {
		off, err := c.holds()
		if err == nil && off != "" && all && !c.excused {
			err = errors.New(off)
		}
		if err != nil {
			return nil, &LayerError{c.layer, err}
		}
		layers = append(layers, Layer{c.layer, off == "", cmp.Or(off, c.note)})
	}
	return layers, nil
}

// shut does what must come last, and ends with the filters; no other can come after
// the system call policy.
func shut(p Policy, o order, filters ...[]unix.SockFilter) error {
	if o.parent != 0 {
		if err := followParent(o.parent); err != nil {
			return &LayerError{layerNamespaces, err}
		}
	}
	nameProcess()
	if err := makePoller(); err != nil {
		return &LayerError{layerDescriptors, err}
	}
	if err := noMoreDescriptors(p, o.layout); err != nil {
		return &LayerError{layerRlimits, fmt.Errorf("NOFILE: %w", err)}
	}
	defaultSignals(runtimeSignals)
	for _, f := range filters {
		if err := loadFilter(f); err != nil {
			return &LayerError{layerSeccomp, err}
		}
	}
	return nil
}

// runtimeSignals stay with the Go runtime: its preemption, and the faults that it
// turns into panics. All others do what they do to any program, or remain ignored
// as under nohup(1); with SIGPIPE, TERM and the like the kernel ends the process
// and needs no call of the program's for it.
const runtimeSignals = 1<<(unix.SIGURG-1) | 1<<(unix.SIGSEGV-1) | 1<<(unix.SIGBUS-1) | 1<<(unix.SIGFPE-1)

// nameProcess: a program that is executed by descriptor bears the descriptor's
// number in ps(1), before Linux 6.14. Only the first thread's name counts.
func nameProcess() {
	if unix.Gettid() != unix.Getpid() {
		return
	}
	if name, err := unix.BytePtrFromString(filepath.Base(os.Args[0])); err == nil {
		unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(name)), 0, 0, 0)
	}
}
