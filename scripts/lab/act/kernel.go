package act

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func kernel() []Act {
	return []Act{
		{Name: "load a BPF program", Do: func(*Scene) error {
			// BPF_MAP_CREATE, an array of one
			attr := [16]uint32{2, 4, 4, 1}
			fd, err := result(unix.SYS_BPF, 0, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
			return holds(int(fd), err)
		}},
		{Name: "count a processor's events", Do: func(*Scene) error {
			attr := unix.PerfEventAttr{Type: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_CPU_CLOCK, Bits: unix.PerfBitExcludeKernel}
			attr.Size = uint32(unsafe.Sizeof(attr))
			return holds(unix.PerfEventOpen(&attr, 0, -1, -1, 0))
		}},
		{Name: "load a module", Do: func(*Scene) error { return reached(call(unix.SYS_INIT_MODULE, 0, 0, "")) }},
		{Name: "load a module's file", Seen: true, Harm: "loads a module where there is one", Do: func(s *Scene) error {
			err := call(unix.SYS_FINIT_MODULE, s.LeftModule, "", 0)
			if s.Module == "" {
				err = reached(err)
			}
			return err
		}},
		{Name: "unload a module", Do: func(*Scene) error { return reached(call(unix.SYS_DELETE_MODULE, "escape", unix.O_NONBLOCK)) }},
		{Name: "load another kernel", Harm: "drops the kernel that kexec has prepared", Do: func(*Scene) error {
			return reached(call(unix.SYS_KEXEC_LOAD, 0, 0, 0, 0))
		}},
		{Name: "reboot", Seen: true, Harm: "changes what control-alt-delete does", Do: func(*Scene) error {
			return unix.Reboot(unix.LINUX_REBOOT_CMD_CAD_OFF)
		}},
		{Name: "set the clock", Seen: true, Harm: "sets the clock an hour forward", Do: func(*Scene) error {
			var now unix.Timespec
			if err := unix.ClockGettime(unix.CLOCK_REALTIME, &now); err != nil {
				return err
			}
			now.Sec += 3600
			return unix.ClockSettime(unix.CLOCK_REALTIME, &now)
		}},
		{Name: "adjust the clock", Seen: true, Harm: "gives the clock another count of leap seconds", Do: func(*Scene) error {
			return calls2(unix.Adjtimex(&unix.Timex{Modes: unix.ADJ_TAI, Constant: 77}))
		}},
		{Name: "read the kernel log by syslog", Do: func(*Scene) error {
			n, err := unix.Klogctl(unix.SYSLOG_ACTION_READ_ALL, make([]byte, 64<<10))
			return provided(n > 0, err)
		}},
		{Name: "silence the kernel log", Seen: true, Harm: "switches messages to the console off", Do: func(*Scene) error {
			return calls2(unix.Klogctl(unix.SYSLOG_ACTION_CONSOLE_OFF, nil))
		}},
		{Name: "swap to a file", Do: func(s *Scene) error { return reached(call(unix.SYS_SWAPON, s.Secret, 0)) }},
		{Name: "stop swapping", Do: func(*Scene) error { return reached(call(unix.SYS_SWAPOFF, "/escape")) }},
		{Name: "account processes", Seen: true, Harm: "writes a line for each process that ends", Do: func(s *Scene) error { return unix.Acct(s.Secret) }},
		{Name: "set a quota", Do: func(*Scene) error { return reached(call(unix.SYS_QUOTACTL, 0x80000100, "/escape", 0, 0)) }},
		{Name: "hang up the terminal", Input: Terminal, Seen: true, Do: func(*Scene) error { return call(unix.SYS_VHANGUP) }},
		{Name: "ask for the kernel's version", Do: func(*Scene) error {
			var uts unix.Utsname
			err := unix.Uname(&uts)
			return provided(uts.Release[0] != 0, err)
		}},
		{Name: "ask for the machine's load", Do: func(*Scene) error { return unix.Sysinfo(new(unix.Sysinfo_t)) }},
		{Name: "ask for random bytes", Do: func(*Scene) error {
			n, err := unix.Getrandom(make([]byte, 8), 0)
			return provided(n == 8, err)
		}},
		{Name: "set an alarm", Do: func(*Scene) error {
			_, err := unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{})
			return err
		}},
		{Name: "make a timer", Do: func(*Scene) error {
			var id int32
			return call(unix.SYS_TIMER_CREATE, unix.CLOCK_MONOTONIC, 0, unsafe.Pointer(&id))
		}},
		{Name: "register restartable sequences", Do: func(*Scene) error { return reached(call(unix.SYS_RSEQ, 0, 0, 0, 0)) }},
		{Name: "set a robust list", Do: func(*Scene) error { return call(unix.SYS_SET_ROBUST_LIST, 0, 24) }},
		{Name: "wait for a shared futex", Do: func(*Scene) error {
			word := uint32(0)
			return calls2(0, call(unix.SYS_FUTEX, unsafe.Pointer(&word), 1 /* FUTEX_WAKE */, 1))
		}},
		{Name: "a memory barrier in all processes", Do: func(*Scene) error { return call(unix.SYS_MEMBARRIER, 0, 0, 0) }},
		{Name: "read a processor's clock", Do: func(*Scene) error { return unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, new(unix.Timespec)) }},
	}
}
