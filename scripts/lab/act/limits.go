package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func limits() []Act {
	raise := func(resource int, to uint64) error {
		want := unix.Rlimit{Cur: to, Max: to}
		if err := call(unix.SYS_PRLIMIT64, 0, resource, unsafe.Pointer(&want), 0); err != nil {
			return err
		}
		var now unix.Rlimit
		err := call(unix.SYS_PRLIMIT64, 0, resource, 0, unsafe.Pointer(&now))
		return provided(now == want, err)
	}
	return []Act{
		{Name: "raise the number of descriptors", Do: func(*Scene) error { return raise(unix.RLIMIT_NOFILE, 4096) }},
		{Name: "raise the number of processes", Do: func(*Scene) error { return raise(unix.RLIMIT_NPROC, 64000) }},
		{Name: "raise the size of files", Do: func(*Scene) error { return raise(unix.RLIMIT_FSIZE, 1<<40) }},
		{Name: "dump core", Do: func(*Scene) error { return raise(unix.RLIMIT_CORE, 1<<20) }},
		{Name: "ask for a limit", Do: func(*Scene) error { return unix.Getrlimit(unix.RLIMIT_NOFILE, new(unix.Rlimit)) }},
		{Name: "limit another process", Seen: true, Do: func(s *Scene) error {
			return unix.Prlimit(s.Victim, unix.RLIMIT_CPU, &unix.Rlimit{Cur: 77, Max: 77}, nil)
		}},
		{Name: "take all memory", Do: func(*Scene) error {
			// 64 GiB to write to, of which nothing is written
			const anon = unix.MAP_ANONYMOUS | unix.MAP_PRIVATE | unix.MAP_NORESERVE
			return call(unix.SYS_MMAP, 0, uintptr(1)<<36, unix.PROT_READ|unix.PROT_WRITE, anon, -1, 0)
		}},
		{Name: "be nicer to itself", Do: func(*Scene) error {
			err := unix.Setpriority(unix.PRIO_PROCESS, 0, -1)
			now, _ := unix.Getpriority(unix.PRIO_PROCESS, 0)
			return provided(now == 20+1, err) // the call itself gives 20 - nice
		}},
		{Name: "raise the priority of input and output", Do: func(*Scene) error { return call(unix.SYS_IOPRIO_SET, 1, 0, 1<<13) }},
	}
}
