package act

import "golang.org/x/sys/unix"

// folders are the acts of a program that may write to a folder: to get out of it,
// or to leave something there that it has no business to.
func folders() []Act {
	in := func(name string, do func(s *Scene) error) Act { return Act{Name: name, Folder: true, Do: do} }
	seen := func(name string, do func(s *Scene) error) Act {
		return Act{Name: name, Folder: true, Seen: true, Do: do}
	}
	const create = unix.O_WRONLY | unix.O_CREAT | unix.O_NOFOLLOW
	return []Act{
		in("leave the folder upwards", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, "../secret", unix.O_RDONLY|unix.O_NOFOLLOW, 0)
			return readOpened(fd, err)
		}),
		in("open the folder above", func(s *Scene) error {
			return holds(unix.Openat(s.Folder, "..", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0))
		}),
		in("climb to the root from the folder", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, "../../../../../../../../../etc/passwd", unix.O_RDONLY|unix.O_NOFOLLOW, 0)
			return readOpened(fd, err)
		}),
		in("open an absolute path from the folder", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, s.Secret, unix.O_RDONLY|unix.O_NOFOLLOW, 0)
			return readOpened(fd, err)
		}),
		in("follow a link out of the folder", func(s *Scene) error { return readPath(s.Folder, "link") }),
		in("follow a link to a folder out of the folder", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, "up/secret", unix.O_RDONLY|unix.O_NOFOLLOW, 0)
			return readOpened(fd, err)
		}),
		seen("make a file beside the folder", func(s *Scene) error {
			return calls2(unix.Openat(s.Folder, "../outside/made", create, 0o644))
		}),
		seen("move a file out of the folder", func(s *Scene) error {
			return unix.Renameat2(s.Folder, "file", s.Folder, "../outside/made", 0)
		}),
		seen("move a file into the folder", func(s *Scene) error {
			return unix.Renameat2(s.Folder, "../secret", s.Folder, "made", 0)
		}),
		seen("exchange two files", func(s *Scene) error {
			return unix.Renameat2(s.Folder, "file", s.Folder, "other", unix.RENAME_EXCHANGE)
		}),
		seen("link a foreign file into the folder", func(s *Scene) error {
			return unix.Linkat(s.Folder, "../secret", s.Folder, "made", 0)
		}),
		seen("remove a file beside the folder", func(s *Scene) error { return unix.Unlinkat(s.Folder, "../secret", 0) }),
		seen("remove a folder", func(s *Scene) error { return unix.Unlinkat(s.Folder, "empty", unix.AT_REMOVEDIR) }),
		seen("make a folder in the folder", func(s *Scene) error { return unix.Mkdirat(s.Folder, "made", 0o755) }),
		seen("make a link in the folder", func(s *Scene) error { return unix.Symlinkat(s.Secret, s.Folder, "made") }),
		seen("make a pipe in the folder", func(s *Scene) error { return unix.Mknodat(s.Folder, "made", unix.S_IFIFO|0o644, 0) }),
		seen("make a set-user-id file", func(s *Scene) error { return calls2(unix.Openat(s.Folder, "made", create, 0o4755)) }),
		seen("set the set-user-id bit", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, "file", unix.O_RDWR|unix.O_NOFOLLOW, 0)
			if err == nil {
				err = unix.Fchmod(fd, 0o4755)
			}
			return err
		}),
		in("make a nameless file in the folder", func(s *Scene) error {
			return calls2(unix.Openat(s.Folder, ".", unix.O_WRONLY|unix.O_TMPFILE|unix.O_NOFOLLOW, 0o600))
		}),
		seen("cut a file in the folder", func(s *Scene) error {
			return calls2(unix.Openat(s.Folder, "file", unix.O_WRONLY|unix.O_TRUNC|unix.O_NOFOLLOW, 0))
		}),
		seen("execute a file of the folder", func(s *Scene) error {
			return execute(s.Folder, "program")
		}),
		in("map a program of the folder", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, "program", unix.O_RDONLY|unix.O_NOFOLLOW, 0)
			if err == nil {
				_, err = unix.Mmap(fd, 0, 4096, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE)
			}
			return err
		}),
		seen("fill the disk", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, "made", create, 0o600)
			if err == nil {
				_, err = unix.Pwrite(fd, []byte("x"), 1<<40)
			}
			if err == nil {
				err = unix.Fallocate(fd, 0, 0, 1<<27)
			}
			return err
		}),
		seen("write a file above the bound", func(s *Scene) error {
			fd, err := unix.Openat(s.Folder, "made", create, 0o600)
			if err == nil {
				_, err = unix.Seek(fd, 1<<27, unix.SEEK_SET)
			}
			if err == nil {
				_, err = unix.Write(fd, []byte("x"))
			}
			return err
		}),
	}
}
