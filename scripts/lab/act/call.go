package act

import (
	"errors"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// call makes a system call. Texts get their final NUL; pointers are kept alive.
func call(nr uintptr, args ...any) error {
	_, err := result(nr, args...)
	return err
}

// result is call with what it returns.
func result(nr uintptr, args ...any) (uintptr, error) {
	var a [6]uintptr
	keep := make([]*byte, len(args))
	for i, v := range args {
		switch v := v.(type) {
		case int:
			a[i] = uintptr(v)
		case uint64:
			a[i] = uintptr(v)
		case uintptr:
			a[i] = v
		case string:
			keep[i] = &append([]byte(v), 0)[0]
			a[i] = uintptr(unsafe.Pointer(keep[i]))
		case unsafe.Pointer:
			a[i] = uintptr(v)
		default:
			panic("argument of no known type")
		}
	}
	r, _, errno := syscall.Syscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5])
	runtime.KeepAlive(keep)
	runtime.KeepAlive(args)
	if errno != 0 {
		return r, errno
	}
	return r, nil
}

// reached is for calls that are made with useless arguments on purpose: the
// effect is to get past the question whether one may.
func reached(err error) error {
	for _, refused := range []error{unix.EPERM, unix.EACCES, unix.ENOSYS, unix.EAFNOSUPPORT, unix.ENODEV} {
		if errors.Is(err, refused) {
			return err
		}
	}
	return nil
}

// holds returns nil where fd is a descriptor that is open.
func holds(fd int, err error) error {
	if err == nil {
		_, err = unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	}
	return err
}

var errNoEffect = errors.New("the call succeeded without its effect")

// provided returns nil where the effect is there.
func provided(effect bool, err error) error {
	if err == nil && !effect {
		return errNoEffect
	}
	return err
}
