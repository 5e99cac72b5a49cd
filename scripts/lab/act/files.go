package act

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

func files() []Act {
	const at = unix.AT_FDCWD
	made := func(s *Scene) string { return filepath.Join(s.Outside, "made") }
	there := func(s *Scene) string { return filepath.Join(s.Outside, "there") }
	seen := func(name string, do func(s *Scene) error) Act { return Act{Name: name, Seen: true, Do: do} }
	return []Act{
		{Name: "read a file", Do: func(s *Scene) error { return readPath(at, s.Secret) }},
		{Name: "read a file by open", Do: func(s *Scene) error { return legacyOpen(s.Secret) }},
		{Name: "read a file by openat2", Do: func(s *Scene) error {
			fd, err := unix.Openat2(at, s.Secret, &unix.OpenHow{Flags: unix.O_RDONLY})
			return readOpened(fd, err)
		}},
		{Name: "read a file by its handle", Do: func(s *Scene) error {
			handle, mount, err := unix.NameToHandleAt(at, s.Secret, 0)
			if err != nil {
				return err
			}
			dir, err := unix.Open("/", unix.O_RDONLY|unix.O_DIRECTORY, 0)
			if err != nil {
				return err
			}
			_ = mount
			fd, err := unix.OpenByHandleAt(dir, handle, unix.O_RDONLY)
			return readOpened(fd, err)
		}},
		{Name: "open by handle without asking for one", Do: func(s *Scene) error {
			h := unix.NewFileHandle(1, make([]byte, 8))
			_, err := unix.OpenByHandleAt(at, h, unix.O_RDONLY)
			return reached(err)
		}},
		{Name: "open a file by path only", Do: func(s *Scene) error { return opens(s.Secret, unix.O_PATH) }},
		{Name: "open the root folder", Do: func(*Scene) error { return opens("/", unix.O_RDONLY|unix.O_DIRECTORY) }},
		{Name: "open the folder above the root", Do: func(s *Scene) error { return readPath(at, "../../../../../.."+s.Secret) }},
		{Name: "list a folder", Do: func(s *Scene) error {
			fd, err := unix.Open(s.Outside, unix.O_RDONLY|unix.O_DIRECTORY, 0)
			if err != nil {
				return err
			}
			n, err := unix.Getdents(fd, make([]byte, 1024))
			return provided(n > 0, err)
		}},
		{Name: "look at a file", Do: func(s *Scene) error {
			var st unix.Stat_t
			err := unix.Stat(s.Secret, &st)
			return provided(st.Ino != 0, err)
		}},
		{Name: "look at a file by statx", Do: func(s *Scene) error {
			var st unix.Statx_t
			err := unix.Statx(at, s.Secret, 0, unix.STATX_ALL, &st)
			return provided(st.Ino != 0, err)
		}},
		{Name: "ask for access to a file", Do: func(s *Scene) error { return unix.Faccessat(at, s.Secret, unix.R_OK, 0) }},
		{Name: "read a link", Do: func(*Scene) error {
			n, err := unix.Readlink("/proc/self/exe", make([]byte, 100))
			return provided(n > 0, err)
		}},
		{Name: "read the parent's environment", Do: func(*Scene) error { return readPath(at, fmt.Sprintf("/proc/%d/environ", unix.Getppid())) }},
		{Name: "open the parent's standard error", Do: func(*Scene) error { return opens(fmt.Sprintf("/proc/%d/fd/2", unix.Getppid()), unix.O_RDWR) }},
		{Name: "open the parent's memory", Do: func(*Scene) error { return opens(fmt.Sprintf("/proc/%d/mem", unix.Getppid()), unix.O_RDWR) }},
		{Name: "list the parent's descriptors", Do: func(*Scene) error {
			return opens(fmt.Sprintf("/proc/%d/fd", unix.Getppid()), unix.O_RDONLY|unix.O_DIRECTORY)
		}},
		{Name: "read the memory map", Do: func(*Scene) error { return readPath(at, "/proc/self/maps") }},
		{Name: "write to the own memory's file", Do: func(*Scene) error { return opens("/proc/self/mem", unix.O_RDWR) }},
		seen("make a file", func(s *Scene) error { return makeFile(made(s), unix.O_WRONLY|unix.O_CREAT) }),
		{Name: "make a nameless file", Do: func(s *Scene) error { return makeFile(s.Outside, unix.O_WRONLY|unix.O_TMPFILE) }},
		{Name: "make a file in /tmp", Do: func(*Scene) error { return makeFile("/tmp", unix.O_WRONLY|unix.O_TMPFILE) }},
		{Name: "make a file in /dev/shm", Do: func(*Scene) error { return makeFile("/dev/shm", unix.O_WRONLY|unix.O_TMPFILE) }},
		seen("make a file in the root folder", func(*Scene) error { return makeFile(RootFile, unix.O_WRONLY|unix.O_CREAT) }),
		seen("make a folder", func(s *Scene) error { return unix.Mkdirat(at, made(s), 0o755) }),
		seen("make a pipe with a name", func(s *Scene) error { return unix.Mknodat(at, made(s), unix.S_IFIFO|0o644, 0) }),
		seen("make a device", func(s *Scene) error {
			return unix.Mknodat(at, made(s), unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3)))
		}),
		seen("make a symbolic link", func(s *Scene) error { return unix.Symlinkat(s.Secret, at, made(s)) }),
		seen("make a hard link", func(s *Scene) error { return unix.Linkat(at, s.Secret, at, made(s), 0) }),
		seen("rename a file", func(s *Scene) error { return unix.Rename(there(s), made(s)) }),
		seen("remove a file", func(s *Scene) error { return unix.Unlink(there(s)) }),
		seen("remove the secret", func(s *Scene) error { return unix.Unlinkat(at, s.Secret, 0) }),
		seen("cut a file", func(s *Scene) error { return unix.Truncate(s.Secret, 0) }),
		seen("change a file's mode", func(s *Scene) error { return unix.Fchmodat(at, s.Secret, 0o666, 0) }),
		seen("change a file's owner", func(s *Scene) error { return unix.Fchownat(at, s.Secret, 1, 1, 0) }),
		seen("change a file's times", func(s *Scene) error { return call(unix.SYS_UTIMENSAT, at, s.Secret, 0, 0) }),
		seen("set an extended attribute", func(s *Scene) error {
			return unix.Setxattr(s.Secret, "user.escape", []byte("1"), 0)
		}),
		{Name: "change the folder", Do: func(s *Scene) error { return unix.Chdir(s.Outside) }},
		{Name: "watch a folder", Do: func(s *Scene) error {
			fd, err := unix.InotifyInit1(0)
			if err == nil {
				_, err = unix.InotifyAddWatch(fd, s.Outside, unix.IN_ALL_EVENTS)
			}
			return err
		}},
		{Name: "watch a file system", Do: func(s *Scene) error {
			fd, err := unix.FanotifyInit(unix.FAN_CLASS_NOTIF, unix.O_RDONLY)
			if err == nil {
				err = unix.FanotifyMark(fd, unix.FAN_MARK_ADD, unix.FAN_OPEN, at, s.Outside)
			}
			return err
		}},
		{Name: "read the environment", Do: func(*Scene) error { return provided(os.Getenv("LEFT") != "", nil) }},
		{Name: "open a device", Do: func(*Scene) error { return opens("/dev/null", unix.O_RDWR) }},
		{Name: "open the kernel log", Do: func(*Scene) error { return opens("/dev/kmsg", unix.O_RDONLY|unix.O_NONBLOCK) }},
		{Name: "open the terminal", Input: Terminal, Do: func(*Scene) error { return opens("/dev/tty", unix.O_RDWR) }},
	}
}

func readOpened(fd int, err error) error {
	if err != nil {
		return err
	}
	n, err := unix.Read(fd, make([]byte, 16))
	return provided(n > 0, err)
}

func readPath(dir int, path string) error {
	fd, err := unix.Openat(dir, path, unix.O_RDONLY, 0)
	return readOpened(fd, err)
}

// RootFile is a file that nobody has.
const RootFile = "/escape"

func opens(path string, flags int) error { return holds(unix.Open(path, flags, 0)) }

func makeFile(path string, flags int) error {
	fd, err := unix.Open(path, flags, 0o644)
	if err != nil {
		return err
	}
	n, err := unix.Write(fd, []byte("escaped\n"))
	return provided(n > 0, err)
}
