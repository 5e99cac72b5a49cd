package main

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// capability is an act that needs this one capability, and besides at most access
// to the files below /cap and sockets.
type capability struct {
	prepare func() error
	use     func() error
}

// A user whose things root may touch by a capability only.
const stranger = 1000

var capabilities = map[string]capability{
	"chown":            {capFile("chown", 0, 0o666), func() error { return unix.Chown("/cap/chown", stranger, -1) }},
	"dac_override":     {capFile("dac_override", stranger, 0o400), func() error { return opener(unix.O_WRONLY)([]string{"/cap/dac_override"}) }},
	"dac_read_search":  {capFile("dac_read_search", stranger, 0), func() error { return opener(unix.O_RDONLY)([]string{"/cap/dac_read_search"}) }},
	"fowner":           {capFile("fowner", stranger, 0o666), func() error { return unix.UtimesNano("/cap/fowner", make([]unix.Timespec, 2)) }},
	"ipc_lock":         {nil, lockMemory},
	"lease":            {capFile("lease", stranger, 0o666), takeLease},
	"mknod":            {capAbsent("mknod"), func() error { return unix.Mknod("/cap/mknod", unix.S_IFCHR|0o666, 1<<8|3) }},
	"net_admin":        {nil, func() error { return withSocket("inet", "dgram", forceBuffer) }},
	"net_bind_service": {nil, func() error { return withSocket("inet", "stream", bindLowPort) }},
	"net_raw":          {nil, func() error { return makeSocket([]string{"inet", "raw"}) }},
	"setfcap":          {capFile("setfcap", 0, 0o666), setFileCapability},
	"setgid":           {nil, func() error { return rawErr(unix.SYS_SETRESGID, stranger, stranger, stranger) }},
	"setpcap":          {nil, func() error { return unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_WAKE_ALARM, 0, 0, 0) }},
	"setuid":           {nil, func() error { return rawErr(unix.SYS_SETRESUID, stranger, stranger, stranger) }},
	"sys_admin":        {nil, func() error { return unix.Sethostname([]byte("host")) }},
	"sys_boot":         {nil, func() error { return rawErr(unix.SYS_REBOOT, 0, 0, 0) }}, // without the magic numbers
	"sys_chroot":       {nil, func() error { return unix.Chroot("/") }},
	"sys_module":       {nil, func() error { return unix.DeleteModule("nosuch", 0) }},
	"sys_nice":         {nil, func() error { return unix.Setpriority(unix.PRIO_PROCESS, 0, -5) }},
	"sys_pacct":        {nil, func() error { return rawErr(unix.SYS_ACCT, 0, 0, 0) }},
	"sys_rawio":        {nil, func() error { return unix.Ioperm(0x80, 1, 1) }},
	"sys_resource":     {lowLimit, func() error { return unix.Setrlimit(unix.RLIMIT_LOCKS, &unix.Rlimit{Max: 2}) }},
	"sys_time":         {nil, func() error { _, err := unix.Adjtimex(&unix.Timex{Modes: unix.ADJ_FREQUENCY}); return err }},
	"sys_tty_config":   {nil, func() error { return rawErr(unix.SYS_VHANGUP, 0, 0, 0) }},
	"syslog":           {nil, func() error { return rawErr(unix.SYS_SYSLOG, unix.SYSLOG_ACTION_SIZE_UNREAD, 0, 0) }},
}

func prepareCapability(a []string, _ int) error {
	if c := capabilities[a[0]]; c.prepare != nil {
		return c.prepare()
	}
	return nil
}

func useCapability(a []string) error {
	c, known := capabilities[a[0]]
	if !known {
		return fmt.Errorf("no act for the capability %q", a[0])
	}
	return c.use()
}

func rawErr(call, a, b, c uintptr) error {
	if _, _, errno := unix.RawSyscall(call, a, b, c); errno != 0 {
		return errno
	}
	return nil
}

func capFile(name string, owner int, mode os.FileMode) func() error {
	return func() error {
		path := "/cap/" + name
		if err := makeFile(path, owner); err != nil {
			return err
		}
		return os.Chmod(path, mode)
	}
}

func capAbsent(name string) func() error {
	return func() error { return absent([]string{"/cap/" + name}, 0) }
}

// lowLimit sets a limit that only a capability raises.
func lowLimit() error { return unix.Setrlimit(unix.RLIMIT_LOCKS, &unix.Rlimit{Max: 1}) }

func lockMemory() error {
	m, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return err
	}
	defer unix.Munmap(m)
	return unix.Mlock(m)
}

func takeLease() error {
	fd, err := unix.Open("/cap/lease", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_RDLCK)
	return err
}

func withSocket(family, kind string, use func(fd int) error) error {
	fd, err := openSocket(family, kind)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return use(fd)
}

func forceBuffer(fd int) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 1<<16)
}

func bindLowPort(fd int) error {
	return unix.Bind(fd, &unix.SockaddrInet4{Port: 80, Addr: [4]byte{127, 0, 0, 1}})
}

// setFileCapability gives the file the capability chown (struct vfs_cap_data,
// revision 2).
func setFileCapability() error {
	data := [5]uint32{0x02000001, 1 << unix.CAP_CHOWN}
	return unix.Setxattr("/cap/setfcap", "security.capability", (*[20]byte)(unsafe.Pointer(&data))[:], 0)
}
