package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// newer are calls that Linux has had since 6.5, which a list of what is forbidden would
// not know. An older kernel says ENOSYS.
func newer() []Act {
	at := unix.AT_FDCWD
	seen := func(name string, do func(s *Scene) error) Act { return Act{Name: name, Seen: true, Do: do} }
	return append([]Act{
		seen("change a file's mode by fchmodat2", func(s *Scene) error { return call(unix.SYS_FCHMODAT2, at, s.Secret, 0o666, 0) }),
		seen("set an extended attribute by setxattrat", func(s *Scene) error {
			value := []byte("1")
			args := xattrArgs{value: uintptr(unsafe.Pointer(&value[0])), size: 1}
			return call(unix.SYS_SETXATTRAT, at, s.Secret, 0, "user.escape", unsafe.Pointer(&args), unsafe.Sizeof(args))
		}),
		{Name: "read an extended attribute by getxattrat", Do: func(s *Scene) error {
			value := make([]byte, 64)
			args := xattrArgs{value: uintptr(unsafe.Pointer(&value[0])), size: 64}
			return asked(call(unix.SYS_GETXATTRAT, at, s.Secret, 0, "user.escape", unsafe.Pointer(&args), unsafe.Sizeof(args)))
		}},
		{Name: "list extended attributes by listxattrat", Do: func(s *Scene) error {
			names := make([]byte, 64)
			return asked(call(unix.SYS_LISTXATTRAT, at, s.Secret, 0, unsafe.Pointer(&names[0]), 64))
		}},
		{Name: "remove an extended attribute by removexattrat", Do: func(s *Scene) error {
			return asked(call(unix.SYS_REMOVEXATTRAT, at, s.Secret, 0, "user.escape"))
		}},
		{Name: "read a file's attributes by file_getattr", Do: func(s *Scene) error {
			var attr [24]byte
			return asked(call(unix.SYS_FILE_GETATTR, at, s.Secret, unsafe.Pointer(&attr), unsafe.Sizeof(attr), 0))
		}},
		{Name: "set a file's attributes by file_setattr", Do: func(s *Scene) error {
			attr := [24]byte{0: 0x40} // FS_XFLAG_NOATIME
			return asked(call(unix.SYS_FILE_SETATTR, at, s.Secret, unsafe.Pointer(&attr), unsafe.Sizeof(attr), 0))
		}},
		{Name: "clone a tree with other attributes", Do: func(*Scene) error {
			attr := unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}
			fd, err := result(unix.SYS_OPEN_TREE_ATTR, at, "/", unix.OPEN_TREE_CLONE|unix.AT_RECURSIVE, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
			return holds(int(fd), err)
		}},
		{Name: "ask for a mount", Do: func(*Scene) error {
			var ids [1]uint64
			var buf [512]byte
			request := mountRequest{size: 24, id: rootMount}
			if err := call(unix.SYS_LISTMOUNT, unsafe.Pointer(&request), unsafe.Pointer(&ids), len(ids), 0); err != nil {
				return err
			}
			request = mountRequest{size: 24, id: ids[0], param: 1} // STATMOUNT_SB_BASIC
			err := call(unix.SYS_STATMOUNT, unsafe.Pointer(&request), unsafe.Pointer(&buf), unsafe.Sizeof(buf), 0)
			return provided(buf != [512]byte{}, err)
		}},
		{Name: "list the mounts", Do: func(*Scene) error {
			var ids [64]uint64
			request := mountRequest{size: 24, id: rootMount}
			err := call(unix.SYS_LISTMOUNT, unsafe.Pointer(&request), unsafe.Pointer(&ids), len(ids), 0)
			return provided(ids[0] != 0, err)
		}},
		{Name: "list the namespaces", Do: func(*Scene) error {
			var ids [64]uint64
			request := [5]uint64{40} // struct ns_id_req: of all kinds, from the first on
			n, err := result(unix.SYS_LISTNS, unsafe.Pointer(&request), unsafe.Pointer(&ids), len(ids), 0)
			return provided(n > 0 && ids[0] != 0, err)
		}},
		{Name: "quota by a descriptor", Do: func(s *Scene) error { return reached(call(unix.SYS_QUOTACTL_FD, 0, 0x80000100, 0, 0)) }},
	}, newerOfItself()...)
}

// newerOfItself are those that are about the process itself.
func newerOfItself() []Act {
	page := func() (unsafe.Pointer, error) {
		b, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
		if err != nil {
			return nil, err
		}
		return unsafe.Pointer(&b[0]), nil
	}
	return []Act{
		{Name: "ask for the security label", Do: func(*Scene) error {
			var buf [512]byte
			size := uint32(len(buf))
			return asked(call(unix.SYS_LSM_GET_SELF_ATTR, 100, unsafe.Pointer(&buf), unsafe.Pointer(&size), 0)) // LSM_ATTR_CURRENT
		}},
		{Name: "list the security modules", Do: func(*Scene) error {
			var ids [64]uint64
			size := uint32(unsafe.Sizeof(ids))
			return call(unix.SYS_LSM_LIST_MODULES, unsafe.Pointer(&ids), unsafe.Pointer(&size), 0)
		}},
		{Name: "seal memory", Do: func(*Scene) error {
			p, err := page()
			if err == nil {
				err = call(unix.SYS_MSEAL, p, 4096, 0)
			}
			if err != nil {
				return err
			}
			return provided(call(unix.SYS_MUNMAP, p, 4096) == unix.EPERM, nil)
		}},
		{Name: "map a shadow stack", Do: func(*Scene) error { return reached(call(unix.SYS_MAP_SHADOW_STACK, 0, 4096, 0)) }},
		{Name: "wake a futex of another size", Do: func(*Scene) error {
			p, err := page()
			if err != nil {
				return err
			}
			return call(unix.SYS_FUTEX_WAKE, p, 1, 1, 2) // FUTEX2_SIZE_U32
		}},
		{Name: "wait for a futex by its mask", Do: func(*Scene) error {
			p, err := page()
			if err != nil {
				return err
			}
			return reached(call(unix.SYS_FUTEX_WAIT, p, 1, 1, 2, 0, 0)) // the value is another one: EAGAIN
		}},
		{Name: "move those that wait for a futex", Do: func(*Scene) error { return reached(call(unix.SYS_FUTEX_REQUEUE, 0, 0, 0, 0)) }},
		{Name: "ask for the cache of standard input", Input: File, Do: func(*Scene) error {
			var all [2]uint64
			var stat [5]uint64
			return call(unix.SYS_CACHESTAT, 0, unsafe.Pointer(&all), unsafe.Pointer(&stat), 0)
		}},
		{Name: "free a dying process's memory", Do: func(*Scene) error { return reached(call(unix.SYS_PROCESS_MRELEASE, -1, 0)) }},
		{Name: "bind memory to a home node", Do: func(*Scene) error { return reached(call(unix.SYS_SET_MEMPOLICY_HOME_NODE, 0, 0, 0, 0)) }},
		{Name: "yield a slice of time", Do: func(*Scene) error { return call(unix.SYS_RSEQ_SLICE_YIELD) }},
		{Name: "wait for several futexes", Do: func(*Scene) error { return reached(call(unix.SYS_FUTEX_WAITV, 0, 0, 0, 0, 0)) }},
	}
}

// asked is for calls that fail where the file system has no such thing: the effect is to
// get as far as to ask it.
func asked(err error) error {
	for _, answered := range []error{unix.ENODATA, unix.EOPNOTSUPP, unix.ENOTTY} {
		if err == answered {
			return nil
		}
	}
	return err
}

// xattrArgs is struct xattr_args, <linux/xattr.h>.
type xattrArgs struct {
	value uintptr
	size  uint32
	flags uint32
}

// mountRequest is struct mnt_id_req, <linux/mount.h>, of its first size.
type mountRequest struct {
	size, spare uint32
	id, param   uint64
}

// rootMount is LSMT_ROOT.
const rootMount = ^uint64(0)
