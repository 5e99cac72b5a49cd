package sandbox

import (
	"fmt"
	"runtime"
	"syscall"
	"unsafe"
)

// A step is one prepared system call of the first start.
type step struct {
	layer, what string
	nr          uintptr
	args        [6]uintptr
	result      int // what the call must return, where it matters; else anyResult

	// Where the call fails with one of these, that is no failure: the list goes on, past
	// as many steps as otherwise says; past as many as then says where it succeeds.
	instead         [2]syscall.Errno
	otherwise, then int

	gives concession // up, where the call is refused
}

const anyResult = -1

// A list is the whole confinement, up to the execution of the second start. It
// is built by ordinary Go and run by code that neither allocates, nor grows its
// stack, nor meets the scheduler: one locked thread of the full process, or the
// single thread of a raw fork, must come through without the runtime's help.
type list struct {
	steps []step
	pin   runtime.Pinner
}

func (l *list) add(layer, what string, nr uintptr, args ...uintptr) {
	s := step{layer: layer, what: what, nr: nr, result: anyResult}
	copy(s.args[:], args)
	l.steps = append(l.steps, s)
}

// last is the step that was added last.
func (l *list) last() *step { return &l.steps[len(l.steps)-1] }

// expect adds a step that must return a certain number.
func (l *list) expect(result int, layer, what string, nr uintptr, args ...uintptr) {
	l.add(layer, what, nr, args...)
	l.last().result = result
}

// text returns the address of s with a final NUL.
func (l *list) text(s string) uintptr { return pinned(l, append([]byte(s), 0)) }

// words returns the address of addresses with a final nil: argv and envp.
func (l *list) words(texts []string) uintptr {
	p := make([]uintptr, 0, len(texts)+1)
	for _, s := range texts {
		p = append(p, l.text(s))
	}
	return pinned(l, append(p, 0))
}

// pinned keeps b alive and in its place until the list is released.
func pinned[T any](l *list, b []T) uintptr {
	l.pin.Pin(&b[0])
	return uintptr(unsafe.Pointer(&b[0]))
}

// pinnedTo is pinned for one value.
func pinnedTo[T any](l *list, v T) uintptr { return pinned(l, []T{v}) }

func (l *list) release() { l.pin.Unpin() }

// A failure is where a list stopped. The zero value of Errno with At within the
// list means a result that was not the expected one.
type failure struct {
	At    int64
	Errno uint64
}

// run makes the calls in order until one fails. It does not return when the last
// one, the execution, succeeds; At is the length of the list when it has none.
//
//go:nosplit
//go:norace
func run(steps []step) (f failure) {
	for i := 0; i < len(steps); i++ {
		s := &steps[i]
		r, _, errno := syscall.RawSyscall6(s.nr, s.args[0], s.args[1], s.args[2], s.args[3], s.args[4], s.args[5])
		if errno != 0 && (errno == s.instead[0] || errno == s.instead[1]) {
			i += s.otherwise
			continue
		}
		if errno != 0 || s.result != anyResult && r != uintptr(s.result) {
			f.At, f.Errno = int64(i), uint64(errno)
			return f
		}
		i += s.then
	}
	f.At = int64(len(steps))
	return f
}

// explain makes an error of a failure of this list.
func (l *list) explain(f failure) error {
	if f.At < 0 || f.At >= int64(len(l.steps)) {
		return &LayerError{layerDescriptors, fmt.Errorf("the list ended without an execution")}
	}
	s := l.steps[f.At]
	if f.Errno == 0 {
		return &LayerError{s.layer, fmt.Errorf("%s: unexpected result", s.what)}
	}
	return &LayerError{s.layer, &callError{s.what, s.nr, syscall.Errno(f.Errno), s.gives}}
}
