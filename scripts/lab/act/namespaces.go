package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func namespaces() []Act {
	acts := []Act{
		{Name: "mount a file system", Seen: true, Do: func(s *Scene) error { return unix.Mount("none", s.Outside, "tmpfs", 0, "") }},
		{Name: "mount proc on the root folder", Seen: true, Do: func(*Scene) error { return unix.Mount("proc", "/", "proc", 0, "") }},
		{Name: "make the root folder writable", Do: func(*Scene) error { return unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND, "") }},
		{Name: "unmount the root folder", Seen: true, Do: func(*Scene) error { return unix.Unmount("/", unix.MNT_DETACH) }},
		{Name: "open a file system", Do: func(*Scene) error { return holds(unix.Fsopen("tmpfs", 0)) }},
		{Name: "clone a mounted tree", Do: func(*Scene) error {
			return holds(unix.OpenTree(unix.AT_FDCWD, "/", unix.OPEN_TREE_CLONE))
		}},
		{Name: "change a mount's attributes", Do: func(s *Scene) error {
			return unix.MountSetattr(unix.AT_FDCWD, "/", 0, &unix.MountAttr{Propagation: unix.MS_PRIVATE})
		}},
		{Name: "change the root folder", Do: func(s *Scene) error { return unix.Chroot(s.Outside) }},
		{Name: "pivot the root folder", Do: func(*Scene) error { return reached(unix.PivotRoot(".", ".")) }},
		{Name: "break out of a root folder", Do: func(s *Scene) error {
			// The classic: a root below the working folder, then up.
			if err := unix.Chroot(s.Outside); err != nil {
				return err
			}
			for range 32 {
				if err := unix.Chdir(".."); err != nil {
					return err
				}
			}
			if err := unix.Chroot("."); err != nil {
				return err
			}
			return readPath(unix.AT_FDCWD, s.Secret)
		}},
		{Name: "join a namespace by a process", Do: func(s *Scene) error {
			fd, err := unix.PidfdOpen(s.Victim, 0)
			if err == nil {
				err = unix.Setns(fd, unix.CLONE_NEWUTS)
			}
			return err
		}},
		{Name: "join the first process's namespace", Do: func(*Scene) error {
			fd, err := unix.Open("/proc/1/ns/uts", unix.O_RDONLY, 0)
			if err == nil {
				err = unix.Setns(fd, 0)
			}
			return err
		}},
		{Name: "change the host's name", Seen: true, Do: func(*Scene) error { return unix.Sethostname([]byte("escape")) }},
		{Name: "change the domain's name", Seen: true, Do: func(*Scene) error { return call(unix.SYS_SETDOMAINNAME, "escape", 6) }},
		{Name: "make a message queue", Seen: true, Do: func(*Scene) error {
			return call(unix.SYS_MSGGET, unix.IPC_PRIVATE, unix.IPC_CREAT|0o600)
		}},
		{Name: "make a semaphore", Seen: true, Do: func(*Scene) error {
			return call(unix.SYS_SEMGET, unix.IPC_PRIVATE, 1, unix.IPC_CREAT|0o600)
		}},
		{Name: "open a POSIX message queue", Seen: true, Do: func(s *Scene) error {
			attr := [8]int64{1: 1, 2: 8}
			return call(unix.SYS_MQ_OPEN, s.Queue, unix.O_CREAT|unix.O_RDWR, 0o600, unsafe.Pointer(&attr))
		}},
	}
	for _, n := range []struct {
		name string
		flag int
	}{
		{"user", unix.CLONE_NEWUSER}, {"mount", unix.CLONE_NEWNS}, {"net", unix.CLONE_NEWNET}, {"pid", unix.CLONE_NEWPID},
		{"ipc", unix.CLONE_NEWIPC}, {"uts", unix.CLONE_NEWUTS}, {"cgroup", unix.CLONE_NEWCGROUP}, {"time", unix.CLONE_NEWTIME},
		{"files", unix.CLONE_FILES},
	} {
		acts = append(acts, Act{Name: "unshare: " + n.name, Do: func(*Scene) error { return unix.Unshare(n.flag) }})
	}
	return acts
}
