package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func descriptors() []Act {
	return []Act{
		{Name: "read a file that was left open", Do: func(s *Scene) error { return readOpened(s.LeftFile, nil) }},
		{Name: "read any descriptor that was left open", Do: readAny},
		{Name: "map a file that was left open", Do: func(s *Scene) error {
			b, err := unix.Mmap(s.LeftFile, 0, 4096, unix.PROT_READ, unix.MAP_PRIVATE)
			return provided(len(b) > 0 && b[0] != 0, err)
		}},
		{Name: "open beneath a folder that was left open", Do: func(s *Scene) error { return readPath(s.LeftDir, "secret") }},
		{Name: "leave the root by a folder that was left open", Do: func(s *Scene) error {
			if err := unix.Fchdir(s.LeftDir); err != nil {
				return err
			}
			return readPath(unix.AT_FDCWD, "secret")
		}},
		{Name: "write to a socket that was left open", Seen: true, Do: func(s *Scene) error {
			_, err := unix.Write(s.LeftPair, []byte("escaped"))
			return err
		}},
		{Name: "send on a socket that was left open", Seen: true, Do: func(s *Scene) error {
			return unix.Sendto(s.LeftPair, []byte("escaped"), unix.MSG_NOSIGNAL, nil)
		}},
		{Name: "hand a descriptor to a socket that was left open", Seen: true, Do: func(s *Scene) error {
			return unix.Sendmsg(s.LeftPair, []byte("x"), unix.UnixRights(0), nil, 0)
		}},
		{Name: "send a descriptor on standard output", Input: Sockets, Seen: true, Do: func(*Scene) error {
			return unix.Sendmsg(1, []byte("x"), unix.UnixRights(0), nil, 0)
		}},
		{Name: "receive a descriptor on standard input", Input: Sockets, Do: func(*Scene) error {
			_, n, _, _, err := unix.Recvmsg(0, make([]byte, 1), make([]byte, 64), 0)
			return provided(n > 0, err)
		}},
		{Name: "write to standard input", Input: Sockets, Seen: true, Do: func(*Scene) error {
			_, err := unix.Write(0, []byte("escaped"))
			return err
		}},
		{Name: "read from standard error", Input: Sockets, Do: func(*Scene) error {
			n, err := unix.Read(2, make([]byte, 8))
			return provided(n > 0, err)
		}},
		{Name: "read standard error by a number above 32 bits", Input: Sockets, Do: func(*Scene) error {
			var b [8]byte
			err := call(unix.SYS_READ, 1<<32|2, unsafe.Pointer(&b), 8)
			return provided(b[0] != 0, err)
		}},
		{Name: "close standard output by a number above 32 bits", Seen: true, Do: func(*Scene) error { return call(unix.SYS_CLOSE, 1<<32|1) }},
		{Name: "write at a position", Do: func(*Scene) error {
			_, err := unix.Pwrite(1, []byte("x"), 0)
			return reached(err)
		}},
		{Name: "write several buffers", Do: func(*Scene) error {
			_, err := unix.Writev(1, [][]byte{{}})
			return err
		}},
		{Name: "splice standard input to standard output", Do: func(*Scene) error {
			_, err := unix.Splice(0, nil, 1, nil, 1, unix.SPLICE_F_NONBLOCK)
			return reached(err)
		}},
		{Name: "map memory into a pipe", Do: func(*Scene) error { return reached(call(unix.SYS_VMSPLICE, 1, 0, 0, 0)) }},
		{Name: "tee a pipe", Do: func(*Scene) error {
			_, err := unix.Tee(0, 1, 1, unix.SPLICE_F_NONBLOCK)
			return reached(err)
		}},
		{Name: "send a file", Seen: true, Do: func(s *Scene) error {
			n, err := unix.Sendfile(1, s.LeftFile, nil, 1)
			return provided(n == 1, err)
		}},
		{Name: "copy between files", Do: func(s *Scene) error {
			_, err := unix.CopyFileRange(s.LeftFile, nil, 1, nil, 1, 0)
			return reached(err)
		}},
		{Name: "duplicate a descriptor", Do: func(*Scene) error { return holds(unix.Dup(0)) }},
		{Name: "put a descriptor in another's place", Do: func(*Scene) error { return unix.Dup3(0, 2, 0) }},
		{Name: "duplicate a descriptor by fcntl", Do: func(*Scene) error { return holds(unix.FcntlInt(0, unix.F_DUPFD, 0)) }},
		{Name: "change a descriptor's flags", Seen: true, Do: func(*Scene) error { return calls2(unix.FcntlInt(1, unix.F_SETFL, unix.O_APPEND)) }},
		{Name: "own a descriptor's signals", Seen: true, Do: func(s *Scene) error { return calls2(unix.FcntlInt(0, unix.F_SETOWN, s.Victim)) }},
		{Name: "lock standard output", Do: func(*Scene) error { return reached(unix.Flock(1, unix.LOCK_EX|unix.LOCK_NB)) }},
		{Name: "close standard output", Seen: true, Do: func(*Scene) error { return unix.Close(1) }},
		{Name: "change the mode of standard output", Seen: true, Do: func(*Scene) error { return unix.Fchmod(1, 0o666) }},
		{Name: "make a pipe", Do: func(*Scene) error { return unix.Pipe2(make([]int, 2), 0) }},
		{Name: "make an epoll instance", Do: func(*Scene) error { return holds(unix.EpollCreate1(0)) }},
		{Name: "watch standard input by epoll", Do: func(*Scene) error {
			return unix.EpollCtl(3, unix.EPOLL_CTL_ADD, 0, &unix.EpollEvent{Events: unix.EPOLLIN})
		}},
		{Name: "make an eventfd", Do: func(*Scene) error { return holds(unix.Eventfd(0, 0)) }},
		{Name: "make a timer's descriptor", Do: func(*Scene) error { return holds(unix.TimerfdCreate(unix.CLOCK_MONOTONIC, 0)) }},
		{Name: "make a signal's descriptor", Do: func(*Scene) error { return holds(unix.Signalfd(-1, new(unix.Sigset_t), 0)) }},
		{Name: "set up io_uring", Do: func(*Scene) error {
			var params [120]byte
			fd, err := result(unix.SYS_IO_URING_SETUP, 4, unsafe.Pointer(&params))
			return holds(int(fd), err)
		}},
		{Name: "set up asynchronous input and output", Do: func(*Scene) error {
			var ctx uint64
			err := call(unix.SYS_IO_SETUP, 4, unsafe.Pointer(&ctx))
			return provided(ctx != 0, err)
		}},
	}
}

// calls2 forgets the result of a call that has one.
func calls2(_ int, err error) error { return err }

// readAny leaves out what was handed over on purpose, from 5 on.
func readAny(s *Scene) (err error) {
	for fd := 5 + s.Inputs; fd < 64; fd++ {
		if err = readOpened(fd, nil); err == nil {
			return nil
		}
	}
	return err
}
