package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func memory() []Act {
	const anon, page = unix.MAP_ANONYMOUS | unix.MAP_PRIVATE, 4096
	const r, w, x = unix.PROT_READ, unix.PROT_WRITE, unix.PROT_EXEC
	mapped := func(prot, flags int) error { return call(unix.SYS_MMAP, 0, page, prot, flags, -1, 0) }
	protect := func(first, then int) error {
		p, err := result(unix.SYS_MMAP, 0, page, first, anon, -1, 0)
		if err != nil {
			return err
		}
		return call(unix.SYS_MPROTECT, p, page, then)
	}
	return []Act{
		{Name: "map memory to write and execute", Do: func(*Scene) error { return mapped(r|w|x, anon) }},
		{Name: "map memory to execute", Do: func(*Scene) error { return mapped(r|x, anon) }},
		{Name: "make written memory executable", Do: func(*Scene) error { return protect(r|w, r|x) }},
		{Name: "make reserved memory executable", Do: func(*Scene) error { return protect(unix.PROT_NONE, r|w|x) }},
		{Name: "make memory executable by a key", Do: func(*Scene) error {
			p, err := result(unix.SYS_MMAP, 0, page, r|w, anon, -1, 0)
			if err != nil {
				return err
			}
			return call(unix.SYS_PKEY_MPROTECT, p, page, r|x, -1)
		}},
		{Name: "map shared memory", Do: func(*Scene) error { return mapped(r|w, unix.MAP_ANONYMOUS|unix.MAP_SHARED) }},
		{Name: "map memory that grows down", Do: func(*Scene) error { return mapped(r|w, anon|unix.MAP_GROWSDOWN) }},
		{Name: "lock mapped memory", Do: func(*Scene) error { return mapped(r|w, anon|unix.MAP_LOCKED) }},
		{Name: "map standard input", Input: File, Do: func(*Scene) error {
			return call(unix.SYS_MMAP, 0, page, r, unix.MAP_PRIVATE, 0, 0)
		}},
		{Name: "map the program's file", Do: func(*Scene) error {
			fd, err := unix.Open("/proc/self/exe", unix.O_RDONLY, 0)
			if err == nil {
				_, err = unix.Mmap(fd, 0, page, r|x, unix.MAP_PRIVATE)
			}
			return err
		}},
		{Name: "map a file of memory", Do: func(*Scene) error {
			fd, err := unix.MemfdCreate("code", 0)
			if err == nil {
				err = unix.Ftruncate(fd, page)
			}
			if err == nil {
				_, err = unix.Mmap(fd, 0, page, r|x, unix.MAP_SHARED)
			}
			return err
		}},
		{Name: "make a secret memory file", Do: func(*Scene) error { return holds(unix.MemfdSecret(0)) }},
		{Name: "move memory", Do: func(*Scene) error {
			p, err := result(unix.SYS_MMAP, 0, page, r|w, anon, -1, 0)
			if err != nil {
				return err
			}
			return call(unix.SYS_MREMAP, p, page, 2*page, unix.MREMAP_MAYMOVE)
		}},
		{Name: "grow the data segment", Do: func(*Scene) error {
			now, err := result(unix.SYS_BRK, 0)
			if err != nil {
				return err
			}
			then, err := result(unix.SYS_BRK, now+page)
			return provided(then == now+page, err)
		}},
		{Name: "attach shared memory", Seen: true, Do: func(*Scene) error {
			id, err := unix.SysvShmGet(unix.IPC_PRIVATE, page, unix.IPC_CREAT|0o600)
			if err == nil {
				_, err = unix.SysvShmAttach(id, 0, 0)
			}
			return err
		}},
		{Name: "handle page faults", Do: func(*Scene) error {
			fd, err := result(unix.SYS_USERFAULTFD, 1)
			return holds(int(fd), err)
		}},
		{Name: "lock memory", Do: func(*Scene) error { return unix.Mlockall(unix.MCL_FUTURE) }},
		{Name: "advise to poison memory", Do: func(*Scene) error {
			p, err := result(unix.SYS_MMAP, 0, page, r|w, anon, -1, 0)
			if err != nil {
				return err
			}
			return call(unix.SYS_MADVISE, p, page, unix.MADV_DONTFORK)
		}},
		{Name: "bind memory to a node", Do: func(*Scene) error { return call(unix.SYS_SET_MEMPOLICY, 0, 0, 0) }},
		{Name: "switch the randomness of addresses off", Do: func(*Scene) error {
			const noRandom, ask = 0x0040000, 0xffffffff // <linux/personality.h>
			if err := call(unix.SYS_PERSONALITY, noRandom); err != nil {
				return err
			}
			now, err := result(unix.SYS_PERSONALITY, ask)
			return provided(now == noRandom, err)
		}},
		{Name: "read the own memory by another's call", Do: func(*Scene) error {
			from, to := [1]byte{1}, [1]byte{}
			_, err := unix.ProcessVMReadv(unix.Getpid(), []unix.Iovec{{Base: &to[0], Len: 1}},
				[]unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&from)), Len: 1}}, 0)
			return provided(to[0] == 1, err)
		}},
	}
}
