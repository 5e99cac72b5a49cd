package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func privileges() []Act {
	prctl := func(args ...any) error { return call(unix.SYS_PRCTL, args...) }
	gives := func(want uintptr, args ...any) error {
		now, err := result(unix.SYS_PRCTL, args...)
		return provided(now == want, err)
	}
	return []Act{
		{Name: "become root", Do: func(*Scene) error {
			err := call(unix.SYS_SETUID, 0)
			return provided(unix.Geteuid() == 0, err)
		}},
		{Name: "become root, all three ids", Do: func(*Scene) error {
			err := call(unix.SYS_SETRESUID, 0, 0, 0)
			return provided(unix.Getuid() == 0, err)
		}},
		{Name: "become root's group", Do: func(*Scene) error {
			err := call(unix.SYS_SETRESGID, 0, 0, 0)
			return provided(unix.Getgid() == 0, err)
		}},
		{Name: "join root's group", Do: func(*Scene) error {
			group := uint32(0)
			return call(unix.SYS_SETGROUPS, 1, unsafe.Pointer(&group))
		}},
		{Name: "use root's files", Do: func(*Scene) error {
			if err := call(unix.SYS_SETFSUID, 0); err != nil {
				return err
			}
			now, err := result(unix.SYS_SETFSUID, -1)
			return provided(now == 0, err)
		}},
		{Name: "raise a capability", Do: func(*Scene) error {
			head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
			set := [2]unix.CapUserData{{Effective: 1 << unix.CAP_SYS_ADMIN, Permitted: 1 << unix.CAP_SYS_ADMIN}}
			if err := unix.Capset(&head, &set[0]); err != nil {
				return err
			}
			var now [2]unix.CapUserData
			err := unix.Capget(&head, &now[0])
			return provided(now[0].Effective == 1<<unix.CAP_SYS_ADMIN, err)
		}},
		{Name: "raise an ambient capability", Do: func(*Scene) error {
			set := [2]unix.CapUserData{{Inheritable: 1, Effective: 1, Permitted: 1}}
			if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &set[0]); err != nil {
				return err
			}
			if err := prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, 0, 0, 0); err != nil {
				return err
			}
			return gives(1, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, 0, 0, 0)
		}},
		{Name: "keep capabilities", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_KEEPCAPS, 1, 0, 0, 0); err != nil {
				return err
			}
			return gives(1, unix.PR_GET_KEEPCAPS)
		}},
		{Name: "unlock the securebits", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_SECUREBITS, 0, 0, 0, 0); err != nil {
				return err
			}
			return gives(0, unix.PR_GET_SECUREBITS)
		}},
		{Name: "become dumpable", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
				return err
			}
			return gives(1, unix.PR_GET_DUMPABLE)
		}},
		{Name: "undo no_new_privs", Moot: "no kernel does it", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0); err != nil {
				return err
			}
			return gives(0, unix.PR_GET_NO_NEW_PRIVS)
		}},
		{Name: "let others trace", Do: func(*Scene) error { return reached(prctl(unix.PR_SET_PTRACER, -1, 0, 0, 0)) }},
		{Name: "change the program's name", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_NAME, "root", 0, 0, 0); err != nil {
				return err
			}
			var name [16]byte
			err := prctl(unix.PR_GET_NAME, unsafe.Pointer(&name), 0, 0, 0)
			return provided(string(name[:5]) == "root\x00", err)
		}},
		{Name: "undo the refusal of executable memory", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_MDWE, 0, 0, 0, 0); err != nil {
				return err
			}
			return gives(0, unix.PR_GET_MDWE, 0, 0, 0, 0)
		}},
		{Name: "read the time stamp by a trap", Do: func(*Scene) error { return prctl(unix.PR_SET_TSC, unix.PR_TSC_ENABLE, 0, 0, 0) }},
		{Name: "adopt orphans", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
				return err
			}
			var now uint32
			err := prctl(unix.PR_GET_CHILD_SUBREAPER, unsafe.Pointer(&now), 0, 0, 0)
			return provided(now == 1, err)
		}},
		{Name: "load another filter", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
				return err
			}
			allow := unix.SockFilter{Code: unix.BPF_RET, K: 0x7fff0000}
			prog := unix.SockFprog{Len: 1, Filter: &allow}
			return call(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, unsafe.Pointer(&prog))
		}},
		{Name: "listen to a filter", Do: func(*Scene) error {
			if err := prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
				return err
			}
			allow := unix.SockFilter{Code: unix.BPF_RET, K: 0x7fff0000}
			prog := unix.SockFprog{Len: 1, Filter: &allow}
			fd, err := result(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_NEW_LISTENER, unsafe.Pointer(&prog))
			return holds(int(fd), err)
		}},
		{Name: "make a Landlock ruleset", Do: func(*Scene) error {
			attr := [1]uint64{1}
			fd, err := result(unix.SYS_LANDLOCK_CREATE_RULESET, unsafe.Pointer(&attr), 8, 0)
			return holds(int(fd), err)
		}},
		{Name: "change the AppArmor profile", Do: func(*Scene) error { return opens("/proc/thread-self/attr/current", unix.O_WRONLY) }},
		{Name: "change the security label", Do: func(*Scene) error { return reached(call(unix.SYS_LSM_SET_SELF_ATTR, 100, 0, 0, 0)) }},
		{Name: "add a key", Do: func(*Scene) error {
			id, err := unix.AddKey("user", "escape", []byte("x"), unix.KEY_SPEC_PROCESS_KEYRING)
			if err != nil {
				return err
			}
			b := make([]byte, 8)
			n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, b, 0)
			return provided(n == 1 && b[0] == 'x', err)
		}},
		{Name: "ask for a key", Do: func(*Scene) error {
			id, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_PROCESS_KEYRING, true)
			return provided(id > 0, err)
		}},
		{Name: "ask who one is", Do: func(*Scene) error { return call(unix.SYS_GETUID) }},
	}
}
