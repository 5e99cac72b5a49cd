package act

import "golang.org/x/sys/unix"

func foreign() []Act {
	return []Act{
		{Name: "a call that no kernel has", Do: func(*Scene) error { return call(0x3fffffff) }},
		{Name: "a call with a high number", Do: func(*Scene) error { return call(1<<32|unix.SYS_DUP, 0) }},
	}
}

// legacyOpen: this architecture has no open(2) beside openat(2).
func legacyOpen(path string) error { return readPath(unix.AT_FDCWD, path) }
