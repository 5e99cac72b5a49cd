package broker

import "golang.org/x/sys/unix"

// system is every system call that the broker makes; the seccomp policy "write"
// allows these. Names are base names, descriptors are plain integers: nothing
// goes through the runtime's poller. Tests put their own in its place, to end a
// run at each step and to let each call fail.
type system interface {
	openat(dir int, name string, flags int, mode uint32) (int, error)
	close(fd int) error
	fstat(fd int) (unix.Stat_t, error)
	read(fd int, p []byte) (int, error)
	write(fd int, p []byte) (int, error)
	flistxattr(fd int, names []byte) (int, error)
	fgetxattr(fd int, name string, value []byte) (int, error)
	fsetxattr(fd int, name string, value []byte) error
	fremovexattr(fd int, name string) error
	fchmod(fd int, mode uint32) error
	fchown(fd, uid, gid int) error
	fsync(fd int) error
	renameat2(dir int, from, to string, flags uint) error
	unlinkat(dir int, name string) error
	flock(fd, how int) error
}

// kernel is the real system.
type kernel struct{}

// retry repeats a call that a signal interrupted: network and FUSE file systems
// let that happen to calls that are not interruptible elsewhere.
func retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

func (kernel) openat(dir int, name string, flags int, mode uint32) (fd int, err error) {
	err = retry(func() error { fd, err = unix.Openat(dir, name, flags, mode); return err })
	return fd, err
}

// close is not repeated: Linux has released the descriptor even after EINTR.
func (kernel) close(fd int) error { return unix.Close(fd) }

func (kernel) fstat(fd int) (st unix.Stat_t, err error) {
	err = retry(func() error { return unix.Fstat(fd, &st) })
	return st, err
}

func (kernel) read(fd int, p []byte) (n int, err error) {
	err = retry(func() error { n, err = unix.Read(fd, p); return err })
	return n, err
}

func (kernel) write(fd int, p []byte) (n int, err error) {
	err = retry(func() error { n, err = unix.Write(fd, p); return err })
	return n, err
}

func (kernel) flistxattr(fd int, names []byte) (n int, err error) {
	err = retry(func() error { n, err = unix.Flistxattr(fd, names); return err })
	return n, err
}

func (kernel) fgetxattr(fd int, name string, value []byte) (n int, err error) {
	err = retry(func() error { n, err = unix.Fgetxattr(fd, name, value); return err })
	return n, err
}

func (kernel) fsetxattr(fd int, name string, value []byte) error {
	return retry(func() error { return unix.Fsetxattr(fd, name, value, 0) })
}

func (kernel) fremovexattr(fd int, name string) error {
	return retry(func() error { return unix.Fremovexattr(fd, name) })
}

func (kernel) fchmod(fd int, mode uint32) error {
	return retry(func() error { return unix.Fchmod(fd, mode) })
}

func (kernel) fchown(fd, uid, gid int) error {
	return retry(func() error { return unix.Fchown(fd, uid, gid) })
}

func (kernel) fsync(fd int) error {
	return retry(func() error { return unix.Fsync(fd) })
}

func (kernel) renameat2(dir int, from, to string, flags uint) error {
	return retry(func() error { return unix.Renameat2(dir, from, dir, to, flags) })
}

func (kernel) unlinkat(dir int, name string) error {
	return retry(func() error { return unix.Unlinkat(dir, name, 0) })
}

func (kernel) flock(fd, how int) error {
	return retry(func() error { return unix.Flock(fd, how) })
}
